"""App: who works here."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

# The paragraph of the handbook that a page's help leads to, by the page's route.
HELP = {
    "people": "page-people",
    "practitioner-factors": "page-people",
    "practitioner-remove": "page-people",
    "service-remove": "page-people",
    "team-remove": "page-people",
    "held-mails": "page-people",
    "token-confirm": "page-people",
    "practitioner-new": "page-people",
    "practitioner-deactivate": "page-people",
    "practitioner-hand-over": "page-people",
    "practitioner-leave": "page-people",
    "practitioner-former": "page-people",
    "service-new": "page-people",
    "service-edit": "page-people",
    "team-new": "page-people",
    "team-edit": "page-people",
    "tokens": "page-people",
    "token-requests": "page-people",
    "log-in-rules": "page-people",
    "identity-provider": "page-people",
    "identity-provider-edit": "page-people",
    "provisioning": "page-people",
    "account-sign-on": "page-account",
    "own-tokens": "page-account",
    "account-pin": "page-account",
    "mfa_index": "page-account",
    "practitioner-edit": "page-people",
    "roles": "page-people",
    "account": "page-account",
}


class OrganisationsConfig(AppConfig):
    name = "organisations"

    def ready(self):
        from django.conf import settings

        from organisations.api.resources import RESOURCES
        from organisations.audit import purposes
        from organisations.database.access_months import install_access_months
        from organisations.database.client_accesses import install_client_accesses
        from organisations.database.grants import grant_to_app_role
        from organisations.database.role import guard_connections
        from organisations.login import events  # noqa: F401  registers the checks, listens to log-ins
        from organisations.roles import Can
        from organisations.services.caseload import register_open_work
        from organisations.services.sign_on import PURPOSES
        from organisations.services.team_leads import LEADS
        from organisations.tokens.scopes import register_resources
        from organisations.web.context_help import register_help
        from organisations.web.navigation import Section, register_pages_below, register_sections

        register_resources(*RESOURCES)
        register_sections(Section(6, Can.MANAGE_PEOPLE, "people", _("People and teams")))
        register_pages_below("people", "/services/", "/teams/", "/tokens/")
        register_help(HELP)
        register_open_work(LEADS)
        purposes.know(PURPOSES)
        if settings.PRODUCTION:
            guard_connections()
        post_migrate.connect(grant_to_app_role, sender=self)
        post_migrate.connect(install_access_months, sender=self)
        post_migrate.connect(install_client_accesses, sender=self)
