"""Small numbers in tables that share their totals: what may be shown if everything shown is read side by side.

Counts are linked by sums: an organisation is the sum of its services, a year's episodes the sum of those who got
better, worse and neither. A cell is hidden because it is small, or because small ones would follow from it. Hidden so
are, until nothing changes any more: cells of 1 to k-1 persons; in each sum so many that those hidden together are k
persons or more, that there are two or more of them, and that none is known to within fewer than 3; one of two counts of
which the one holds the other and fewer than k persons more; and in the end what a small cell still follows from, found
by solving all sums together. Nought is shown, and totals are true or hidden, never rounded.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sessions_app.measures.results.suppression import INSIDE

# A hidden count must leave so much room between what it can be at least and at most.
ROOM = 3
# Nobody is taken to have more rows than so many, on average of a few persons.
MOST_ROWS = 5

Order = Callable[[Hashable], tuple[int, int, str]]
# Sums are solved in whole numbers modulo a prime, which is exact and needs no fractions.
PRIME = 2**61 - 1


@dataclass
class LinkedCell:
    """A count with the persons in it, of whom no more than k need to be known; the places of its rows as bits."""

    count: int = 0
    persons: set[Hashable] = field(default_factory=set)
    rows: int = 0

    def add(self, person: Hashable, place: int, k: int) -> None:
        """Count one more row, that of a person."""
        self.count += 1
        self.rows |= 1 << place
        if len(self.persons) < k:
            self.persons.add(person)


@dataclass(frozen=True)
class LinkedSum:
    """The count of `total` is the sum of those of `parts`."""

    total: Hashable
    parts: tuple[Hashable, ...]


def hidden_cells(
    cells: Mapping[Hashable, LinkedCell],
    sums: Sequence[LinkedSum],
    *,
    k: int = INSIDE,
    also: Collection[Hashable] = (),
    compared: Sequence[Sequence[Hashable]] = (),
    persons: Sequence[Hashable] = (),
    worth: Callable[[Hashable], int] = lambda _key: 0,
) -> set[Hashable]:
    """Return the keys of the cells that are hidden; cells of nought never are.

    `also` are hidden for another reason. Within each group of `compared` one cell may hold another, and `persons` says
    whose each row is. Of cells that could be hidden
    to protect others that of the least `worth` is, then the smallest. `cells` holds every key that a sum names;
    KeyError for one that it does not.
    """
    protected = {key for key, cell in cells.items() if cell.count and (len(cell.persons) < k or key in also)}
    hidden = set(protected)
    by_cell: dict[Hashable, list[LinkedSum]] = defaultdict(list)
    for one in sums:
        for key in (one.total, *one.parts):
            by_cell[key].append(one)
    waiting: Iterable[LinkedSum] = sums

    def order(key: Hashable) -> tuple[int, int, str]:
        return worth(key), cells[key].count, repr(key)

    while True:
        _close(cells, hidden, by_cell, waiting, k, order)
        more = _few_apart(cells, hidden, compared, persons, k, order)
        more = more or _more_to_hide(cells, hidden, protected, sums, order)
        if not more:
            return hidden
        hidden |= more
        waiting = [one for key in more for one in by_cell[key]]


def derivable(hidden: Collection[Hashable], sums: Iterable[LinkedSum]) -> set[Hashable]:
    """Return the hidden cells whose count follows from those shown, by all sums together."""
    return {pivot for pivot, row in solve(equations({}, hidden, sums)).items() if len(row.weights) == 1}


def _more_to_hide(
    cells: Mapping[Hashable, LinkedCell],
    hidden: Collection[Hashable],
    protected: Collection[Hashable],
    sums: Sequence[LinkedSum],
    order: Order,
) -> set[Hashable]:
    """For each protected cell that follows from several sums the first by `order` of the cells shown in them.

    A cell that is hidden only to protect others may follow: it is of so many persons that it could be shown.
    """
    given = equations(cells, hidden, sums)
    solved = solve([Equation(dict(one.weights), one.value, one.sources) for one in given])
    found = [row.sources for pivot, row in solved.items() if len(row.weights) == 1 and pivot in protected]
    if not found:
        near = nearly_known(given, hidden) & set(protected)
        found = [one.sources for one in given if near & one.weights.keys()]
    more = set()
    for sources in found:
        named = {key for place in _places(sources) for key in (sums[place].total, *sums[place].parts)}
        shown = [key for key in named if key not in hidden and cells[key].count]
        if shown:
            more.add(min(shown, key=order))
    return more


def _few_apart(
    cells: Mapping[Hashable, LinkedCell],
    hidden: Collection[Hashable],
    compared: Sequence[Sequence[Hashable]],
    persons: Sequence[Hashable],
    k: int,
    order: Order,
) -> set[Hashable]:
    """One of each two cells shown of which one holds the other and rows of fewer than k persons more."""
    more: set[Hashable] = set()
    for group in compared:
        shown = sorted({cells[key].rows: key for key in group if key not in hidden}.items(), key=_size)
        for place, (small, key) in enumerate(shown):
            for large, other in shown[place + 1 :]:
                if large.bit_count() - small.bit_count() >= MOST_ROWS * k:
                    break
                if small & ~large == 0 and len({persons[row] for row in _places(large & ~small)}) < k:
                    more.add(min(key, other, key=order))
    return more


def _size(one: tuple[int, Hashable]) -> int:
    return one[0].bit_count()


def _places(bits: int) -> Iterator[int]:
    """The places of the bits that are set."""
    while bits:
        yield (bits & -bits).bit_length() - 1
        bits &= bits - 1


def nearly_known(given: Sequence["Equation"], hidden: Collection[Hashable]) -> set[Hashable]:
    """Return the hidden cells that the sums leave room for fewer than 3, from the least to the most that they can be.

    A hidden cell is known to be 1 or more. Each sum limits its cells by each other, and these limits those of the next
    sum, until nothing changes.
    """
    low: dict[Hashable, float] = dict.fromkeys(hidden, 1)
    high: dict[Hashable, float] = dict.fromkeys(hidden, math.inf)
    while sum(_narrow(one, low, high) for one in given):
        pass
    return {key for key in hidden if high[key] - low[key] < ROOM}


@dataclass
class Equation:
    """Weights of hidden cells and what they add up to, modulo PRIME once solved; the places of its sums as bits."""

    weights: dict[Hashable, int]
    value: int
    sources: int

    def subtract(self, other: "Equation", times: int) -> None:
        """Take another one off, so many times."""
        for key, weight in other.weights.items():
            left = (self.weights.get(key, 0) - times * weight) % PRIME
            if left:
                self.weights[key] = left
            else:
                self.weights.pop(key, None)
        self.sources |= other.sources


def equations(
    cells: Mapping[Hashable, LinkedCell], hidden: Collection[Hashable], sums: Iterable[LinkedSum]
) -> list[Equation]:
    """What each sum says of the hidden cells in it; without `cells` the values are nought."""
    found = []
    for place, one in enumerate(sums):
        weights: dict[Hashable, int] = {}
        value = 0
        for key, weight in ((one.total, -1), *((part, 1) for part in one.parts)):
            if key in hidden:
                weights[key] = weights.get(key, 0) + weight
            elif cells:
                value -= weight * cells[key].count
        if weights := {key: weight for key, weight in weights.items() if weight}:
            found.append(Equation(weights, value, 1 << place))
    return found


def solve(given: Iterable[Equation]) -> dict[Hashable, Equation]:
    """The equations solved as far as they go: each keeps one cell, its key here, that no other names."""
    solved: dict[Hashable, Equation] = {}
    naming: dict[Hashable, set[Hashable]] = defaultdict(set)  # which solved ones name a cell
    for row in given:
        row.weights = {key: weight % PRIME for key, weight in row.weights.items()}
        for key in [key for key in row.weights if key in solved]:
            row.subtract(solved[key], row.weights[key])
        if not row.weights:
            continue
        # The cell that the fewest others name leaves the least to do.
        pivot = min(row.weights, key=lambda key: (len(naming[key]), repr(key)))
        inverse = pow(row.weights[pivot], PRIME - 2, PRIME)
        row.weights = {key: weight * inverse % PRIME for key, weight in row.weights.items()}
        for key in naming.pop(pivot, set()):
            before = set(solved[key].weights)
            solved[key].subtract(row, solved[key].weights[pivot])
            for one in before ^ solved[key].weights.keys():
                naming[one] ^= {key}
        naming[pivot] = set()
        for key in row.weights:
            naming[key].add(pivot)
        solved[pivot] = row
    return solved


def _narrow(one: Equation, low: dict[Hashable, float], high: dict[Hashable, float]) -> bool:
    """Narrow the limits of an equation's cells by each other; whether any moved."""
    moved = False
    for key, weight in one.weights.items():
        others = [(w, low[k], high[k]) for k, w in one.weights.items() if k != key]
        least = sum(w * (lo if w > 0 else hi) for w, lo, hi in others)
        most = sum(w * (hi if w > 0 else lo) for w, lo, hi in others)
        ends = sorted(((one.value - most) / weight, (one.value - least) / weight))
        lower, upper = (
            max(low[key], math.ceil(ends[0] - 1e-9) if math.isfinite(ends[0]) else 1),
            min(high[key], ends[1]),
        )
        if lower > low[key] or upper < high[key]:
            low[key], high[key], moved = lower, math.floor(upper + 1e-9) if math.isfinite(upper) else upper, True
    return moved


