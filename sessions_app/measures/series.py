"""A series of sessions as the rules see it: one episode, one rater, totals and marks in tenths."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Protocol

from sessions_app.measures.instruments.cutoffs import ADULT
from sessions_app.measures.rules import DEFAULT_RULES, RuleSet
from sessions_app.measures.state_filter import ADULT_VALUES, StateValues


class Expected(Protocol):
    """What the rules need of an expected trajectory: `trajectory.Model`, or a licensed one of that shape."""

    @property
    def amber_at_most(self) -> bool:
        """Whether the trajectory rests on too few episodes for a red alert."""

    def band(self, intake: int, session: int, quantile: float) -> float:
        """Return the quantile of scores at a session from 2 on, in unrounded tenths."""

    def target(self, intake: int) -> float:
        """Return the expected last score, in tenths."""


@dataclass(frozen=True)
class Rated:
    """What a series holds: the instruments of outcome and alliance (keys), whose rating, at which age band."""

    outcome: str = "ors"
    alliance: str = "srs"
    rater: str = "client"
    band: str = ADULT


@dataclass(frozen=True)
class Measured:
    """One session: totals and marks in tenths, None where nothing was measured.

    `ors` is the outcome and `srs` the alliance, whichever of the family the series is of. While a session is
    `running` nothing of it is missing yet.
    """

    key: str
    held_on: date
    order: tuple[str, ...] = ()
    attended: bool = True
    ors: int | None = None
    ors_marks: tuple[int, ...] | None = None
    srs: int | None = None
    srs_marks: tuple[int, ...] | None = None
    outcome_due: bool = True
    alliance_due: bool = True
    running: bool = False


@dataclass(frozen=True)
class PeriodicScore:
    """One answer to a periodic instrument at the session `key`; `score` is its total as it is said."""

    instrument: str
    key: str
    held_on: date
    score: int


@dataclass(frozen=True)
class Lateness:
    """Since when something that was agreed is late, and for how many days by now; the pages count them by night."""

    since: date
    days: int

    def as_measured(self) -> Measured:
        """Return the first late day as a session without a key, at which nothing was measured."""
        return Measured("", self.since, attended=False)


@dataclass(frozen=True)
class Series:
    """One rater's sessions in one episode, with the values (all in tenths) and rules that hold for it.

    The order of `sessions` does not matter: they are sorted by date, order and key. `periodic` are the scores of
    periodic instruments in the whole episode, scales that stand beside; `overdue` is of today, not of a
    session. `state` is what the filter of changes reads.
    """

    sessions: tuple[Measured, ...]
    cutoff: int = 250
    reliable_change: int = 50
    alliance_cutoff: int = 360
    ended: bool = False
    model: Expected | None = None
    target: int | None = None
    rules: RuleSet = DEFAULT_RULES
    of: Rated = Rated()
    periodic: tuple[PeriodicScore, ...] = ()
    overdue: Lateness | None = None
    state: StateValues = ADULT_VALUES

    def sorted(self) -> tuple[Measured, ...]:
        """Return the sessions in the order in which they were held."""
        return self._in_order

    @cached_property
    def _in_order(self) -> tuple[Measured, ...]:
        return tuple(sorted(self.sessions, key=lambda session: (session.held_on, session.order, session.key)))

    def ors_totals(self) -> list[tuple[Measured, int]]:
        """Return each session with an ORS total, and the total, in order; the first is the intake."""
        return list(self._with_ors)

    def srs_totals(self) -> list[tuple[Measured, int]]:
        """Return each session with an SRS total, and the total, in order."""
        return list(self._with_srs)

    @cached_property
    def _with_ors(self) -> tuple[tuple[Measured, int], ...]:
        return tuple((session, session.ors) for session in self.sorted() if session.ors is not None)

    @cached_property
    def _with_srs(self) -> tuple[tuple[Measured, int], ...]:
        return tuple((session, session.srs) for session in self.sorted() if session.srs is not None)

    def periodic_scores(self, instrument: str) -> Iterator[tuple[Measured, int]]:
        """Yield each answer to a periodic instrument as a session of its own, and its score, in order."""
        for one in sorted(self.periodic, key=lambda one: (one.held_on, one.key)):
            if one.instrument == instrument:
                yield Measured(one.key, one.held_on), one.score

    def service_target(self) -> float | None:
        """Return the set target, else the trajectory's for this intake (unrounded tenths), else None.

        The trajectory's is never below the lower one of intake and cut-off: nobody is expected to fall under it.
        """
        return self._service_target

    @cached_property
    def _service_target(self) -> float | None:
        if self.target is not None or self.model is None:
            return self.target
        intake = next((total for _, total in self.ors_totals()), None)
        return None if intake is None else max(self.model.target(intake), float(min(intake, self.cutoff)))
