"""Work asked for in a transaction and done after it: a lost broker or a killed worker loses nothing."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from django.db import connection
from django.db.models import F
from django.utils import timezone

from organisations.audit import record
from organisations.models import Outbox
from organisations.monitoring.logs import request_id
from organisations.tenancy.context import tenant

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=10)
LONGEST_LEASE = timedelta(minutes=5)
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
    rows = _lease(limit)
    for place, row in enumerate(rows):
        ids = {
            "outbox_id": str(row.id),
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


class _Leased(NamedTuple):
    """What is handed over of a row."""

    due_at: datetime
    id: UUID
    task: str
    organisation_id: UUID
    object_id: UUID
    request_id: str


# One statement, and by itself a transaction: with nothing due it writes nothing, so that it may be asked often. A task
# that keeps failing is tried again at 10 s, 20 s, 40 s ... at most every 5 minutes.
_LEASE = """
    WITH due AS MATERIALIZED (
        SELECT id FROM organisations_outbox
        WHERE done_at IS NULL AND due_at <= %(now)s AND (leased_until IS NULL OR leased_until <= %(now)s)
        ORDER BY due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    )
    UPDATE organisations_outbox AS leased SET
        attempts = attempts + 1,
        leased_until = %(now)s + least(%(lease)s * 2 ^ least(greatest(0, attempts - 2), 10), %(longest)s)
    FROM due WHERE leased.id = due.id
    RETURNING leased.due_at, leased.id, leased.task, leased.organisation_id, leased.object_id, leased.request_id
"""


def _lease(limit: int) -> list[_Leased]:
    """Lease at most so many rows that are due, those that have been for longest first."""
    with connection.cursor() as cursor:
        facts: dict[str, Any] = {"now": timezone.now(), "lease": LEASE, "longest": LONGEST_LEASE, "limit": limit}
        cursor.execute(_LEASE, facts)
        return sorted(map(_Leased._make, cursor.fetchall()))


def _give_back(rows: list[_Leased]) -> None:
    """Undo the lease of rows that were not handed over: a broker that is away is no reason to wait longer."""
    Outbox.objects.filter(pk__in=[row.id for row in rows], done_at=None).update(
        leased_until=None, attempts=F("attempts") - 1
    )


def delete_done() -> int:
    """Delete rows done more than a week ago; returns how many."""
    return Outbox.objects.filter(done_at__lt=timezone.now() - KEPT).delete()[0]


_MARK_DONE = """
    UPDATE organisations_outbox SET done_at = %(now)s WHERE id = (
        SELECT id FROM organisations_outbox
        WHERE id = %(id)s AND organisation_id = %(organisation)s AND done_at IS NULL FOR UPDATE SKIP LOCKED
    )
"""


@contextmanager
def effect(outbox_id: str, organisation_id: str) -> Iterator[bool]:
    """The transaction of a task's effect: yields False when the row was done already, or another worker is at it.

    Marks the row done in the same transaction, so a task that runs twice has its effect once. A second worker does
    not wait for the first: it would do nothing else meanwhile, and what the first one gives up is handed out again.
    """
    with tenant(organisation_id), record.recorded(organisation_id=UUID(organisation_id), request_id=outbox_id):
        # Marked first, seen by nobody before the effect is: one statement where to look and to mark would be two.
        with connection.cursor() as cursor:
            cursor.execute(_MARK_DONE, {"id": outbox_id, "organisation": organisation_id, "now": timezone.now()})
            fresh = cursor.rowcount == 1
        yield fresh
