"""What was changed about one client: the event tables read as one list, each change beside what stood there before.

Which columns are told follows from organisations/history/privacy.py: all but the technical ones, and of those
the ones that somebody chooses on a page (`also`). A new column is told by itself; a test asks for its words (texts.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import F, Model, Q, QuerySet, Value, Window
from django.db.models.functions import JSONObject, Lag

from clients.models import Client, ClientMerge, ClientTeam, Consent, Episode, LabelledClient, Rater, Sealed, Transfer
from clients.models.sealed_text import Unreadable, as_stored, open_words
from organisations.history.privacy import DataClass, marks
from organisations.history.tracking import event_model_of
from organisations.models import Practitioner
from sessions_app.models import (
    Alert,
    ConflictingAnswer,
    FollowUpMeasure,
    Goal,
    GoalMark,
    GroupMember,
    Note,
    PendingAnswer,
    PlanEvaluation,
    Rating,
    Session,
    SessionDecision,
)

# Columns that say nothing which the line does not say already, or that nobody here chose.
LEFT_OUT = frozenset(
    {"id", "client", "updated_by", "device_time", "kept", "merged_by", "made_by", "undone_by", "merged_into"}
)
INSERT, UPDATE, DELETE = "insert", "update", "delete"


@dataclass(frozen=True)
class TrackedModel:
    """A table with rows about a client.

    `path` leads from a row to its client ("" where the event itself is found by `client`), `also` are technical
    columns that somebody chooses, `about` are columns that say which row it is, `story` is what makes rows one story.
    """

    model: type[Model]
    path: str
    also: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    story: tuple[str, ...] = ("pgh_obj",)

    @property
    def label(self) -> str:
        return self.model._meta.label


TOLD = {
    told.label: told
    for told in (
        TrackedModel(
            Client,
            "pk",
            ("form_language", "outcome_rhythm", "alliance_rhythm", "who5_weeks", "is_practice", "archived_at"),
        ),
        TrackedModel(ClientTeam, "", ("team",)),
        TrackedModel(LabelledClient, "", ("label",)),
        TrackedModel(ClientMerge, "kept", ("undone_at",)),
        TrackedModel(Consent, "client", about=("purpose",), story=("client", "purpose")),
        TrackedModel(Transfer, "client", ("came_from", "went_to", "undone_at")),
        TrackedModel(Rater, "client", ("relation", "is_active"), ("key",)),
        TrackedModel(Episode, "client", ("service",), ("started_on",)),
        TrackedModel(Session, "client", ("episode",), ("held_on",)),
        # A correction is a row of its own: it is told beside the one that it replaces.
        TrackedModel(
            Rating,
            "session__client",
            about=("session", "instrument", "rater"),
            story=("session", "instrument", "rater"),
        ),
        TrackedModel(ConflictingAnswer, "rating__session__client", about=("rating",)),
        TrackedModel(PendingAnswer, "episode__client", ("why",), ("session", "instrument", "rater")),
        TrackedModel(Note, "session__client", about=("session", "kind")),
        TrackedModel(SessionDecision, "session__client", ("done_at",), ("session",)),
        TrackedModel(FollowUpMeasure, "episode__client", ("sent_at", "cancelled_at"), ("episode", "months")),
        TrackedModel(Goal, "episode__client", ("replaced_by", "shown_to_client"), ("parent",)),
        TrackedModel(GoalMark, "goal__episode__client", about=("session", "goal")),
        TrackedModel(PlanEvaluation, "episode__client", about=("episode",)),
        TrackedModel(Alert, "episode__client", ("acknowledged_at",), ("session", "rule")),
        TrackedModel(GroupMember, "session__client", ("meeting",), ("session",)),
    )
}
# Tables of these two apps with a history that are about no one client, and why. A test fails on any other.
NOT_TOLD = {
    "sessions_app.GroupMeeting": "of several clients at once; that one takes part is told",
    "sessions_app.DocumentTemplate": "names of fields, of nobody",
    "sessions_app.Pack": "wording, of nobody",
    "sessions_app.PackLicence": "wording, of nobody",
    "sessions_app.AccessAlarm": "about who looked",
    **dict.fromkeys(("clients.LegalHold", "clients.ErasureNotice"), "how long the records are kept; it changes none"),
    "clients.ClientBlock": "the page of who sees the client tells each block and its end",
    "sessions_app.EmergencyAccess": "who looked, not what was changed",
    "clients.ClientLabel": "a word of the organisation's, of nobody",
    "clients.RetentionChoice": "how long a service keeps records, of nobody",
    **dict.fromkeys(
        ("clients.SubjectRequest", "clients.Restriction", "clients.HeldBackPassage"),
        "what the client asked for about their data stands on a page of its own, with what became of it",
    ),
    "clients.PairMessage": "for the two contact persons alone, and whoever sees the client sees this page",
    **dict.fromkeys(
        (f"sessions_app.Handbook{name}" for name in ("Chapter", "Paragraph", "Script", "Film")),
        "what an organisation writes for its own people, of nobody",
    ),
    "sessions_app.TeamMeeting": "of several clients at once",
    "sessions_app.TeamMeetingCase": "what was heard stands in the document, what was decided is told as a decision",
    **dict.fromkeys(
        ("sessions_app.TeamQuestion", "sessions_app.QuestionReply", "sessions_app.SupervisionCase"),
        "what colleagues ask each other; it changes nothing of the client",
    ),
    "sessions_app.OpenedCase": "who may read it besides: told on the client's page and in the access log",
    **dict.fromkeys(
        (f"sessions_app.Study{name}" for name in ("", "Arm", "Amendment", "Allocation", "Participant")),
        "to which arm lots put somebody is not for this page; that a client takes part stands on theirs",
    ),
    "sessions_app.ResultsSchedule": "how often a report comes, of nobody",
    "sessions_app.AccessSample": "about who looked",
    "sessions_app.SampledAccess": "about who looked",
}


@dataclass(frozen=True)
class TrackedChange:
    """One event; `now` and `before` are its told columns as JSON, `before` is None where nothing stood there."""

    told: TrackedModel
    at: Any
    label: str
    author: dict[str, str]
    now: dict[str, Any]
    before: dict[str, Any] | None
    about: dict[str, Any]

    def changed(self) -> Iterator[tuple[str, Any, Any]]:
        """(column, old, new) of what differs; where a row is new or gone, of what it held."""
        old, new = self.before or {}, self.now
        if self.label == DELETE:
            old, new = self.now, {}
        for column in columns_told(self.told.label):
            pair = old.get(column), new.get(column)
            if _differ(*pair) and ((old and new) or not all(map(_is_nothing, pair))):
                yield column, *pair


def _differ(old: Any, new: Any) -> bool:
    """Words that nobody can read any more still changed where others stood before."""
    if isinstance(old, Unreadable) and isinstance(new, Unreadable):
        return old.words != new.words
    return bool(old != new)


def _is_nothing(value: Any) -> bool:
    """What a row that is new or gone is not told to have held."""
    return value is False or value is None or value in ("", [])


@cache
def columns_told(label: str) -> tuple[str, ...]:
    """The columns of a tracked table ("app.Model") that are told, in the order of the table."""
    told = TOLD[label]
    known = marks()[event_model_of(told.model)._meta.label]
    names = [field.name for field in told.model._meta.local_fields if field.name in known]
    return tuple(
        name for name in names if name not in LEFT_OUT and (known[name] != DataClass.TECHNICAL or name in told.also)
    )


def changes_of(client: Client, *, by: Practitioner) -> QuerySet:
    """All changes of a client's data that `by` may see, the newest first, to be paged; `as_change` reads a row."""
    first, *others = (_events(told, client, by) for told in TOLD.values())
    # What one transaction wrote has one moment; numbers of different tables say nothing of each other.
    return first.union(*others, all=True).order_by("-pgh_created_at", "source", "-pgh_id")


