"""How one practitioner's clients changed against what their first scores let expect in the whole organisation.

The sum of a funnel: the mean residual of one caseload between limits of chance that narrow with its size
(Spiegelhalter 2005; case-mix by the first score as in the severity-adjusted effect size). Never a ranking: only the
one who asks is placed.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean, linear_regression

from sessions_app.measures.results.funnel import (
    FUNNEL_FROM,
    OWN_FROM,
    Standing,
    funnel_limits_of_mean,
    over_dispersion,
    standing,
)

# Two of three pairs of limits: 95 and 99.8 per cent.
USUAL_Z, FAR_Z = 1.96, 3.09
# So many others with data of their own are needed: with fewer, what is expected would tell about each of them.
LEAST_OTHERS = 5
LEAST_SPREAD = 1e-6  # tenths; below it nothing but rounding is left

Pair = tuple[int, int]  # first and last score, tenths


class Chance(StrEnum):
    """Where a mean lies between the limits of chance; on a limit is within it."""

    WITHIN = "within"
    MORE, FAR_MORE = "more", "far_more"
    LESS, FAR_LESS = "less", "far_less"


@dataclass(frozen=True)
class OwnStanding:
    """A caseload in its funnel: n episodes, their mean residual, one episode's spread; tenths of points.

    `sd` is already widened where the others differ more than chance explains; `standing` says how much it counts.
    """

    n: int
    residual: float
    sd: float
    standing: Standing
    others: int

    def limits(self, n: float, z: float) -> tuple[float, float]:
        """The limits of chance of a caseload of n."""
        return funnel_limits_of_mean(0.0, self.sd, n, z)

    @property
    def chance(self) -> Chance:
        """More or less than chance explains, in two steps."""
        low, high = self.limits(self.n, USUAL_Z)
        if low <= self.residual <= high:
            return Chance.WITHIN
        far_low, far_high = self.limits(self.n, FAR_Z)
        if self.residual > high:
            return Chance.FAR_MORE if self.residual > far_high else Chance.MORE
        return Chance.FAR_LESS if self.residual < far_low else Chance.LESS


def own_standing(own: Sequence[Pair], others: Sequence[Sequence[Pair]]) -> OwnStanding | None:
    """Place one's own episodes among those of the others, a sequence of pairs for each.

    Expected is the straight line of last on first score through all episodes together. None below 30 own episodes,
    with fewer than five others who have ten, or where all first scores or all residuals are alike.
    """
    counted = [group for group in others if len(group) >= OWN_FROM]
    if len(own) < FUNNEL_FROM or len(counted) < LEAST_OTHERS:
        return None
    every = [*own, *(pair for group in others for pair in group)]
    if len({first for first, _last in every}) < 2:
        return None
    line = linear_regression([first for first, _last in every], [last for _first, last in every])

    def residuals(pairs: Sequence[Pair]) -> Iterator[float]:
        return (last - line.intercept - line.slope * first for first, last in pairs)

    spread = math.sqrt(sum(value**2 for value in residuals(every)) / (len(every) - 2))
    if spread < LEAST_SPREAD:
        return None
    # Of the others alone: among a few, somebody far off would widen the limits that they are held against.
    zs = [fmean(residuals(group)) * math.sqrt(len(group)) / spread for group in counted]
    return OwnStanding(
        n=len(own),
        residual=fmean(residuals(own)),
        sd=spread * over_dispersion(zs),
        standing=standing(len(own)),
        others=len(counted),
    )
