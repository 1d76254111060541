"""Decisions of sessions and their follow-ups for other systems: read only."""

import django_filters.rest_framework as filters
from rest_framework import serializers

from organisations.api.base import ResourceViewSet
from organisations.api.description import described, page_described
from organisations.api.fields import in_organisation
from organisations.api.filters import FlagFilter, FreshFilters
from organisations.roles import Can
from sessions_app.api.resources import DECISIONS
from sessions_app.models import SessionDecision


class DecisionOut(serializers.ModelSerializer):
    """What was decided at a session, and the change of support; to be followed up until `done_at`."""

    client = serializers.UUIDField(source="session.client_id", read_only=True)

    class Meta:
        model = SessionDecision
        fields = [
            "id",
            "session",
            "client",
            "text",
            "support",
            "responsible",
            "follow_up_on",
            "done_at",
            "done_by",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


class DecisionFilters(FreshFilters):
    session = filters.UUIDFilter(field_name="session")
    client = filters.UUIDFilter(field_name="session__client")
    open = FlagFilter(field_name="done_at", lookup_expr="isnull")


class DecisionViewSet(ResourceViewSet):
    resource = DECISIONS
    kind = "decision"
    client_path = "session.client_id"
    serializer_class = DecisionOut
    filterset_class = DecisionFilters
    lookup_url_kwarg = "decision_id"
    needs = {"list": Can.VIEW_CLIENT, "retrieve": Can.VIEW_CLIENT}

    def rows(self):
        return in_organisation(SessionDecision)(self.request.practitioner).select_related("session")

    @page_described("Decisions about the clients that the token sees.", gives=DecisionOut, by=DecisionFilters)
    def list(self, request):
        return super().list(request)

    @described("One decision.", gives=DecisionOut)
    def retrieve(self, request, decision_id):
        return super().retrieve(request)
