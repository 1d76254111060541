"""Alerts for other systems: read, and taken note of."""

import django_filters.rest_framework as filters
from rest_framework import serializers
from rest_framework.decorators import action

from organisations.api.base import ResourceViewSet
from organisations.api.description import described, page_described
from organisations.api.fields import StrictSerializer, in_house
from organisations.api.filters import FlagFilter, FreshFilters, MomentFilter
from organisations.roles import Can
from organisations.tokens.scopes import Resource
from sessions_app.models import Alert, AlertLevel
from sessions_app.services.alerts import acknowledge_alert, withdrawn_alerts


class AlertOut(serializers.ModelSerializer):
    """A rule's condition held. `numbers` are what it was worked out from; totals in tenths of a point."""

    client = serializers.UUIDField(source="episode.client_id", read_only=True)
    numbers = serializers.DictField(read_only=True)

    class Meta:
        model = Alert
        fields = [
            "id",
            "episode",
            "client",
            "rule",
            "level",
            "numbers",
            "session",
            "last_session",
            "raised_on",
            "closed_on",
            "acknowledged_at",
            "acknowledged_by",
            "acknowledgement",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


class WithdrawnOut(serializers.Serializer):
    """An alert that is gone: a correction took its reason away before anybody was told."""

    id = serializers.UUIDField(source="pgh_obj_id")
    client = serializers.UUIDField(source="episode.client_id")
    withdrawn_at = serializers.DateTimeField(source="pgh_created_at")


class AcknowledgementIn(StrictSerializer):
    note = serializers.CharField(max_length=400, required=False, allow_blank=True, default="")


class AlertFilters(FreshFilters):
    client = filters.UUIDFilter(field_name="episode__client")
    episode = filters.UUIDFilter(field_name="episode")
    level = filters.ChoiceFilter(choices=AlertLevel.choices)
    open = FlagFilter(field_name="closed_on", lookup_expr="isnull")
    acknowledged = FlagFilter(field_name="acknowledged_at", lookup_expr="isnull", exclude=True)


class WithdrawnFilters(filters.FilterSet):
    updated_since = MomentFilter(field_name="pgh_created_at", lookup_expr="gte")


class AlertViewSet(ResourceViewSet):
    resource = Resource.ALERTS
    kind = "alert"
    client_path = "episode.client_id"
    serializer_class = AlertOut
    filterset_class = AlertFilters
    lookup_url_kwarg = "alert_id"
    needs = {
        "list": Can.VIEW_CLIENT,
        "withdrawn": Can.VIEW_CLIENT,
        "retrieve": Can.VIEW_CLIENT,
        "acknowledge": Can.HANDLE_ALERT,
    }

    def rows(self):
        return in_house(Alert)(self.request.practitioner).select_related("episode")

    @page_described("Alerts, the closed too.", gives=AlertOut, by=AlertFilters)
    def list(self, request):
        return super().list(request)

    @page_described(
        "Alerts that are gone. A correction took their reason away before anybody was told.",
        gives=WithdrawnOut,
        by=WithdrawnFilters,
    )
    @action(detail=False, methods=["get"])
    def withdrawn(self, request):
        return self.page(withdrawn_alerts(request.practitioner), WithdrawnFilters, WithdrawnOut, "pgh_created_at")

    @described("One alert.", gives=AlertOut)
    def retrieve(self, request, alert_id):
        return super().retrieve(request)

    @described(
        "Write down that somebody takes care. The first one stands; 409 with `theirs` for other words.",
        takes=AcknowledgementIn,
        gives=AlertOut,
    )
    @action(detail=True, methods=["post"])
    def acknowledge(self, request, alert_id):
        return self.change(acknowledge_alert, AcknowledgementIn)
