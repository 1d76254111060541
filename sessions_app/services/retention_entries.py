"""The last entry in a client's records: whatever somebody noted, measured, agreed or put right."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Max

from clients.models import (
    Client,
    ClientBlock,
    ClientMerge,
    ClientTeam,
    Consent,
    Episode,
    ErasureNotice,
    HeldBackPassage,
    LabelledClient,
    LegalHold,
    PairMessage,
    Rater,
    Restriction,
    SubjectRequest,
    Transfer,
    WordKey,
)
from organisations.models import Organisation
from sessions_app.models import (
    Alert,
    AlertStep,
    ConflictingAnswer,
    EmergencyAccess,
    EntryMode,
    FollowUpMeasure,
    Goal,
    GoalMark,
    GroupMember,
    KeptPhoto,
    Note,
    Notice,
    OpenedCase,
    PendingAnswer,
    PlanEvaluation,
    QuestionReply,
    Rating,
    RatingDraft,
    RecordFile,
    Session,
    SessionDecision,
    SheetPhoto,
    StudyAllocation,
    StudyAnswer,
    StudyExportClient,
    StudyParticipant,
    SupervisionCase,
    TeamMeetingCase,
    TeamQuestion,
)


@dataclass(frozen=True)
class EntryDates:
    """The days or moments of a table's rows that are entries; `path` leads from a row to its client."""

    model: type[models.Model]
    path: str
    columns: tuple[str, ...]
    without: Mapping[str, Any] = field(default_factory=dict)


ENTRIES = (
    EntryDates(Client, "pk", ("created_at",)),
    EntryDates(Consent, "client", ("recorded_at",)),
    EntryDates(Episode, "client", ("started_on", "ended_on")),
    EntryDates(PairMessage, "client", ("written_at",)),
    EntryDates(Transfer, "client", ("made_at",)),
    EntryDates(Session, "client", ("held_on", "voided_at")),
    # Of a file of past sessions the day of the session counts, not that of the import.
    EntryDates(Rating, "session__client", ("created_at",), {"entry_mode": EntryMode.IMPORTED}),
    EntryDates(Note, "session__client", ("updated_at",), {"session__imported": True, "version": 1}),
    EntryDates(AlertStep, "alert__episode__client", ("at",)),
    EntryDates(FollowUpMeasure, "episode__client", ("answered_at",)),
    EntryDates(Goal, "episode__client", ("created_at", "ended_on")),
    EntryDates(GoalMark, "session__client", ("created_at",)),
    EntryDates(PendingAnswer, "episode__client", ("created_at", "decided_at")),
    EntryDates(PlanEvaluation, "episode__client", ("created_at",)),
    EntryDates(SessionDecision, "session__client", ("created_at", "done_at")),
    EntryDates(TeamMeetingCase, "episode__client", ("discussed_at",)),
    EntryDates(TeamQuestion, "episode__client", ("asked_at", "answered_at")),
    EntryDates(QuestionReply, "question__episode__client", ("written_at",)),
    EntryDates(ConflictingAnswer, "rating__session__client", ("created_at", "decided_at")),
    EntryDates(StudyAnswer, "session__client", ("created_at",)),
)
# Tables with rows of a client in which nobody writes anything down about them, and why.
NOT_ENTRIES: dict[type[models.Model], str] = {
    ClientTeam: "who helps, not what was done",
    ClientMerge: "two records put together",
    LabelledClient: "a word to find them by",
    Rater: "who is asked",
    Alert: "follows from the answers by itself",
    Notice: "a mail of an alert",
    GroupMember: "goes with the session",
    OpenedCase: "who may read",
    RatingDraft: "not sent yet",
    KeptPhoto: "goes with the rating",
    SheetPhoto: "goes with the rating",
    RecordFile: "a copy for an hour",
    SupervisionCase: "what a practitioner works on for themselves",
    StudyAllocation: "drawn by lot",
    StudyParticipant: "of a study, not of the help",
    StudyExportClient: "of a study, not of the help",
    LegalHold: "about how long the records are kept",
    ErasureNotice: "about how long the records are kept",
    ClientBlock: "who may see the records",
    EmergencyAccess: "who has seen the records",
    HeldBackPassage: "what of the records is given out",
    Restriction: "whether the records are used",
    SubjectRequest: "what the person asked for about the records",
    WordKey: "what the words are sealed with",
}


def last_entries(organisation: Organisation, clients: Collection[UUID]) -> dict[UUID, date]:
    """The day of each client's last entry, where the organisation is; one query a table."""
    found: dict[UUID, date] = {}
    for client, entered in _entered(clients):
        day = organisation.day_of(entered) if isinstance(entered, datetime) else entered
        found[client] = max(found.get(client, day), day)
    return found


def _entered(clients: Collection[UUID]) -> Iterator[tuple[UUID, date | datetime]]:
    for one in ENTRIES:
        rows = one.model._default_manager.filter(**{f"{one.path}__in": clients})
        if one.without:
            rows = rows.exclude(**one.without)
        last = {f"last_{column}": Max(column) for column in one.columns}
        for client, *moments in rows.order_by().values(one.path).annotate(**last).values_list(one.path, *last):
            yield from ((client, moment) for moment in moments if moment is not None)
