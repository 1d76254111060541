"""Migration operations that build the walls: row-level security and composite foreign keys."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.migrations.operations.base import Operation

from organisations.history.tracking import BASELINE, is_event_model

POLICY = "organisation_id = (SELECT NULLIF(current_setting('app.organisation_id', true), '')::uuid)"


def organisation_field(model: type[models.Model]) -> str:
    """The field that names whose row it is: `organisation`; in the history of organisations themselves, `id`."""
    if any(field.name == "organisation" and isinstance(field, models.ForeignKey) for field in model._meta.fields):
        return "organisation"
    return "id" if is_event_model(model) else ""


def is_tenant_model(model: type[models.Model]) -> bool:
    """Whether a model's rows belong to one organisation."""
    return bool(organisation_field(model))


def composite_keys(model: type[models.Model]) -> Iterator[tuple[str, str, str]]:
    """(constraint name, column, parent table) of each foreign key that must stay in the organisation."""
    for field in model._meta.local_fields:
        if not isinstance(field, models.ForeignKey) or not is_tenant_model(field.related_model):
            continue
        if field.db_constraint:  # type: ignore[attr-defined]  # unknown to the stubs
            table = model._meta.db_table
            yield f"{table}_{field.column}_same_org"[:63], field.column, field.related_model._meta.db_table


class Wall(Operation):
    """Row-level security, FORCEd, and composite foreign keys for tenant models of this app.

    Plain foreign-key checks ignore row security, so a child of one organisation could point at a row
    of another: each key to a tenant table is doubled as (organisation_id, column).
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, *names: str):
        self.names = names

    def deconstruct(self) -> tuple[str, tuple[str, ...], dict[str, Any]]:
        return self.__class__.__name__, self.names, {}

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models' state stays as it is."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for name in self.names:
            model = to_state.apps.get_model(app_label, name)
            table = schema_editor.quote_name(model._meta.db_table)
            schema_editor.execute(f"ALTER TABLE {table} ADD UNIQUE (organisation_id, id)")
            schema_editor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            schema_editor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            schema_editor.execute(f"CREATE POLICY tenant ON {table} USING ({POLICY}) WITH CHECK ({POLICY})")
        for name in self.names:
            model = to_state.apps.get_model(app_label, name)
            for key in composite_keys(model):
                schema_editor.execute(_add_key(schema_editor, model, *key))

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for name in self.names:
            table = schema_editor.quote_name(from_state.apps.get_model(app_label, name)._meta.db_table)
            schema_editor.execute(f"DROP POLICY IF EXISTS tenant ON {table}")
            schema_editor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
            schema_editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")

    def describe(self) -> str:
        return f"Wall in {', '.join(self.names)}"


class SameOrganisationKey(Operation):
    """Doubles a key that was added to a walled table, as `Wall` does it with those that were there."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, name: str, column: str):
        self.name, self.column = name, column

    def deconstruct(self) -> tuple[str, tuple[str, str], dict[str, Any]]:
        return self.__class__.__name__, (self.name, self.column), {}

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models' state stays as it is."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.name)
        for key in composite_keys(model):
            if key[1] == self.column:
                schema_editor.execute(_add_key(schema_editor, model, *key))

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = from_state.apps.get_model(app_label, self.name)
        table = schema_editor.quote_name(model._meta.db_table)
        for constraint, column, _parent in composite_keys(model):
            if column == self.column:
                schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {schema_editor.quote_name(constraint)}")

    def describe(self) -> str:
        return f"Key {self.column} of {self.name} within the organisation"


def _add_key(schema_editor: Any, model: type[models.Model], constraint: str, column: str, parent: str) -> str:
    table = schema_editor.quote_name(model._meta.db_table)
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {schema_editor.quote_name(constraint)} "
        f"FOREIGN KEY (organisation_id, {column}) REFERENCES {parent} (organisation_id, id) "
        "DEFERRABLE INITIALLY DEFERRED"
    )


class EventWall(Wall):
    """Row-level security, FORCEd, for event tables, and a first row for whatever is there already.

    No keys: the history of a row stays when the row, or what it pointed to, is gone.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for name in self.names:
            model = to_state.apps.get_model(app_label, name)
            table = schema_editor.quote_name(model._meta.db_table)
            using, check = POLICY, POLICY
            if organisation_field(model) == "id":
                # The history of organisations: one is made before it is anybody's tenant.
                using, check = POLICY.replace("organisation_id", "id", 1), "true"
            schema_editor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            schema_editor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
            schema_editor.execute(f"CREATE POLICY tenant ON {table} USING ({using}) WITH CHECK ({check})")
            columns = ", ".join(field.column for field in model._meta.local_fields if not field.name.startswith("pgh_"))
            tracked = schema_editor.quote_name(model._meta.get_field("pgh_obj").related_model._meta.db_table)
            schema_editor.execute(
                f"INSERT INTO {table} (pgh_created_at, pgh_label, pgh_obj_id, {columns}) "  # noqa: S608  our own names
                f"SELECT now(), '{BASELINE}', id, {columns} FROM {tracked}"
            )
