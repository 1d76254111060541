"""Sessions for other systems: read, started, written down afterwards, changed, moved, taken out."""

import django_filters.rest_framework as filters
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.decorators import action

from clients.models import Client, Episode
from organisations.api.base import ResourceViewSet
from organisations.api.description import described, page_described
from organisations.api.fields import StrictSerializer, VersionIn, VersionOut, VisibleField, in_organisation
from organisations.api.filters import DayFilter, FlagFilter, FreshFilters
from organisations.edits.versions import values_of
from organisations.models import Practitioner, Service
from organisations.roles import Can, may
from sessions_app.api.forms_named import SKIPPABLE, FormField
from sessions_app.api.resources import SESSIONS
from sessions_app.forms.rating import BY_HAND
from sessions_app.models import SAID_ATTENDANCES, SKIPPED_COLUMNS, Attendance, ContactForm, Session, Skipped
from sessions_app.services import corrections, ratings, sessions


class SessionOut(serializers.ModelSerializer):
    """One meeting. A session that was taken out stays, with `voided_at` and the reason."""

    outcome_skipped = serializers.CharField(
        read_only=True, help_text="Why there is no outcome form; empty if it was due."
    )
    alliance_skipped = serializers.CharField(
        read_only=True, help_text="Why there is no alliance form; empty if it was due."
    )
    version = VersionOut()

    class Meta:
        model = Session
        fields = [
            "id",
            "client",
            "episode",
            "practitioner",
            "held_on",
            "time_zone",
            "started_at",
            "contact_form",
            "attendance",
            "outcome_skipped",
            "alliance_skipped",
            "finished_at",
            "imported",
            "voided_at",
            "voided_by",
            "void_reason",
            "created_at",
            "updated_at",
            "version",
        ]
        read_only_fields = fields

    def versioned(self, session):
        """The fields that a change may name."""
        return values_of(session, sessions.FACTS)


class WhereIn(StrictSerializer):
    """The client, and where the program cannot know it: the episode, or the service of a new one."""

    client = VisibleField(rows=in_organisation(Client))
    episode = VisibleField(rows=in_organisation(Episode), required=False, allow_null=True)
    service = VisibleField(rows=in_organisation(Service), required=False, allow_null=True)

    def validate(self, attrs):
        episode = attrs.get("episode")
        if episode is not None and episode.client_id != attrs["client"].pk:
            # The same words as for an episode that does not exist: it does not, for this client.
            field = self.fields["episode"]
            raise serializers.ValidationError({"episode": [field.error_messages["does_not_exist"]]})
        return attrs


class HeldByIn(StrictSerializer):
    of_today = False  # else somebody who has left may have held it

    practitioner = VisibleField(
        rows=in_organisation(Practitioner),
        required=False,
        help_text="Who held the session; the token's practitioner where it is left out.",
    )

    def validate_practitioner(self, practitioner):
        has_left = self.of_today and not practitioner.is_active
        if has_left or not may(practitioner.role, Can.RECORD_SESSION):
            raise serializers.ValidationError(_("This person holds no sessions here."))
        return practitioner


class StartIn(HeldByIn, WhereIn):
    of_today = True
    contact_form = serializers.ChoiceField(choices=ContactForm, required=False)


class FactsIn(StrictSerializer):
    held_on = serializers.DateField()
    contact_form = serializers.ChoiceField(choices=ContactForm)
    attendance = serializers.ChoiceField(choices=SAID_ATTENDANCES)


class SessionChangeIn(FactsIn):
    version = VersionIn()


class SkippedIn(StrictSerializer):
    """Why a form is missing; left out where there is an answer."""

    ors = serializers.ChoiceField(choices=Skipped, required=False)
    srs = serializers.ChoiceField(choices=Skipped, required=False)


class PastIn(HeldByIn, FactsIn, WhereIn):
    """A session that took place before; its answers follow as ratings."""

    submission_id = serializers.UUIDField(help_text="Becomes the session's id: the same request again is harmless.")
    skipped = SkippedIn(required=False)


