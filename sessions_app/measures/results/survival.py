"""How long until something ends, where some have not ended yet: Kaplan and Meier (1958), its median by a named rule.

Packages do not agree on the median of one curve: where it is level at one half, R takes the middle of the step,
statsmodels its end and lifelines its start; where it ends there, R prints the last time and its quantile() another.
Here it is the first time at which at most one half are left, which is lifelines' rule: nobody can have five and a half
sessions.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sessions_app.measures.results.intervals import Z95

HALF = 0.5
# Shares are products of fractions: one that is a half in truth may miss it by so much.
ROUNDING = 1e-9


@dataclass(frozen=True)
class SurvivalStep:
    """From `at` on `share` are left (0 to 1), with log-log 95 % limits; `at_risk` and `events` are those of `at`."""

    at: int
    at_risk: int
    events: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class MedianTime:
    """The first time at which at most one half are left, with its limits; None where the curve never comes there."""

    value: int | None
    low: int | None
    high: int | None


def kaplan_meier(times: Iterable[tuple[int, bool]]) -> tuple[SurvivalStep, ...]:
    """Return the curve of (time, whether it ended then) as its steps, one for each time at which something ended.

    Who has not ended counts as at risk at their own last time. Limits are log-log (Greenwood's error), as those of
    lifelines and of R's conf.type "log-log"; where nobody is left the upper one is that of the step before.
    ValueError for a negative time.
    """
    listed = list(times)
    if any(time < 0 for time, _ended in listed):
        raise ValueError("a time is not negative")
    ended, left = Counter(time for time, over in listed if over), Counter(time for time, _over in listed)
    at_risk, share, variance, high = len(listed), 1.0, 0.0, 1.0
    steps = []
    for time in sorted(left):
        if events := ended[time]:
            share *= 1 - events / at_risk
            if at_risk > events:
                variance += events / (at_risk * (at_risk - events))
                low, high = _log_log(share, variance)
            else:
                share, low = 0.0, 0.0
            steps.append(SurvivalStep(time, at_risk, events, share, low, high))
        at_risk -= left[time]
    return tuple(steps)


def median_time(steps: Sequence[SurvivalStep]) -> MedianTime:
    """Return the median of a curve and the limits of it: the times at which the limits of the curve reach one half."""
    return MedianTime(
        value=_first(step.at for step in steps if step.share <= HALF + ROUNDING),
        low=_first(step.at for step in steps if step.low <= HALF + ROUNDING),
        high=_first(step.at for step in steps if step.high <= HALF + ROUNDING),
    )


def coarse(steps: Sequence[SurvivalStep], k: int) -> tuple[SurvivalStep, ...]:
    """Return the curve with steps of k endings or more, as far as k are at risk: no step tells of fewer persons."""
    kept, since = [], 0
    for step in steps:
        since += step.events
        if since >= k and step.at_risk - step.events >= k:
            kept.append(step)
            since = 0
    return tuple(kept)


def _log_log(share: float, variance: float) -> tuple[float, float]:
    half = Z95 * math.sqrt(variance) / math.log(share)
    return share ** math.exp(-half), share ** math.exp(half)


def _first(times: Iterable[int]) -> int | None:
    return min(times, default=None)
