"""The entries of the main menu: each app declares its own when it starts, and which pages belong below one."""

from dataclasses import dataclass
from operator import attrgetter

from django.utils.functional import Promise

from organisations.roles import Can


@dataclass(frozen=True)
class Section:
    """An entry: its place among the others (from 1), who sees it, the name of its route and its words."""

    place: int
    verb: Can
    route: str
    label: Promise | str


_sections: dict[int, Section] = {}
_pages_below: dict[str, tuple[str, ...]] = {}


def register_sections(*sections: Section) -> None:
    """Add entries to the menu; ValueError where two want one place."""
    for section in sections:
        if section.place in _sections:
            raise ValueError(f"Two entries of the menu at place {section.place}: {section.route}")
        _sections[section.place] = section


def register_pages_below(route: str, *addresses: str) -> None:
    """Mark the entry of `route` on pages whose addresses begin so too, besides those below its own address."""
    _pages_below[route] = (*_pages_below.get(route, ()), *addresses)


def sections() -> list[Section]:
    """All entries, in their order."""
    return sorted(_sections.values(), key=attrgetter("place"))


def pages_below(section: Section) -> tuple[str, ...]:
    """The beginnings of further addresses that belong to an entry."""
    return _pages_below.get(section.route, ())
