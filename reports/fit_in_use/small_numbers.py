"""What somebody who may see no client is shown of these counts: decided for all teams of the organisation at once.

Every month stands alone: nothing on the page adds months. In each all counts of all teams are looked at together, those
of a client in two teams too. Who of the people has begun is no count of clients and is not hidden.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from reports.fit_in_use import definitions as of
from sessions_app.measures.results.linked_tables import LinkedCell, LinkedSum, hidden_cells
from sessions_app.measures.results.suppression import EXPORT

K = EXPORT  # as on the results page: one limit for the page and for the file made of it
ALL = "all"

Cell = tuple[str, str]  # whose, and which count

# What each count is divided into, in every way in which a reader could subtract one from another.
DIVIDED: tuple[tuple[str, tuple[str, ...]], ...] = (
    (of.SESSIONS, (of.ORS, of.NO_ORS)),
    (of.SESSIONS, (of.SRS, of.NO_SRS)),
    (of.SESSIONS, (of.BOTH, of.NOT_BOTH)),
    (of.SESSIONS, (of.WORDS, of.NO_WORDS)),
    (of.NOT_BOTH, (of.REASON, of.NO_REASON)),
    *((name, tuple(one for one in of.SHARED if of.STATES_OF_ORS[one.partition("&")[0]] == name))
      for name in (of.ORS, of.NO_ORS)),
    *((name, tuple(one for one in of.SHARED if of.STATES_OF_SRS[one.partition("&")[2]] == name))
      for name in (of.SRS, of.NO_SRS)),
    (of.BOTH, ("ors&srs",)),
    *((name, tuple(one for one in of.SHARED if one != "ors&srs" and of.reason_of(one) == name))
      for name in (of.REASON, of.NO_REASON)),
    (of.AGREED, (of.KEPT, of.NOT_KEPT)),
    (of.OPEN, (of.DISCUSSED, of.NOT_DISCUSSED)),
    (of.ALERTS, (of.ACTED, of.IN_TIME, of.TOO_LATE)),
)  # fmt: skip
# What a page is asked for first is hidden last.
WORTH = {of.SESSIONS: 3, of.AGREED: 3, of.ALERTS: 3, of.OPEN: 3, of.ORS: 2, of.SRS: 2, of.KEPT: 2, of.ACTED: 2}


@dataclass(frozen=True, slots=True)
class Counted:
    """One session, episode or alert of a period: whose, and in which counts; `by` is whoever stands behind it."""

    client: UUID
    teams: frozenset[UUID]
    by: UUID | None
    names: tuple[str, ...]

    @property
    def part(self) -> str:
        """The clients of just these teams: every client is in one such part."""
        return "part:" + ",".join(sorted(map(str, self.teams)))

    @property
    def scopes(self) -> tuple[str, ...]:
        """Everybody, each team, and the part."""
        return ALL, *(f"team:{team}" for team in self.teams), self.part


def hidden_counts(items: Sequence[Counted]) -> frozenset[Cell]:
    """Which counts of a period are hidden from somebody who may see no client."""
    cells: dict[Hashable, LinkedCell] = defaultdict(LinkedCell)
    behind: dict[Cell, set[UUID | None]] = defaultdict(set)
    for place, item in enumerate(items):
        for scope in item.scopes:
            for name in item.names:
                cells[scope, name].add(item.client, place, K)
                behind[scope, name].add(item.by)
    # What one practitioner alone stands behind is that practitioner's own; so is all that it is divided into.
    wholes = {whole for whole, _parts in DIVIDED} - {part for _whole, parts in DIVIDED for part in parts}
    alone = {
        (scope, name) for (scope, name), by in behind.items() if name in wholes and len(by) == 1 and None not in by
    }
    below = {whole: _below(whole) for whole in wholes}
    also = {(scope, name) for scope, whole in alone for name in below[whole] if (scope, name) in cells}
    shown = [key for key in cells if not cast(Cell, key)[0].startswith("part:") and "&" not in cast(Cell, key)[1]]
    persons = [item.client for item in items]
    found = hidden_cells(
        cells, list(_sums(items, cells)), k=K, also=also, compared=[shown], persons=persons, worth=_worth
    )
    return frozenset(cast("set[Cell]", found))


def _below(whole: str) -> set[str]:
    found = {whole}
    for one, parts in DIVIDED:
        if one in found:
            found |= set(parts)
    return found


def _worth(key: Hashable) -> int:
    """What is on no page costs nothing to hide; everybody's counts are hidden last."""
    scope, name = cast(Cell, key)
    if scope.startswith("part:") or "&" in name:
        return -1
    return WORTH.get(name, 0) + (1 if scope == ALL else 0)


def _sums(items: Sequence[Counted], cells: Mapping[Hashable, LinkedCell]) -> Iterator[LinkedSum]:
    """Every sum that links the counts: everybody's and a team's of their parts, and each of what it is divided into."""
    parts: dict[str, set[str]] = defaultdict(set)
    for item in items:
        for scope in item.scopes[:-1]:
            parts[scope].add(item.part)
    for key in list(cells):
        scope, name = cast(Cell, key)
        linked = [[(part, name) for part in sorted(parts.get(scope, ()))]]
        linked += [[(scope, part) for part in divided] for whole, divided in DIVIDED if whole == name]
        for keys in linked:
            if found := tuple(one for one in keys if one in cells):
                yield LinkedSum(key, found)
