"""Whatever hangs on a client: the tables that are reached from it by their keys, in every app, found not listed.

The erasure and the archive stand on it. A row belongs to the client if a key that may not be empty leads there, or one
of which its model says so (`belongs_by`); any other key only points.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from uuid import UUID

from django.db import models
from django.db.models import Q

from clients.models import Client
from organisations.history.belonging import owned_columns
from organisations.history.tracking import event_models, is_event_model

ModelType = type[models.Model]


@dataclass(frozen=True)
class SubjectEdge:
    """The key of `model` that leads to `parent`; with `owns` its row goes along, else it only points."""

    model: ModelType
    column: str
    parent: ModelType
    owns: bool

    @property
    def db_column(self) -> str:
        return column_of(self.model, self.column)


@dataclass(frozen=True)
class SubjectTable:
    """A table with rows of a client, its keys to them, and the table of its history (None where there is none)."""

    model: ModelType
    owned_by: tuple[SubjectEdge, ...]
    events: ModelType | None


def column_of(model: ModelType, name: str) -> str:
    """What a field's column is called in the database."""
    return str(model._meta.get_field(name).column)  # type: ignore[union-attr]  # of this table's own fields


@cache
def subject_edges() -> tuple[SubjectEdge, ...]:
    """Every key into a table with rows of a client, breadth first from the client itself."""
    seen: list[ModelType] = [Client]
    found: list[SubjectEdge] = []
    for parent in seen:  # grows while it is walked
        for edge in _keys_into(parent):
            found.append(edge)
            if edge.owns and edge.model not in seen:
                seen.append(edge.model)
    return tuple(found)


def _keys_into(parent: ModelType) -> Iterator[SubjectEdge]:
    for relation in parent._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete or not (relation.one_to_many or relation.one_to_one):
            continue
        model, field = relation.related_model, relation.field  # type: ignore[union-attr]  # of a key from elsewhere
        if isinstance(model, type) and not is_event_model(model):
            owns = not field.null or field.name in owned_columns(model)
            yield SubjectEdge(model, field.name, parent, owns)


@cache
def subject_tables() -> tuple[SubjectTable, ...]:
    """The tables with rows of a client, each after those that its rows hang on; the clients first."""
    owning = [edge for edge in subject_edges() if edge.owns]
    order: TopologicalSorter[ModelType] = TopologicalSorter({Client: ()})
    for edge in owning:
        if edge.model is not edge.parent:
            order.add(edge.model, edge.parent)
    history = {event.pgh_tracked_model: event for event in event_models()}
    return tuple(
        SubjectTable(model, tuple(edge for edge in owning if edge.model is model), history.get(model))
        for model in order.static_order()
    )


def pointers() -> tuple[SubjectEdge, ...]:
    """The keys that only point at rows of a client, and are emptied with them."""
    return tuple(edge for edge in subject_edges() if not edge.owns)


def subject_ids(client: Client) -> dict[ModelType, set[UUID]]:
    """The keys of all rows of a client, by table, with those of the records that were merged into it."""
    ids: dict[ModelType, set[UUID]] = {}
    for table in subject_tables():
        if table.model is Client:
            ids[Client] = _with_merged(client.pk)
            continue
        hangs_on = Q(pk__in=[])
        for edge in table.owned_by:
            hangs_on |= Q(**{f"{edge.column}__in": ids[edge.parent]})
        ids[table.model] = set(table.model._default_manager.filter(hangs_on).values_list("pk", flat=True))
    return ids


def _with_merged(client: UUID) -> set[UUID]:
    found: set[UUID] = set()
    more = {client}
    while more:
        found |= more
        more = set(Client.objects.filter(merged_into__in=more).values_list("pk", flat=True)) - found
    return found
