"""The history of rows: an event table beside each tracked one, filled by triggers, and whom a change is put down to.

Each model of tenants' rows is decorated with one of the two: `keep_history`, or `without_history` and the reason.
A test fails on one that has neither.
"""

import json
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

import pghistory
from django.apps import apps
from django.db import connection, models
from pghistory.models import Event

from organisations.tenancy.context import SETTING, USER_SETTING

ModelClass = TypeVar("ModelClass", bound=type[models.Model])
CONTEXT = "pghistory.context_metadata"  # read by the triggers, set until the end of the transaction
BASELINE = "baseline"  # the label of rows that were there before their history began

# Tenant tables without a history of their own, by label, and why; each says so itself (`without_history`).
WITHOUT_HISTORY: dict[str, str] = {}


class HistoryEvent(Event):
    """One change of one row, as the row was afterwards (before, where it was deleted)."""

    pgh_id = models.BigAutoField(primary_key=True)

    class Meta:
        abstract = True


def keep_history(
    *, without: tuple[str, ...] = (), found_by: tuple[str, ...] = ()
) -> Callable[[ModelClass], ModelClass]:
    """Give the decorated model an event table: a row for each insert, update and delete.

    `without` names columns left out; `found_by` columns to look rows up by that may be deleted: their ids are then
    known from here alone.
    """

    def declare(model: ModelClass) -> ModelClass:
        pghistory.track(
            # Once a statement: an import inserts a thousand rows with one.
            pghistory.InsertEvent(level=pghistory.Statement),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            exclude=list(without),
            base_model=HistoryEvent,
            context_id_field=None,  # type: ignore[arg-type]  # the request's id stands in the context
            model_name=f"{model.__name__}Event",
            meta={"indexes": [models.Index(fields=[column]) for column in found_by]},
        )(model)
        return model

    return declare


def without_history(reason: str) -> Callable[[ModelClass], ModelClass]:
    """Declare that the changes of the decorated model's rows are not kept, and why."""

    def declare(model: ModelClass) -> ModelClass:
        WITHOUT_HISTORY[model._meta.label] = reason
        return model

    return declare


def is_event_model(model: type[models.Model]) -> bool:
    """Whether a model (of the code or of a migration) is the history of another one."""
    return model._meta.pk is not None and model._meta.pk.name == "pgh_id"


def event_models() -> list[Any]:
    """Every event model; `pgh_tracked_model` names whose history it is."""
    return [model for model in apps.get_models() if is_event_model(model)]


def keeps_history(model: type[models.Model]) -> bool:
    """Whether the changes of a table's rows are kept."""
    return any(events.pgh_tracked_model is model for events in event_models())


def event_model_of(model: type[models.Model]) -> Any:
    """The event model of a tracked model."""
    return apps.get_model(model._meta.app_label, f"{model.__name__}Event")


def enter(organisation_id: UUID | None, author: dict[str, str]) -> None:
    """Activate an organisation and put what changes down to `author` (ids and a role, nothing of a client).

    Nobody looks as a user without an organisation any more. One statement, until the end of the transaction.
    """
    context = json.dumps(author) if author else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config(%s, %s, true), set_config(%s, %s, true), set_config(%s, '', true)",
            [SETTING, str(organisation_id or ""), CONTEXT, context, USER_SETTING],
        )


def put_down_to(author: dict[str, str]) -> None:
    """Put what changes in the rest of the open transaction down to `author`; {} ends it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [CONTEXT, json.dumps(author) if author else ""])
