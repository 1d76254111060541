"""Episodes for other systems: read, opened, ended, reopened, by the services of the pages."""

import django_filters.rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action

from clients.api.resources import EPISODES
from clients.models import Client, Ending, Episode
from clients.models.summary import SUMMARY
from clients.services import episodes as services
from clients.services.client_blocks import knowing_place, may_know_place
from organisations.api.base import Nothing, ResourceViewSet
from organisations.api.description import described, page_described
from organisations.api.fields import StrictSerializer, VisibleField, in_organisation
from organisations.api.filters import FlagFilter, FreshFilters
from organisations.models import Service
from organisations.roles import Can


class EpisodeOut(serializers.ModelSerializer):
    """A course of help with a summary of its measurements; totals (`outcome_last` …) in tenths of a point, 0-400."""

    service = serializers.SerializerMethodField(
        help_text="An id; null of a protected client, unless the token's practitioner is a contact person."
    )
    ending = serializers.CharField(read_only=True, help_text="Empty while the episode is open.")

    class Meta:
        model = Episode
        fields = [
            "id",
            "client",
            "service",
            "label",
            "started_on",
            "ended_on",
            "ending",
            "referred_to",
            "created_at",
            "updated_at",
            *SUMMARY,
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_service(self, episode):
        return episode.service_id if may_know_place(self.context["request"].practitioner, episode.client) else None


class EpisodeIn(StrictSerializer, serializers.ModelSerializer):
    client = VisibleField(rows=in_organisation(Client))
    service = VisibleField(rows=in_organisation(Service))

    class Meta:
        model = Episode
        fields = ["client", "service", "started_on", "label"]


class EndingIn(StrictSerializer):
    ended_on = serializers.DateField()
    ending = serializers.ChoiceField(choices=Ending)
    referred_to = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)


class EpisodeFilters(FreshFilters):
    client = filters.UUIDFilter(field_name="client")
    service = filters.UUIDFilter(method="of_service")
    open = FlagFilter(field_name="ended_on", lookup_expr="isnull")

    def of_service(self, queryset, name, value):
        return queryset.filter(knowing_place(self.request.practitioner, "client__"), service=value)


class EpisodeViewSet(ResourceViewSet):
    resource = EPISODES
    kind = "episode"
    client_path = "client_id"
    serializer_class = EpisodeOut
    filterset_class = EpisodeFilters
    lookup_url_kwarg = "episode_id"
    needs = {
        "list": Can.VIEW_CLIENT,
        "retrieve": Can.VIEW_CLIENT,
        "create": Can.EDIT_CLIENT,
        "end": Can.END_EPISODE,
        "reopen": Can.EDIT_CLIENT,
    }

    def rows(self):
        return in_organisation(Episode)(self.request.practitioner).select_related("client")

    @page_described("Episodes of the clients that the token sees.", gives=EpisodeOut, by=EpisodeFilters)
    def list(self, request):
        return super().list(request)

    @described("One episode.", gives=EpisodeOut)
    def retrieve(self, request, episode_id):
        return super().retrieve(request)

    @described("Open an episode. One at a time in each service.", takes=EpisodeIn, gives=EpisodeOut, made=True)
    def create(self, request):
        episode = services.open_episode(by=request.practitioner, **self.checked(EpisodeIn))
        return self.answer(episode.pk, status=201)

    @described(
        "End an episode. Not before its last session; 409 with `theirs` where it has ended otherwise already.",
        takes=EndingIn,
        gives=EpisodeOut,
    )
    @action(detail=True, methods=["post"])
    def end(self, request, episode_id):
        is_open = {"ended_on": None, "ending": "", "referred_to": ""}
        return self.change(services.end_episode, EndingIn, over=is_open)

    @described("Take an ending back.", takes=Nothing, gives=EpisodeOut)
    @action(detail=True, methods=["post"])
    def reopen(self, request, episode_id):
        return self.change(services.reopen_episode)
