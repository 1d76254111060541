"""`manage.py healthy NAME`: is this machine's relay, worker or scheduler getting on? For a container's health check."""

from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError

from organisations.probes import complaint_about

NAMES = ("relay", "worker", "beat")


class Command(BaseCommand):
    help = "End with 1 and a sentence when the process gives no sign of life or ends no work."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("name", choices=NAMES)

    def handle(self, *args, name, **options):
        try:
            complaint = complaint_about(name)
        except DatabaseError:
            complaint = ""  # a restart would not bring the database back
        if complaint:
            raise CommandError(complaint)
        self.stdout.write("well")
