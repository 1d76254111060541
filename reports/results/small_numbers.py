"""What somebody who may see no client is shown of counts: decided for all pages of the organisation at once.

Every page and file that such a person can ask for is made of the cells counted here, and all of them are looked at
together: what is hidden on one page does not follow from another, whatever is subtracted. Nothing is remembered of who
has looked at what, so the same page is the same for everybody.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import cast
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
CLEARLY_BETTER, CLEARLY_WORSE = "clearly_better", "clearly_worse"
BELOW, ABOVE, RECOVERED, NOT_RECOVERED = "below", "above", "recovered", "not_recovered"
REACHED, NOT_REACHED = "reached", "not_reached"
SCORED_LAST, NOT_SCORED_LAST = "scored_last", "not_scored_last"
DROPPED, NOT_DROPPED = "dropped", "not_dropped"
MISSED, NOT_MISSED = "missed", "not_missed"  # of an appointment nobody came to, whatever became of the episode
CALLED_OFF, NOT_CALLED_OFF = "called_off", "not_called_off"
BANDS = ("0-9", "10-14", "15-19", "20-24", "25-")
BAND_STARTS = (0, 100, 150, 200, 250)
ENDINGS = ("planned", UNPLANNED, "referred", "moved", "died", "other")


def both(one: str, other: str) -> str:
    """The count of those who are in both of two counts; no page shows it."""
    return f"{one}&{other}"


def crossed(ones: Sequence[str], others: Sequence[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each of two ways of dividing as the sum of what it shares with the other: what follows from both is seen."""
    return (
        *((one, tuple(both(one, other) for other in others)) for one in ones),
        *((other, tuple(both(one, other) for one in ones)) for other in others),
    )


NOT_CLEAR, NOT_USED, NOT_BETTER = "not_clear", "not_used", "not_better"
SIDES, STARTS = (RECOVERED, NOT_RECOVERED, ABOVE), (BELOW, ABOVE)
GAINS, CLEAR = (BETTER, SAME, WORSE), (CLEARLY_BETTER, NOT_CLEAR, CLEARLY_WORSE)
AIMS, STAYED = (REACHED, NOT_REACHED), (DROPPED, NOT_DROPPED)

# What each count is divided into, in every way in which one count holds another: those that a reader could subtract.
DIVIDED: tuple[tuple[str, tuple[str, ...]], ...] = (
    (BEGUN, (OPEN, CLOSED)),
    (BEGUN, (MISSED, NOT_MISSED)),
    (BEGUN, (CALLED_OFF, NOT_CALLED_OFF)),
    (CLOSED, (USED, NOT_USED)),
    (NOT_USED, (NO_SCORE, ONE_SCORE, NO_INTAKE, RATER_CHANGED)),
    (USED, (BETTER, NOT_BETTER)),
    (NOT_BETTER, (SAME, WORSE)),
    (CLOSED, (SCORED_LAST, NOT_SCORED_LAST)),
    (CLOSED, STAYED),
    (USED, STARTS),
    (USED, BANDS),
    (USED, AIMS),
    (BELOW, (RECOVERED, NOT_RECOVERED)),
    *crossed(GAINS, CLEAR),
    *crossed(GAINS, SIDES),
    *crossed(SIDES, AIMS),
    *crossed(STARTS, BANDS),
    (NOT_DROPPED, (both(REACHED, NOT_DROPPED), both("rest", NOT_DROPPED))),
    (REACHED, (both(REACHED, NOT_DROPPED),)),
)
COUNTED = tuple(dict.fromkeys(name for whole, parts in DIVIDED for name in (whole, *parts) if "&" not in name))
OF_BEGUN = (BEGUN, OPEN, MISSED, NOT_MISSED, CALLED_OFF, NOT_CALLED_OFF)
# What a page is asked for first is hidden last.
WORTH = {USED: 3, BETTER: 2, BEGUN: 2, CLOSED: 1}
# What is told of a year, an age group or an ending; the rest is told of all together.
MAIN = (BEGUN, OPEN, CLOSED, USED, NOT_USED, BETTER, NOT_BETTER)

