"""What is measured: sessions, ratings, what is written of a session, alerts."""

from sessions_app.models.access_review import AccessAlarm, AccessSample, ReviewVerdict, SampledAccess
from sessions_app.models.alert import Alert, AlertLevel, AlertQuerySet, Notice
from sessions_app.models.alert_step import AlertStep, Decision, StepKind
from sessions_app.models.decision import DecisionQuerySet, SessionDecision
from sessions_app.models.document import DocumentTemplate
from sessions_app.models.follow_up_measure import FollowUpMeasure, FollowUpMeasureQuerySet, FollowUpState
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
from sessions_app.models.handbook import (
    FilmQuerySet,
    HandbookChapter,
    HandbookFilm,
    HandbookFilmPart,
    HandbookParagraph,
    HandbookScript,
    ScriptAudience,
    ScriptMoment,
    WithdrawnQuerySet,
)
from sessions_app.models.import_job import WAITING, ImportStep, SessionImport, SessionImportQuerySet
from sessions_app.models.kept_photo import KeptPhoto, KeptPhotoQuerySet
from sessions_app.models.note import OWN_WORDS, Note, NoteKind, NoteQuerySet, reads_words
from sessions_app.models.opened_case import OpenedCase, OpenedCaseQuerySet
from sessions_app.models.pending_answer import PendingAnswer, PendingAnswerQuerySet, PendingReason
from sessions_app.models.plan_evaluation import PlanEvaluation, PlanEvaluationQuerySet
from sessions_app.models.practice_goal import (
    PracticeGoal,
    PracticeGoalQuerySet,
    SupervisionCase,
    SupervisionCaseQuerySet,
)
from sessions_app.models.printed_sheet import PrintedSheet
from sessions_app.models.question import (
    QuestionReply,
    QuestionReplyQuerySet,
    TeamQuestion,
    TeamQuestionQuerySet,
    WaitsFor,
)
from sessions_app.models.rating import (
    A_MARK_FOR_EACH_LINE,
    UNSCORED,
    ConflictingAnswer,
    EntryMode,
    Rating,
    RatingQuerySet,
)
from sessions_app.models.rating_draft import DraftQuerySet, RatingDraft
from sessions_app.models.record_file import RecordFile, RecordFileKind, RecordFileQuerySet, RecordFileStep
from sessions_app.models.results_report import ReportRhythm, ResultsReport, ResultsReportQuerySet, ResultsSchedule
from sessions_app.models.session import (
    SAID_ATTENDANCES,
    SKIPPED_COLUMNS,
    Attendance,
    ContactForm,
    Session,
    SessionQuerySet,
    Skipped,
)
from sessions_app.models.shared_course import PublishedCourse, SharedCourse, SharedCourseQuerySet
from sessions_app.models.sheet_photo import PhotoStep, SheetPhoto, SheetPhotoQuerySet
from sessions_app.models.standard import MeasureValue, TrajectoryFit, TrajectoryFitQuerySet
from sessions_app.models.supervision import (
    SupervisionRating,
    SupervisionRatingQuerySet,
    SupervisionShare,
    SupervisionShareQuerySet,
)
from sessions_app.models.team_meeting import (
    CaseReason,
    TeamMeeting,
    TeamMeetingAttendance,
    TeamMeetingAttendanceQuerySet,
    TeamMeetingCase,
    TeamMeetingCaseQuerySet,
    TeamMeetingQuerySet,
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
    "CaseReason",
    "ConflictingAnswer",
    "ContactForm",
    "Decision",
    "DecisionQuerySet",
    "DocumentTemplate",
    "DraftQuerySet",
    "EntryMode",
    "FilmQuerySet",
    "FollowUpMeasure",
    "FollowUpMeasureQuerySet",
    "FollowUpState",
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
    "HandbookChapter",
    "HandbookFilm",
    "HandbookFilmPart",
    "HandbookParagraph",
    "HandbookScript",
    "ImportStep",
    "KeptPhoto",
    "KeptPhotoQuerySet",
    "MeasureValue",
    "Note",
    "NoteKind",
    "NoteQuerySet",
    "Notice",
    "OfClient",
    "OpenedCase",
    "OpenedCaseQuerySet",
    "Pack",
    "PackLicence",
    "PackLicenceQuerySet",
    "PackReminder",
    "PendingAnswer",
    "PendingAnswerQuerySet",
    "PendingReason",
    "PhotoStep",
    "PlanEvaluation",
    "PlanEvaluationQuerySet",
    "PracticeGoal",
    "PracticeGoalQuerySet",
    "PrintedSheet",
    "PublishedCourse",
    "QuestionReply",
    "QuestionReplyQuerySet",
    "Rating",
    "RatingDraft",
    "RatingQuerySet",
    "RecordFile",
    "RecordFileKind",
    "RecordFileQuerySet",
    "RecordFileStep",
    "ReportRhythm",
    "ResultsReport",
    "ResultsReportQuerySet",
    "ResultsSchedule",
    "ReviewVerdict",
    "SampledAccess",
    "ScriptAudience",
    "ScriptMoment",
    "Session",
    "SessionDecision",
    "SessionImport",
    "SessionImportQuerySet",
    "SessionQuerySet",
    "SharedCourse",
    "SharedCourseQuerySet",
    "SheetPhoto",
    "SheetPhotoQuerySet",
    "Skipped",
    "StepKind",
    "SupervisionCase",
    "SupervisionCaseQuerySet",
    "SupervisionRating",
    "SupervisionRatingQuerySet",
    "SupervisionShare",
    "SupervisionShareQuerySet",
    "TeamMeeting",
    "TeamMeetingAttendance",
    "TeamMeetingAttendanceQuerySet",
    "TeamMeetingCase",
    "TeamMeetingCaseQuerySet",
    "TeamMeetingQuerySet",
    "TeamQuestion",
    "TeamQuestionQuerySet",
    "TrajectoryFit",
    "TrajectoryFitQuerySet",
    "WaitsFor",
    "WithdrawnQuerySet",
    "reads_words",
]
