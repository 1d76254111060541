"""Answers to the forms for other systems: read, kept, corrected, decided between. Never overwritten."""

import django_filters.rest_framework as filters
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action

from organisations.api.base import ResourceViewSet
from organisations.api.description import described, page_described
from organisations.api.errors import title_of
from organisations.api.fields import StrictSerializer, VisibleField, in_organisation, points
from organisations.api.filters import FlagFilter, FreshFilters
from organisations.roles import Can
from organisations.web.problems import problem
from sessions_app.api.forms_named import AnswerIn, FormField, answer_from, words_from
from sessions_app.api.resources import RATINGS
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.models import ConflictingAnswer, EntryMode, Rating, Session
from sessions_app.services import corrections, external_answers
from sessions_app.services.ratings import ANSWERED, Receipt, record_rating

WRITTEN = [(mode.value, mode.label) for mode in EntryMode if mode not in (EntryMode.IMPORTED, EntryMode.PHOTO)]
FIRST, SECOND = "first", "second"


class OtherAnswerOut(serializers.ModelSerializer):
    """A different answer to the same form, kept beside the one that counts until somebody decides."""

    class Meta:
        model = ConflictingAnswer
        fields = ["id", "marks", "submission_id", "created_at", "decided_at", "decided_by", "taken"]
        read_only_fields = fields