# The split of those who have just these labels; no page shows it.
LABELS = "labels:"

Place = tuple[str, str, str]  # scope, year, split: "", an age, an ending or a label
Cell = tuple[str, str, str, str]  # and the count


@dataclass(frozen=True)
class ChangeLimits:
    """What counts as a change, in tenths: the points rule, and the limit by the error of measurement."""

    points: int
    by_error: float


def counts_of(row: ResultRow, limits: ChangeLimits) -> tuple[str, ...]:
    """The counts that an episode belongs to, those shared by two of them too."""
    one, came = row.scores, row.attendance
    missed = MISSED if came.no_shows else NOT_MISSED
    begun = (BEGUN, missed, CALLED_OFF if came.by_client else NOT_CALLED_OFF)
    if not one.closed:
        return (*begun, OPEN)
    dropped = DROPPED if one.dropped_out else NOT_DROPPED
    found = [*begun, CLOSED, SCORED_LAST if row.last_is_scored else NOT_SCORED_LAST, dropped]
    reason = why_excluded(one, closed_only=True)
    if reason is not None or one.first is None or one.last is None:
        return (*found, NOT_USED, reason or NO_SCORE, *([both("rest", NOT_DROPPED)] if dropped == NOT_DROPPED else []))
    gain = one.last - one.first
    of_gain, aim = _of_three(gain, limits.points, GAINS), REACHED if one.in_green else NOT_REACHED
    # Jacobson and Truax ask for more than their limit, the points rule for as much.
    clear = _of_three(gain, limits.by_error * (1 + 1e-12), (CLEARLY_BETTER, NOT_CLEAR, CLEARLY_WORSE))
    band = BANDS[max(place for place, start in enumerate(BAND_STARTS) if one.first >= start)]
    start = ABOVE if one.first >= one.cutoff else BELOW
    recovered = gain >= limits.points and one.last >= one.cutoff
    side = ABOVE if start == ABOVE else RECOVERED if recovered else NOT_RECOVERED
    shared = [both(of_gain, clear), both(of_gain, side), both(side, aim), both(start, band)]
    if dropped == NOT_DROPPED:
        shared.append(both(REACHED if aim == REACHED else "rest", NOT_DROPPED))
    if of_gain != BETTER:
        found.append(NOT_BETTER)
    return tuple(dict.fromkeys((*found, USED, of_gain, clear, band, start, side, aim, *shared)))


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
        chosen_of = (("age", chosen.age), ("ending", chosen.ending), ("label", chosen.label))
        split = [f"{what}:{one}" for what, one in chosen_of if one]
        place = (chosen.scope, chosen.year, split[0] if split else "")
        # What is not among the cells looked at together is not shown at all.
        return len(split) < 2 and not chosen.kind and _counted(place, name) and (*place, name) not in self.hidden


def shown_to_all(rows: Sequence[ResultRow], limits: ChangeLimits) -> Shown:
    """What may be shown of these rows (all of one kind of form) to somebody who may see no client."""
    cells: dict[Cell, LinkedCell] = defaultdict(LinkedCell)
    contacts: dict[Place, set[UUID | None]] = defaultdict(set)
    for number, row in enumerate(rows):
        counts = counts_of(row, limits)
        for place in _places(row):
            if len(contacts[place]) < 2:
                contacts[place].add(row.contact)
            for name in counts:
                if _counted(place, name):
                    cells[*place, name].add(row.client, number, K)
    # What one practitioner alone stands behind is that practitioner's own.
    alone = {place for place, found in contacts.items() if len(found) == 1 and None not in found}
    also = {key for key in cells if key[:3] in alone}
    sums, compared = list(_sums(rows, cells)), _compared(rows, cells)
    persons = [row.client for row in rows]
    every = dict[Hashable, LinkedCell](cells.items())
    hidden = hidden_cells(every, sums, k=K, also=also, compared=compared, persons=persons, worth=_worth)
    return Shown(True, frozenset(hidden))


