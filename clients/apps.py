"""App: who is helped."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

# The paragraph of the handbook that a page's help leads to, by the page's route.
HELP = {
    "client-list": "page-clients",
    "client-consents": "page-consent",
    "client-pair": "pair",
    "labels": "page-clients",
    "label-edit": "page-clients",
    "view-new": "page-clients",
    "client-teams": "page-people",
    "team-merge": "page-people",
    "service-merge": "page-people",
    "episode-new": "page-agreements",
    "client-edit": "page-agreements",
    "client-new": "page-agreements",
    "client-raters": "several",
    "client-looks": "who-sees",
    "access-log": "page-people",
    "episode-end": "ending",
    "subject-requests": "who-sees",
    "subject-request": "who-sees",
    "subject-request-new": "who-sees",
    "restriction-new": "who-sees",
    "restriction-lift": "who-sees",
    "restricted-reading": "who-sees",
}


class ClientsConfig(AppConfig):
    name = "clients"

    def ready(self):
        from clients.api.resources import RESOURCES
        from clients.models import Relation
        from clients.services.caseload import caseload_clients, hand_over_caseload, left, others, out_of_sight
        from clients.services.erasure_function import install_erasure
        from clients.services.leave import former_clients, give_back, lend, lent_to_admin
        from clients.services.list_filters import SHOWN
        from clients.services.planned_contacts import forget_plan, plan_contacts, planned, planned_to_admin
        from clients.services.restrictions import restricted_clients
        from clients.services.retention_choices import say_choices
        from clients.services.word_keys import words_open
        from clients.texts.access_log import ACTIONS, KINDS
        from clients.texts.team_merges import WORDS
        from organisations.api.unused import register_unused
        from organisations.audit.purposes import know
        from organisations.audit.texts import register_actions, register_reasons
        from organisations.monitoring.readiness import register_check
        from organisations.roles import Can
        from organisations.services.caseload import Caseload, register_caseload
        from organisations.services.removal import register_settings, register_words
        from organisations.tokens.scopes import register_resources
        from organisations.web.context_help import register_help
        from organisations.web.navigation import Section, register_pages_below, register_sections

        register_check("words", words_open)
        know({relation.value: relation.label for relation in Relation} | SHOWN)
        register_actions(ACTIONS, KINDS)
        register_reasons("restriction.read")
        register_unused(restricted_clients)
        about = (caseload_clients, out_of_sight, hand_over_caseload, others, left)
        plans = (plan_contacts, planned, planned_to_admin, forget_plan)
        register_caseload(Caseload(*about, lend, give_back, lent_to_admin, former_clients, *plans))
        register_resources(*RESOURCES)
        register_sections(Section(2, Can.LIST_CLIENTS, "client-list", _("Clients")))
        register_pages_below("client-list", "/episodes/", "/raters/", "/consents/", "/data-requests/", "/restrictions/")
        register_pages_below("people", "/access/", "/merge/", "/labels/")
        register_words(WORDS)
        register_settings("clients.RetentionChoice.service", say_choices)
        register_help(HELP)
        post_migrate.connect(install_erasure, sender=self)
