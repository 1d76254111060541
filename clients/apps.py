"""App: who is helped."""

from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "clients"

    def ready(self):
        from clients.services.caseload import charges, hand_over_caseload
        from organisations.services.caseload import Caseload, register_caseload

        register_caseload(Caseload(charges=charges, hand_over=hand_over_caseload))
