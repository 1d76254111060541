"""App: who works here."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class OrganisationsConfig(AppConfig):
    name = "organisations"

    def ready(self):
        from django.conf import settings

        from organisations.database.grants import grant_to_app_role
        from organisations.database.role import guard_connections
        from organisations.login import events  # noqa: F401  registers the checks, listens to log-ins

        if settings.PRODUCTION:
            guard_connections()
        post_migrate.connect(grant_to_app_role, sender=self)
