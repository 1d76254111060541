"""Who works here, for other systems: whom sessions, alerts and clients name by their ids."""

from drf_spectacular.utils import extend_schema, extend_schema_serializer, inline_serializer
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from organisations.api.authentication import READING
from organisations.api.base import TokenView, refuse_unknown
from organisations.api.description import OF_LISTS, refusals
from organisations.api.fields import in_organisation
from organisations.api.resources import PRACTITIONERS
from organisations.models import Practitioner
from organisations.roles import Can


class PractitionerOut(serializers.ModelSerializer):
    """Somebody who works here, or did. Neither address nor log-in."""

    teams: serializers.Field = serializers.PrimaryKeyRelatedField(
        many=True, read_only=True, pk_field=serializers.UUIDField()
    )

    class Meta:
        model = Practitioner
        fields = ["id", "name", "role", "is_active", "teams"]
        read_only_fields = fields


# Without many=False the description would make a list of it, since the route's action is "list".
PEOPLE = extend_schema_serializer(many=False)(
    type(inline_serializer("PractitionerList", {"results": PractitionerOut(many=True)}))
)


class PractitionersView(TokenView, APIView):
    """Everybody whom the pages name to the token's practitioner; those who have left are not active."""

    resource = PRACTITIONERS

    @property
    def action(self) -> str | None:
        return "list" if self.request.method in READING else None

    def verb(self) -> Can:
        return Can.VIEW_CLIENT

    @extend_schema(
        operation_id="practitioners_list",
        summary="Who works here",
        description="Who works here. Those who have left stay in the list, as sessions name them.",
        responses={200: PEOPLE} | refusals(OF_LISTS),
    )
    def get(self, request):
        refuse_unknown(request, (), paged=False)
        people = in_organisation(Practitioner)(request.practitioner).prefetch_related("teams").order_by("name", "pk")
        return Response({"results": PractitionerOut(people, many=True).data})
