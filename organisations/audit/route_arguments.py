"""By which arguments routes name a row about one client: a refused attempt at such a row is on record."""

from collections.abc import Callable, Iterable

from organisations.history.tracking import ModelClass

_about_a_client: set[str] = set()


def named_in_routes(argument: str) -> Callable[[ModelClass], ModelClass]:
    """Declare by which argument routes name a row of the decorated model, each of which is about one client."""

    def declare(model: ModelClass) -> ModelClass:
        _about_a_client.add(argument)
        return model

    return declare


def register_argument(argument: str) -> None:
    """Declare an argument that leads to a client and names no row of an own model."""
    _about_a_client.add(argument)


def is_about_a_client(arguments: Iterable[str]) -> bool:
    """Whether a route with these arguments is about one client."""
    return not _about_a_client.isdisjoint(arguments)
