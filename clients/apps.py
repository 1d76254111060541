"""App: who is helped."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClientsConfig(AppConfig):
    name = "clients"

    def ready(self):
        from clients.api.resources import RESOURCES
        from clients.models import Relation
        from clients.services.caseload import caseload_clients, hand_over_caseload, out_of_sight
        from clients.texts.access_log import ACTIONS, KINDS
        from clients.views.client_list import SHOWN
        from organisations.audit.purposes import know
        from organisations.audit.texts import register_actions
        from organisations.roles import Can
        from organisations.services.caseload import Caseload, register_caseload
        from organisations.tokens.scopes import register_resources
        from organisations.web.navigation import Section, register_pages_below, register_sections

        know([*Relation.values, *SHOWN])
        register_actions(ACTIONS, KINDS)
        register_caseload(Caseload(caseload_clients, out_of_sight, hand_over_caseload))
        register_resources(*RESOURCES)
        register_sections(Section(2, Can.LIST_CLIENTS, "client-list", _("Clients")))
        register_pages_below("client-list", "/episodes/", "/raters/")
        register_pages_below("people", "/access/")
