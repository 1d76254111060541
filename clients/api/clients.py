"""Clients for other systems: read, made, changed, archived, by the services of the pages."""

import django_filters.rest_framework as filters
from django.db.models import Prefetch
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action

from clients.api.resources import CLIENTS
from clients.forms import ClientForm
from clients.models import Client, ClientLabel
from clients.services import clients as services
from clients.services.client_blocks import knowing_place, may_know_place
from clients.services.merged_records import with_merged
from organisations.api.base import Nothing, ResourceViewSet
from organisations.api.description import described, page_described
from organisations.api.fields import StrictSerializer, VersionIn, VersionOut, VisibleField, in_organisation
from organisations.api.filters import FlagFilter, FreshFilters
from organisations.models import Practitioner
from organisations.roles import Can

AGREED = ClientForm.Meta.fields


class ClientOut(serializers.ModelSerializer):
    """A client under a reference of the organisation's own."""

    class Meta:
        model = Client
        fields = [
            "id",
            *AGREED,
            "label_names",
            "is_protected",
            "archived_at",
            "merged_into",
            "created_at",
            "updated_at",
            "version",
        ]
        read_only_fields = fields

    teams = serializers.SerializerMethodField(
        help_text="Ids. Empty for a protected client, unless the token's practitioner is a contact person."
    )
    version = VersionOut()
    merged_into: serializers.PrimaryKeyRelatedField = serializers.PrimaryKeyRelatedField(
        allow_null=True,
        read_only=True,
        help_text="The client that this record was merged into; null of every other. A merged record stands in no "
        "list, and what hung on it hangs on that client.",
    )

    label_names: serializers.SlugRelatedField = serializers.SlugRelatedField(
        source="labels", slug_field="name", many=True, read_only=True, help_text="What the labels are called."
    )

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_teams(self, client):
        if not may_know_place(self.context["request"].practitioner, client):
            return []
        return [team.pk for team in client.teams.all()]

    @cached_property
    def _own_teams(self):
        return set(services.own_teams(self.context["request"].practitioner))

    def versioned(self, client):
        """The fields that a change may name; of the teams those that the caller may choose from."""
        return services.agreed_with(client, self._own_teams, AGREED)


def colleagues(practitioner):
    """Whom a client may have as contact person."""
    return Practitioner.objects.visible_to(practitioner).filter(is_active=True)


def labels_in_use(practitioner):
    """What can be put on a client."""
    return ClientLabel.objects.visible_to(practitioner).in_use()


class ClientIn(StrictSerializer, serializers.ModelSerializer):
    """What is agreed with a client. Rhythms are days between forms; 0 is every session.

    `who5_weeks` are weeks between two WHO-5; 0 is never, null as the organisation does it.
    """

    teams = VisibleField(
        rows=services.own_teams,
        many=True,
        allow_empty=False,
        error_messages={"empty": _("Choose at least one team.")},
        help_text="Ids among the teams of the token's practitioner. Teams beyond those stay as they are.",
    )
    contact = VisibleField(rows=colleagues, allow_null=True, required=False)
    second_contact = VisibleField(rows=colleagues, allow_null=True, required=False)
    next_contact = VisibleField(rows=colleagues, allow_null=True, required=False)
    labels = VisibleField(
        rows=labels_in_use, many=True, required=False, help_text="Ids of labels of the organisation's list."
    )
    next_at = serializers.TimeField(allow_null=True, required=False, input_formats=["%H:%M", "%H:%M:%S"])

    class Meta:
        model = Client
        fields = AGREED

    def get_fields(self):
        found = super().get_fields()
        request = self.context.get("request")
        practitioner = getattr(request, "practitioner", None)
        if practitioner is not None and not practitioner.organisation.uses_first_names:
            del found["first_name"]
        return found


class ClientChangeIn(ClientIn):
    version = VersionIn()

    class Meta(ClientIn.Meta):
        fields = [*AGREED, "version"]


class ClientFilters(FreshFilters):
    reference = filters.CharFilter(method="of_reference", max_length=60)
    team = filters.UUIDFilter(method="of_team")
    archived = FlagFilter(field_name="archived_at", lookup_expr="isnull", exclude=True)
    is_practice = FlagFilter(field_name="is_practice")

    def of_reference(self, queryset, name, value):
        return queryset.named(value)

    def of_team(self, queryset, name, value):
        return queryset.filter(knowing_place(self.request.practitioner), client_teams__team=value)


class ClientViewSet(ResourceViewSet):
    resource = CLIENTS
    kind = "client"
    client_path = "pk"
    serializer_class = ClientOut
    filterset_class = ClientFilters
    lookup_url_kwarg = "client_id"
    needs = {
        "list": Can.VIEW_CLIENT,
        "retrieve": Can.VIEW_CLIENT,
        "create": Can.EDIT_CLIENT,
        "partial_update": Can.EDIT_CLIENT,
        "archive": Can.EDIT_CLIENT,
        "restore": Can.EDIT_CLIENT,
    }

    def rows(self):
        read = with_merged if self.action == "retrieve" else in_organisation(Client)
        by = self.request.practitioner
        return read(by).prefetch_related("teams", Prefetch("labels", labels_in_use(by).alphabetical()))

    @page_described("Clients of the token's teams, archived ones too.", gives=ClientOut, by=ClientFilters)
    def list(self, request):
        return super().list(request)

    @described("One client.", gives=ClientOut)
    def retrieve(self, request, client_id):
        return super().retrieve(request)

    @described(
        "A new client. The reference is the organisation's own, never a national identity number.",
        takes=ClientIn,
        gives=ClientOut,
        made=True,
    )
    def create(self, request):
        client = services.create_client(by=request.practitioner, **self.checked(ClientIn))
        return self.answer(client.pk, status=201)

    @described(
        "Change what is agreed. Fields that are not sent stay. With the client's `version`: 409 and `theirs` if one of "
        "the sent fields was changed since, and nothing is overwritten.",
        takes=ClientChangeIn,
        gives=ClientOut,
    )
    def partial_update(self, request, client_id):
        return self.change_fields(self.found("edit"), services.update_client, ClientChangeIn)

    @described("Take a client out of the lists; refused while an episode is open.", takes=Nothing, gives=ClientOut)
    @action(detail=True, methods=["post"])
    def archive(self, request, client_id):
        return self.change(services.archive_client)

    @described("Bring an archived client back.", takes=Nothing, gives=ClientOut)
    @action(detail=True, methods=["post"])
    def restore(self, request, client_id):
        return self.change(services.restore_client)
