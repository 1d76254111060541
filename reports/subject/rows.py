"""The rows of every table about one client, with their values as they are given."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from clients.models import Client
from clients.services.merged_records import keys_of_all_records
from clients.services.subject_graph import SubjectEdge
from organisations.history.privacy import DataClass, marks
from organisations.models import Practitioner
from reports.subject.columns import FILES
from reports.subject.graph import Model, columns_in, goes_in, graph, label_of, tracked_by
from reports.subject.tables import GIVEN, GivenTable

ANOTHER = "another person's record"  # where a row stood at somebody else's record by mistake, before it was moved


@dataclass
class TableRows:
    """One table: its rows of the client, oldest first, and the names of rows that they name."""

    model: Model
    rows: list[models.Model]
    own: frozenset[UUID]
    names: Mapping[type, Mapping[Any, str]] = field(default_factory=dict)

    @property
    def is_history(self) -> bool:
        return tracked_by(self.model) is not None

    @property
    def label(self) -> str:
        return label_of(self.model)

    @property
    def given(self) -> GivenTable:
        return GIVEN[self.label]

    @cached_property
    def columns(self) -> list[models.Field]:
        return [self.model._meta.get_field(name) for name in columns_in(self.model)]  # type: ignore[misc]

    @cached_property
    def holds(self) -> Mapping[str, DataClass]:
        return marks()[self.model._meta.label]

    def key(self, row: models.Model) -> dict[str, str]:
        """By what a row is known: `id`, and in a history `row`, whose past it is."""
        of_row = {"row": str(row.pgh_obj_id)} if self.is_history else {}  # type: ignore[attr-defined]
        return {"id": str(row.pk)} | of_row

    def value(self, row: models.Model, column: models.Field) -> Any:
        """A value as it is given: of a person or a place here the name, of another row its key."""
        value = getattr(row, column.attname)
        if value is None or not isinstance(column, models.ForeignKey):
            return value
        if column.related_model is Client:
            return str(value) if value in self.own else ANOTHER
        return self.names.get(column.related_model, {}).get(value, str(value))

    def values(self, row: models.Model) -> dict[str, Any]:
        """What is given of a row, by column."""
        return {column.name: self.value(row, column) for column in self.columns}


def read_tables(client: Client) -> list[TableRows]:
    """Everything that is kept about a client and the records that were merged into this one, histories last.

    As many queries for many rows as for one.
    """
    own = keys_of_all_records(client)
    keys: dict[Model, list[Any]] = {Client: own}
    found: list[TableRows] = []
    for model, edges in graph().items():
        if not goes_in(model):
            continue  # and nothing that hangs on it alone: it is about others too
        tracked = tracked_by(model)
        rows = list(_in_order(_history(model, tracked, keys) if tracked else _rows(model, edges, keys)))
        keys[model] = [row.pk for row in rows]
        found.append(TableRows(model, rows, frozenset(own)))
    names = _names_in(found)
    for table in found:
        table.names = names
    return found


def _rows(model: Model, edges: Iterable[SubjectEdge], keys: Mapping[Model, list[Any]]) -> QuerySet:
    if model is Client:
        return Client.objects.filter(pk__in=keys[Client])
    leads = Q(pk=None)
    for edge in edges:
        if edge.parent in keys:
            leads |= Q(**{f"{edge.column}__in": keys[edge.parent]})
    return model._base_manager.filter(leads)


def _history(model: Model, tracked: Model, keys: Mapping[Model, list[Any]]) -> QuerySet:
    """What became of the rows that are the client's now, and of those that are gone.

    A row that hung on this client by mistake and was moved to another one since is that one's, with its past.
    """
    columns = {one.name for one in model._meta.local_fields}
    gone = Q(pk=None)
    for edge in graph()[tracked]:
        if edge.parent in keys and edge.column in columns:
            gone |= Q(**{f"{edge.column}__in": keys[edge.parent]})
    stands = Exists(tracked._base_manager.filter(pk=OuterRef("pgh_obj")))
    return model._base_manager.filter(Q(pgh_obj__in=keys[tracked]) | (gone & ~stands))


def _in_order(rows: QuerySet) -> QuerySet:
    columns = {field.name for field in rows.model._meta.local_fields}
    told = ("pgh_id", "held_on", "recorded_at", "made_at", "written_at", "created_at", "updated_at", "at")
    order = [name for name in told if name in columns]
    left = [one.name for one in rows.model._meta.local_fields if isinstance(one, models.BinaryField)]
    return rows.order_by(*order, "pk").defer(*left)


def _names_in(tables: Iterable[TableRows]) -> dict[type, dict[Any, str]]:
    """What people, teams, services and studies are called that rows name; other rows are named by their keys."""
    asked: dict[type, set[Any]] = {}
    for table in tables:
        for column in table.columns:
            other = column.related_model
            if isinstance(column, models.ForeignKey) and other not in graph() and isinstance(other, type):
                asked.setdefault(other, set()).update(getattr(row, column.attname) for row in table.rows)
    return {
        model: {row.pk: _name(row) for row in model._base_manager.filter(pk__in=keys - {None})}  # type: ignore[attr-defined]
        for model, keys in asked.items()
    }


def _name(row: Any) -> str:
    return row.name if isinstance(row, Practitioner) else str(row)


def files_in(tables: Iterable[TableRows]) -> list[tuple[TableRows, models.Model]]:
    """Rows that hold a file."""
    return [(table, row) for table in tables if table.label in FILES and not table.is_history for row in table.rows]
