"""Reads that take long go to a streaming replica where DATABASE_REPLICA_URL names one, and else to the primary."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db import Error as DatabaseError

from organisations.database.role import RoleBypassesRowSecurity
from organisations.tenancy.context import SETTING, activate

logger = logging.getLogger(__name__)
Found = TypeVar("Found")
ALIAS = "replica"
MOST_BEHIND = timedelta(minutes=2)
"""A replica that is further behind is not read from."""
CATCH_UP_SECONDS = 2.0
"""How long a read that needs everything waits for the replica to have it."""
LEFT_ALONE_SECONDS = 30.0
"""How long a process asks the primary at once after the replica did not answer: a page does not wait for it again."""

# The same server's data, on the same line of its history, and the same database of it.
_DATA = """
    (SELECT system_identifier FROM pg_control_system()), (SELECT timeline_id FROM pg_control_checkpoint()),
    current_database()
"""
_PRIMARY = f"""
    SELECT coalesce(current_setting(%s, true), ''), pg_current_wal_flush_lsn(), clock_timestamp(), {_DATA}
"""
_REPLICA = f"""
    SELECT pg_is_in_recovery(), pg_last_wal_replay_lsn() >= %s::pg_lsn, pg_last_xact_replay_timestamp(), {_DATA}
"""
_reads_from: ContextVar[str] = ContextVar("reads_from", default=DEFAULT_DB_ALIAS)
_asked_again_at = 0.0  # by time.monotonic()


class NotReadFrom(Exception):
    """The replica is not one to read from now; its words say why."""


@dataclass(frozen=True)
class _Primary:
    """Whose the open transaction is; the end of the log and the clock then; and which data they are."""

    organisation_id: str
    end: str
    now: datetime
    data: tuple[Any, ...]


def alias_of_reads() -> str:
    """The database that is read from here and now; what is written goes to the primary always."""
    return _reads_from.get()


def read_on_replica(read: Callable[[datetime | None], Found], *, whole: bool = False) -> Found:
    """What `read` finds, in one read-only transaction of the replica that belongs to the organisation of this one.

    `read` is given the moment up to which the replica has everything, None where that is now. It writes nothing and
    leaves no question open: it is called once more, on the primary, where the replica gives up on it. The primary is
    read where there is no replica, where it does not answer, is further behind than MOST_BEHIND, or holds other data;
    with `whole`, for what is kept or leaves the house, also where it has not everything within CATCH_UP_SECONDS.
    """
    if ALIAS not in connections or alias_of_reads() == ALIAS or time.monotonic() < _asked_again_at:
        return read(None)
    primary = _ask_primary()
    try:
        as_of = _as_of(primary, whole)
        with _reading(primary.organisation_id):
            return read(as_of)
    except NotReadFrom as reason:
        logger.warning("The primary is read: %s", reason)
    except DatabaseError as error:
        # Of the error its kind alone: its words may hold what was asked for.
        logger.warning("The primary is read: the replica gave up (%s)", type(error.__cause__ or error).__name__)
        connections[ALIAS].close()
    return read(None)


@contextmanager
def _reading(organisation_id: str) -> Iterator[None]:
    """A transaction of the replica: one state from the first to the last question, behind the organisation's wall."""
    with transaction.atomic(using=ALIAS):
        with connections[ALIAS].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        activate(organisation_id, using=ALIAS)
        before = _reads_from.set(ALIAS)
        try:
            yield
        finally:
            _reads_from.reset(before)


def _ask_primary() -> _Primary:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(_PRIMARY, [SETTING])
        organisation_id, end, now, *data = cursor.fetchone()
    return _Primary(organisation_id, end, now, tuple(data))


def _as_of(primary: _Primary, whole: bool) -> datetime | None:
    """Up to when the replica has everything, None for now. Raises NotReadFrom."""
    until = time.monotonic() + CATCH_UP_SECONDS
    while True:
        recovering, has_all, as_of, *data = _ask_replica(primary.end)
        if not recovering or tuple(data) != primary.data:
            raise NotReadFrom("DATABASE_REPLICA_URL leads to no replica of this database")
        if has_all:
            return None
        if not whole:
            break
        if time.monotonic() > until:
            raise NotReadFrom("the replica has not everything yet that a file needs")
        time.sleep(0.05)
    if as_of is None or primary.now - as_of > MOST_BEHIND:
        raise NotReadFrom(f"the replica is more than {MOST_BEHIND.total_seconds():.0f} seconds behind")
    return as_of


def _ask_replica(end: str) -> tuple[Any, ...]:
    """How far the replica is. Raises NotReadFrom where it does not answer, or with a role that is no such role."""
    global _asked_again_at
    try:
        with connections[ALIAS].cursor() as cursor:
            cursor.execute(_REPLICA, [end])
            return cursor.fetchone()
    except (DatabaseError, RoleBypassesRowSecurity) as error:
        connections[ALIAS].close()
        _asked_again_at = time.monotonic() + LEFT_ALONE_SECONDS
        raise NotReadFrom(f"the replica does not answer ({type(error).__name__})") from error
