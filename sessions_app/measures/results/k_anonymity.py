"""How many persons look alike in a table: each class of quasi-identifiers holds k persons or more (Sweeney 2002).

A value that was withheld (None) is a value like any other here: rows that lack it are alike with one another and with
nobody else. Packages disagree on that: some drop such rows, and call a table safer than it is. Then a class of all the
columns is part of a class of any of them, so that k over all of them is the smallest of every subset.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations

K = 5
SCATTERED = 2.0
"""What a value costs that is withheld from some rows; from all it costs 1: what half would lack is left out."""
Value = Hashable
Row = tuple[Value, ...]
Step = tuple[float, Callable[[], dict[int, Row]]]  # what it costs for each row made safe, and those rows then


@dataclass(frozen=True)
class QuasiIdentifier:
    """A column by which somebody could be known again.

    `ladder` makes a value coarser, level by level; the first level leaves it as it is, and above the last it is
    withheld from every row. `weight` is what a lost value costs beside the other columns'. One that `stays` is neither
    made coarser nor withheld.
    """

    name: str
    ladder: tuple[Callable[[Value], Value], ...] = (lambda value: value,)
    weight: float = 1.0
    stays: bool = False

    @property
    def levels(self) -> int:
        """How many levels there are, with that on which every value is withheld."""
        return len(self.ladder) if self.stays else len(self.ladder) + 1

    def at(self, value: Value, level: int) -> Value:
        """A value on a level; one that is withheld stays so."""
        return None if value is None or level >= len(self.ladder) else self.ladder[level](value)


@dataclass(frozen=True)
class Protected:
    """A table in which every class has k persons: its rows in their order, None for one that had to be left out.

    `levels` says on which level each column is, `withheld` how many of its values had to be withheld beyond that.
    """

    rows: tuple[Row | None, ...]
    levels: dict[str, int]
    withheld: dict[str, int]

    @property
    def left_out(self) -> int:
        """How many rows are not there."""
        return sum(row is None for row in self.rows)


def smallest_class(rows: Sequence[Row], persons: Sequence[Hashable] | None = None) -> int:
    """Return k of a table: the number of persons in its smallest class; 0 for an empty table.

    `persons` says whose each row is; without it each row is a person's of their own.
    """
    return min(map(len, _classes(rows, persons or range(len(rows))).values()), default=0)


def k_of_subsets(
    names: Sequence[str], rows: Sequence[Row], persons: Sequence[Hashable] | None = None
) -> dict[tuple[str, ...], int]:
    """Return k by every subset of the columns but the empty one, smaller subsets first."""
    found = {}
    for size in range(1, len(names) + 1):
        for places in combinations(range(len(names)), size):
            narrowed = [tuple(row[place] for place in places) for row in rows]
            found[tuple(names[place] for place in places)] = smallest_class(narrowed, persons)
    return found


def protect(
    columns: Sequence[QuasiIdentifier],
    rows: Sequence[Row],
    k: int = K,
    persons: Sequence[Hashable] | None = None,
) -> Protected:
    """Make a table's values coarser and withhold some until every class has k persons; the same input, the same output.

    It begins with every value withheld and keeps more of one column at a time, of that by which least is lost then; it
    ends where nothing more can be kept that loses less. Rows are left out only where those that agree in the columns
    that stay are fewer than k persons. ValueError for k under 1, and for a row that has not a value for each column.
    """
    if k < 1 or any(len(row) != len(columns) for row in rows):
        raise ValueError("k must be positive, and each row needs a value for each column")
    whose = list(persons if persons is not None else range(len(rows)))
    levels = [column.levels - 1 for column in columns]
    best = _suppressed(columns, rows, levels, whose, k)
    lost = _loss(columns, levels, best)
    while True:
        # The next level may lose as much as it keeps, and the one below it less.
        steps = [_lower(levels, place, to) for place, level in enumerate(levels) for to in range(level)]
        found = [(one, _suppressed(columns, rows, one, whose, k)) for one in steps]
        cheapest = min(found, key=lambda pair: _loss(columns, *pair), default=None)
        if cheapest is None or _loss(columns, *cheapest) >= lost:
            return _told(columns, rows, levels, best)
        levels, best = cheapest
        lost = _loss(columns, levels, best)


def _lower(levels: Sequence[int], place: int, to: int) -> list[int]:
    return [to if at == place else level for at, level in enumerate(levels)]


def _classes(rows: Sequence[Row], persons: Sequence[Hashable]) -> dict[Row, set[Hashable]]:
    found: dict[Row, set[Hashable]] = defaultdict(set)
    for row, person in zip(rows, persons, strict=True):
        found[row].add(person)
    return found


def _small(rows: Sequence[Row], persons: Sequence[Hashable], k: int) -> list[int]:
    """The places of the rows whose class has fewer than k persons."""
    classes = _classes(rows, persons)
    return [place for place, row in enumerate(rows) if len(classes[row]) < k]


def _suppressed(
    columns: Sequence[QuasiIdentifier],
    rows: Sequence[Row],
    levels: Sequence[int],
    persons: Sequence[Hashable],
    k: int,
) -> list[Row | None]:
    """The rows on these levels, with values withheld where a class is too small, at each step where it costs least."""
    made = [tuple(map(QuasiIdentifier.at, columns, row, levels)) for row in rows]
    left_out: set[Row] = set()
    while small := [at for at in _small(made, persons, k) if made[at] not in left_out]:
        steps = [*_choices(columns, made, persons, small, k), *_loans(columns, made, persons, small, k)]
        if not steps:
            left_out = {made[at] for at in small}
            continue
        _cost, changed = min(steps, key=lambda step: step[0])
        for at, row in changed().items():
            made[at] = row
    return [None if row in left_out else row for row in made]


def _choices(
    columns: Sequence[QuasiIdentifier],
    rows: Sequence[Row],
    persons: Sequence[Hashable],
    small: Sequence[int],
    k: int,
) -> Iterator[Step]:
    """Withhold a column of the small classes: its lost values for each row that is safe then."""
    for place, column in enumerate(columns):
        lost = sum(rows[at][place] is not None for at in small)
        if column.stays or not lost:
            continue
        changed = {at: (*rows[at][:place], None, *rows[at][place + 1 :]) for at in small}
        tried = [changed.get(at, row) for at, row in enumerate(rows)]
        safe = len(small) - len(_small(tried, persons, k))
        yield column.weight * lost / (safe if safe > 0 else 1 / (1 + len(rows))), partial(dict, changed)


def _loans(
    columns: Sequence[QuasiIdentifier],
    rows: Sequence[Row],
    persons: Sequence[Hashable],
    small: Sequence[int],
    k: int,
) -> Iterator[Step]:
    """Withhold the same from others who are alike but for that: from as many as a small class lacks, where the class
    that lends them stays large enough, else from all of it."""
    classes = _classes(rows, persons)
    for row in sorted({rows[at] for at in small if _has_withheld(columns, rows[at])}, key=repr):
        lacking = k - len(classes[row])
        for lender in (other for other in classes if _agrees(row, other) and not classes[other] <= classes[row]):
            whole = len(classes[lender]) < k + lacking
            lending = len(classes[lender]) if whole else lacking
            lost = sum(
                column.weight * lending
                for column, here, there in zip(columns, row, lender, strict=True)
                if here is None and there is not None
            )
            yield lost / len(classes[row]), partial(_lent, rows, persons, lender, row, None if whole else lacking)


def _lent(
    rows: Sequence[Row], persons: Sequence[Hashable], lender: Row, row: Row, people: int | None
) -> dict[int, Row]:
    """The rows of some people of a class, of all without a number, as they are in another one."""
    holding = {person for one, person in zip(rows, persons, strict=True) if one == row}
    lending = {person for one, person in zip(rows, persons, strict=True) if one == lender}
    asked = lending if people is None else set(sorted(lending - holding, key=repr)[:people])
    return {at: row for at, one in enumerate(rows) if one == lender and persons[at] in asked}


def _agrees(row: Row, other: Row) -> bool:
    return all(here is None or here == there for here, there in zip(row, other, strict=True))


def _has_withheld(columns: Sequence[QuasiIdentifier], row: Row) -> bool:
    return any(value is None and not column.stays for column, value in zip(columns, row, strict=True))


def _loss(columns: Sequence[QuasiIdentifier], levels: Sequence[int], rows: Sequence[Row | None]) -> float:
    """What is lost: of each value the share of its ladder; of one that is withheld here and not elsewhere more than
    all, since which ones are missing then is no matter of chance."""
    lost = 0.0
    for place, column in enumerate(columns):
        share = levels[place] / max(1, column.levels - 1)
        gone = sum(row is None or (row[place] is None and not column.stays) for row in rows)
        lost += column.weight * (share * len(rows) + (SCATTERED - share) * gone * (share < 1))
    return lost


def _told(
    columns: Sequence[QuasiIdentifier], rows: Sequence[Row], levels: Sequence[int], made: Sequence[Row | None]
) -> Protected:
    withheld = {
        column.name: sum(
            row is not None and row[place] is None and column.at(before[place], levels[place]) is not None
            for before, row in zip(rows, made, strict=True)
        )
        for place, column in enumerate(columns)
    }
    return Protected(tuple(made), {one.name: level for one, level in zip(columns, levels, strict=True)}, withheld)
