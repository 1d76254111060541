"""What each column holds: whom it names, what somebody wrote, what was measured, or nothing of that.

Erasure, the person's own export and the history stand on it. Each model says it of its columns, as a decorator
(`data_classes`); a column without a mark fails a test.
"""

from collections.abc import Callable, Iterator
from enum import StrEnum

from django.apps import apps
from django.conf import settings
from django.db import models

from organisations.history.tracking import ModelClass, is_event_model


class DataClass(StrEnum):
    """A column has exactly one mark: the first that fits."""

    IDENTITY = "identity"  # names a person (a client or somebody who works here), or is the key to their row
    WORDS = "words"  # free text that somebody said or wrote: it may name anybody
    SCORE = "score"  # what was measured or happened: marks, what follows from them, dates and ways of meeting
    TECHNICAL = "technical"  # keys to other rows, settings, states, times of the row itself


Marks = dict[str, dict[str, DataClass]]  # of each model, by column
_declared: dict[type[models.Model], dict[str, DataClass]] = {}


def mark(*, identity: str = "", words: str = "", score: str = "", technical: str = "") -> dict[str, DataClass]:
    """The marks of a model, from names in a row. A name twice is an error."""
    marks: dict[str, DataClass] = {}
    given = {
        DataClass.IDENTITY: identity,
        DataClass.WORDS: words,
        DataClass.SCORE: score,
        DataClass.TECHNICAL: technical,
    }
    for holds, names in given.items():
        for name in names.split():
            if name in marks:
                raise ValueError(f"{name} is marked twice")
            marks[name] = holds
    return marks


def data_classes(
    *, identity: str = "", words: str = "", score: str = "", technical: str = ""
) -> Callable[[ModelClass], ModelClass]:
    """Declare what the columns of the decorated model hold, as `mark` reads it."""
    marked = mark(identity=identity, words=words, score=score, technical=technical)

    def declare(model: ModelClass) -> ModelClass:
        _declared[model] = marked
        return model

    return declare


# Of an event row itself; its other columns are the tracked row's and hold the same.
OF_EVENTS = mark(identity="pgh_context", technical="pgh_id pgh_created_at pgh_label pgh_obj")


def own_models() -> Iterator[type[models.Model]]:
    """Every model of this project, history included."""
    for label in settings.OWN_APPS:
        yield from apps.get_app_config(label).get_models()


def marks() -> Marks:
    """All marks by model ("app.Model"), those of the history derived from what it is the history of."""
    return {model._meta.label: found for model in own_models() if (found := _marks_of(model))}


def _marks_of(model: type[models.Model]) -> dict[str, DataClass]:
    if not is_event_model(model):
        return _declared.get(model, {})
    tracked = _declared.get(model.pgh_tracked_model, {})  # type: ignore[attr-defined]  # set by the tracking library
    names = {field.name for field in model._meta.local_fields}
    return {name: holds for name, holds in (tracked | OF_EVENTS).items() if name in names}


def faults() -> list[str]:
    """Columns without a mark, and marks of columns that are gone."""
    found = marks()
    actual = {model._meta.label: {field.name for field in model._meta.local_fields} for model in own_models()}
    unmarked = [f"{label}.{name} has no mark" for label in actual for name in actual[label] - set(found.get(label, ()))]
    gone = [f"{label}.{name} is gone" for label in found for name in set(found[label]) - actual.get(label, set())]
    return sorted(unmarked + gone)
