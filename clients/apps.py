"""App: who is helped."""

from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "clients"

    def ready(self):
        from clients.services.caseload import charges, hand_over_caseload, out_of_sight
        from organisations.services.caseload import Caseload, register_caseload

        register_caseload(Caseload(charges, out_of_sight, hand_over_caseload))
