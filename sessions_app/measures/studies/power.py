"""How many clients and practitioners a study of two arms needs, and what a given number can show.

Sources. The comparison of two means with equal shares: Student's t with n1 + n2 - 2 degrees of freedom and the
noncentral t (Cohen 1988, Statistical Power Analysis, chapter 2). Clients of one practitioner resemble each other: the
design effect 1 + (m - 1) ICC (Donner and Klar 2000), with clusters of unequal size 1 + ((CV^2 + 1) m - 1) ICC
(Eldridge, Ashby and Kerry 2006, Int J Epidemiol 35: 1292-1300). A first score as covariate leaves the share 1 - r^2 of
the variance (Borm, Fransen and Lemmens 2007, J Clin Epidemiol 60: 1234-1238). Drop-out: divide by 1 - its share. With
few practitioners the degrees of freedom are those of the clusters, 2k - 2 for k in each arm (Donner and Klar 2000,
Hayes and Moulton 2017): they are used as soon as ICC is above 0.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

NORMAL = NormalDist()
SPREADS, STEPS = 12, 400  # of the integral over the standard deviation: how far, in its spreads, and in how many steps

MOST = 100_000
"""Clients in each arm: a design that needs more is said to need more."""


@dataclass(frozen=True)
class Design:
    """A study of two arms of one size. `d`: difference in standard deviations of the last score; `alpha`: two-sided.

    `icc`: how far clients of one practitioner resemble each other (0-1); `cluster_size`: clients to a practitioner who
    are analysed, on average; `cluster_cv`: standard deviation of that number over its mean; `r`: correlation of first
    and last score; `drop_out`: share of the enrolled without a last score (0 to below 1).
    """

    d: float
    alpha: float = 0.05
    icc: float = 0.0
    cluster_size: float = 1.0
    cluster_cv: float = 0.0
    r: float = 0.0
    drop_out: float = 0.0

    def __post_init__(self) -> None:
        fits = (
            self.d > 0
            and 0 < self.alpha < 1
            and 0 <= self.icc < 1
            and self.cluster_size >= 1
            and self.cluster_cv >= 0
            and -1 < self.r < 1
            and 0 <= self.drop_out < 1
        )
        if not fits:
            raise ValueError("a value of the design is out of its range")

    @property
    def design_effect(self) -> float:
        """By how much more clients are needed than without practitioners (1: none)."""
        return max(1.0, 1 + ((self.cluster_cv**2 + 1) * self.cluster_size - 1) * self.icc)

    @property
    def remaining_variance(self) -> float:
        """The share of the variance that the first score leaves."""
        return 1 - self.r**2


@dataclass(frozen=True)
class Needed:
    """How many in each arm: `analysed` clients with a last score, `clients` to enrol, `practitioners`; and the power
    that these whole numbers have.
    """

    analysed: int
    clients: int
    practitioners: int
    power: float


def power_of(design: Design, clients: int) -> float:
    """Return the power (0-1) with `clients` enrolled in each arm; 0 where there are too few for a test at all."""
    return _power(design, clients * (1 - design.drop_out))


def needed(design: Design, power: float) -> Needed | None:
    """Return the smallest numbers that reach `power` (above alpha, below 1; else ValueError); None above `MOST`.

    The clients of each arm are whole practitioners' clients as soon as `icc` is above 0.
    """
    if not design.alpha < power < 1:
        raise ValueError("power is above alpha and below 1")
    if _power(design, MOST) < power:
        return None
    low, high = 1, MOST
    while low < high:  # the power grows with the number
        middle = (low + high) // 2
        low, high = (low, middle) if _power(design, _whole(design, middle)) >= power else (middle + 1, high)
    analysed = _whole(design, low)
    return Needed(
        analysed=math.ceil(analysed),
        clients=math.ceil(round(analysed / (1 - design.drop_out), 9)),
        practitioners=math.ceil(round(analysed / design.cluster_size, 9)),
        power=_power(design, analysed),
    )


def _whole(design: Design, analysed: int) -> float:
    """Clients of whole practitioners, at least `analysed`."""
    if not design.icc:
        return analysed
    return math.ceil(round(analysed / design.cluster_size, 9)) * design.cluster_size


def _power(design: Design, analysed: float) -> float:
    """With `analysed` in each arm, as a mean over arms need not be whole."""
    units = analysed / design.cluster_size if design.icc else analysed
    freedom = 2 * units - 2
    if freedom < 1:
        return 0.0
    effective = analysed / (design.design_effect * design.remaining_variance)
    return _beyond(_limit(design.alpha, freedom), freedom, design.d * math.sqrt(effective / 2))


@lru_cache(maxsize=1024)
def _limit(alpha: float, freedom: float) -> float:
    """Beyond which Student's t lies with probability alpha, both tails together."""
    low, high = 0.0, 1.0
    while _beyond(high, freedom, 0.0) > alpha:
        low, high = high, 2 * high
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _beyond(middle, freedom, 0.0) > alpha else (low, middle)
    return high


def _beyond(limit: float, freedom: float, shift: float) -> float:
    """The probability that the noncentral t lies beyond `limit` on either side.

    t is (z + shift) / s with z normal and s the root of a chi-square over its degrees of freedom: over s (Simpson's
    rule) what is left is the normal distribution.
    """
    spread = SPREADS / math.sqrt(2 * freedom)
    low, high = max(0.0, 1 - spread), 1 + spread
    step = (high - low) / STEPS
    constant = math.log(2) + freedom / 2 * math.log(freedom / 2) - math.lgamma(freedom / 2)
    total = 0.0
    for place in range(STEPS + 1):
        s = low + place * step
        if s == 0 and freedom > 1:
            continue  # of no weight
        density = math.exp(constant + (freedom - 1) * (math.log(s) if s else 0.0) - freedom * s * s / 2)
        outside = NORMAL.cdf(shift - limit * s) + NORMAL.cdf(-limit * s - shift)
        total += (1 if place in (0, STEPS) else 4 if place % 2 else 2) * density * outside
    return min(1.0, total * step / 3)
