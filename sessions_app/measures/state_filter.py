"""What a course of scores says about the state behind it: the state now against the state at the start.

Two states (start, now) with an exact normal filter: each score is the state of its day plus an error of its own,
and between two measurements the state moves by chance. All numbers here are points, not tenths.
"""

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sessions_app.measures.provenance import Confidence, Provenance, gettext_noop

# By reliability: the z that calls 5 % of people whose state never changes worse within ten weekly measurements,
# together with a fall of five points (simulated: SD 6.8, drift 1). `false_alarms.critical` computes it again.
CRITICAL_BY_RELIABILITY: tuple[tuple[float, float], ...] = (
    (0.60, 1.09),
    (0.66, 1.14),
    (0.70, 1.18),
    (0.75, 1.23),
    (0.80, 1.30),
    (0.85, 1.38),
    (0.90, 1.48),
    (0.93, 1.52),
    (0.95, 1.38),
)
# A difference of two scores beyond this many of its standard errors is said to be a difference (80 %, two-sided).
NOTICED = 1.28


@dataclass(frozen=True)
class StateValues:
    """What the filter reads: `sd` and `mean` of the first scores, `reliability`, `drift` (points² a measurement).

    `critical` is how many standard deviations of the change confirm it. ValueError for values without a meaning.
    """

    sd: float
    reliability: float
    drift: float
    mean: float
    critical: float

    def __post_init__(self) -> None:
        if not (self.sd > 0 and 0 < self.reliability < 1 and self.drift >= 0 and self.critical > 0):
            raise ValueError(f"no values of a filter: {self}")

    @property
    def error(self) -> float:
        """The standard error of one score: SD √(1 - r)."""
        return self.sd * math.sqrt(1 - self.reliability)

    @property
    def difference(self) -> float:
        """The standard error of a difference of two scores: √2 times that of one."""
        return math.sqrt(2) * self.error

    @property
    def noticed(self) -> int:
        """From which difference on (tenths) two scores following each other are called different."""
        return round(10 * NOTICED * self.difference)


@dataclass(frozen=True)
class StateChange:
    """The estimated change of the state since the first score, and its standard deviation (points)."""

    points: float
    sd: float

    @property
    def z(self) -> float:
        """The change in its standard deviations; nought at the first score, where there is none."""
        return self.points / self.sd if self.sd else 0.0


ADULT_VALUES = StateValues(sd=6.8, reliability=0.8, drift=1.0, mean=19.0, critical=1.32)
CHILD_VALUES = StateValues(sd=7.5, reliability=0.8, drift=1.0, mean=24.0, critical=1.32)
# By instrument; another one is read with those of adults.
VALUES: Mapping[str, StateValues] = {"ors": ADULT_VALUES, "cors": CHILD_VALUES}

_SIMULATED = gettext_noop("simulated: one of twenty stable people within ten measurements")
_WALK = gettext_noop("our proposal: the state moves by about a point between two measurements")
_BETWEEN = gettext_noop("our proposal between the published retest (.66) and alpha (.93)")
SOURCES: Mapping[str, Mapping[str, Provenance]] = {
    "ors": {
        "sd": Provenance(gettext_noop("SD of the published reliable change of 5 points: 6.8"), Confidence.MEDIUM),
        "reliability": Provenance(_BETWEEN, Confidence.PROPOSAL),
        "drift": Provenance(_WALK, Confidence.PROPOSAL),
        "mean": Provenance(gettext_noop("published mean first ORS of adults: 16 to 19.6"), Confidence.MEDIUM),
        "critical": Provenance(_SIMULATED, Confidence.PROPOSAL),
    },
    "cors": {
        "sd": Provenance(gettext_noop("assumed for children: 7.5"), Confidence.LOW),
        "reliability": Provenance(gettext_noop("our proposal; published alpha of the CORS: .84"), Confidence.PROPOSAL),
        "drift": Provenance(_WALK, Confidence.PROPOSAL),
        "mean": Provenance(gettext_noop("assumed for children: 24"), Confidence.LOW),
        "critical": Provenance(_SIMULATED, Confidence.PROPOSAL),
    },
}


def critical_for(reliability: float) -> float:
    """Return the z that belongs to a reliability: linear between the columns of the table, its ends beyond it."""
    columns = CRITICAL_BY_RELIABILITY
    at = bisect_right(columns, (reliability, math.inf))
    if at in (0, len(columns)):
        return columns[min(at, len(columns) - 1)][1]
    (low, z_low), (high, z_high) = columns[at - 1], columns[at]
    return z_low + (z_high - z_low) * (reliability - low) / (high - low)


@lru_cache(1024)
def weights(values: StateValues, number: int) -> tuple[tuple[float, ...], float]:
    """Return what the estimated change at the `number`-th score is made of, and its standard deviation.

    The change is the sum of weight times (score - mean), in points. ValueError before the first score.
    """
    if number < 1:
        raise ValueError("there is no change before the first score")
    true = values.reliability * values.sd**2
    error = (1 - values.reliability) * values.sd**2
    now, start = [0.0] * number, [0.0] * number
    p_now, p_both, p_start = true, true, true
    for at in range(number):
        if at:
            p_now += values.drift
        total = p_now + error
        gain_now, gain_start = p_now / total, p_both / total
        before = list(now)
        for place in range(at):
            now[place] -= gain_now * before[place]
            start[place] -= gain_start * before[place]
        now[at], start[at] = gain_now, gain_start
        p_start -= gain_start * p_both
        p_both -= gain_start * p_now
        p_now -= gain_now * p_now
    variance = p_now + p_start - 2 * p_both
    return tuple(a - b for a, b in zip(now, start, strict=True)), math.sqrt(max(variance, 0.0)) if number > 1 else 0.0


def change(values: StateValues, totals: Sequence[int]) -> StateChange:
    """Return the estimated change from the first of these totals (tenths, in order) to the last; nought at one."""
    weight, sd = weights(values, len(totals))
    return StateChange(sum(w * (total / 10 - values.mean) for w, total in zip(weight, totals, strict=True)), sd)


def interval(difference: int, standard_error: float) -> tuple[int, int]:
    """Return the 95 % interval of a difference of two scores (tenths), rounded outwards; the error in points."""
    half = 19.6 * standard_error
    return math.floor(difference - half), math.ceil(difference + half)


def is_worse(values: StateValues, totals: Sequence[int]) -> bool:
    """Whether the state is confirmed to be lower than at the start: z at most -critical."""
    return change(values, totals).z <= -values.critical


def is_better(values: StateValues, totals: Sequence[int]) -> bool:
    """Whether the state is confirmed to be higher than at the start: z at least +critical."""
    return change(values, totals).z >= values.critical


def return_to_mean(values: StateValues, totals: Sequence[int]) -> int:
    """Return how far (tenths, signed) a score lies from a first one like this on average, without any change.

    Nought where it need not be said: the first score lies less than one SD from the mean, there is no second yet, the
    last is not nearer the mean, or all measurements together confirm more than that.
    """
    if len(totals) < 2:
        return 0
    away = values.mean * 10 - totals[0]
    if abs(away) < values.sd * 10 or (totals[-1] - totals[0]) * away <= 0:
        return 0
    if is_worse(values, totals) or is_better(values, totals):
        return 0
    return round((1 - values.reliability) * away)
