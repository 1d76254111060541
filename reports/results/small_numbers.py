"""What somebody who may see no client is shown of counts: decided for all pages of the organisation at once.

Every page and file that such a person can ask for is made of the cells counted here, and all of them are looked at
together: what is hidden on one page does not follow from another, whatever is subtracted. Nothing is remembered of who
has looked at what, so the same page is the same for everybody.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from uuid import UUID

from reports.results.rows import AGE_GROUPS, ResultRow
from reports.results.selection import EVERYBODY, Selection
from sessions_app.measures.results.aggregate import (
    NO_INTAKE,
    NO_SCORE,
    ONE_SCORE,
    OPEN,
    RATER_CHANGED,
    UNPLANNED,
    why_excluded,
)
from sessions_app.measures.results.linked_tables import LinkedCell, LinkedSum, hidden_cells
from sessions_app.measures.results.suppression import EXPORT

# One limit for the page and for the file made of it: two would tell by what each of them hides.
K = EXPORT

BEGUN, CLOSED, USED = "begun", "closed", "used"
BETTER, SAME, WORSE = "better", "same", "worse"
BELOW, ABOVE, RECOVERED, NOT_RECOVERED = "below", "above", "recovered", "not_recovered"
REACHED, NOT_REACHED = "reached", "not_reached"
CLEARLY_BETTER, NOT_CLEAR, CLEARLY_WORSE = "clearly_better", "not_clear", "clearly_worse"
SCORED_LAST, NOT_SCORED_LAST = "scored_last", "not_scored_last"
DROPPED, NOT_DROPPED = "dropped", "not_dropped"
BANDS = ("0-9", "10-14", "15-19", "20-24", "25-")
BAND_STARTS = (0, 100, 150, 200, 250)

# What each count is divided into; one count may be divided in several ways.
DIVIDED: tuple[tuple[str, tuple[str, ...]], ...] = (
    (BEGUN, (OPEN, CLOSED)),
    (BEGUN, (OPEN, NO_SCORE, ONE_SCORE, NO_INTAKE, RATER_CHANGED, USED)),
    (USED, (BETTER, SAME, WORSE)),
    (USED, (BELOW, ABOVE)),
    (BELOW, (RECOVERED, NOT_RECOVERED)),
    (USED, (REACHED, NOT_REACHED)),
    (USED, (CLEARLY_BETTER, NOT_CLEAR, CLEARLY_WORSE)),
    (USED, BANDS),
    (CLOSED, (SCORED_LAST, NOT_SCORED_LAST)),
    (CLOSED, (DROPPED, NOT_DROPPED)),
)
COUNTED = tuple(dict.fromkeys(name for whole, parts in DIVIDED for name in (whole, *parts)))
OF_CLOSED = tuple(name for name in COUNTED if name not in (BEGUN, OPEN))
ENDINGS = ("planned", UNPLANNED, "referred", "moved", "died", "other")

Place = tuple[str, str, str]  # scope, year, split: "", an age or an ending
Cell = tuple[str, str, str, str]  # and the count


@dataclass(frozen=True)
class ChangeLimits:
    """What counts as a change, in tenths: the points rule, and the limit by the error of measurement."""

    points: int
    by_error: float


def counts_of(row: ResultRow, limits: ChangeLimits) -> tuple[str, ...]:
    """The counts that an episode belongs to."""
    one = row.scores
    found = [BEGUN]
    if one.closed:
        found.append(CLOSED)
        found.append(SCORED_LAST if row.last_is_scored else NOT_SCORED_LAST)
        found.append(DROPPED if one.ending == UNPLANNED and not one.in_green else NOT_DROPPED)
    reason = why_excluded(one, closed_only=True)
    if reason is not None or one.first is None or one.last is None:
        return (*found, reason or NO_SCORE)
    gain = one.last - one.first
    found += [USED, _of_three(gain, limits.points, (BETTER, SAME, WORSE))]
    # Jacobson and Truax ask for more than their limit, the points rule for as much.
    strictly = limits.by_error * (1 + 1e-12)
    found.append(_of_three(gain, strictly, (CLEARLY_BETTER, NOT_CLEAR, CLEARLY_WORSE)))
    found.append(REACHED if one.in_green else NOT_REACHED)
    found.append(BANDS[max(place for place, start in enumerate(BAND_STARTS) if one.first >= start)])
    if one.first >= one.cutoff:
        return (*found, ABOVE)
    return (*found, BELOW, RECOVERED if gain >= limits.points and one.last >= one.cutoff else NOT_RECOVERED)


def _of_three(gain: int, limit: float, names: tuple[str, str, str]) -> str:
    better, same, worse = names
    return better if gain >= limit else worse if gain <= -limit else same


@dataclass(frozen=True)
class Shown:
    """Which counts a page may show, and whether; `hides` is False for those who may see each client."""

    hides: bool
    hidden: frozenset[Hashable] = frozenset()

    def may_show(self, chosen: Selection, name: str) -> bool:
        """Whether a count of the episodes chosen may be shown, and with it what is worked out of just these."""
        if not self.hides:
            return True
        split = [f"{what}:{one}" for what, one in (("age", chosen.age), ("ending", chosen.ending)) if one]
        place = (chosen.scope, chosen.year, split[0] if split else "")
        # What is not among the cells looked at together is not shown at all.
        return len(split) < 2 and not chosen.kind and _counted(place, name) and (*place, name) not in self.hidden


def shown_to_all(rows: Sequence[ResultRow], limits: ChangeLimits) -> Shown:
    """What may be shown of these rows (all of one kind of form) to somebody who may see no client."""
    cells: dict[Hashable, LinkedCell] = defaultdict(LinkedCell)
    contacts: dict[Place, set[UUID | None]] = defaultdict(set)
    for row in rows:
        counts = counts_of(row, limits)
        for place in _places(row):
            if len(contacts[place]) < 2:
                contacts[place].add(row.contact)
            for name in counts:
                if _counted(place, name):
                    cells[*place, name].add(row.client, K)
    sums = list(_sums(rows, cells))
    # What one practitioner alone stands behind is that practitioner's own.
    alone = {place for place, found in contacts.items() if len(found) == 1 and None not in found}
    return Shown(True, frozenset(hidden_cells(cells, sums, k=K, also={key for key in cells if key[:3] in alone})))


def _counted(place: Place, name: str) -> bool:
    """Whether a count is looked at: of one year, and below a service, there are no ages, of endings the number only."""
    scope, year, split = place
    return not split or not (year or scope.startswith("part:")) or (split.startswith("ending:") and name == BEGUN)


def _places(row: ResultRow) -> Iterator[Place]:
    """The scope, year and split of every page that an episode counts on."""
    splits = ["", f"age:{row.age}", *([f"ending:{row.ending}"] if row.scores.closed else [])]
    yield from product(scopes_with(row), ("", str(row.year)), splits)


def scopes_with(row: ResultRow) -> tuple[str, ...]:
    """The scopes that an episode belongs to, from the widest to the narrowest."""
    return EVERYBODY, f"kind:{row.kind}", f"service:{row.service}", f"part:{row.service}:{row.part}"


def _sums(rows: Iterable[ResultRow], cells: Mapping[Hashable, LinkedCell]) -> Iterator[LinkedSum]:
    """Every sum that links the cells; those without anybody are left out, as they tell nothing."""
    below: dict[str, set[str]] = defaultdict(set)
    years: set[str] = set()
    for row in rows:
        years.add(str(row.year))
        for wide, narrow in pairwise(scopes_with(row)):
            below[wide].add(narrow)
    for here in list(cells):
        scope, year, split, name = here  # type: ignore[misc]
        divided = [[(narrow, year, split, name) for narrow in sorted(below.get(scope, ()))]]
        if not year:
            divided.append([(scope, one, split, name) for one in sorted(years)])
        if not split:
            divided += _by_age_and_ending(scope, year, name)
        divided += [[(scope, year, split, part) for part in parts] for whole, parts in DIVIDED if whole == name]
        # Where a count is not divided further there is nothing to link.
        found = (tuple(part for part in parts if part in cells) for parts in divided)
        yield from (LinkedSum(here, parts) for parts in found if parts)


def _by_age_and_ending(scope: str, year: str, name: str) -> list[list[Cell]]:
    """What a count is the sum of by age groups, and a count of closed episodes by endings."""
    ages: list[Cell] = [(scope, year, f"age:{age}", name) for age in AGE_GROUPS]
    if name not in OF_CLOSED:
        return [ages]
    # All that ended began, so that closed episodes are the sum of those begun by their endings.
    return [ages, [(scope, year, f"ending:{one}", BEGUN if name == CLOSED else name) for one in ENDINGS]]
