"""App: what is measured."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# Why the program itself looks at many clients, and parts of a page.
WHY = ("rules", "values", "trajectory", "tone", "rhythm", "demo", "group", "told", "mine", "teams")


class SessionsConfig(AppConfig):
    name = "sessions_app"

    def ready(self):
        from clients.models.form_languages import register_form_languages
        from clients.services.measurements import Measurements, register_measurements
        from organisations.audit.purposes import know
        from organisations.audit.route_arguments import register_argument
        from organisations.audit.texts import register_actions
        from organisations.roles import Can
        from organisations.tokens.scopes import register_resources
        from organisations.web.navigation import Section, register_pages_below, register_sections
        from sessions_app.api.resources import RESOURCES
        from sessions_app.forms.link import WAYS
        from sessions_app.measures.instruments.registry import FAMILY
        from sessions_app.services import open_forms
        from sessions_app.standards.values import BY_KEY
        from sessions_app.texts.access_log import ACTIONS, KINDS
        from sessions_app.wording.languages import languages_of_packs

        register_form_languages(languages_of_packs)
        register_measurements(Measurements(open_forms.refresh, open_forms.close_forms))
        know([*WHY, *FAMILY, *BY_KEY, *(way for way, _name in WAYS)])
        register_actions(ACTIONS, KINDS)
        register_argument("link_id")
        register_argument("remark_id")
        register_resources(*RESOURCES)
        register_sections(
            Section(3, Can.RECORD_SESSION, "groups", _("Groups")),
            Section(5, Can.IMPORT_SESSIONS, "import-sessions", _("Import")),
            Section(6, Can.SET_MEASURES, "measures", _("Measures")),
            Section(7, Can.MANAGE_PACKS, "packs", _("Wording")),
        )
        register_pages_below("client-list", "/sessions/", "/ratings/", "/paper/")
