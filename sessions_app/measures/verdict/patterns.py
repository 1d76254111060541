"""Named shapes of an ORS curve, at most one at a time.

The names are those of the FIT manuals; the definitions are our own operational ones. R is the reliable
change, d a difference of successive scores, all in tenths. Halves are compared by doubling, so that no
score is rounded.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sessions_app.measures.rules import Level
from sessions_app.measures.series import Series

BLEEDING = "bleeding"
SEE_SAW = "see_saw"
DIPPING = "dipping"
PLATEAU_BELOW = "plateau_below"
PLATEAU_ABOVE = "plateau_above"
STEADY_RISE = "steady_rise"
EARLY_RESPONDER = "early_responder"
PATTERNS: tuple[str, ...] = (
    BLEEDING,
    SEE_SAW,
    DIPPING,
    PLATEAU_BELOW,
    PLATEAU_ABOVE,
    STEADY_RISE,
    EARLY_RESPONDER,
)


@dataclass(frozen=True)
class Pattern:
    """One shape; `rule` is also its sentence key. Numbers in tenths, and counts of scores."""

    rule: str
    level: Level
    numbers: dict[str, int]

    @property
    def sentence(self) -> str:
        """The key that the application translates."""
        return f"pattern_{self.rule}"


# For so many measurements after its lowest a dip is still spoken of (own proposal).
DIP_REMEMBERED = 4

Finder = Callable[[Sequence[int], int, int], Pattern | None]


def find_pattern(series: Series) -> Pattern | None:
    """Return the shape that holds at the latest ORS, the first in the order of `PATTERNS`, or None."""
    totals = [total for _, total in series.ors_totals()]
    for finder in _FINDERS:
        if (found := finder(totals, series.reliable_change, series.cutoff)) is not None:
            return found
    return None


def _bleeding(totals: Sequence[int], change: int, cutoff: int) -> Pattern | None:
    """At least three successive falls up to now, R or more in all."""
    falls = 0
    for earlier, later in reversed(list(pairwise(totals))):
        if later >= earlier:
            break
        falls += 1
    fall = totals[-1 - falls] - totals[-1] if totals else 0
    if falls < 3 or fall < change:
        return None
    return Pattern(BLEEDING, Level.AMBER, {"falls": falls, "change": -fall})


def _see_saw(totals: Sequence[int], change: int, cutoff: int) -> Pattern | None:
    """Over the last five scores every step at least R/2, each in the other direction, and no way made."""
    recent = totals[-5:]
    if len(recent) < 5:
        return None
    steps = [later - earlier for earlier, later in pairwise(recent)]
    large = all(2 * abs(step) >= change for step in steps)
    turns = sum(first * second < 0 for first, second in pairwise(steps))
    if not large or turns < 3 or abs(recent[-1] - recent[0]) >= change:
        return None
    return Pattern(SEE_SAW, Level.AMBER, {"range": max(recent) - min(recent), "scores": 5})


def _dipping(totals: Sequence[int], change: int, cutoff: int) -> Pattern | None:
    """A fall of R or more, the latest one, no more than four measurements ago; now back within R/2 of before it."""
    if len(totals) < 4:
        return None
    falls = [number for number, (earlier, later) in enumerate(pairwise(totals)) if later - earlier <= -change]
    if not falls or len(totals) - 2 - falls[-1] > DIP_REMEMBERED:
        return None
    before = totals[falls[-1]]
    if 2 * (before - totals[-1]) > change:
        return None
    return Pattern(DIPPING, Level.INFO, {"before": before, "lowest": totals[falls[-1] + 1], "score": totals[-1]})


def _plateau(totals: Sequence[int], change: int, cutoff: int) -> Pattern | None:
    """From the fifth score on, the last four within less than R/2."""
    recent = totals[-4:]
    if len(totals) < 5 or 2 * (max(recent) - min(recent)) >= change:
        return None
    below = totals[-1] < cutoff
    numbers = {"range": max(recent) - min(recent), "score": totals[-1], "cutoff": cutoff}
    return Pattern(PLATEAU_BELOW if below else PLATEAU_ABOVE, Level.AMBER if below else Level.INFO, numbers)


def _steady_rise(totals: Sequence[int], change: int, cutoff: int) -> Pattern | None:
    """A rising line through the last four scores, no fall of R/2, and a gain of R since the intake."""
    if len(totals) < 4:
        return None
    first, second, third, fourth = totals[-4:]
    slope = -3 * first - second + third + 3 * fourth  # ten times the least-squares slope
    fell = any(2 * (later - earlier) <= -change for earlier, later in pairwise(totals))
    gain = totals[-1] - totals[0]
    if slope <= 0 or fell or gain < change:
        return None
    return Pattern(STEADY_RISE, Level.INFO, {"change": gain, "scores": len(totals)})


def _early_responder(totals: Sequence[int], change: int, cutoff: int) -> Pattern | None:
    """A gain of R by the third score."""
    gain = max(totals[1:3], default=0) - totals[0] if totals else 0
    return Pattern(EARLY_RESPONDER, Level.INFO, {"change": gain}) if gain >= change else None


_FINDERS: tuple[Finder, ...] = (_bleeding, _see_saw, _dipping, _plateau, _steady_rise, _early_responder)
