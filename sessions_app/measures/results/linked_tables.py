"""Small numbers in tables that share their totals: what may be shown if everything shown is read side by side.

Counts are linked by sums: an organisation is the sum of its services, a year's episodes the sum of those who got
better, worse and neither. A cell is hidden because it is small, or because small ones would follow from it. Hidden so
are, until nothing changes any more: cells of 1 to k-1 persons; in each sum so many that those hidden together are k
persons or more, that there are two or more of them, and that none is known to within fewer than 3; and in the end
whatever still follows from several sums together, found by solving them all. Nought is shown, and totals are true or
hidden, never rounded.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sessions_app.measures.results.suppression import INSIDE

# A hidden count must leave so much room between what it can be at least and at most.
ROOM = 3
# Sums are solved in whole numbers modulo a prime, which is exact and needs no fractions.
PRIME = 2**61 - 1

Row = dict[Hashable, int]


@dataclass
class LinkedCell:
    """A count with the persons in it, of whom no more than k need to be known."""

    count: int = 0
    persons: set[Hashable] = field(default_factory=set)

    def add(self, person: Hashable, k: int) -> None:
        """Count one more row of a person."""
        self.count += 1
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
) -> set[Hashable]:
    """Return the keys of the cells that are hidden; cells of nought never are.

    `also` are hidden for another reason. `cells` holds every key that a sum names. KeyError for one that it does not.
    """
    hidden = {key for key, cell in cells.items() if cell.count and (len(cell.persons) < k or key in also)}
    by_cell: dict[Hashable, list[LinkedSum]] = defaultdict(list)
    for one in sums:
        for key in (one.total, *one.parts):
            by_cell[key].append(one)
    waiting: Iterable[LinkedSum] = sums
    while True:
        _close(cells, hidden, by_cell, waiting, k)
        followed = derivable(hidden, sums)
        beside = [_smallest_beside(cells, hidden, by_cell, key) for key in sorted(followed, key=repr)]
        more = next((key for key in beside if key is not None), None)
        if more is None:
            # Nothing follows, or all that it could follow from is hidden.
            return hidden | ({key for key, cell in cells.items() if cell.count} if followed else set())
        hidden.add(more)
        waiting = by_cell[more]


def derivable(hidden: Collection[Hashable], sums: Iterable[LinkedSum]) -> set[Hashable]:
    """Return the hidden cells whose count follows from those shown, by all sums together."""
    solved: dict[Hashable, Row] = {}
    for one in sums:
        row: Row = {}
        for key, weight in ((one.total, PRIME - 1), *((part, 1) for part in one.parts)):
            if key in hidden:
                row[key] = (row.get(key, 0) + weight) % PRIME
        _solve(solved, {key: weight for key, weight in row.items() if weight})
    return {pivot for pivot, row in solved.items() if len(row) == 1}


def _solve(solved: dict[Hashable, Row], row: Row) -> None:
    """Add an equation to those solved so far: each of them keeps one key that no other names."""
    for key in [key for key in row if key in solved]:
        _subtract(row, solved[key], row[key])
    if not row:
        return
    pivot = min(row, key=repr)
    inverse = pow(row[pivot], PRIME - 2, PRIME)
    row = {key: weight * inverse % PRIME for key, weight in row.items()}
    for other in solved.values():
        if pivot in other:
            _subtract(other, row, other[pivot])
    solved[pivot] = row


def _subtract(row: Row, other: Row, times: int) -> None:
    for key, weight in other.items():
        left = (row.get(key, 0) - times * weight) % PRIME
        if left:
            row[key] = left
        else:
            row.pop(key, None)


def _close(
    cells: Mapping[Hashable, LinkedCell],
    hidden: set[Hashable],
    by_cell: Mapping[Hashable, Sequence[LinkedSum]],
    sums: Iterable[LinkedSum],
    k: int,
) -> None:
    """Hide more until each sum keeps what is hidden in it."""
    waiting = dict.fromkeys(sums)
    while waiting:
        one = next(iter(waiting))
        waiting.pop(one)
        while not _keeps(cells, hidden, one, k):
            key = _smallest_shown(cells, hidden, one)
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


def _smallest_shown(cells: Mapping[Hashable, LinkedCell], hidden: Collection[Hashable], one: LinkedSum) -> Hashable:
    """The part to hide next: the smallest shown with anybody in it; the total where there is none."""
    shown = [part for part in one.parts if part not in hidden and cells[part].count]
    return min(shown, key=lambda part: (cells[part].count, repr(part)), default=one.total)


def _smallest_beside(
    cells: Mapping[Hashable, LinkedCell],
    hidden: Collection[Hashable],
    by_cell: Mapping[Hashable, Sequence[LinkedSum]],
    key: Hashable,
) -> Hashable | None:
    """The smallest cell shown with anybody in it that shares a sum with a cell; None where all of them are hidden."""
    near = {other for one in by_cell[key] for other in (*one.parts, one.total)}
    shown = [other for other in near if other not in hidden and cells[other].count]
    return min(shown, key=lambda other: (cells[other].count, repr(other)), default=None)
