"""Whether everything that the application needs is there: asked by monitoring and by whoever releases a version."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseError
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from organisations.database import role
from organisations.models import Outbox

OLDEST_DUE = timedelta(seconds=60)
LEAST_FREE = 0.05  # of the volume with the files; the database's volume is its own monitoring's business


def oldest_due_age() -> float:
    """Seconds since the longest waiting piece of work was due; 0 when nothing waits.

    What a worker is at does not wait, however long it takes: its row is locked until it is done (outbox.effect).
    Whether the worker gets on with it is what `healthy worker` says.
    """
    now = timezone.now()
    due = Outbox.objects.filter(done_at=None, due_at__lte=now).order_by("due_at")
    first = due.values_list("due_at", flat=True).first()
    if first is not None and now - first >= OLDEST_DUE:
        # Only when something is late: a task that begins at this moment would find its row locked by the question.
        with transaction.atomic():
            first = due.select_for_update(skip_locked=True).values_list("due_at", flat=True).first()
    return (now - first).total_seconds() if first else 0.0


def database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def migrations_are_applied() -> bool:
    return _in_the_code() <= set(MigrationRecorder(connection).applied_migrations())


@cache
def _in_the_code() -> frozenset[tuple[str, str]]:
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    return frozenset(loader.disk_migrations)


def role_is_bound() -> bool:
    return not role.faults(connection)


def work_is_done() -> bool:
    return oldest_due_age() < OLDEST_DUE.total_seconds()


def disk_is_free() -> bool:
    folder = settings.DATA_DIR
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    return usage.free >= LEAST_FREE * usage.total


# The broker is missing on purpose: without it forms are still taken and pages shown, and what is due waits in the
# database. When that waits too long, `outbox` says so, whatever the cause.
CHECKS: dict[str, Callable[[], bool]] = {
    "database": database_answers,
    "migrations": migrations_are_applied,
    "role": role_is_bound,
    "outbox": work_is_done,
    "disk": disk_is_free,
}


def register_check(name: str, check: Callable[[], bool]) -> None:
    """Another app's check; readiness asks it last."""
    CHECKS[name] = check


def look() -> dict[str, bool]:
    """Each check by its name. A check that fails to run counts as not in order; nothing is raised."""
    found = {name: _holds(check) for name, check in CHECKS.items()}
    if not found["database"]:
        connection.close()
    return found


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (DatabaseError, ImproperlyConfigured, OSError):
        return False
