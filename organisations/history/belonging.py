"""What belongs to a subject's row beyond keys that may not be empty: the erasure and the person's export stand on it.

A row hangs on what its keys lead to. A key that may be empty mostly just points (it is emptied when what it points to
is erased); where a row goes along with it, its model says so here. So does one whose columns hold ids of rows without
being a key.
"""

from collections.abc import Callable

from django.db import models

from organisations.history.tracking import ModelClass

_owned: dict[type[models.Model], tuple[str, ...]] = {}
_ids: dict[type[models.Model], tuple[str, ...]] = {}
_said: dict[type[models.Model], tuple[str, str]] = {}


def belongs_by(*columns: str) -> Callable[[ModelClass], ModelClass]:
    """Declare that a row of the decorated model belongs to what these keys lead to, though they may be empty."""

    def declare(model: ModelClass) -> ModelClass:
        _owned[model] = columns
        return model

    return declare


def holds_ids(*columns: str) -> Callable[[ModelClass], ModelClass]:
    """Declare that these columns (one id, or an array) name rows of other tables; the row goes with any of them."""

    def declare(model: ModelClass) -> ModelClass:
        _ids[model] = columns
        return model

    return declare


def says_of_access(key: str, column: str) -> Callable[[ModelClass], ModelClass]:
    """Declare that the words in `column` are about the row of the access log that `key` leads to."""

    def declare(model: ModelClass) -> ModelClass:
        _said[model] = (key, column)
        return model

    return declare


def said_of_accesses() -> dict[type[models.Model], tuple[str, str]]:
    """The models with words about rows of the access log: the key to those, and the column of the words."""
    return dict(_said)


def owned_columns(model: type[models.Model]) -> tuple[str, ...]:
    """The keys of a model that may be empty and that its rows belong by."""
    return _owned.get(model, ())


def models_with_ids() -> dict[type[models.Model], tuple[str, ...]]:
    """The models whose columns hold ids of rows, with those columns."""
    return dict(_ids)
