"""Many tables in one migration, without the models being made anew after each of them."""

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations import AddField, AlterField, CreateModel
from django.db.migrations.operations.base import Operation


class InOneState(Operation):
    """Takes `operations` as one step: each sees the state in which all of them are done.

    Django makes every related model again after each operation of a migration, which is most of the time that an
    empty database takes. Only for operations that can be taken in any order of their states: new models with all
    their fields, constraints and indexes, fields of other models, each once, and triggers.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, operations: Sequence[Operation]):
        self.operations = operations

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, [], {"operations": self.operations}

    def state_forwards(self, app_label: str, state: Any) -> None:
        # Models already made would follow each operation; those that changed are made again once, after the last.
        made = state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)
        if made is not None:
            state.apps = made
            changed = {(app_label, name) for one in self.operations if (name := _model_of(one))}
            state.reload_models(changed, delay=not any(map(_changes_relations, self.operations)))

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"{len(self.operations)} operations in one state"


def _model_of(operation: Operation) -> str:
    """The model that an operation changes, as the state names it; "" for one that changes the database alone."""
    if isinstance(operation, CreateModel):
        return operation.name_lower
    return str(getattr(operation, "model_name", "")).lower()


def _changes_relations(operation: Operation) -> bool:
    """Whether models at the other end have to be made again too."""
    if isinstance(operation, CreateModel):
        return True
    return isinstance(operation, (AddField, AlterField)) and operation.field.is_relation