def as_change(row: dict[str, Any]) -> TrackedChange:
    """One row of `changes_of`."""
    return TrackedChange(
        told=TOLD[row["source"]],
        at=row["pgh_created_at"],
        label=row["pgh_label"],
        author=row["author"] or {},
        now=_opened(row, "now"),
        before=_opened(row, "before"),
        about=row["about"],
    )


def _opened(row: dict[str, Any], side: str) -> Any:
    """The columns of an event or of the one before, with what lies sealed in them opened."""
    columns = row[side]
    if columns is None:
        return None
    own = TOLD[row["source"]].model._meta
    found = {name: as_stored(value) for name, value in columns.items()}
    return {
        name: open_words(own.get_field(name), value, row["organisation"], row["pgh_obj"])
        if isinstance(value, Sealed)
        else value
        for name, value in found.items()
    }


def _events(told: TrackedModel, client: Client, by: Practitioner) -> QuerySet:
    """A table's events that tell something: an update of columns that are not told is none."""
    events = event_model_of(told.model)
    before = Window(Lag("now"), partition_by=[F(name) for name in told.story], order_by=F("pgh_id").asc())
    names = ("source", "pgh_id", "pgh_obj", "organisation", "pgh_created_at", "pgh_label", "author")
    return (
        events.objects.filter(_of_client(told, client, by))
        .annotate(
            source=Value(told.label),
            author=F("pgh_context"),
            now=_as_json(events, columns_told(told.label)),
            about=_as_json(events, told.about),
        )
        .annotate(before=before)
        .filter(Q(before__isnull=True) | ~Q(pgh_label=UPDATE) | ~Q(now=F("before")))
        .values(*names, "now", "before", "about")
    )


def _of_client(told: TrackedModel, client: Client, by: Practitioner) -> Q:
    if not told.path:
        return Q(client=client.pk)
    rows = told.model.objects.visible_to(by).filter(**{told.path: client.pk})  # type: ignore[attr-defined]
    return Q(pgh_obj__in=rows.values("pk"))


def _as_json(events: type[Model], names: tuple[str, ...]) -> JSONObject:
    found = {name: F(events._meta.get_field(name).attname) for name in names}  # type: ignore[union-attr]
    return JSONObject(**found)
