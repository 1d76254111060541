"""The counts of each month and team, and which of them may be shown."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from organisations.models import Practitioner
from organisations.roles import Role
from organisations.services.local_day import today_in
from reports.fit_in_use.definitions import (
    MEASURES,
    STAFF,
    UseMeasure,
    of_alert,
    of_course,
    of_person,
    of_session,
)
from reports.fit_in_use.rows import SessionUse, StaffUse, UsePeriod, UseRows, load_use_rows
from reports.fit_in_use.small_numbers import ALL, Cell, Counted, hidden_counts


@dataclass(frozen=True)
class UseShare:
    """`part` of `whole`; None is hidden."""

    part: int | None
    whole: int | None

    @property
    def height(self) -> float | None:
        """From 0 to 1; None where it is hidden or nothing is counted."""
        return None if self.part is None or not self.whole else self.part / self.whole


@dataclass(frozen=True)
class UseFigures:
    """The counts of some periods: by whose and period, what of them is hidden, and who is counted at all."""

    periods: tuple[UsePeriod, ...]
    counts: tuple[dict[str, Counter[str]], ...]
    hidden: tuple[frozenset[Cell], ...]
    clients: dict[str, set[UUID]]

    def count(self, scope: str, place: int, name: str) -> int | None:
        """A count of the period at a place; None where it is hidden."""
        return None if (scope, name) in self.hidden[place] else self.counts[place][scope][name]

    def share(self, scope: str, place: int, measure: UseMeasure) -> UseShare:
        """What a measure says of a period."""
        return UseShare(self.count(scope, place, measure.part), self.count(scope, place, measure.whole))

    def shares(self, scope: str, measure: UseMeasure) -> list[UseShare]:
        """The same of every period, the first first."""
        return [self.share(scope, place, measure) for place in range(len(self.periods))]

    def has_any(self, scope: str) -> bool:
        """Whether anything but people was counted in any period."""
        return any(
            found[scope][measure.whole] for found in self.counts for measure in MEASURES if measure.whole != STAFF
        )


def sees_every_client(by: Practitioner) -> bool:
    """Whether somebody may see each client whom the figures count, so that nothing has to be hidden from them."""
    return by.role != Role.ADMIN


def read_use(by: Practitioner, periods: Sequence[UsePeriod]) -> UseFigures:
    """The figures of periods that follow each other, the last up to today; a constant number of queries."""
    rows = load_use_rows(by, UsePeriod(periods[0].first, periods[-1].last))
    return figures_of(rows, periods, today_in(by.organisation), hides=not sees_every_client(by))


def figures_of(rows: UseRows, periods: Sequence[UsePeriod], today: date, *, hides: bool) -> UseFigures:
    """The counts of rows by period; nothing is hidden unless `hides`."""
    sessions = _by_period(rows, periods)
    counts, hidden = [], []
    clients: dict[str, set[UUID]] = defaultdict(set)
    for place, period in enumerate(periods):
        items = list(_items(rows, sessions[place], period, today))
        for item in items:
            for scope in item.scopes:
                clients[scope].add(item.client)
        counts.append(_counted(items, rows.staff, period.last))
        hidden.append(hidden_counts(items) if hides else frozenset[Cell]())
    return UseFigures(tuple(periods), tuple(counts), tuple(hidden), clients)


def _by_period(rows: UseRows, periods: Sequence[UsePeriod]) -> list[list[SessionUse]]:
    found: list[list[SessionUse]] = [[] for _period in periods]
    firsts = [period.first for period in periods]
    for one in rows.sessions:
        found[bisect_right(firsts, one.held_on) - 1].append(one)
    return found


def _items(rows: UseRows, sessions: Sequence[SessionUse], period: UsePeriod, today: date) -> Iterator[Counted]:
    """Everything that is counted in a period."""
    nowhere = frozenset[UUID]()
    of_episode: dict[UUID, list[SessionUse]] = defaultdict(list)
    for one in sessions:
        of_episode[one.episode].append(one)
        yield Counted(one.client, rows.teams.get(one.client, nowhere), one.practitioner, of_session(one))
    spoken = {episode for episode, day in rows.discussed if period.has(day)}
    for course in rows.courses:
        names = of_course(course, of_episode[course.episode], period.last, discussed=course.episode in spoken)
        if names:
            yield Counted(course.client, rows.teams.get(course.client, nowhere), course.contact, names)
    for alert in rows.alerts:
        if period.has(alert.raised_on):
            yield Counted(alert.client, rows.teams.get(alert.client, nowhere), alert.contact, of_alert(alert, today))


def _counted(items: Sequence[Counted], staff: Sequence[StaffUse], until: date) -> dict[str, Counter[str]]:
    """The counts by scope. Of people everybody's is that of all who are in a team."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for item in items:
        for scope in item.scopes:
            found[scope].update(item.names)
    for person in staff:
        for scope in (ALL, *(f"team:{team}" for team in person.teams)):
            found[scope].update(of_person(person, until))
    return found