def _worth(key: Hashable) -> int:
    """What two counts share is on no page, nor is who has just these labels: hiding it costs nothing."""
    *_place, split, name = cast(Cell, key)
    return -1 if "&" in name or split.startswith(LABELS) else WORTH.get(name, 0)


def _compared(rows: Iterable[ResultRow], cells: Iterable[Cell]) -> list[list[Hashable]]:
    """The cells of each narrowest scope with those of the scopes around it: among them one may hold another."""
    by_scope: dict[str, list[Hashable]] = defaultdict(list)
    for key in cells:
        if not key[2].startswith(LABELS):
            by_scope[key[0]].append(key)
    chains = {scopes_with(row) for row in rows}
    return [[key for scope in chain for key in by_scope[scope]] for chain in sorted(chains)]


def _counted(place: Place, name: str) -> bool:
    """Whether a count is told of a page: of a year, an age, an ending or a label the main ones; of an ending of one
    year, or below a service, its number alone, and of an age or a label there nothing.
    """
    scope, year, split = place
    if not year and not split:
        return True
    narrow = bool(year) or scope.startswith("part:")
    return name in MAIN and (not split or not narrow or (split.startswith("ending:") and name == BEGUN))


def _places(row: ResultRow) -> Iterator[Place]:
    """The scope, year and split of every page that an episode counts on."""
    splits = ["", f"age:{row.age}", *([f"ending:{row.ending}"] if row.scores.closed else [])]
    yield from product(scopes_with(row), ("", str(row.year)), splits)
    yield from product(scopes_with(row)[:-1], ("",), labels_of(row)[1:])


def labels_of(row: ResultRow) -> tuple[str, ...]:
    """The splits that an episode counts in by its client's labels: none, each label, and last just these labels.

    A client can have several, so that labels are no way of dividing; who has just the same ones is.
    """
    own = sorted(map(str, row.labels))
    return "", *(f"label:{label}" for label in own), LABELS + ",".join(own)


def scopes_with(row: ResultRow) -> tuple[str, ...]:
    """The scopes that an episode belongs to, from the widest to the narrowest."""
    return EVERYBODY, f"kind:{row.kind}", f"service:{row.service}", f"part:{row.service}:{row.part}"


def _sums(rows: Iterable[ResultRow], cells: Mapping[Cell, LinkedCell]) -> Iterator[LinkedSum]:
    """Every sum that links the cells; those without anybody are left out, as they tell nothing."""
    below: dict[str, set[str]] = defaultdict(set)
    years: set[str] = set()
    label_sets: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        years.add(str(row.year))
        *_others, own = labels_of(row)
        for label in labels_of(row)[:-1]:
            label_sets[label].add(own)
        for wide, narrow in pairwise(scopes_with(row)):
            below[wide].add(narrow)
    for here in list(cells):
        scope, year, split, name = here
        divided = [[(narrow, year, split, name) for narrow in sorted(below.get(scope, ()))]]
        if not year:
            divided.append([(scope, one, split, name) for one in sorted(years)])
        if not year:
            divided.append([(scope, year, own, name) for own in sorted(label_sets.get(split, ()))])
        if not split:
            divided += _by_age_and_ending(scope, year, name)
        divided += [[(scope, year, split, part) for part in parts] for whole, parts in DIVIDED if whole == name]
        # Where a count is not divided further there is nothing to link.
        found = (tuple(part for part in parts if part in cells) for parts in divided)
        yield from (LinkedSum(here, parts) for parts in found if parts)


def _by_age_and_ending(scope: str, year: str, name: str) -> list[list[Cell]]:
    """What a count is the sum of by age groups, and a count of closed episodes by endings."""
    ages: list[Cell] = [(scope, year, f"age:{age}", name) for age in AGE_GROUPS]
    if name in OF_BEGUN:
        return [ages]
    # All that ended began, so that closed episodes are the sum of those begun by their endings.
    counted = BEGUN if name == CLOSED else name
    return [ages, [(scope, year, f"ending:{one}", counted) for one in ENDINGS]]
