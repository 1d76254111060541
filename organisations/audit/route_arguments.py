"""By which arguments routes name a row about one client: a refused attempt at such a row is on record."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import models

from organisations.history.tracking import ModelClass


@dataclass(frozen=True)
class NamedRow:
    """The table that an argument names a row of; `by` are the paths from a row to its clients, () as its keys lead."""

    model: type[models.Model]
    by: tuple[str, ...] = ()


_about_a_client: dict[str, NamedRow | None] = {}


def named_in_routes(argument: str, *, by: tuple[str, ...] = ()) -> Callable[[ModelClass], ModelClass]:
    """Declare by which argument routes name a row of the decorated model, each of which is about one client.

    `by`: how a row leads to its clients where it has no key that does.
    """

    def declare(model: ModelClass) -> ModelClass:
        _about_a_client[argument] = NamedRow(model, by)
        return model

    return declare


def register_argument(argument: str, model: type[models.Model] | None = None) -> None:
    """Declare another argument that leads to a client; `model`: the own model whose row it names, if it does."""
    _about_a_client[argument] = NamedRow(model) if model is not None else None


def is_about_a_client(arguments: Iterable[str]) -> bool:
    """Whether a route with these arguments is about one client."""
    return not _about_a_client.keys().isdisjoint(arguments)


def row_named_by(argument: str) -> NamedRow | None:
    """Of which table an argument names a row; None where it names none that is about a client."""
    return _about_a_client.get(argument)
