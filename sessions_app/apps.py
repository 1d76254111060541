"""App: what is measured."""

from django.apps import AppConfig
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

# Why the program itself looks at many clients, and parts of a page.
WHY: dict[str, Promise | str] = {
    "rules": _("a new answer"),
    "values": _("another value of a measure"),
    "trajectory": _("a new expected course"),
    "tone": _("an import or a new version"),
    "rhythm": _("a measurement is late"),
    "demo": _("made-up people"),
    "group": _("a group"),
    "told": "",
    "opened": _("the case was opened to a consultant"),
    "mine": _("own clients"),
    "teams": _("the teams' clients"),
}

# The paragraph of the handbook that explains each page.
HELP = {
    "session-flow": "page-session",
    "team-meetings": "meeting",
    "team-meeting": "meeting",
    "team-meeting-new": "meeting",
    "team-meeting-edit": "meeting",
    "team-meeting-attendance": "meeting",
    "team-questions": "page-questions",
    "question-new": "page-questions",
    "question": "page-questions",
    "opened-case-new": "page-questions",
    "opened-cases": "page-people",
    "follow-up-plan": "ending",
    "follow-up-measure": "ending",
    "client-transfer": "page-transfer",
    "session-edit": "page-session",
    "session-move": "page-session",
    "session-void": "page-session",
    "rating-correct": "page-paper",
    "sheet-photo": "page-paper",
    "document-fields-of": "own-words",
    "access-alarm": "page-people",
    "access-sample": "page-people",
    "import-detail": "page-import",
    "measure-edit": "page-measures",
    "pack-detail": "page-wording",
    "form-settings": "page-wording",
    "client-merge": "page-agreements",
    "client-merge-preview": "page-agreements",
    "goal-marks": "goals",
    "screen-settings": "page-session",
    "session-new": "page-session",
    "session-next": "ending",
    "goal-new": "goals",
    "goal-edit": "goals",
    "goal-step-new": "goals",
    "document-fields": "own-words",
    "note-versions": "own-words",
    "rating-key-in": "page-paper",
    "rating-read-aloud": "say-no",
    "paper-grid": "page-paper",
    "sheet-photos": "page-paper",
    "client-links": "page-links",
    "groups": "page-groups",
    "group": "page-groups",
    "supervision-rate": "page-supervision",
    "supervision-case-new": "page-supervision",
    "supervision-case": "page-supervision",
    "practice-goal-new": "page-supervision",
    "access-checks": "page-people",
    "import-sessions": "page-import",
    "measures": "page-measures",
    "packs": "page-wording",
    "licence-seats": "page-wording",
    "alert-decide": "alert",
    "alert-ask": "alert",
    "alert-set-aside": "alert",
    **dict.fromkeys(("studies", "study-new", "study-edit", "study-open", "study-close", "study-amend"), "page-studies"),
    **dict.fromkeys(("study-assess", "study-allocate", "study-leave", "study-power"), "page-studies"),
}


class SessionsConfig(AppConfig):
    name = "sessions_app"

    def ready(self):
        from clients.models import Client
        from clients.models.form_languages import register_form_languages
        from organisations.audit.purposes import know
        from organisations.audit.route_arguments import register_argument
        from organisations.audit.texts import register_actions, register_reasons
        from organisations.services.mail_brake import register_kinds
        from organisations.services.removal import register_settings, register_words
        from organisations.tokens.scopes import register_resources
        from sessions_app.api.resources import RESOURCES
        from sessions_app.forms.link import WAYS
        from sessions_app.measures.instruments.registry import FAMILY
        from sessions_app.models import EmergencyReason, Note
        from sessions_app.services.alert_mail import SEND_DIGEST
        from sessions_app.services.document import say_templates
        from sessions_app.services.emergency_accesses import TELL_OF_EMERGENCY
        from sessions_app.standards.values import BY_KEY
        from sessions_app.texts.access_log import ACTIONS, KINDS
        from sessions_app.texts.instruments import instrument_name
        from sessions_app.texts.sessions import WORDS
        from sessions_app.wording.languages import languages_of_packs

        register_form_languages(languages_of_packs)
        _register_what_follows()
        know(WHY | {key: lazy(instrument_name, str)(key) for key in FAMILY})
        know({key: value.name for key, value in BY_KEY.items()} | dict(WAYS))
        register_actions(ACTIONS, KINDS)
        register_reasons("session.move", "emergency.open")
        know({f"emergency {reason}": reason.label for reason in EmergencyReason})
        register_argument("link_id")
        register_argument("remark_id", Note)
        register_argument("other_id", Client)
        register_resources(*RESOURCES)
        register_words(WORDS)
        register_settings("sessions_app.DocumentTemplate.service", say_templates)
        register_kinds({SEND_DIGEST: _("Mails of the day"), "": _("Licences that are about to end")})
        register_kinds({TELL_OF_EMERGENCY: _("Clients opened in an emergency")})
        _register_pages()


def _register_what_follows() -> None:
    """What happens to measurements and files when something of a client, a consent or a team changes."""
    from clients.services.consent_closings import register_closing
    from clients.services.measurements import Measurements, register_measurements
    from organisations.services.caseload import register_open_work
    from sessions_app.services import episode_endings, open_forms, record_files
    from sessions_app.services.closed_files import CLOSINGS
    from sessions_app.services.open_work import OPEN_WORK
    from sessions_app.services.opened_cases import CLOSING
    from sessions_app.services.study_enrolment import CLOSING as STUDY
    from sessions_app.services.study_exports import EXPORTS_CLOSING
    from sessions_app.services.team_merges import move_team

    register_closing(*CLOSINGS, CLOSING, STUDY, EXPORTS_CLOSING)
    register_open_work(OPEN_WORK)
    register_measurements(
        Measurements(
            refresh=open_forms.refresh,
            close_forms=open_forms.close_forms,
            open_forms=open_forms.open_forms,
            ended=record_files.ask_for_whole,
            reopened=episode_endings.course_reopened,
            move_team=move_team,
        )
    )


def _register_pages() -> None:
    """The entries of the menu, and where each page's help is."""
    from organisations.roles import Can
    from organisations.web.context_help import register_help, register_help_address
    from organisations.web.navigation import Section, register_pages_below, register_sections
    from sessions_app.services.handbook import paragraph_url

    register_sections(
        Section(3, Can.RECORD_SESSION, "team-meetings", _("Team meeting")),
        Section(4, Can.RECORD_SESSION, "groups", _("Groups")),
        Section(8, Can.IMPORT_SESSIONS, "import-sessions", _("Import")),
        Section(9, Can.SET_MEASURES, "measures", _("Measures")),
        Section(10, Can.MANAGE_PACKS, "packs", _("Wording")),
        Section(11, Can.READ_HANDBOOK, "handbook", _("FIT handbook")),
    )
    register_pages_below("people", "/opened-cases/of/", "/retention/", "/erasures/", "/holds/")
    register_pages_below("client-list", "/sessions/", "/ratings/", "/paper/", "/merges/", "/transfers/", "/follow-ups/")
    register_pages_below("client-list", "/emergency/")
    register_help_address(paragraph_url)
    register_help(HELP)
