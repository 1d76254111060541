"""Comparing practitioners fairly: limits of chance, shrunken means, and from how many episodes on.

After Spiegelhalter (2005). Words: more or less than expected by chance; never best or worst, never a ranking.
"""

import math
from collections.abc import Sequence
from enum import StrEnum
from statistics import NormalDist, fmean, stdev

# Below this n the limits of a proportion are exact binomial ones.
EXACT_BELOW = 50
# Episodes needed for own data, for a place in the funnel, and for a stable one (reliability .76 at ICC .05).
OWN_FROM, FUNNEL_FROM, STABLE_FROM = 10, 30, 60
WINSORISED_SHARE = 0.10


class Standing(StrEnum):
    """What may be shown of a practitioner with n episodes."""

    HIDDEN = "hidden"
    OWN_ONLY = "own_only"
    FUNNEL = "funnel"
    STABLE = "stable"


def standing(n: int) -> Standing:
    """Return what may be shown for n episodes: nothing, own data without comparison, the funnel, "stable"."""
    if n < OWN_FROM:
        return Standing.HIDDEN
    if n < FUNNEL_FROM:
        return Standing.OWN_ONLY
    return Standing.FUNNEL if n < STABLE_FROM else Standing.STABLE


def funnel_limits(p: float, n: int, z: float) -> tuple[float, float]:
    """Return the limits of a proportion of n when p is expected: p ± z√(p(1-p)/n), exact binomial for n < 50.

    The exact limits are the binomial quantiles at Φ(-z) and Φ(z), over n. ValueError unless 0 <= p <= 1, n
    > 0.
    """
    if not 0 <= p <= 1 or n <= 0 or z < 0:
        raise ValueError("p must be from 0 to 1, n positive and z not negative")
    if n < EXACT_BELOW:
        tail = NormalDist().cdf(-z)
        return _binomial_quantile(tail, n, p) / n, _binomial_quantile(1 - tail, n, p) / n
    half = z * math.sqrt(p * (1 - p) / n)
    return max(p - half, 0.0), min(p + half, 1.0)


def funnel_limits_of_mean(mean: float, sd: float, n: float, z: float) -> tuple[float, float]:
    """Return mean ± z·sd/√n, in the unit of mean and sd. ValueError unless n > 0 and sd >= 0."""
    if n <= 0 or sd < 0:
        raise ValueError("n must be positive and sd not negative")
    half = z * sd / math.sqrt(n)
    return mean - half, mean + half


def case_mix_z(observed: int, probabilities: Sequence[float]) -> float:
    """Return z = (O - Σp̂) / √Σp̂(1-p̂) for a count against each episode's own probability.

    ValueError where nothing varies.
    """
    variance = sum(p * (1 - p) for p in probabilities)
    if variance <= 0:
        raise ValueError("probabilities strictly between 0 and 1 are needed")
    return (observed - sum(probabilities)) / math.sqrt(variance)


def over_dispersion(zs: Sequence[float]) -> float:
    """Return the factor by which funnel limits widen: √φ, φ the mean of squared z winsorised at 10 %, at
    least 1.

    ValueError without any z.
    """
    if not zs:
        raise ValueError("at least one z is needed")
    ordered = sorted(zs)
    cut = math.floor(WINSORISED_SHARE * len(ordered))
    low, high = ordered[cut], ordered[-1 - cut]
    return math.sqrt(max(1.0, fmean(min(max(z, low), high) ** 2 for z in ordered)))


def reliability_of_mean(n: int, icc: float) -> float:
    """Return n·ICC / (1 + (n-1)·ICC), the reliability of a practitioner's mean. ValueError outside 0-1."""
    if n < 1 or not 0 <= icc <= 1:
        raise ValueError("n must be positive and icc from 0 to 1")
    return n * icc / (1 + (n - 1) * icc)


def shrunken_mean(residuals: Sequence[float], between_variance: float, within_variance: float) -> float:
    """Return the empirical-Bayes mean of one practitioner's residuals: ē·nτ²/(nτ² + σ²).

    ValueError without residuals or with variances that are negative or both nought.
    """
    if not residuals or min(between_variance, within_variance) < 0 or between_variance + within_variance == 0:
        raise ValueError("residuals and variances are needed")
    n = len(residuals)
    return fmean(residuals) * n * between_variance / (n * between_variance + within_variance)


def variances(groups: Sequence[Sequence[float]]) -> tuple[float, float]:
    """Return (τ², σ²) of practitioners' residuals by one-way analysis of variance; τ² is never negative.

    Groups of fewer than two are left out. ValueError for fewer than two groups.
    """
    used = [group for group in groups if len(group) > 1]
    if len(used) < 2:
        raise ValueError("two groups of two are needed")
    total = sum(len(group) for group in used)
    grand = sum(sum(group) for group in used) / total
    within = sum((len(group) - 1) * stdev(group) ** 2 for group in used) / (total - len(used))
    between = sum(len(group) * (fmean(group) - grand) ** 2 for group in used) / (len(used) - 1)
    size = (total - sum(len(group) ** 2 for group in used) / total) / (len(used) - 1)
    return max(0.0, (between - within) / size), within


def _binomial_quantile(probability: float, n: int, p: float) -> int:
    """Return the smallest k with P(X <= k) >= probability."""
    cumulative = 0.0
    for k in range(n + 1):
        cumulative += math.comb(n, k) * p**k * (1 - p) ** (n - k)
        if cumulative >= probability - 1e-12:
            return k
    return n
