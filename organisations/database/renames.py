"""The names of the version before, changed in place in a database that has them."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from django.db import ProgrammingError
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder
from pgtrigger.migrations import AddTrigger
from psycopg import sql

from organisations.database.one_state import InOneState

Names = Mapping[str, str]

TRIGGERS_OF = """
    SELECT tgname, tgfoid::regproc::text FROM pg_trigger
    WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgname LIKE 'pgtrigger_%%'
"""
NOT_NULL_OF = """
    SELECT conname, attname FROM pg_constraint
    JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
    WHERE conrelid = %s::regclass AND contype = 'n'
"""


class RenameWhatWasThere(Operation):
    """Renames what is in a database that was made by the migrations of before.

    A database made from nothing has the new names already: nothing happens there. `last` is the migration that a
    database of before must have come to, `first` one that only such a database has. `tables` and `relations` (indexes
    and sequences) are {old: new}, `columns` and `constraints` {new table: {old: new}}. Triggers of the tables named
    are made anew, as the app's first migration says: their functions name columns.
    """

    reduces_to_sql = False
    reversible = False

    def __init__(
        self,
        *,
        first: str,
        last: str,
        tables: Names,
        columns: Mapping[str, Names],
        constraints: Mapping[str, Names],
        relations: Names,
    ):
        self.first, self.last, self.tables, self.columns = first, last, tables, columns
        self.constraints, self.relations = constraints, relations

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        named = ("first", "last", "tables", "columns", "constraints", "relations")
        return self.__class__.__name__, [], {name: getattr(self, name) for name in named}

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models' state has the new names."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """ProgrammingError for a database older than the version before."""
        had = {
            name for app, name in MigrationRecorder(schema_editor.connection).applied_migrations() if app == app_label
        }
        if schema_editor.collect_sql or self.first not in had:
            return
        if self.last not in had:
            raise ProgrammingError(f"Go to {app_label}.{self.last} with the version before this one first.")
        with schema_editor.connection.cursor() as cursor:
            for statement in self._statements(app_label, cursor):
                cursor.execute(statement)
        for trigger in self._triggers(app_label, to_state):
            trigger.database_forwards(app_label, schema_editor, from_state, to_state)

    def _statements(self, app_label: str, cursor: Any) -> Iterator[sql.Composed]:
        for old, new in self.tables.items():
            yield _rename("TABLE {} RENAME TO {}", old, new)
            yield _call(
                "UPDATE django_content_type SET model = {} WHERE app_label = {} AND model = {}",
                new.removeprefix(f"{app_label}_"),
                app_label,
                old.removeprefix(f"{app_label}_"),
            )
        for table in sorted(self._tables()):
            yield from self._of_table(table, cursor)
        for old, new in self.relations.items():
            yield _rename("TABLE {} RENAME TO {}", old, new)  # PostgreSQL takes indexes and sequences here as well

    def _of_table(self, table: str, cursor: Any) -> Iterator[sql.Composed]:
        for trigger, function in cursor.execute(TRIGGERS_OF, [table]).fetchall():
            yield sql.SQL("DROP TRIGGER {} ON {}").format(sql.Identifier(trigger), sql.Identifier(table))
            yield sql.SQL("DROP FUNCTION {}()").format(sql.Identifier(function))
        for old, new in self.columns.get(table, {}).items():
            yield _rename("TABLE {} RENAME COLUMN {} TO {}", table, old, new)
        for old, new in self.constraints.get(table, {}).items():
            yield _rename("TABLE {} RENAME CONSTRAINT {} TO {}", table, old, new)
        for name, column in cursor.execute(NOT_NULL_OF, [table]).fetchall():
            if name != f"{table}_{column}_not_null":
                yield _rename("TABLE {} RENAME CONSTRAINT {} TO {}", table, name, f"{table}_{column}_not_null")

    def _tables(self) -> set[str]:
        return {*self.tables.values(), *self.columns, *self.constraints}

    def _triggers(self, app_label: str, state: Any) -> Iterator[AddTrigger]:
        here = self._tables()
        for operation in import_module(f"{app_label}.migrations.0001_initial").Migration.operations:
            for one in operation.operations if isinstance(operation, InOneState) else ():
                if (
                    isinstance(one, AddTrigger)
                    and state.apps.get_model(app_label, one.model_name)._meta.db_table in here
                ):
                    yield one

    def describe(self) -> str:
        return f"Rename {', '.join(sorted(self._tables()))} where the version before made them"


def _rename(statement: str, *names: str) -> sql.Composed:
    return sql.SQL("ALTER " + statement).format(*map(sql.Identifier, names))


def _call(statement: str, *values: str) -> sql.Composed:
    return sql.SQL(statement).format(*map(sql.Literal, values))
