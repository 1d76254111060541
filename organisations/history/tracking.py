"""The history of rows: an event table beside each tracked one, filled by triggers, and whom a change is put down to.

The tables of an app are named in its tracked.py; why a table is left out stands in UNTRACKED.
"""

import json
from typing import Any
from uuid import UUID

import pghistory
from django.apps import apps
from django.db import connection, models
from pghistory.models import Event

from organisations.tenancy.context import SETTING, USER_SETTING

CONTEXT = "pghistory.context_metadata"  # read by the triggers, set until the end of the transaction
BASELINE = "baseline"  # the label of rows that were there before their history began

# Tenant tables without a history of their own, and why. A test fails on any that is neither here nor tracked.
UNTRACKED = {
    "organisations.AccessEvent": "only ever grows, and is chained",
    "organisations.AccessHead": "the end of that chain",
    "sessions_app.SessionImport": "a file on its way; what it wrote has its history",
    "sessions_app.TrajectoryFit": "only ever grows: each row says when and from what",
    "sessions_app.MeasureValue": "only ever grows: each row says who, when and why",
    "sessions_app.RatingDraft": "some marks on their way; with the rest they become a rating, which has its history",
    "sessions_app.PackReminder": "written once, when a mail went out",
    "sessions_app.Notice": "written once, when a mail went out",
    "organisations.ApiToken": "making and revoking one stands in the access log",
    "organisations.TokenConfirmation": "written once, when a second person agreed; that stands in the access log",
    "organisations.KeptAnswer": "kept for a day, and changed by nobody",
    "sessions_app.SupervisionRating": "about no client; gone for good when its owner takes it away",
    "sessions_app.SupervisionShare": "about no client; each row says from when until when",
}


class HistoryEvent(Event):
    """One change of one row, as the row was afterwards (before, where it was deleted)."""

    pgh_id = models.BigAutoField(primary_key=True)

    class Meta:
        abstract = True


def keep_history(model: type[models.Model], *, without: tuple[str, ...] = (), found_by: tuple[str, ...] = ()) -> None:
    """Give `model` an event table: a row for each insert, update and delete; `without` names columns left out.

    `found_by` names columns to look rows up by that may be deleted: their ids are then known from here alone.
    """
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
