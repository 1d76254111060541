"""App: what is shown."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self):
        from clients.texts.access_log import LISTED
        from organisations.audit.texts import register_actions
        from organisations.roles import Can
        from organisations.web.navigation import Section, register_sections

        register_actions(
            {
                "today": LISTED,
                "client.changes": _("Looked up what was changed"),
                "results": _("Looked at results"),
                "results.export": _("Took results out as a file"),
            }
        )
        register_sections(
            Section(1, Can.SEE_TODAY, "today", _("Today")), Section(4, Can.SEE_RESULTS, "results", _("Results"))
        )
