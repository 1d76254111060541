"""Whatever hangs on a client: the tables that are reached from it by their keys, in every app, found not listed.

One walk over the foreign keys, asked with two questions. What is the client's own, so that it is erased and archived
with them (`subject_tables`): a row belongs to the client if a key that may not be empty leads there, or one of which
its model says so (`belongs_by`); any other key only points. And what says something about them, so that they are given
it (`tables_about`): whatever any key leads from.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from uuid import UUID

from django.db import models
from django.db.models import Q

from clients.models import Client
from organisations.history.belonging import owned_columns
from organisations.history.privacy import own_models
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


def _keys_among(every: Iterable[ModelType]) -> list[SubjectEdge]:
    """Every foreign key of these tables; histories have none of their own."""
    return [
        SubjectEdge(model, field.name, field.related_model, not field.null or field.name in owned_columns(model))
        for model in every
        if not is_event_model(model)
        for field in model._meta.local_fields
        if isinstance(field.related_model, type)
    ]


def _walk(keys: Iterable[SubjectEdge], goes_along: Callable[[SubjectEdge], bool]) -> dict[ModelType, int]:
    """How many keys away from the client each table is, the nearest first, by the keys that are gone along."""
    keys = [edge for edge in keys if goes_along(edge)]
    steps: dict[ModelType, int] = {Client: 0}
    reached: set[ModelType] = {Client}
    while reached:
        further = dict.fromkeys(edge.model for edge in keys if edge.parent in reached and edge.model not in steps)
        steps |= dict.fromkeys(further, max(steps.values()) + 1)
        reached = set(further)
    return steps


@cache
def subject_edges() -> tuple[SubjectEdge, ...]:
    """Every key into a table with rows of a client."""
    keys = _keys_among(own_models())
    own = _walk(keys, lambda edge: edge.owns)
    return tuple(edge for edge in keys if edge.parent in own)


def tables_about(every: Iterable[ModelType]) -> dict[ModelType, list[SubjectEdge]]:
    """Those of `every` table that lead to a client by any key, the nearest first, with their keys that lead nearer."""
    keys = _keys_among(every)
    steps = _walk(keys, lambda _edge: True)
    found: dict[ModelType, list[SubjectEdge]] = {model: [] for model in steps}
    for edge in keys:
        if edge.parent in steps and steps[edge.parent] < steps[edge.model]:
            found[edge.model].append(edge)
    return found


@cache
def paths_to_client(model: ModelType) -> tuple[str, ...]:
    """How a row of a table leads to its client, by the nearest keys: ("session__client",); () where none does."""
    if model is Client:
        return ("pk",)
    return tuple(
        edge.column if edge.parent is Client else f"{edge.column}__{further}"
        for edge in tables_about(own_models()).get(model, ())
        for further in paths_to_client(edge.parent)
    )


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