class FinishIn(StrictSerializer):
    next_on = serializers.DateField(allow_null=True, default=None)
    next_at = serializers.TimeField(allow_null=True, default=None, input_formats=["%H:%M", "%H:%M:%S"])
    next_contact = VisibleField(
        rows=in_organisation(Practitioner),
        allow_null=True,
        default=None,
        help_text="One of the client's two contact persons, or null.",
    )
    skipped = SkippedIn(required=False, default=dict)


class SkipIn(StrictSerializer):
    form = FormField(SKIPPABLE)
    reason = serializers.ChoiceField(choices=Skipped)


class ReasonIn(StrictSerializer):
    reason = serializers.CharField(max_length=200)


class MoveIn(ReasonIn):
    episode = VisibleField(rows=in_organisation(Episode))


class SessionFilters(FreshFilters):
    client = filters.UUIDFilter(field_name="client")
    episode = filters.UUIDFilter(field_name="episode")
    held_from = DayFilter(field_name="held_on", lookup_expr="gte")
    held_until = DayFilter(field_name="held_on", lookup_expr="lte")
    attendance = filters.ChoiceFilter(choices=Attendance.choices)
    voided = FlagFilter(field_name="voided_at", lookup_expr="isnull", exclude=True)


class SessionViewSet(ResourceViewSet):
    resource = SESSIONS
    kind = "session"
    client_path = "client_id"
    serializer_class = SessionOut
    filterset_class = SessionFilters
    lookup_url_kwarg = "session_id"
    field_names = {column: f"skipped.{part}" for part, column in SKIPPED_COLUMNS.items()}
    needs = dict.fromkeys(["list", "retrieve"], Can.VIEW_CLIENT) | dict.fromkeys(
        ["create", "start", "partial_update", "finish", "skip", "void", "move"], Can.RECORD_SESSION
    )

    def rows(self):
        return in_organisation(Session)(self.request.practitioner)

    @page_described("Sessions of the clients that the token sees, the voided too.", gives=SessionOut, by=SessionFilters)
    def list(self, request):
        return super().list(request)

    @described("One session.", gives=SessionOut)
    def retrieve(self, request, session_id):
        return super().retrieve(request)

    @described(
        "Write down a session that took place before, or an absence. Its answers follow as ratings.",
        takes=PastIn,
        gives=SessionOut,
        made=True,
    )
    def create(self, request):
        fields = {"skipped": {}, "answers": {}, "entry_mode": BY_HAND[0][0]} | self.checked(PastIn)
        session = sessions.record_past_session(by=request.practitioner, **fields)
        return self.answer(session.pk, status=201)

    @described(
        "Start today's session. One that is under way is gone on with.", takes=StartIn, gives=SessionOut, made=True
    )
    @action(detail=False, methods=["post"])
    def start(self, request):
        session = sessions.start_session(by=request.practitioner, **self.checked(StartIn))
        return self.answer(session.pk, status=201)

    @described(
        "Change when and how a session was held. Fields that are not sent stay. With the session's `version`: 409 and "
        "`theirs` if one of the sent fields was changed since, and nothing is overwritten.",
        takes=SessionChangeIn,
        gives=SessionOut,
    )
    def partial_update(self, request, session_id):
        return self.change_fields(self.found("edit"), sessions.edit_session, SessionChangeIn)

    @described(
        "Finish a session. With the next appointment, and why a form is missing.", takes=FinishIn, gives=SessionOut
    )
    @action(detail=True, methods=["post"])
    def finish(self, request, session_id):
        return self.change(sessions.finish_session, FinishIn)

    @described("Say why a form is left out this time.", takes=SkipIn, gives=SessionOut)
    @action(detail=True, methods=["post"])
    def skip(self, request, session_id):
        return self.change(ratings.skip_form, SkipIn)

    @described("Take a session out of curve, summary and alerts. It stays stored.", takes=ReasonIn, gives=SessionOut)
    @action(detail=True, methods=["post"])
    def void(self, request, session_id):
        return self.change(corrections.void_session, ReasonIn)

    @described("Move a session to another open episode, of the right client.", takes=MoveIn, gives=SessionOut)
    @action(detail=True, methods=["post"])
    def move(self, request, session_id):
        return self.change(corrections.move_session, MoveIn)
