"""What a token may do, and the ids of teams, services and colleagues that other requests name."""

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from organisations.api.base import TokenView, refuse_unknown
from organisations.api.description import OF_LISTS, refusals
from organisations.api.fields import in_organisation
from organisations.models import Practitioner, Service, Team
from organisations.roles import Can


def named_shape(name: str, *, many: bool = False, **more: serializers.Field) -> serializers.Serializer:
    """An id with its name, in the description."""
    fields: dict[str, serializers.Field] = {"id": serializers.UUIDField(), "name": serializers.CharField(), **more}
    return inline_serializer(name, fields, many=many)


ME = inline_serializer(
    "Me",
    {
        "organisation": named_shape("OrganisationName"),
        "practitioner": named_shape("PractitionerName", role=serializers.CharField()),
        "scopes": serializers.ListField(child=serializers.CharField()),
        "teams": named_shape("TeamName", many=True, service=serializers.UUIDField(), own=serializers.BooleanField()),
        "services": named_shape("ServiceName", many=True),
        "colleagues": named_shape("ColleagueName", many=True),
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
        practitioner = request.practitioner
        own = set(practitioner.memberships.values_list("team_id", flat=True))
        teams = in_organisation(Team)(practitioner).order_by("name")
        services = in_organisation(Service)(practitioner).order_by("name")
        colleagues = in_organisation(Practitioner)(practitioner).filter(is_active=True).order_by("name")
        if not practitioner.can(Can.VIEW_CLIENT):
            colleagues = colleagues.none()
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
