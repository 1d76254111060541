"""Work asked for in a transaction and done after it: a lost broker or a killed worker loses nothing."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from organisations.audit import record
from organisations.models import Outbox
from organisations.monitoring.logs import request_id
from organisations.tenancy.context import tenant

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=10)
KEPT = timedelta(days=7)  # done rows, to be looked at when something went wrong


def ask_for(task: str, *, organisation_id: UUID, object_id: UUID, due_at: datetime | None = None) -> Outbox:
    """An outbox row in the open transaction; `task` is a Celery task's name, never an import."""
    row = Outbox.objects.create(
        task=task,
        organisation_id=organisation_id,
        object_id=object_id,
        request_id=request_id()[:36],
        due_at=due_at or timezone.now(),
    )
    # The job's own lines have the id of this request and of this row.
    logger.info("Asked for %s as %s", task, row.pk)
    return row


def publish_due(send: Callable[[str, dict[str, Any]], Any], *, limit: int = 100) -> int:
    """Lease due rows for 10 s and hand each to `send(task name, keyword ids)`; returns how many.

    While `send` runs, `logs.request_id()` is that of the request that asked for the row.

    A row whose task does not mark it done within the lease is handed over again, later and later. An error of
    `send` (the broker is away) is raised after the rows it left behind are due again at once.
    """
    now = timezone.now()
    with transaction.atomic():
        rows = list(
            Outbox.objects.select_for_update(skip_locked=True)
            .filter(done_at=None, due_at__lte=now)
            .exclude(leased_until__gt=now)
            .order_by("due_at")[:limit]
        )
        for row in rows:
            row.attempts += 1
            # A task that keeps failing is tried again at 10 s, 20 s, 40 s ... at most every 5 minutes.
            row.leased_until = now + min(LEASE * 2 ** max(0, row.attempts - 3), timedelta(minutes=5))
        Outbox.objects.bulk_update(rows, ["attempts", "leased_until"])
    for place, row in enumerate(rows):
        ids = {
            "outbox_id": str(row.pk),
            "organisation_id": str(row.organisation_id),
            "object_id": str(row.object_id),
        }
        try:
            with structlog.contextvars.bound_contextvars(request_id=row.request_id):
                send(row.task, ids)
        except BaseException:
            _give_back(rows[place:])
            raise
    return len(rows)


def _give_back(rows: list[Outbox]) -> None:
    """Undo the lease of rows that were not handed over: a broker that is away is no reason to wait longer."""
    Outbox.objects.filter(pk__in=[row.pk for row in rows], done_at=None).update(
        leased_until=None, attempts=F("attempts") - 1
    )


def delete_done() -> int:
    """Delete rows done more than a week ago; returns how many."""
    return Outbox.objects.filter(done_at__lt=timezone.now() - KEPT).delete()[0]


@contextmanager
def effect(outbox_id: str, organisation_id: str) -> Iterator[bool]:
    """The transaction of a task's effect: yields False when the row was done already, or another worker is at it.

    Marks the row done in the same transaction, so a task that runs twice has its effect once. A second worker does
    not wait for the first: it would do nothing else meanwhile, and what the first one gives up is handed out again.
    """
    with tenant(organisation_id), record.recorded(organisation_id=UUID(organisation_id), request_id=outbox_id):
        row = (
            Outbox.objects.select_for_update(skip_locked=True)
            .filter(pk=outbox_id, organisation_id=organisation_id, done_at=None)
            .first()
        )
        if row is None:
            yield False
            return
        yield True
        row.done_at = timezone.now()
        row.save(update_fields=["done_at"])
