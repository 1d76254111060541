"""What the clock starts. Each job may run twice, or in two schedulers, with one effect."""

import logging
from collections.abc import Iterator
from datetime import datetime

from celery import shared_task
from django.utils import timezone

from clients.models import Episode
from organisations import audit
from organisations.days import today_in
from organisations.models import Organisation
from organisations.tenancy import tenant
from sessions_app import notices
from sessions_app.oversight import bursts, samples
from sessions_app.packs.reminders import remind
from sessions_app.services import alerts
from sessions_app.services.measure_values import open_episodes
from sessions_app.standards.refit import refit

logger = logging.getLogger(__name__)


@shared_task(name="sessions_app.periodic.find_overdue")
def find_overdue() -> int:
    """Nightly: the alerts of clients seen or measured too long ago, and of sessions nobody ended; how many changed."""
    return sum(_find_overdue_in(organisation) for organisation in _organisations())


@shared_task(name="sessions_app.periodic.send_digests")
def send_digests(now: datetime | None = None) -> int:
    """Hourly: the mail of the morning, in each organisation where it is 07:00 or later; how many went out."""
    return sum(_send_digests_in(organisation, now or timezone.now()) for organisation in _organisations())


@shared_task(name="sessions_app.periodic.refit_trajectories")
def refit_trajectories() -> int:
    """Nightly: learn the expected course anew where there are other data; how many strata got a new version."""
    return sum(_refit_in(organisation) for organisation in _organisations())


@shared_task(name="sessions_app.periodic.remind_of_licences")
def remind_of_licences() -> int:
    """Daily: tell administrators that the licence of a pack is about to end; how many mails went out."""
    return sum(_remind_in(organisation) for organisation in _organisations())


@shared_task(name="sessions_app.periodic.find_bursts")
def find_bursts(now: datetime | None = None) -> int:
    """Every 30 seconds: alarms of people who open many clients without a relation; how many stand."""
    return sum(_find_bursts_in(organisation, now or timezone.now()) for organisation in _organisations())


@shared_task(name="sessions_app.periodic.draw_look_samples")
def draw_look_samples() -> int:
    """Nightly: the sample of last month's look-ups, where there is none yet; how many were drawn."""
    return sum(_draw_look_sample_in(organisation) for organisation in _organisations())


def _organisations() -> Iterator[Organisation]:
    yield from Organisation.objects.order_by("slug")


def _find_overdue_in(organisation: Organisation) -> int:
    today, changed = today_in(organisation), 0
    with tenant(organisation.pk):
        perhaps, unfinished = set(alerts.perhaps_overdue()), alerts.left_unfinished(today)
    for episode in sorted(perhaps | unfinished):
        # One transaction each: a long night holds no lock that a practitioner waits for.
        try:
            with tenant(organisation.pk), audit.recorded(organisation_id=organisation.pk, request_id="overdue"):
                wrote = episode in unfinished and alerts.evaluate_episode(episode, today=today)
                if alerts.follow_overdue(episode, today=today) or wrote:
                    changed += 1
                    clients = Episode.objects.filter(pk=episode).values_list("client", flat=True)
                    audit.record_access("alert.overdue", clients, purpose="rhythm")
        except Exception:
            logger.exception("An episode could not be looked at; the others are")
    return changed


def _refit_in(organisation: Organisation) -> int:
    try:
        with tenant(organisation.pk):
            made = refit(organisation.pk)
            episodes = [episode.pk for episode in open_episodes(organisation.pk)] if made else []
    except Exception:
        logger.exception("The trajectories of one organisation could not be learnt; the others are")
        return 0
    for episode in episodes:
        # What was said with the old course is said anew, without a mail: nobody's marks have changed.
        with tenant(organisation.pk), audit.recorded(organisation_id=organisation.pk, request_id="refit"):
            if alerts.evaluate_episode(episode, mails=False):
                clients = Episode.objects.filter(pk=episode).values_list("client", flat=True)
                audit.record_access("alert.evaluate", set(clients), purpose="trajectory")
    return len(made)


def _send_digests_in(organisation: Organisation, now: datetime) -> int:
    try:
        return notices.send_digests(organisation, now)
    except Exception:
        logger.exception("The mails of one organisation could not be sent; the next hour tries again")
        return 0


def _remind_in(organisation: Organisation) -> int:
    try:
        return remind(organisation)
    except Exception:
        logger.exception("One organisation could not be reminded of its licences; tomorrow tries again")
        return 0


def _find_bursts_in(organisation: Organisation, now: datetime) -> int:
    try:
        with tenant(organisation.pk):
            return len(bursts.find_bursts(organisation, now))
    except Exception:
        logger.exception("The look-ups of one organisation could not be watched; the next round tries again")
        return 0


def _draw_look_sample_in(organisation: Organisation) -> bool:
    try:
        with tenant(organisation.pk):
            return samples.draw(organisation, samples.month_before(today_in(organisation))) is not None
    except Exception:
        logger.exception("The sample of one organisation could not be drawn; tomorrow tries again")
        return False
