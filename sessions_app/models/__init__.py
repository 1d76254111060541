"""What is measured: sessions, ratings, the client's own words, alerts."""

from sessions_app.models.access_review import AccessAlarm, AccessSample, ReviewVerdict, SampledAccess
from sessions_app.models.alert import Alert, AlertLevel, AlertQuerySet, Notice
from sessions_app.models.group import GroupMeeting, GroupMeetingQuerySet, GroupMember, GroupMemberQuerySet
from sessions_app.models.import_job import WAITING, ImportStep, SessionImport, SessionImportQuerySet
from sessions_app.models.note import Note, NoteKind, NoteQuerySet
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
    "SAID_ATTENDANCES",
    "SKIPPED_COLUMNS",
    "UNSCORED",
    "WAITING",
    "AccessAlarm",
    "AccessSample",
    "Alert",
    "AlertLevel",
    "AlertQuerySet",
    "Attendance",
    "ConflictingAnswer",
    "ContactForm",
    "DraftQuerySet",
    "EntryMode",
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
    "SessionImport",
    "SessionImportQuerySet",
    "SessionQuerySet",
    "SheetPhoto",
    "SheetPhotoQuerySet",
    "Skipped",
    "SupervisionRating",
    "SupervisionRatingQuerySet",
    "SupervisionShare",
    "SupervisionShareQuerySet",
    "TrajectoryFit",
    "TrajectoryFitQuerySet",
]
