"""The spread in numbers: services with FIT of how many, and in how many municipalities, by year (pure).

A municipality that the register of a year says nothing about is unknown in that year, and not without FIT.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from organisations.models import RegisteredKind

ADULTS, CHILDREN, BOTH = map(str, (RegisteredKind.ADULTS, RegisteredKind.CHILDREN, RegisteredKind.BOTH))
EVERYBODY = "all"
KINDS_OF = {EVERYBODY: (ADULTS, CHILDREN, BOTH, ""), ADULTS: (ADULTS, BOTH), CHILDREN: (CHILDREN, BOTH)}
"""Which services are meant by a choice of whom they are for; one for both counts in both."""


@dataclass(frozen=True, slots=True)
class RegisterCount:
    """How many services of a register are alike in a year; `municipality` is (code, name), or two empty words."""

    year: int
    municipality: tuple[str, str]
    kind: str
    uses_fit: bool
    services: int


@dataclass(frozen=True, slots=True)
class Registered:
    """Services of a municipality in a year: with FIT of those that were chosen, and all of the register."""

    with_fit: int = 0
    services: int = 0


@dataclass(frozen=True)
class YearSpread:
    """A year of the register. `services` are all of it, whomever they are for; `of_kind` those that were chosen.

    `of_kind` is None where the register does not say of each service whom it is for; `unsaid` are those among the
    services with FIT.
    """

    year: int
    with_fit: int
    services: int
    of_kind: int | None
    unsaid: int
    places: dict[tuple[str, str], Registered] = field(default_factory=dict)

    @property
    def with_fit_places(self) -> set[tuple[str, str]]:
        """The municipalities with at least one service that uses FIT."""
        return {place for place, found in self.places.items() if found.with_fit}

    @property
    def municipalities(self) -> int:
        """In how many municipalities FIT is used."""
        return len(self.with_fit_places)


def spread_by_year(counts: Iterable[RegisterCount], of: str = EVERYBODY) -> list[YearSpread]:
    """Each year of the register, the oldest first, for services of these people."""
    by_year: dict[int, list[RegisterCount]] = defaultdict(list)
    for count in counts:
        by_year[count.year].append(count)
    return [_year_spread(year, by_year[year], KINDS_OF[of]) for year in sorted(by_year)]


def _year_spread(year: int, counts: list[RegisterCount], kinds: tuple[str, ...]) -> YearSpread:
    places: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    with_fit = services = of_kind = unsaid = 0
    for count in counts:
        chosen = count.services if count.kind in kinds else 0
        chosen_with_fit = chosen if count.uses_fit else 0
        with_fit += chosen_with_fit
        services += count.services
        of_kind += chosen
        unsaid += count.services if count.uses_fit and not count.kind else 0
        if any(count.municipality):
            place = places[count.municipality]
            place[0] += chosen_with_fit
            place[1] += count.services
    says_all = all(count.kind for count in counts)
    found = {place: Registered(*numbers) for place, numbers in places.items()}
    return YearSpread(year, with_fit, services, of_kind if says_all else None, unsaid, found)


@dataclass(frozen=True)
class YearChange:
    """The municipalities that began and those that ended between two years of the register, among those in both."""

    new: frozenset[tuple[str, str]] = frozenset()
    gone: frozenset[tuple[str, str]] = frozenset()


def change_between(before: YearSpread | None, now: YearSpread) -> YearChange:
    """What is new and what is gone; nothing without a year before, and nothing about a municipality unknown in one."""
    if before is None:
        return YearChange()
    known = before.places.keys() & now.places.keys()
    return YearChange(
        new=frozenset(known & (now.with_fit_places - before.with_fit_places)),
        gone=frozenset(known & (before.with_fit_places - now.with_fit_places)),
    )
