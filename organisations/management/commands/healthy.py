"""`manage.py healthy NAME`: is this machine's web server, relay, worker or scheduler well? For health checks."""

import http.client
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError

from organisations.web.heartbeat import WORKERS, complaint_about

NAMES = ("web", "relay", *WORKERS, "beat")


class Command(BaseCommand):
    help = "End with 1 and a sentence when the process does not answer, gives no sign of life or ends no work."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("name", choices=NAMES)

    def handle(self, *args, name, **options):
        complaint = _complaint_about_web() if name == "web" else _complaint_about(name)
        if complaint:
            raise CommandError(complaint)
        self.stdout.write("well")


def _complaint_about(name: str) -> str:
    try:
        return complaint_about(name)
    except DatabaseError:
        return ""  # a restart would not bring the database back


def _complaint_about_web() -> str:
    connection = http.client.HTTPConnection("127.0.0.1", settings.PORT, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": urlsplit(settings.SITE_URL).hostname or "localhost"})
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return "The web server does not answer."
    finally:
        connection.close()
    # 503 is the database's absence, which a restart would not end.
    return "" if status in (200, 503) else f"The web server answers {status}."
