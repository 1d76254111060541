"""The months of the access log: its table is partitioned by the moment of a look, and a job makes months ahead.

The application owns no table and makes none. It may call `make_access_months`, which belongs to the owner's role, takes
no argument and adds what is missing. Whoever asks for a month by its name meets two walls: the application has no right
on it, and it has the row security of the whole table, which a partition does not take from its parent.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, connections, transaction

from organisations.database.owned_functions import install_for_application
from organisations.database.rls import POLICY

TABLE = "organisations_accessevent"
FUNCTION = "public.make_access_months"
AHEAD = 3  # months: the job may fail for a season, and then rows still go to the partition of all others
# Bounds as PostgreSQL writes them; NULL for no bound, and both for the one of all others.
BOUNDS = f"""
    SELECT relname::text AS name,
        substring(pg_get_expr(relpartbound, pg_class.oid) FROM $$FROM \\('([^']+)'\\)$$)::timestamptz AS since,
        substring(pg_get_expr(relpartbound, pg_class.oid) FROM $$TO \\('([^']+)'\\)$$)::timestamptz AS until
    FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = 'public.{TABLE}'::regclass
"""  # noqa: S608  our own name
# What a partition does not have from its parent.
WALL = f"""
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format($wall$CREATE POLICY tenant ON %I USING ({POLICY}) WITH CHECK ({POLICY})$wall$, name);
"""
SOURCE = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET lock_timeout = '1s' SET TimeZone = 'UTC' AS $make$
DECLARE
    month timestamptz;
    name text;
    made integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('{TABLE}'));  -- two schedulers
    FOR month IN
        SELECT generate_series(max(until), date_trunc('month', now()) + interval '{AHEAD} months', interval '1 month')
        FROM ({BOUNDS}) AS bounds
    LOOP
        name := '{TABLE}_' || to_char(month, 'YYYY_MM');
        -- By itself and then attached: the table as a whole is locked against no reader and no writer.
        EXECUTE format('CREATE TABLE %I (LIKE {TABLE} INCLUDING ALL)', name);
        {WALL}
        -- Rows that came while the month was missing.
        LOCK TABLE {TABLE}_default IN ACCESS EXCLUSIVE MODE;
        EXECUTE format('WITH late AS (DELETE FROM {TABLE}_default WHERE at >= %L AND at < %L RETURNING *) '
            'INSERT INTO %I SELECT * FROM late', month, month + interval '1 month', name);
        EXECUTE format('ALTER TABLE {TABLE} ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
            name, month, month + interval '1 month');
        made := made + 1;
    END LOOP;
    BEGIN
        ANALYZE {TABLE};  -- nobody else gathers what the planner has to know of the table as a whole
    EXCEPTION WHEN lock_not_available THEN
        NULL;  -- tomorrow
    END;
    RETURN made;
END $make$
"""  # noqa: S608  as above


class Month(NamedTuple):
    """A partition: rows from `since` until before `until`; None where there is no bound, both of the one of all others.

    What was there before the table was partitioned is one, without `since`.
    """

    name: str
    since: datetime | None
    until: datetime | None


def months(using: str = "default") -> list[Month]:
    """The partitions, the oldest first, the one of all others last."""
    with connections[using].cursor() as cursor:
        cursor.execute(f"{BOUNDS} ORDER BY until NULLS LAST")
        return [Month(*row) for row in cursor.fetchall()]


def make_months() -> int:
    """Make the months that are missing up to AHEAD months from now; how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {FUNCTION}()")
        return cursor.fetchone()[0]


def partitions_in(cursor: Any) -> Iterator[str]:
    """Every table of the schema that is a part of another one, by name."""
    cursor.execute("SELECT relname FROM pg_class WHERE relispartition AND relkind IN ('r', 'p')")
    yield from (name for (name,) in cursor.fetchall())


def install_access_months(using: str, **kwargs: Any) -> None:
    """Make the function anew after a migration, for the application's role alone; not where the table is one yet."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT relkind::text FROM pg_class WHERE oid = to_regclass(%s)", [TABLE])
        if cursor.fetchone() != ("p",):
            return
        install_for_application(cursor, using, SOURCE, f"{FUNCTION}()")
