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
    "mine": _("own clients"),
    "teams": _("the teams' clients"),
}


class SessionsConfig(AppConfig):
    name = "sessions_app"

    def ready(self):
        from clients.models.form_languages import register_form_languages
        from clients.services.measurements import Measurements, register_measurements
        from organisations.audit.purposes import know
        from organisations.audit.route_arguments import register_argument
        from organisations.audit.texts import register_actions, register_reasons
        from organisations.roles import Can
        from organisations.services.removal import register_words
        from organisations.tokens.scopes import register_resources
        from organisations.web.navigation import Section, register_pages_below, register_sections
        from sessions_app.api.resources import RESOURCES
        from sessions_app.forms.link import WAYS
        from sessions_app.measures.instruments.registry import FAMILY
        from sessions_app.services import open_forms
        from sessions_app.standards.values import BY_KEY
        from sessions_app.texts.access_log import ACTIONS, KINDS
        from sessions_app.texts.instruments import instrument_name
        from sessions_app.texts.sessions import WORDS
        from sessions_app.wording.languages import languages_of_packs

        register_form_languages(languages_of_packs)
        register_measurements(Measurements(open_forms.refresh, open_forms.close_forms))
        know(WHY)
        know({key: lazy(instrument_name, str)(key) for key in FAMILY})
        know({key: value.name for key, value in BY_KEY.items()} | dict(WAYS))
        register_actions(ACTIONS, KINDS)
        register_reasons("session.move")
        register_argument("link_id")
        register_argument("remark_id")
        register_argument("other_id")
        register_resources(*RESOURCES)
        register_words(WORDS)
        register_sections(
            Section(3, Can.RECORD_SESSION, "groups", _("Groups")),
            Section(6, Can.IMPORT_SESSIONS, "import-sessions", _("Import")),
            Section(7, Can.SET_MEASURES, "measures", _("Measures")),
            Section(8, Can.MANAGE_PACKS, "packs", _("Wording")),
        )
        register_pages_below("client-list", "/sessions/", "/ratings/", "/paper/", "/merges/")
