"""Figures for monitoring, behind a token: what the web server counts, and what the database says at this moment."""

import secrets

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django_prometheus import exports
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from organisations.access import public
from organisations.models import Organisation, Outbox
from organisations.monitoring.readiness import oldest_due_age
from organisations.tenancy.context import tenant
from sessions_app.models import Rating, Session

KEPT_SECONDS = 60  # the counts go through every organisation, one after the other
FAILING = 3  # attempts after which a piece of work counts as failing


@public
def metrics(request):
    """Prometheus' text. 404 without METRICS_TOKEN in the settings, or without it in the Authorization header."""
    given = request.headers.get("Authorization", "").encode("utf-8", "replace")
    token = settings.METRICS_TOKEN
    if not token or not secrets.compare_digest(given, f"Bearer {token}".encode()):
        raise Http404
    counted = exports.ExportToDjangoView(request)
    return HttpResponse(counted.content + _of_the_database(), content_type=counted["Content-Type"])


def _of_the_database() -> bytes:
    """No label names an organisation, a person or a row."""
    registry = CollectorRegistry()

    def say(name: str, words: str, value: float) -> None:
        Gauge(f"medspil_{name}", words, registry=registry).set(value)

    undone = Outbox.objects.filter(done_at=None)
    say("outbox_oldest_due_seconds", "How long the longest waiting work has been due", oldest_due_age())
    say("outbox_waiting", "Work asked for and not done", undone.count())
    say("outbox_failing", f"Work tried more than {FAILING} times", undone.filter(attempts__gt=FAILING).count())
    sessions, ratings = cache.get_or_set("metrics-counts", _counts, KEPT_SECONDS) or (0, 0)
    say("sessions_recorded", "Sessions in the database", sessions)
    say("ratings_recorded", "Ratings in the database", ratings)
    return generate_latest(registry)


def _counts() -> tuple[int, int]:
    """Sessions and ratings of all organisations; row security lets the application count only one at a time."""
    sessions = ratings = 0
    for organisation_id in Organisation.objects.values_list("pk", flat=True):
        with tenant(organisation_id):
            sessions += Session.objects.count()
            ratings += Rating.objects.count()
    return sessions, ratings
