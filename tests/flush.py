"""Empty the tables after a transactional test, and those full of rolled-back rows: as fit_owner, who may TRUNCATE."""

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

    def __init__(self):
        # Django forbids a test to use an alias that it does not name; this is no part of a test.
        settings = connections["owner"].settings_dict
        place = {"host": settings["HOST"], "port": settings["PORT"] or None, "dbname": settings["NAME"]}
        self.connection = psycopg.connect(
            **place, user=settings["USER"], password=settings["PASSWORD"] or None, autocommit=True
        )
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
            filled = [table for table in self._tables_with_rows() if self._read(table) != self.migrated.get(table)]
            if changed := {*filled, *also}:
                names = sql.SQL(", ").join(map(sql.Identifier, changed))
                self.connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))
            for table, rows in self.migrated.items():
                if self._read(table) != rows:  # emptied by name, by cascade, or by the test
                    self._write(table, rows)

    def close(self) -> None:
        self.connection.close()

    def _tables_with_rows(self) -> list[str]:
        found = self.connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [table for (table,) in found if table not in NEVER]
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
