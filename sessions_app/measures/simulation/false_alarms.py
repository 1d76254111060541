"""How often each rule speaks of people whose state does not change, and how late it finds a true change.

Simulated, seeded: true states are drawn from N(mean, r SD²), scores are the state with an error of variance (1 - r)
SD², clipped to the scale and rounded to tenths, ten weekly measurements. The rules themselves judge the scores.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from random import Random

import numpy as np
import numpy.typing as npt

from sessions_app.measures.rules import DEFAULT_RULES, Level, RuleSet
from sessions_app.measures.rules.alert_spans import evaluate
from sessions_app.measures.series import Measured, Series
from sessions_app.measures.simulation.simulator import draw_ending
from sessions_app.measures.state_filter import ADULT_VALUES, StateValues, weights
from sessions_app.measures.trajectory.design_default import DEFAULT

Floats = npt.NDArray[np.float64]
Totals = npt.NDArray[np.int64]

MEASUREMENTS = 10
CUTOFF, RELIABLE_CHANGE, TOP = 250, 50, 400
_START = date(2026, 1, 5)
LINE_SD = 0.3  # how far the four lines of an alliance form lie from each other, in points


@dataclass(frozen=True)
class World:
    """What is true of the simulated people; `fall` points from measurement `fall_at` on, `slope` a measurement.

    `autocorrelation` is that of the errors, `walk` the SD by which the state moves between two measurements.
    """

    reliability: float = 0.8
    autocorrelation: float = 0.0
    walk: float = 0.0
    fall: float = 0.0
    fall_at: int = 4
    slope: float = 0.0
    clipped: bool = True
    sd: float = ADULT_VALUES.sd
    mean: float = ADULT_VALUES.mean


# The alliance of people whose meetings do not change: published mean and SD, and the retest reliability.
STABLE_ALLIANCE = World(reliability=0.64, sd=2.4, mean=37.4)


def outcomes(world: World, people: int, seed: int) -> Totals:
    """Return the outcome totals (tenths) of so many people, a row each of `MEASUREMENTS`."""
    rng = np.random.default_rng(seed)
    state = rng.normal(world.mean, world.sd * np.sqrt(world.reliability), (people, 1))
    steps = rng.normal(0, 1, (people, MEASUREMENTS)) * world.walk
    steps[:, 0] = 0
    scores = (state + np.cumsum(steps, axis=1) + _true_change(world) + _errors(world, people, rng)) * 10
    return np.rint(np.clip(scores, 0, TOP) if world.clipped else scores).astype(np.int64)


def _true_change(world: World) -> Floats:
    """By how many points everybody's state has changed at each measurement."""
    number = np.arange(MEASUREMENTS)
    return world.slope * number + world.fall * (number + 1 >= world.fall_at)


def _errors(world: World, people: int, rng: np.random.Generator) -> Floats:
    """Errors of the scores' variance; each carries over a part of the one before it."""
    fresh = rng.normal(0, 1, (people, MEASUREMENTS)) * world.sd * np.sqrt(1 - world.reliability)
    carried, kept = world.autocorrelation, np.sqrt(1 - world.autocorrelation**2)
    for at in range(1, MEASUREMENTS):
        fresh[:, at] = carried * fresh[:, at - 1] + kept * fresh[:, at]
    return fresh


def alliances(people: int, seed: int, world: World = STABLE_ALLIANCE) -> Totals:
    """Return the marks (tenths) of the four lines of an alliance form, by person and measurement."""
    rng = np.random.default_rng(seed)
    true = rng.normal(world.mean, world.sd * np.sqrt(world.reliability), (people, 1, 1))
    shared = rng.normal(0, world.sd * np.sqrt(1 - world.reliability), (people, MEASUREMENTS, 1))
    changed = _true_change(world)[:, np.newaxis]
    totals = np.rint(np.clip(true + changed + shared, 0, 40) * 10).astype(np.int64)
    even = totals // 4 + (np.arange(4) < totals % 4)
    # Two pairs of lines lie apart, as far as the scale leaves room: the total stays as it is.
    apart = np.rint(np.abs(rng.normal(0, LINE_SD * 10, (people, MEASUREMENTS, 2)))).astype(np.int64)
    room = np.minimum(100 - even, even).min(axis=2, keepdims=True)
    apart = np.minimum(apart, room)
    return even + np.concatenate([apart, -apart], axis=2)


