"""What personal data are processed for: each table belongs to one activity, and a table of none fails a test."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisations.history.privacy import DataClass, marks
from organisations.history.tracking import is_event_model

CLIENTS = _("Clients")
CLOSE = _("People close to clients: raters and those whom words name")
STAFF = _("People who work here")
NOBODY = _("Nobody: settings and counted numbers")

KINDS = {
    DataClass.IDENTITY: _("Who somebody is: name, reference, address, age, language"),
    DataClass.WORDS: _("What somebody said or wrote in their own words"),
    DataClass.SCORE: _("What was measured or happened: marks, days, ways of meeting"),
}


@dataclass(frozen=True)
class Activity:
    """One purpose with whose data it needs, in words, and the models that serve it ("app.Model")."""

    key: str
    name: Promise | str
    purpose: Promise | str
    whose: Sequence[Promise | str]
    recipients: Promise | str
    models: str
    about_health: bool = False


HERE = _("Nobody outside the organisation.")
ACTIVITIES = (
    Activity(
        "courses",
        _("Clients and their courses of help"),
        _("To know whom a team helps, in which service and from when to when, and what each has agreed to."),
        (CLIENTS, CLOSE),
        _("Case workers and record systems, where somebody hands a file over or connects a system."),
        "clients.Client clients.ClientTeam clients.ClientMerge clients.Consent clients.Episode clients.ClientLabel "
        "clients.LabelledClient clients.ClientBlock clients.Rater clients.SavedView clients.Transfer "
        "sessions_app.SessionImport",
        about_health=True,
    ),
    Activity(
        "measurements",
        _("Sessions and forms"),
        _("To let clients say how they are and how the session was, and to talk about it with them."),
        (CLIENTS, CLOSE),
        _("The client; whoever fills in a form about them sees that form only."),
        "sessions_app.Session sessions_app.Rating sessions_app.RatingDraft sessions_app.ConflictingAnswer "
        "sessions_app.PendingAnswer sessions_app.FollowUpMeasure sessions_app.GroupMeeting sessions_app.GroupMember "
        "sessions_app.SheetPhoto sessions_app.KeptPhoto sessions_app.PrintedSheet organisations.Capability "
        "sessions_app.TrajectoryFit sessions_app.MeasureValue",
        about_health=True,
    ),
    Activity(
        "record",
        _("Notes, goals and decisions"),
        _("To plan the help with the client, and to keep what was agreed and decided."),
        (CLIENTS, CLOSE, STAFF),
        _("Case workers and record systems, where somebody hands a file over or connects a system."),
        "sessions_app.Note sessions_app.DocumentTemplate sessions_app.Goal sessions_app.GoalMark "
        "sessions_app.SessionDecision sessions_app.PlanEvaluation sessions_app.RecordFile clients.PairMessage",
        about_health=True,
    ),
    Activity(
        "alerts",
        _("Alerts"),
        _("To notice early that somebody gets worse or that the alliance suffers."),
        (CLIENTS, STAFF),
        HERE,
        "sessions_app.Alert sessions_app.Notice sessions_app.AlertStep",
        about_health=True,
    ),
    Activity(
        "meetings",
        _("Team meetings, supervision and questions"),
        _("To learn from each other's cases and to decide together."),
        (CLIENTS, STAFF),
        _("An external consultant sees opened cases, without who the client is."),
        "sessions_app.TeamMeeting sessions_app.TeamMeetingCase sessions_app.TeamMeetingAttendance "
        "sessions_app.TeamQuestion sessions_app.QuestionReply sessions_app.SupervisionShare "
        "sessions_app.SupervisionRating sessions_app.SupervisionCase sessions_app.PracticeGoal sessions_app.OpenedCase",
        about_health=True,
    ),
    Activity(
        "people",
        _("Log-ins of people who work here"),
        _("To let in who should be in and nobody else, and to tell them by mail what waits for them."),
        (STAFF,),
        _("The organisation's own log-in, where it is connected."),
        "organisations.User organisations.Practitioner organisations.Membership organisations.Team "
        "organisations.Service organisations.Organisation organisations.DeviceSession organisations.ApiToken "
        "organisations.TokenConfirmation organisations.KeptAnswer organisations.IdentityProvider "
        "organisations.SignOnIdentity organisations.SignOnAttempt organisations.OutgoingMail organisations.Outbox "
        "organisations.Provisioning organisations.ProvisionedUser organisations.ProvisionedGroup "
        "organisations.ProvisioningCall organisations.OperatorAct organisations.OrganisationCopy "
        "organisations.OrganisationCopyPart "
        "organisations.OrganisationState organisations.MaintenanceNotice organisations.PartState",
    ),
    Activity(
        "log",
        _("Access log and data protection"),
        _("To be able to say who has looked at whose data, to notice misuse, and to answer what people ask for."),
        (CLIENTS, STAFF),
        _("The client, who is told who has looked; the supervisory authority in a breach."),
        "organisations.AccessEvent organisations.AccessHead organisations.EmptiedAccess "
        "organisations.DetachedAccesses sessions_app.AccessSample sessions_app.SampledAccess "
        "sessions_app.AccessAlarm sessions_app.EmergencyAccess clients.SubjectRequest clients.Restriction "
        "clients.HeldBackPassage clients.RetentionChoice clients.LegalHold clients.ErasureNotice clients.Erasure "
        "clients.WordKey",
        about_health=True,
    ),
    Activity(
        "results",
        _("Results"),
        _("To see whether the help helps, in counted numbers."),
        (NOBODY,),
        _("Everybody, where a report is published; numbers of few people are hidden in it."),
        "sessions_app.ResultsSchedule sessions_app.ResultsReport sessions_app.PublishedCourse "
        "sessions_app.SharedCourse organisations.OrganisationUse organisations.RegisterImport "
        "organisations.RegisteredService",
    ),
    Activity(
        "research",
        _("Studies"),
        _("To compare ways of helping, with the consent of everybody who takes part."),
        (CLIENTS, STAFF),
        _("Researchers whom two people of the organisation have agreed to; they get coded data without words."),
        "sessions_app.Study sessions_app.StudySecrets sessions_app.StudyArm sessions_app.StudyAmendment "
        "sessions_app.StudyAllocation sessions_app.StudyParticipant sessions_app.StudyAnswer "
        "sessions_app.StudyExport sessions_app.StudyExportClient",
        about_health=True,
    ),
    Activity(
        "learning",
        _("Handbook and forms' wording"),
        _("To explain the method, and to show the forms in words that the organisation has a licence for."),
        (NOBODY,),
        HERE,
        "sessions_app.HandbookChapter sessions_app.HandbookParagraph sessions_app.HandbookScript "
        "sessions_app.HandbookFilm sessions_app.HandbookFilmPart sessions_app.Pack sessions_app.PackLicence "
        "sessions_app.PackReminder",
    ),
)


def activity_of() -> dict[str, Activity]:
    """The activity of each table ("app.Model"), its history included."""
    named = {model: activity for activity in ACTIVITIES for model in activity.models.split()}
    found = {}
    for label in marks():
        model = apps.get_model(label)
        tracked = model.pgh_tracked_model._meta.label if is_event_model(model) else label
        if tracked in named:
            found[label] = named[tracked]
    return found


def kinds_of(activity: Activity) -> Counter[DataClass]:
    """How many columns of each kind the tables of an activity have, their history left out."""
    columns = marks()
    return Counter(holds for model in activity.models.split() for holds in columns[model].values())
