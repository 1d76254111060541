"""Which tables hold something about a client, as they are found in clients/services/subject_graph.py.

A new table that names a client, or that hangs on one that does, is found by itself. `faults` says what nobody has
decided about: a table without a line in tables.py, a column without words in columns.py, a column that may name
somebody by another way than a foreign key. A test calls it.
"""

from collections.abc import Iterable, Iterator
from functools import cache

from django.contrib.postgres.fields import ArrayField
from django.db import models

from clients.services.subject_graph import SubjectEdge, tables_about
from organisations.history.privacy import DataClass, marks, own_models
from organisations.history.tracking import is_event_model
from reports.subject import columns, tables

Model = type[models.Model]


def find_graph(every: Iterable[Model] | None = None) -> dict[Model, list[SubjectEdge]]:
    """As `tables_about`, of every table of the program; histories after all others."""
    every = list(own_models()) if every is None else list(every)
    found = tables_about(every)
    events = [model for model in every if is_event_model(model) and _tracked(model) in found]
    return found | {model: [] for model in events}


def _tracked(model: Model) -> Model:
    tracked: Model = model.pgh_tracked_model  # type: ignore[attr-defined]  # set by the tracking library
    return tracked


@cache
def graph() -> dict[Model, list[SubjectEdge]]:
    """As `find_graph`, of the program as it runs."""
    return find_graph()


def tracked_by(model: Model) -> Model | None:
    """Whose history a table is; None for one that is no history."""
    return _tracked(model) if is_event_model(model) else None


def label_of(model: Model) -> str:
    """The label that tables.py knows a table by; a history has that of its rows."""
    return (tracked_by(model) or model)._meta.label


def goes_in(model: Model) -> bool:
    """Whether the rows of a table are given to the client."""
    return label_of(model) in tables.GIVEN


def columns_in(model: Model) -> list[str]:
    """The columns of a table that are given: what names, was said or measured, and what the rest is read by."""
    label = label_of(model)
    known = marks().get(model._meta.label, {})
    names = [field.name for field in model._meta.local_fields]
    return [name for name in names if columns.left_out(label, name, known.get(name)) is None]


def columns_out(model: Model) -> dict[str, str]:
    """The other columns of a table, each with the reason that the client is told."""
    label, known = label_of(model), marks()[model._meta.label]
    names = [field.name for field in model._meta.local_fields]
    found = {name: columns.left_out(label, name, known.get(name)) for name in names}
    return {name: str(reason) for name, reason in found.items() if reason is not None}


def faults(every: Iterable[Model] | None = None) -> list[str]:
    """What nobody has decided about, in sentences for whoever added it; [] where everything is."""
    every = list(own_models()) if every is None else list(every)
    found = find_graph(every)
    return sorted([*_of_tables(found), *_of_columns(found), *_of_other_ways(every, found)])


def _of_tables(found: Iterable[Model]) -> Iterator[str]:
    labels = {label_of(model) for model in found}
    for label in labels - tables.GIVEN.keys() - tables.LEFT_OUT.keys():
        yield f"{label} leads to a client and is neither given nor left out (reports/subject/tables.py)"
    for label in (tables.GIVEN.keys() | tables.LEFT_OUT.keys()) - labels - tables.OTHER_WAYS.keys():
        yield f"{label} leads to no client any more (reports/subject/tables.py)"


def _of_columns(found: Iterable[Model]) -> Iterator[str]:
    known = marks()
    for model in found:
        if not goes_in(model):
            continue
        marked, given = known.get(model._meta.label, {}), columns_in(model)
        for field in model._meta.local_fields:
            if field.name not in marked:
                yield f"{model._meta.label}.{field.name} has no data class"
            elif field.name in given and not columns.has_words(field.name):
                yield f"{model._meta.label}.{field.name} has no plain words (reports/subject/columns.py)"


def _of_other_ways(every: Iterable[Model], found: Iterable[Model]) -> Iterator[str]:
    """Columns that may hold a client without being a foreign key: lists, JSON, files and loose keys of people."""
    known, reached = marks(), set(found)
    for model in every:
        if model in reached or is_event_model(model) or model._meta.label in tables.OTHER_WAYS:
            continue
        for field in model._meta.local_fields:
            loose = isinstance(field, ArrayField | models.JSONField | models.UUIDField | models.BinaryField)
            named = known.get(model._meta.label, {}).get(field.name) in (DataClass.IDENTITY, DataClass.WORDS)
            if loose and named and not field.primary_key:
                yield f"{model._meta.label}.{field.name} may name a client (reports/subject/tables.py, OTHER_WAYS)"
