"""When a row last changed, written by the database itself: for systems that ask what is new."""

from datetime import datetime

import pgtrigger
from django.db import connection, models
from django.db.models.functions import Now

# Ids of rows that changed in transactions which are still open are seen later, with an earlier time.
OLDEST_OPEN = """
    SELECT coalesce(min(xact_start), clock_timestamp()) FROM pg_stat_activity
    WHERE datname = current_database() AND xact_start IS NOT NULL
"""


def updated_at() -> models.DateTimeField:
    """The column: set by the trigger at each change, never by the program."""
    return models.DateTimeField(db_default=Now(), editable=False)


def touch() -> pgtrigger.Trigger:
    """Sets `updated_at` whenever the row is made or becomes another one."""
    return pgtrigger.Trigger(
        name="touched",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=(
            "IF TG_OP = 'INSERT' OR NEW IS DISTINCT FROM OLD THEN NEW.updated_at = clock_timestamp(); END IF; "
            "RETURN NEW;"
        ),
    )


def touch_parent(table: str, column: str) -> pgtrigger.Trigger:
    """Marks the row of `table` that `column` points to as changed: this row is shown as a part of it."""
    return pgtrigger.Trigger(
        name="touches_parent",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=(
            f"UPDATE {table} SET updated_at = clock_timestamp() "  # noqa: S608  (names of our own tables)
            f"WHERE id IN (NEW.{column}, OLD.{column}); RETURN NULL;"
        ),
    )


def known_until() -> datetime:
    """Every change that began before this moment can be seen now; later ones may still be in open transactions.

    Read it before the rows: a change that is committed in between is then seen now or asked for again.
    """
    with connection.cursor() as cursor:
        cursor.execute(OLDEST_OPEN)
        return cursor.fetchone()[0]
