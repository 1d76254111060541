"""Empty the tables after a transactional test, and those full of rolled-back rows: past row security."""

from collections.abc import Sequence
from contextlib import suppress

import psycopg
from django.db import connections
from django.test import TransactionTestCase
from psycopg import sql

NEVER = {"django_migrations"}
ROLLED_BACK_BYTES = 1_000_000  # of a table: from here on reading past them costs a test more than emptying does
ATTEMPTS = 5  # at a flush that meets the locks of a request that the test did not wait for


class Flush:
    """Brings back the rows that were there after the migrations, no others; by a connection of its own."""

    def __init__(self, superuser: str = ""):
        """With a `superuser` (of the tests' own server) tables are emptied row by row: of few rows that costs less."""
        # Django forbids a test to use an alias that it does not name; this is no part of a test.
        settings = connections["owner"].settings_dict
        place = {"host": settings["HOST"], "port": settings["PORT"] or None, "dbname": settings["NAME"]}
        user = (
            {"user": superuser} if superuser else {"user": settings["USER"], "password": settings["PASSWORD"] or None}
        )
        self.connection = psycopg.connect(**place, **user, autocommit=True)
        self.by_row = bool(superuser)
        self.migrated = {table: self._read(table) for table in self._tables_with_rows()}

    def install(self) -> None:
        """Take the place of Django's own flush, which runs as the application's role."""
        TransactionTestCase._fixture_teardown = lambda case: self.flush()

    def flush(self) -> None:
        """Empty what the test filled. A browser's last request may still run; PostgreSQL then ends one of the two."""
        for _attempt in range(ATTEMPTS - 1):
            with suppress(psycopg.errors.DeadlockDetected):
                return self._flush()
        return self._flush()

    def reclaim(self) -> None:
        """Give back the room of rows that were rolled back: the tests' server runs without autovacuum."""
        query = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        large = self.connection.execute(f"{query} AND pg_relation_size(oid) > %s", [ROLLED_BACK_BYTES])
        if names := [table for (table,) in large if table not in NEVER]:
            self._flush(names)
        catalog = self.connection.execute("SELECT pg_relation_size('pg_class') > %s", [ROLLED_BACK_BYTES]).fetchone()
        if catalog and catalog[0]:
            self.connection.execute("VACUUM pg_class, pg_attribute, pg_index, pg_depend, pg_shdepend")

    def _flush(self, also: Sequence[str] = ()) -> None:
        with self.connection.transaction():
            # A test that left a transaction open would otherwise hang the run instead of failing.
            self.connection.execute("SET LOCAL lock_timeout = '20s'")
            self._wait_for_writers()
            filled = [table for table in self._tables_with_rows() if self._read(table) != self.migrated.get(table)]
            self._empty({*filled, *also}, by_row=self.by_row and not also)
            for table, rows in self.migrated.items():
                if self._read(table) != rows:  # emptied by name, by cascade, or by the test
                    self._write(table, rows)

    def _wait_for_writers(self) -> None:
        """A browser's last request may still write: what it writes would be a row of the next test's."""
        names = sql.SQL(", ").join(map(sql.Identifier, self._tables()))
        self.connection.execute(sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(names))

    def _empty(self, tables: set[str], *, by_row: bool) -> None:
        if by_row:
            # Neither triggers (some tables only grow) nor foreign keys; each table with rows is among them.
            self.connection.execute("SET LOCAL session_replication_role = replica")
            for table in tables:
                self.connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        elif tables:
            names = sql.SQL(", ").join(map(sql.Identifier, tables))
            self.connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))

    def close(self) -> None:
        self.connection.close()

    def _tables(self) -> list[str]:
        # Of a table in parts only the parts: they hold the rows.
        found = self.connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
        )
        return [table for (table,) in found if table not in NEVER]

    def _tables_with_rows(self) -> list[str]:
        tables = self._tables()
        query = sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})")
        each = [query.format(sql.Literal(table), sql.Identifier(table)) for table in tables]
        return [table for (table,) in self.connection.execute(sql.SQL(" UNION ALL ").join(each))] if each else []

    def _read(self, table: str) -> bytes:
        statement = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
        with self.connection.cursor() as cursor, cursor.copy(statement) as copy:
            return b"".join(bytes(block) for block in copy)

    def _write(self, table: str, rows: bytes) -> None:
        statement = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
        with self.connection.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(rows)
