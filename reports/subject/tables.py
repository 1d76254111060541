"""Each table that leads to a client: what it is called for the client, or why it is left out."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class SubjectSection(StrEnum):
    """The sections of the document, in its order."""

    ME = "me"
    EPISODES = "episodes"
    SESSIONS = "sessions"
    MARKS = "marks"
    SAID = "said"
    GOALS = "goals"
    ALERTS = "alerts"
    CONSENTS = "consents"
    RESEARCH = "research"
    RIGHTS = "rights"
    FILES = "files"


SECTIONS: dict[SubjectSection, Promise | str] = {
    SubjectSection.ME: _("Who I am"),
    SubjectSection.EPISODES: _("My courses of support"),
    SubjectSection.SESSIONS: _("My sessions"),
    SubjectSection.MARKS: _("What I marked"),
    SubjectSection.SAID: _("What I said, and what was written and decided about me"),
    SubjectSection.GOALS: _("My goals"),
    SubjectSection.ALERTS: _("When Medspil asked somebody to look"),
    SubjectSection.CONSENTS: _("What I agreed to"),
    SubjectSection.RESEARCH: _("Research"),
    SubjectSection.RIGHTS: _("What I asked for about my data"),
    SubjectSection.FILES: _("Pictures and files"),
}


@dataclass(frozen=True)
class GivenTable:
    """What a table is called, and in which section of the document its rows stand."""

    words: Promise | str
    section: SubjectSection


GIVEN: dict[str, GivenTable] = {
    "clients.Client": GivenTable(_("Who I am"), SubjectSection.ME),
    "clients.ClientTeam": GivenTable(_("Teams that work with me"), SubjectSection.ME),
    "clients.LabelledClient": GivenTable(_("Labels"), SubjectSection.ME),
    "clients.Rater": GivenTable(_("Others who fill in forms about how I am"), SubjectSection.ME),
    "clients.ClientMerge": GivenTable(_("Records of me that were merged"), SubjectSection.ME),
    "clients.Transfer": GivenTable(_("When somebody else took over"), SubjectSection.ME),
    "clients.Episode": GivenTable(_("Courses of support"), SubjectSection.EPISODES),
    "sessions_app.PlanEvaluation": GivenTable(_("Evaluations of the action plan"), SubjectSection.EPISODES),
    "sessions_app.FollowUpMeasure": GivenTable(_("Questions after the end"), SubjectSection.MARKS),
    "sessions_app.Session": GivenTable(_("Sessions"), SubjectSection.SESSIONS),
    "sessions_app.GroupMember": GivenTable(_("Sessions in a group"), SubjectSection.SESSIONS),
    "sessions_app.Rating": GivenTable(_("Forms that were filled in"), SubjectSection.MARKS),
    "sessions_app.ConflictingAnswer": GivenTable(_("Second answers to the same form"), SubjectSection.MARKS),
    "sessions_app.PendingAnswer": GivenTable(_("Answers that waited for a decision"), SubjectSection.MARKS),
    "sessions_app.RatingDraft": GivenTable(_("Forms that were begun"), SubjectSection.MARKS),
    "sessions_app.Note": GivenTable(_("The development document"), SubjectSection.SAID),
    "sessions_app.SessionDecision": GivenTable(_("Decisions"), SubjectSection.SAID),
    "sessions_app.TeamMeetingCase": GivenTable(_("When a team meeting spoke of me"), SubjectSection.SAID),
    "sessions_app.TeamQuestion": GivenTable(_("Questions that the staff asked about my course"), SubjectSection.SAID),
    "sessions_app.QuestionReply": GivenTable(_("Answers to those questions"), SubjectSection.SAID),
    "sessions_app.SupervisionCase": GivenTable(_("When somebody spoke of me in supervision"), SubjectSection.SAID),
    "sessions_app.OpenedCase": GivenTable(_("When a consultant could read my course"), SubjectSection.SAID),
    "clients.PairMessage": GivenTable(_("Messages between my contact persons"), SubjectSection.SAID),
    "sessions_app.Goal": GivenTable(_("Goals"), SubjectSection.GOALS),
    "sessions_app.GoalMark": GivenTable(_("How far I found I had come"), SubjectSection.GOALS),
    "sessions_app.Alert": GivenTable(_("Alerts"), SubjectSection.ALERTS),
    "sessions_app.AlertStep": GivenTable(_("What was done about an alert"), SubjectSection.ALERTS),
    "sessions_app.Notice": GivenTable(_("Who was told of an alert"), SubjectSection.ALERTS),
    "clients.Consent": GivenTable(_("My yes and no"), SubjectSection.CONSENTS),
    "sessions_app.StudyParticipant": GivenTable(_("Studies that I was asked about"), SubjectSection.RESEARCH),
    "sessions_app.StudyAllocation": GivenTable(_("Groups of a study that I was put into"), SubjectSection.RESEARCH),
    "sessions_app.StudyAnswer": GivenTable(_("Answers that only a study has"), SubjectSection.RESEARCH),
    "sessions_app.StudyExportClient": GivenTable(_("Coded data of me that went to research"), SubjectSection.RESEARCH),
    "clients.SubjectRequest": GivenTable(_("What I asked for"), SubjectSection.RIGHTS),
    "clients.Restriction": GivenTable(_("When my data were not used"), SubjectSection.RIGHTS),
    "clients.ClientBlock": GivenTable(_("When my record was blocked for other units"), SubjectSection.RIGHTS),
    "sessions_app.EmergencyAccess": GivenTable(
        _("When somebody opened my record in an emergency"), SubjectSection.RIGHTS
    ),
    "clients.LegalHold": GivenTable(_("Why my record is kept for longer"), SubjectSection.RIGHTS),
    "clients.ErasureNotice": GivenTable(_("When my record was to be erased"), SubjectSection.RIGHTS),
    "clients.HeldBackPassage": GivenTable(_("Passages that are held back"), SubjectSection.RIGHTS),
    "sessions_app.KeptPhoto": GivenTable(_("Pictures of forms on paper"), SubjectSection.FILES),
    "sessions_app.SheetPhoto": GivenTable(_("Pictures of forms that are not confirmed yet"), SubjectSection.FILES),
    "sessions_app.RecordFile": GivenTable(_("Files for the record"), SubjectSection.FILES),
}

LEFT_OUT: dict[str, Promise | str] = {
    "sessions_app.TeamMeeting": _(
        "About a meeting of the whole team. What was said about me stands with my case there."
    ),
    "clients.WordKey": _("Keys that my words are locked with. The words themselves are given."),
    "sessions_app.TeamMeetingAttendance": _("About which colleagues came to a meeting of the team."),
}

# Tables that may name a client otherwise than by a foreign key, and what becomes of them here.
OTHER_WAYS: dict[str, str] = {
    "organisations.AccessEvent": "given as who has looked (looks.py)",
    "organisations.Capability": "keys of links and hand-overs; the forms themselves are given",
    "organisations.Outbox": "work that is still to be done, for minutes",
    "organisations.OutgoingMail": "which mails about an alert left to whom; Notice is given",
    "organisations.KeptAnswer": "answers to another system, kept for a day in case it asks again",
    "sessions_app.SessionImport": "the file that past sessions came in, of many clients; its rows are given",
    "clients.Erasure": "that somebody was erased; nothing else of them is left",
    "organisations.ProvisionedUser": "log-ins of people who work here",
    "organisations.ProvisionedGroup": "teams of people who work here",
    "organisations.ProvisioningCall": "what the IT department's system did with such log-ins",
    "organisations.OrganisationCopyPart": "a piece of an encrypted copy of the whole organisation",
    "sessions_app.HandbookFilmPart": "a film of the organisation's own handbook",
}