def dropped_out(totals: Totals, alliance: Totals, seed: int) -> list[int]:
    """Return how many measurements each person came to, by the simulator's hazards of an ending."""
    rng = Random(seed)  # noqa: S311 - a simulation, nothing secret
    lengths = []
    for outcome, srs in zip(totals.tolist(), alliance.tolist(), strict=True):
        ended = (
            number
            for number in range(1, MEASUREMENTS + 1)
            if draw_ending(rng, number, outcome[number - 1], outcome[number - 1] - outcome[0], srs[number - 1], False)
        )
        lengths.append(next(ended, MEASUREMENTS))
    return lengths


class _Remembered:
    """The design default, which remembers its bands: thousands of courses ask for the same ones.

    A start outside the scale, where scores are not clipped, is read as the end of the scale.
    """

    amber_at_most = DEFAULT.amber_at_most

    def __init__(self) -> None:
        self._band = lru_cache(50_000)(DEFAULT.band)

    def band(self, intake: int, session: int, quantile: float) -> float:
        return self._band(min(max(intake, 0), TOP), session, quantile)

    def target(self, intake: int) -> float:
        return DEFAULT.target(min(max(intake, 0), TOP))


_MODEL = _Remembered()


def courses(
    totals: Totals, marks: Totals | None, state: StateValues, lengths: Sequence[int] | None = None
) -> Iterator[Series]:
    """Make a series of each person's totals (and marks of the alliance form), with the default values.

    `lengths` says how many measurements each person came to; without it everybody came to all.
    """
    for row, everything in enumerate(totals.tolist()):
        person = everything if lengths is None else everything[: lengths[row]]
        of_person = None if marks is None else marks[row].tolist()
        sessions = tuple(
            Measured(
                key=str(at),
                held_on=_START + timedelta(weeks=at),
                ors=total,
                srs=None if of_person is None else sum(of_person[at]),
                srs_marks=None if of_person is None else tuple(of_person[at]),
            )
            for at, total in enumerate(person)
        )
        yield Series(sessions, CUTOFF, RELIABLE_CHANGE, model=_MODEL, state=state)


Named = tuple[str, Level]  # a rule at a level or a higher one


def first_hits(found: Iterable[Series], rules: RuleSet) -> list[dict[Named, int]]:
    """Return for each series at which measurement (from 1) each rule first held, by rule and level."""
    hits = []
    for series in found:
        first: dict[Named, int] = {}
        for hit in evaluate(series, rules):
            for level in Level:
                if level.rank <= hit.level.rank:
                    first.setdefault((hit.rule, level), int(hit.session) + 1)
        hits.append(first)
    return hits


def shares(hits: Sequence[dict[Named, int]]) -> dict[Named, float]:
    """Return the share of people whom each rule ever spoke of, by rule and level."""
    named = sorted({key for first in hits for key in first})
    return {key: sum(key in first for first in hits) / len(hits) for key in named}


def rules_of(measures: Sequence[str]) -> RuleSet:
    """Return the default rules of these measures only."""
    return RuleSet(DEFAULT_RULES.version, tuple(rule for rule in DEFAULT_RULES.rules if rule.measure in measures))


@dataclass(frozen=True)
class Found:
    """How a true change is found: share ever, within three measurements after it began, and the median measurement."""

    ever: float
    soon: float
    median: float


def found_by(hits: Sequence[dict[Named, int]], named: Named, since: int) -> Found:
    """Return how many were found from measurement `since` on; who was called before is not counted as found by it."""
    at = np.array([first[named] for first in hits if named in first])
    ever, soon = len(at) / len(hits), float((at <= since + 3).sum()) / len(hits)
    return Found(ever, soon, float(np.median(at)) if len(at) else float("nan"))


def is_red(totals: Totals, state: StateValues) -> npt.NDArray[np.bool_]:
    """Return where O1 is red, by person and measurement: five points below the start, and confirmed."""
    return (totals - totals[:, :1] <= -RELIABLE_CHANGE) & (z_of(totals, state) <= -state.critical)


def z_of(totals: Totals, state: StateValues) -> Floats:
    """Return the change since the start in its standard deviations, by person and measurement."""
    z = np.zeros(totals.shape)
    for number in range(2, totals.shape[1] + 1):
        weight, sd = weights(state, number)
        z[:, number - 1] = (totals[:, :number] / 10 - state.mean) @ np.array(weight) / sd
    return z


def critical(reliability: float, people: int, seed: int, share: float = 0.05) -> float:
    """Return the z that calls this share of stable people worse within ten measurements, beside the five points."""
    state = replace(ADULT_VALUES, reliability=reliability)
    totals = outcomes(World(reliability), people, seed)
    z = np.where(totals - totals[:, :1] <= -RELIABLE_CHANGE, z_of(totals, state), 0.0)
    return float(-np.quantile(z.min(axis=1), share))
