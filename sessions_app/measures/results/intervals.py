"""Statistics of a service: proportions and effect sizes with intervals, each with its n.

Formulas: Wilson (1927); pre-post d with the standard error of Becker (1988); severity-adjusted effect size
as ACORN defines it, and the same centred at nought. Nothing here says that a service causes what it counts.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import NormalDist, fmean, stdev

from sessions_app.measures.results.funnel import (
    Standing,
    case_mix_z,
    funnel_limits,
    funnel_limits_of_mean,
    over_dispersion,
    reliability_of_mean,
    shrunken_mean,
    standing,
)

__all__ = [
    "EffectSize",
    "Proportion",
    "Reference",
    "SeverityAdjusted",
    "Standing",
    "case_mix_z",
    "effect_size",
    "funnel_limits",
    "funnel_limits_of_mean",
    "over_dispersion",
    "proportion",
    "reference",
    "relative_effect_size",
    "reliability_of_mean",
    "severity_adjusted",
    "shrunken_mean",
    "standing",
    "wilson",
]

Z95 = NormalDist().inv_cdf(0.975)
# Below so many a proportion is shown as counts only.
COUNTS_ONLY_BELOW = 5


@dataclass(frozen=True)
class Proportion:
    """A share with its Wilson interval; `excluded` counts by reason what was left out of n."""

    successes: int
    n: int
    low: float
    high: float
    excluded: Mapping[str, int] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """Successes over n; 0 where n is 0."""
        return self.successes / self.n if self.n else 0.0

    @property
    def counts_only(self) -> bool:
        """Whether n is too small for a percentage."""
        return self.n < COUNTS_ONLY_BELOW


@dataclass(frozen=True)
class EffectSize:
    """Pre-post effect size: d in deviations of the intake, g = J·d, and the 95 % interval of d."""

    d: float
    g: float
    low: float
    high: float
    n: int
    correlation: float


@dataclass(frozen=True)
class Reference:
    """The reference sample of a severity-adjusted effect size; scores in tenths."""

    intercept: float
    slope: float
    mean_change: float
    intake_sd: float
    n: int

    def expected(self, intake: int) -> float:
        """Return the last score (tenths) that the reference sample predicts for an intake."""
        return self.intercept + self.slope * intake


@dataclass(frozen=True)
class SeverityAdjusted:
    """ACORN's form (`saes`) and the same centred at nought (`centred`), with 95 % limits of the centred
    mean.
    """

    saes: float
    centred: float
    low: float
    high: float
    n: int
    excluded: Mapping[str, int]
    residuals: tuple[float, ...]


def wilson(successes: int, n: int, z: float = Z95) -> tuple[float, float]:
    """Return the Wilson interval of successes / n, both from 0 to 1. ValueError unless 0 <= successes <= n
    > 0.
    """
    if n <= 0 or not 0 <= successes <= n:
        raise ValueError("successes must be from 0 to n, and n positive")
    share = successes / n
    centre = share + z * z / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    low = 0.0 if successes == 0 else (centre - half) / scale
    high = 1.0 if successes == n else (centre + half) / scale
    return low, high


def proportion(successes: int, n: int, excluded: Mapping[str, int] | None = None) -> Proportion:
    """Return a proportion with its interval; with n = 0 the interval is everything. ValueError as `wilson`."""
    low, high = wilson(successes, n) if n or successes else (0.0, 1.0)
    return Proportion(successes, n, low, high, dict(excluded or {}))


def effect_size(first: Sequence[float], last: Sequence[float]) -> EffectSize:
    """Return d = (M_last - M_first) / SD_first, g = J·d with J = 1 - 3/(4(n-1) - 1), and d ± 1.96·SE.

    SE = √(2(1-ρ)/n + d²/(2n)), ρ the correlation of first and last (0 if one of them does not vary).
    `first` and `last` are pairs in one unit. ValueError for fewer than two pairs or intakes that do not vary.
    """
    if len(first) != len(last) or len(first) < 2:
        raise ValueError("two or more pairs are needed")
    n, spread = len(first), stdev(first)
    if spread == 0:
        raise ValueError("the intakes do not vary")
    d = (fmean(last) - fmean(first)) / spread
    correlation = _correlation(first, last)
    error = math.sqrt(2 * (1 - correlation) / n + d * d / (2 * n))
    small_sample = 1 - 3 / (4 * (n - 1) - 1)
    return EffectSize(d, small_sample * d, d - Z95 * error, d + Z95 * error, n, correlation)


def reference(first: Sequence[int], last: Sequence[int], *, cutoff: int | None = None) -> Reference:
    """Return the least-squares line of last on first, the mean change and SD of a reference sample (tenths).

    With `cutoff` only intakes below it count. ValueError for fewer than three pairs or intakes that do not
    vary.
    """
    pairs = [(x, y) for x, y in zip(first, last, strict=True) if cutoff is None or x < cutoff]
    if len(pairs) < 3:
        raise ValueError("three or more pairs are needed")
    firsts, lasts = [x for x, _ in pairs], [y for _, y in pairs]
    mean_first, mean_last = fmean(firsts), fmean(lasts)
    squares = sum((x - mean_first) ** 2 for x in firsts)
    if squares == 0:
        raise ValueError("the intakes do not vary")
    slope = sum((x - mean_first) * (y - mean_last) for x, y in pairs) / squares
    intercept = mean_last - slope * mean_first
    return Reference(intercept, slope, mean_last - mean_first, stdev(firsts), len(pairs))


def severity_adjusted(
    first: Sequence[int], last: Sequence[int], against: Reference, *, cutoff: int | None = None
) -> SeverityAdjusted:
    """Return the effect size adjusted for intake: SAES = (Δ̄_ref + e)/SD_ref, centred e/SD_ref, e = last -
    fit.

    With `cutoff` intakes at or above it are left out, counted as started_functional. ValueError if none is
    left.
    """
    pairs = [(x, y) for x, y in zip(first, last, strict=True) if cutoff is None or x < cutoff]
    if not pairs:
        raise ValueError("no episode started below the cut-off")
    residuals = tuple((y - against.expected(x)) / against.intake_sd for x, y in pairs)
    centred = fmean(residuals)
    half = Z95 * stdev(residuals) / math.sqrt(len(residuals)) if len(residuals) > 1 else math.inf
    return SeverityAdjusted(
        saes=against.mean_change / against.intake_sd + centred,
        centred=centred,
        low=centred - half,
        high=centred + half,
        n=len(pairs),
        excluded={"started_functional": len(first) - len(pairs)},
        residuals=residuals,
    )


def relative_effect_size(d: float, reference_d: float, *, ratio: bool = False) -> float:
    """Return d less the reference's d (default), or their ratio. ValueError for a ratio to nought."""
    if ratio and reference_d == 0:
        raise ValueError("no ratio to a reference of nought")
    return d / reference_d if ratio else d - reference_d


def _correlation(first: Sequence[float], last: Sequence[float]) -> float:
    mean_first, mean_last = fmean(first), fmean(last)
    squares_first = sum((x - mean_first) ** 2 for x in first)
    squares_last = sum((y - mean_last) ** 2 for y in last)
    if squares_first == 0 or squares_last == 0:
        return 0.0
    shared = sum((x - mean_first) * (y - mean_last) for x, y in zip(first, last, strict=True))
    return max(-1.0, min(1.0, shared / math.sqrt(squares_first * squares_last)))
