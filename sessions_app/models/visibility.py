"""What is measured: sessions, ratings, the client's own words, alerts."""

from django.db import models

from clients.models import Client
from organisations.roles import Role


class OfClient(models.QuerySet):
    """Rows that hang on a client: seen by whoever may see the client's curves, never by an admin."""

    client_path = "client"

    def visible_to(self, practitioner):
        if practitioner.role == Role.ADMIN:
            return self.none()
        return self.filter(**{f"{self.client_path}__in": Client.objects.visible_to(practitioner)})
