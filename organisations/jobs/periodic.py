"""Periodic jobs: each says beside itself how often it runs, and one runner takes it through every organisation."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from celery import Task, shared_task
from celery.schedules import crontab
from django.utils import timezone

from organisations.models import Organisation
from organisations.tenancy.context import tenant

logger = logging.getLogger(__name__)

Schedule = crontab | int  # an int: every so many seconds
# The scheduler copies these entries into its tables at each start: {name: {"task": name, "schedule": when}}.
SCHEDULE: dict[str, dict[str, Any]] = {}


def periodic(schedule: Schedule) -> Callable[[Callable[..., Any]], Task]:
    """Make a function a job that the clock starts, as often as `schedule` says; its name is module.function.

    The scheduler's row is named by the function alone: ValueError where a job of another module has that name.
    """

    def declare(job: Callable[..., Any]) -> Task:
        name, row = f"{job.__module__}.{job.__name__}", job.__name__.replace("_", "-")
        if row in SCHEDULE and SCHEDULE[row]["task"] != name:
            raise ValueError(f"{name}: {SCHEDULE[row]['task']} has that name already; choose another")
        SCHEDULE[row] = {"task": name, "schedule": schedule}
        return shared_task(name=name)(job)

    return declare


def in_each_organisation(
    schedule: Schedule, *, own_transactions: bool = False
) -> Callable[[Callable[[Organisation, datetime], int]], Task]:
    """As `periodic`, for a job(organisation, now) that returns how much it did; the task returns the sum.

    Each organisation has a transaction of its own, in which only its rows are there; a job with `own_transactions`
    opens its own, one after another. What fails in one organisation is logged, and the others go on.
    """

    def declare(job: Callable[[Organisation, datetime], int]) -> Task:
        @wraps(job)
        def task(now: datetime | None = None) -> int:
            return run_in_each_organisation(job, now or timezone.now(), own_transactions=own_transactions)

        return periodic(schedule)(task)

    return declare


def run_in_each_organisation(
    job: Callable[[Organisation, datetime], int], now: datetime, *, own_transactions: bool = False
) -> int:
    """The sum of job(organisation, now), as `in_each_organisation` says."""
    return sum(_run_in(organisation, job, now, own_transactions) for organisation in _organisations())


def _organisations() -> list[Organisation]:
    """Where a suspended organisation is, the clock stands still: nothing is sent, and nothing is forgotten either."""
    return list(Organisation.objects.exclude(state__suspended_at__isnull=False).order_by("slug"))


def _run_in(
    organisation: Organisation, job: Callable[[Organisation, datetime], int], now: datetime, own_transactions: bool
) -> int:
    try:
        if own_transactions:
            return job(organisation, now)
        with tenant(organisation.pk):
            return job(organisation, now)
    except Exception:
        logger.exception("A periodic job failed in one organisation; the others go on, and the next round tries again")
        return 0
