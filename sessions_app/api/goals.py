"""Goals, their steps and marks for other systems: read only."""

import django_filters.rest_framework as filters
from django.db.models import Prefetch
from rest_framework import serializers

from organisations.api.base import ResourceViewSet
from organisations.api.description import described, page_described
from organisations.api.fields import in_organisation
from organisations.api.filters import FreshFilters
from organisations.roles import Can
from sessions_app.api.resources import GOALS
from sessions_app.models import Goal, GoalMark, GoalState
from sessions_app.services.goals import counting_marks


class GoalMarkOut(serializers.ModelSerializer):
    """How near the client was at a session: 0 to 10, whole points (not tenths)."""

    class Meta:
        model = GoalMark
        fields = ["session", "mark", "updated_at"]
        read_only_fields = fields


class GoalOut(serializers.ModelSerializer):
    """A goal, or with `parent` a step towards one. `wording` is the client's own, save where the authority set it."""

    client = serializers.UUIDField(source="episode.client_id", read_only=True)
    marks = GoalMarkOut(many=True, read_only=True, source="counting_marks")

    class Meta:
        model = Goal
        fields = [
            "id",
            "episode",
            "client",
            "parent",
            "wording",
            "aim",
            "set_by",
            "state",
            "since",
            "until",
            "ended_on",
            "replaced_by",
            "is_rated",
            "shown_to_client",
            "marks",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


class GoalFilters(FreshFilters):
    client = filters.UUIDFilter(field_name="episode__client")
    episode = filters.UUIDFilter(field_name="episode")
    state = filters.ChoiceFilter(choices=GoalState.choices)


class GoalViewSet(ResourceViewSet):
    resource = GOALS
    kind = "goal"
    client_path = "episode.client_id"
    serializer_class = GoalOut
    filterset_class = GoalFilters
    lookup_url_kwarg = "goal_id"
    needs = {"list": Can.VIEW_CLIENT, "retrieve": Can.VIEW_CLIENT}

    def rows(self):
        found = in_organisation(Goal)(self.request.practitioner).select_related("episode")
        return found.prefetch_related(Prefetch("marks", counting_marks(), to_attr="counting_marks"))

    @page_described("Goals and steps of the clients that the token sees.", gives=GoalOut, by=GoalFilters)
    def list(self, request):
        return super().list(request)

    @described("One goal.", gives=GoalOut)
    def retrieve(self, request, goal_id):
        return super().retrieve(request)
