"""What a token may do, and the ids of teams, services and colleagues that other requests name."""

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from organisations.api.base import TokenView, refuse_unknown
from organisations.api.description import OF_LISTS, refusals
from organisations.api.fields import in_house
from organisations.models import Practitioner, Service, Team
from organisations.roles import Can

NAMED = {"id": serializers.UUIDField(), "name": serializers.CharField()}
ME = inline_serializer(
    "Me",
    {
        "organisation": inline_serializer("OrganisationName", NAMED),
        "practitioner": inline_serializer("PractitionerName", NAMED | {"role": serializers.CharField()}),
        "scopes": serializers.ListField(child=serializers.CharField()),
        "teams": inline_serializer(
            "TeamName", NAMED | {"service": serializers.UUIDField(), "own": serializers.BooleanField()}, many=True
        ),
        "services": inline_serializer("ServiceName", NAMED, many=True),
        "colleagues": inline_serializer("ColleagueName", NAMED, many=True),
    },
)


class MeView(TokenView, APIView):
    """Any token: whose it is, its scopes, and the house's teams, services and people by their ids."""

    resource = None

    @extend_schema(
        operation_id="me",
        summary="Whose token this is, and the ids of the house",
        description="Whose token this is, its scopes, and the teams, services and colleagues that requests name.",
        responses={200: ME} | refusals(OF_LISTS),
    )
    def get(self, request):
        refuse_unknown(request, (), paged=False)
        practitioner, colleagues = request.practitioner, []
        own = set(practitioner.memberships.values_list("team_id", flat=True))
        teams = in_house(Team)(practitioner).order_by("name")
        services = in_house(Service)(practitioner).order_by("name")
        if practitioner.can(Can.VIEW_CLIENT):
            colleagues = in_house(Practitioner)(practitioner).filter(is_active=True).order_by("name")
        return Response(
            {
                "organisation": _named(practitioner.organisation),
                "practitioner": _named(practitioner) | {"role": practitioner.role},
                "scopes": request.auth.scopes,
                "teams": [_named(team) | {"service": team.service_id, "own": team.pk in own} for team in teams],
                "services": [_named(service) for service in services],
                "colleagues": [_named(colleague) for colleague in colleagues],
            }
        )


def _named(row):
    return {"id": row.pk, "name": row.name}