def _close(
    cells: Mapping[Hashable, LinkedCell],
    hidden: set[Hashable],
    by_cell: Mapping[Hashable, Sequence[LinkedSum]],
    sums: Iterable[LinkedSum],
    k: int,
    order: Order,
) -> None:
    """Hide more until each sum keeps what is hidden in it."""
    waiting = dict.fromkeys(sums)
    while waiting:
        one = next(iter(waiting))
        waiting.pop(one)
        while not _keeps(cells, hidden, one, k):
            key = _next_of(cells, hidden, one, order)
            hidden.add(key)
            waiting.update(dict.fromkeys(other for other in by_cell[key] if other is not one))


def _keeps(cells: Mapping[Hashable, LinkedCell], hidden: Collection[Hashable], one: LinkedSum, k: int) -> bool:
    """Whether nothing hidden in a sum follows from what it shows."""
    parts = [cells[part] for part in one.parts if part in hidden]
    if one.total in hidden:
        return bool(parts)
    if not parts:
        return True
    persons = set().union(*(part.persons for part in parts))
    room = sum(part.count for part in parts) - len(parts)
    return len(parts) > 1 and len(persons) >= k and room >= ROOM


def _next_of(
    cells: Mapping[Hashable, LinkedCell], hidden: Collection[Hashable], one: LinkedSum, order: Order
) -> Hashable:
    """The cell of a sum to hide next: of the least worth with anybody in it; the total after parts of the same."""
    shown = [part for part in one.parts if part not in hidden and cells[part].count]
    if one.total not in hidden:
        shown.append(one.total)
    return min(shown, key=lambda key: (order(key)[0], key == one.total, order(key)))
