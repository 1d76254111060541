"""Small numbers: what may be shown without telling about single persons.

Primary: cells of 1 to k-1 are hidden. Secondary: so many more that no hidden cell follows from the totals.
And for filters: a set of persons is shown only if no combination with sets already shown tells about fewer
than k.
"""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, field

# NHS Digital's rule (1-7 hidden) inside the organisation; ten for what leaves it.
INSIDE, EXPORT = 8, 10
# What stands for a hidden count.
HIDDEN = "*"

Cell = tuple[Hashable, Hashable]


@dataclass(frozen=True)
class SuppressedTable:
    """A table of counts as it may be shown: None is hidden ("*"); totals are None where they would tell."""

    cells: Mapping[Cell, int | None]
    row_totals: Mapping[Hashable, int | None]
    column_totals: Mapping[Hashable, int | None]
    total: int | None


def is_small(count: int, k: int = INSIDE) -> bool:
    """Whether a count of persons is hidden: 1 to k-1. Nought is shown."""
    return 0 < count < k


def rounded(count: int, k: int = INSIDE) -> int | None:
    """Return None for a hidden count, else the count to the nearest 5. ValueError for a negative one."""
    if count < 0:
        raise ValueError("a count is not negative")
    return None if is_small(count, k) else (count + 2) // 5 * 5


def suppress(counts: Mapping[Cell, int], k: int = INSIDE) -> SuppressedTable:
    """Return a two-way table {(row, column): persons} with cells hidden until the totals give none away.

    Where hiding every cell would not be enough (one row or one column), the totals are hidden instead.
    ValueError for a negative count.
    """
    if any(count < 0 for count in counts.values()):
        raise ValueError("a count is not negative")
    hidden = {cell for cell, count in counts.items() if is_small(count, k)}
    while exposed := _exposed(counts, hidden):
        more = _cheapest(counts, hidden, exposed[0])
        if not more:
            return _without_totals(counts, k)
        hidden |= more
    rows, columns = _totals(counts)
    if any(is_small(total, k) for total in (*rows.values(), *columns.values())):
        return _without_totals(counts, k)
    cells = {cell: None if cell in hidden else count for cell, count in counts.items()}
    return SuppressedTable(cells, rows, columns, sum(counts.values()))


@dataclass(frozen=True)
class Disclosed:
    """What has been shown about sets of persons, as the smallest groups that can be told apart by it.

    Every count that follows from shown counts by adding and subtracting is a sum over such groups, so
    nothing can be learnt about fewer than k persons as long as none of them is smaller than k.
    """

    k: int = INSIDE
    groups: frozenset[frozenset[Hashable]] = field(default_factory=frozenset)

    def with_shown(self, members: Collection[Hashable]) -> "Disclosed | None":
        """Return what is disclosed once `members` is shown too, or None if that must not be shown."""
        asked = frozenset(members)
        pieces: set[frozenset[Hashable]] = set()
        rest = asked
        for group in self.groups:
            pieces |= {group & asked, group - asked}
            rest -= group
        pieces = {piece for piece in (*pieces, rest) if piece}
        if any(len(piece) < self.k for piece in pieces):
            return None
        return Disclosed(self.k, frozenset(pieces))


def _totals(counts: Mapping[Cell, int]) -> tuple[dict[Hashable, int], dict[Hashable, int]]:
    rows: dict[Hashable, int] = {}
    columns: dict[Hashable, int] = {}
    for (row, column), count in counts.items():
        rows[row] = rows.get(row, 0) + count
        columns[column] = columns.get(column, 0) + count
    return rows, columns


def _without_totals(counts: Mapping[Cell, int], k: int) -> SuppressedTable:
    """Return the table with primary suppression and no totals at all: then nothing can be subtracted."""
    rows, columns = _totals(counts)
    cells = {cell: None if is_small(count, k) else count for cell, count in counts.items()}
    return SuppressedTable(cells, dict.fromkeys(rows), dict.fromkeys(columns), None)


def _exposed(counts: Mapping[Cell, int], hidden: Collection[Cell]) -> list[Cell]:
    """Return the hidden cells that have one possible value only, given the totals and that nought is shown."""
    return [cell for cell in sorted(hidden, key=repr) if not _can_move(counts, hidden, cell)]


def _can_move(counts: Mapping[Cell, int], hidden: Collection[Cell], cell: Cell) -> bool:
    """Whether some other table with the same totals has one more, or one less, in this cell.

    Tables with equal totals differ by closed walks that add one and take one in turn. A walk that adds goes
    from a row to a column, one that takes goes back and must leave at least one: a hidden cell is known not
    to be empty.
    """
    return _walk(counts, hidden, cell, first_adds=True) or (
        counts[cell] > 1 and _walk(counts, hidden, cell, first_adds=False)
    )


def _walk(counts: Mapping[Cell, int], hidden: Collection[Cell], cell: Cell, *, first_adds: bool) -> bool:
    """Search from the cell's column (after adding) or row (after taking) back to its other end."""
    others = [other for other in hidden if other != cell]
    row, column = ("row", cell[0]), ("column", cell[1])
    start, goal = (column, row) if first_adds else (row, column)
    reached, waiting = {start}, [start]
    while waiting:
        kind, name = waiting.pop()
        for other in others:
            if kind == "column" and other[1] == name and counts[other] > 1:
                step = ("row", other[0])
            elif kind == "row" and other[0] == name:
                step = ("column", other[1])
            else:
                continue
            if step not in reached:
                reached.add(step)
                waiting.append(step)
    return goal in reached


def _cheapest(counts: Mapping[Cell, int], hidden: Collection[Cell], cell: Cell) -> set[Cell]:
    """Return the visible cells to hide so that an exposed cell can move: the cheapest rectangle with it.

    Where no rectangle helps, the smallest visible cell with anybody in it; nothing where all are hidden. An empty cell
    is never hidden: whoever reads the table counts on that.
    """
    rows, columns = {one[0] for one in counts}, {one[1] for one in counts}
    corners = [_corners(cell, row, column) for row in rows - {cell[0]} for column in columns - {cell[1]}]
    usable = [three for three in corners if all(counts.get(corner, 0) > 0 for corner in three)]
    rectangles = [{corner for corner in three if corner not in hidden} for three in usable]
    rectangles = [new for new in rectangles if new]
    rectangles = rectangles or [{one} for one, count in counts.items() if count and one not in hidden]
    return min(rectangles, key=lambda corners: (_cost(counts, corners), sorted(map(repr, corners))), default=set())


def _corners(cell: Cell, row: Hashable, column: Hashable) -> tuple[Cell, ...]:
    return (cell[0], column), (row, cell[1]), (row, column)


def _cost(counts: Mapping[Cell, int], cells: Collection[Cell]) -> int:
    return sum(counts[cell] for cell in cells)