class RatingOut(serializers.ModelSerializer):
    """One answer. `marks` and `total` are tenths of a point, raw points where answers are chosen; `points` is text.

    A correction is a new rating; `superseded_by` of the old one names it. Only ratings without it count.
    """

    form = serializers.SerializerMethodField()
    client = serializers.UUIDField(source="session.client_id", read_only=True)
    lines = serializers.SerializerMethodField(help_text="The marks by the keys of the instrument's lines.")
    points = serializers.SerializerMethodField(help_text='The total as people write it: "26.3".')
    other_answers = OtherAnswerOut(many=True, read_only=True, source="conflicts")

    class Meta:
        model = Rating
        fields = [
            "id",
            "session",
            "client",
            "form",
            "instrument",
            "rater",
            "marks",
            "lines",
            "total",
            "points",
            "entry_mode",
            "language",
            "pack",
            "device_time",
            "submission_id",
            "recorded_by",
            "reason",
            "superseded_by",
            "other_answers",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    def get_form(self, rating) -> str:
        return FormKey(rating.instrument, rating.rater).key

    @extend_schema_field({"type": ["object", "null"], "additionalProperties": {"type": "integer"}})
    def get_lines(self, rating):
        return rating.marks and dict(zip(FAMILY[rating.instrument].items, rating.marks, strict=True))

    def get_points(self, rating) -> str | None:
        raw = FAMILY[rating.instrument].is_choice
        return points(rating.total) if rating.total is None or not raw else str(rating.total)


class RatingIn(AnswerIn):
    session = VisibleField(rows=in_organisation(Session))
    form = FormField()
    entry_mode = serializers.ChoiceField(
        choices=WRITTEN, help_text="`device`: the client marked it; `paper`, `read_aloud`: a colleague wrote it down."
    )
    submission_id = serializers.UUIDField(help_text="New for each answer; the same one again is harmless.")
    device_time = serializers.RegexField(
        r"^[0-9T:.Z+-]{1,40}\Z", required=False, help_text="When the device says it was; a claim."
    )
    pack = serializers.CharField(
        max_length=64,
        required=False,
        allow_blank=True,
        help_text="Whose words were answered: `id@version` of an imported pack, empty for the application's own. Left "
        "out: on `paper` and `read_aloud` what the client's forms show now; on `device` nobody knows.",
    )


class CorrectionIn(AnswerIn):
    reason = serializers.CharField(max_length=200)


class DecisionIn(StrictSerializer):
    answer = serializers.UUIDField(help_text="The id of the other answer.")
    take = serializers.ChoiceField(
        choices=[FIRST, SECOND], help_text="`second`: the other answer counts; `first`: the stored one stays."
    )


class RatingFilters(FreshFilters):
    session = filters.UUIDFilter(field_name="session")
    client = filters.UUIDFilter(field_name="session__client")
    instrument = filters.ChoiceFilter(choices=[(key, key) for key in FAMILY])
    current = FlagFilter(field_name="superseded_by", lookup_expr="isnull")


class RatingViewSet(ResourceViewSet):
    resource = RATINGS
    kind = "rating"
    client_path = "session.client_id"
    serializer_class = RatingOut
    filterset_class = RatingFilters
    lookup_url_kwarg = "rating_id"
    needs = dict.fromkeys(["list", "retrieve"], Can.VIEW_CLIENT) | dict.fromkeys(
        ["create", "correct", "decide"], Can.RECORD_SESSION
    )

    def rows(self):
        ratings = in_organisation(Rating)(self.request.practitioner)
        return ratings.select_related("session").prefetch_related("conflicts")

    @page_described("Answers, those that were corrected too.", gives=RatingOut, by=RatingFilters)
    def list(self, request):
        return super().list(request)

    @described("One answer.", gives=RatingOut)
    def retrieve(self, request, rating_id):
        return super().retrieve(request)

    @described(
        "Keep an answer. What a client marked (`device`) is never lost: marks that differ from stored ones are kept "
        "beside them and answered with 409. What a colleague writes down is refused with 409 if there is an answer.",
        takes=RatingIn,
        gives=RatingOut,
        made=True,
        repeats=True,
    )
    def create(self, request):
        fields = self.checked(RatingIn)
        answer = answer_from(fields, fields["form"])
        fields["words"] = words_from(fields, fields["session"], fields["form"])
        if fields["entry_mode"] == EntryMode.DEVICE:
            return self._of_client(fields, answer)
        fields.pop("device_time", None)
        rating = record_rating(answer=answer, by=request.practitioner, **fields)
        return self.answer(rating.pk, status=201)

    def _of_client(self, fields, answer):
        del fields["entry_mode"]
        if answer.marks is None:
            raise serializers.ValidationError({"marks": [_("A client marks every line.")]})
        outcome = external_answers.keep_client_answer(marks=answer.marks, **fields)
        rating = external_answers.current_rating(fields["session"], fields["form"])
        saved = outcome == Receipt.SAVED
        answered = self.answer(rating.pk, status=201 if saved else 200)
        if saved or outcome == Receipt.REPEATED:
            return answered
        kept = outcome == Receipt.CONFLICT
        told = _("Another answer is stored already. Both are kept; a practitioner decides which one counts.")
        detail = told if kept else str(ANSWERED)
        return problem(409, title_of(409), detail, kept=kept, rating=answered.data)

    @described(
        "Correct an answer. The first one stays stored and points to the new one.",
        takes=CorrectionIn,
        gives=RatingOut,
        made=True,
    )
    @action(detail=True, methods=["post"])
    def correct(self, request, rating_id):
        rating = self.found("correct")
        fields = self.checked(CorrectionIn)
        answer = answer_from(fields, FormKey(rating.instrument, rating.rater))
        revision = corrections.correct_rating(rating=rating, answer=answer, by=request.practitioner, **fields)
        return self.answer(revision.pk, status=201)

    @described(
        "Decide which of two answers counts. Both stay stored. Answers with the rating that counts now.",
        takes=DecisionIn,
        gives=RatingOut,
    )
    @action(detail=True, methods=["post"])
    def decide(self, request, rating_id):
        rating = self.found("decide")
        fields = self.checked(DecisionIn)
        others = in_organisation(ConflictingAnswer)(request.practitioner).select_related("rating__session")
        conflict = others.filter(rating=rating, pk=fields["answer"]).first()
        if conflict is None:
            raise serializers.ValidationError({"answer": [VisibleField.default_error_messages["does_not_exist"]]})
        corrections.decide_conflict(conflict=conflict, take=fields["take"] == SECOND, by=request.practitioner)
        counts = external_answers.current_rating(rating.session, FormKey(rating.instrument, rating.rater))
        return self.answer(counts.pk)
