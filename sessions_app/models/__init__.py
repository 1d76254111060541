"""What is measured: sessions, ratings, what is written of a session, alerts."""

from sessions_app.models.access_review import AccessAlarm, AccessSample, ReviewVerdict, SampledAccess
from sessions_app.models.alert import Alert, AlertLevel, AlertQuerySet, Notice
from sessions_app.models.alert_step import AlertStep, Decision, StepKind
from sessions_app.models.decision import DecisionQuerySet, SessionDecision
from sessions_app.models.document import DocumentTemplate
from sessions_app.models.goal import (
    OPEN_STATES,
    Goal,
    GoalMark,
    GoalMarkQuerySet,
    GoalQuerySet,
    GoalSetBy,
    GoalState,
)
from sessions_app.models.group import GroupMeeting, GroupMeetingQuerySet, GroupMember, GroupMemberQuerySet
from sessions_app.models.import_job import WAITING, ImportStep, SessionImport, SessionImportQuerySet
from sessions_app.models.note import OWN_WORDS, Note, NoteKind, NoteQuerySet
from sessions_app.models.pending_answer import PendingAnswer, PendingAnswerQuerySet, PendingReason
from sessions_app.models.printed_sheet import PrintedSheet
from sessions_app.models.rating import (
    A_MARK_FOR_EACH_LINE,
    UNSCORED,
    ConflictingAnswer,
    EntryMode,
    Rating,
    RatingQuerySet,
)
from sessions_app.models.rating_draft import DraftQuerySet, RatingDraft
from sessions_app.models.session import (
    SAID_ATTENDANCES,
    SKIPPED_COLUMNS,
    Attendance,
    ContactForm,
    Session,
    SessionQuerySet,
    Skipped,
)
from sessions_app.models.sheet_photo import PhotoStep, SheetPhoto, SheetPhotoQuerySet
from sessions_app.models.standard import MeasureValue, TrajectoryFit, TrajectoryFitQuerySet
from sessions_app.models.supervision import (
    SupervisionRating,
    SupervisionRatingQuerySet,
    SupervisionShare,
    SupervisionShareQuerySet,
)
from sessions_app.models.visibility import OfClient
from sessions_app.models.wording_pack import Pack, PackLicence, PackLicenceQuerySet, PackReminder

__all__ = [
    "A_MARK_FOR_EACH_LINE",
    "OPEN_STATES",
    "OWN_WORDS",
    "SAID_ATTENDANCES",
    "SKIPPED_COLUMNS",
    "UNSCORED",
    "WAITING",
    "AccessAlarm",
    "AccessSample",
    "Alert",
    "AlertLevel",
    "AlertQuerySet",
    "AlertStep",
    "Attendance",
    "ConflictingAnswer",
    "ContactForm",
    "Decision",
    "DecisionQuerySet",
    "DocumentTemplate",
    "DraftQuerySet",
    "EntryMode",
    "Goal",
    "GoalMark",
    "GoalMarkQuerySet",
    "GoalQuerySet",
    "GoalSetBy",
    "GoalState",
    "GroupMeeting",
    "GroupMeetingQuerySet",
    "GroupMember",
    "GroupMemberQuerySet",
    "ImportStep",
    "MeasureValue",
    "Note",
    "NoteKind",
    "NoteQuerySet",
    "Notice",
    "OfClient",
    "Pack",
    "PackLicence",
    "PackLicenceQuerySet",
    "PackReminder",
    "PendingAnswer",
    "PendingAnswerQuerySet",
    "PendingReason",
    "PhotoStep",
    "PrintedSheet",
    "Rating",
    "RatingDraft",
    "RatingQuerySet",
    "ReviewVerdict",
    "SampledAccess",
    "Session",
    "SessionDecision",
    "SessionImport",
    "SessionImportQuerySet",
    "SessionQuerySet",
    "SheetPhoto",
    "SheetPhotoQuerySet",
    "Skipped",
    "StepKind",
    "SupervisionRating",
    "SupervisionRatingQuerySet",
    "SupervisionShare",
    "SupervisionShareQuerySet",
    "TrajectoryFit",
    "TrajectoryFitQuerySet",
]
