"""App: who is helped."""

from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "clients"

    def ready(self):
        from clients.models import Relation
        from clients.services.caseload import charges, hand_over_caseload, out_of_sight
        from clients.views.client_list import SHOWN
        from organisations.audit.purposes import know
        from organisations.services.caseload import Caseload, register_caseload

        know([*Relation.values, *SHOWN])
        register_caseload(Caseload(charges, out_of_sight, hand_over_caseload))
