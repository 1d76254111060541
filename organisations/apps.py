"""App: who works here."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class OrganisationsConfig(AppConfig):
    name = "organisations"

    def ready(self):
        from django.conf import settings

        from organisations.api.resources import RESOURCES
        from organisations.database.grants import grant_to_app_role
        from organisations.database.role import guard_connections
        from organisations.login import events  # noqa: F401  registers the checks, listens to log-ins
        from organisations.roles import Can
        from organisations.tokens.scopes import register_resources
        from organisations.web.navigation import Section, register_pages_below, register_sections

        register_resources(*RESOURCES)
        register_sections(Section(5, Can.MANAGE_PEOPLE, "people", _("People and teams")))
        register_pages_below("people", "/services/", "/teams/", "/tokens/")
        if settings.PRODUCTION:
            guard_connections()
        post_migrate.connect(grant_to_app_role, sender=self)
