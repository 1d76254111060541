"""Intervals where formulas for large samples do not hold: Student's t for a mean, BCa for an effect size.

BCa is Efron's (1987) bias-corrected and accelerated bootstrap. Its draws begin from one seed, so that the same pairs
have the same interval on every page.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean, stdev

# Below so many pairs an effect size has a BCa interval, from there on Becker's formula.
RESAMPLED_BELOW = 60
DRAWS = 2000
SEED = 1987
# From so many degrees of freedom on Student's t is read from its expansion: right to five decimals.
EXPANDED_FROM = 200

Pairs = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class MeanChange:
    """The mean of last less first with its 95 % limits, in the unit of the pairs; infinite limits for one pair."""

    value: float
    low: float
    high: float
    n: int


def mean_change(pairs: Pairs) -> MeanChange | None:
    """Return the mean change of (first, last) with the limits of Student's t; None without pairs."""
    gains = [last - first for first, last in pairs]
    if not gains:
        return None
    value = fmean(gains)
    if len(gains) < 2:
        return MeanChange(value, -math.inf, math.inf, 1)
    half = student_t(0.975, len(gains) - 1) * stdev(gains) / math.sqrt(len(gains))
    return MeanChange(value, value - half, value + half, len(gains))


def student_t(probability: float, degrees: int) -> float:
    """Return the quantile of Student's t. ValueError unless 0.5 <= probability < 1 and degrees > 0."""
    if not 0.5 <= probability < 1 or degrees < 1:
        raise ValueError("probability must be from 0.5 to 1, and degrees positive")
    z = NormalDist().inv_cdf(probability)
    if degrees >= EXPANDED_FROM:
        return z + (z**3 + z) / (4 * degrees) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * degrees**2)
    low, high = 0.0, 1.0
    while _within(high, degrees) < 2 * probability - 1:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _within(middle, degrees) < 2 * probability - 1 else (low, middle)
    return high


def bca_effect_size(pairs: Pairs) -> tuple[float, float]:
    """Return the 95 % BCa limits of d = (M_last - M_first) / SD_first. ValueError where d cannot be computed.

    Draws in which the first scores do not vary have no d and are drawn again.
    """
    # Sorted, so that the order of the rows changes nothing.
    pairs = sorted(pairs)
    found = _effect(pairs)
    if found is None:
        raise ValueError("two or more pairs with first scores that vary are needed")
    draws = _draws(pairs)
    below = sum(draw < found for draw in draws) + sum(draw == found for draw in draws) / 2
    bias = NormalDist().inv_cdf(min(max(below / DRAWS, 1 / DRAWS), 1 - 1 / DRAWS))
    acceleration = _acceleration(pairs)
    return _limit(draws, bias, acceleration, 0.025), _limit(draws, bias, acceleration, 0.975)


def _draws(pairs: Pairs) -> list[float]:
    rng = random.Random(SEED)  # noqa: S311  a repeatable draw, no secret
    draws: list[float] = []
    for _ in range(20 * DRAWS):
        drawn = _effect(rng.choices(pairs, k=len(pairs)))
        if drawn is not None:
            draws.append(drawn)
        if len(draws) == DRAWS:
            break
    return sorted(draws)


def _limit(draws: Sequence[float], bias: float, acceleration: float, probability: float) -> float:
    normal = NormalDist()
    z = bias + normal.inv_cdf(probability)
    at = normal.cdf(bias + z / (1 - acceleration * z))
    place = at * (len(draws) - 1)
    low = min(int(place), len(draws) - 2)
    return draws[low] + (place - low) * (draws[low + 1] - draws[low])


def _acceleration(pairs: Pairs) -> float:
    left_out = [_effect([*pairs[:place], *pairs[place + 1 :]]) for place in range(len(pairs))]
    known = [one for one in left_out if one is not None]
    if not known:
        return 0.0
    centre = fmean(known)
    squares = sum((centre - one) ** 2 for one in known)
    return sum((centre - one) ** 3 for one in known) / (6 * squares**1.5) if squares else 0.0


def _effect(pairs: Pairs) -> float | None:
    """d of these pairs, by sums of whole tenths: exact but for the last division."""
    n = len(pairs)
    firsts = sum(first for first, _last in pairs)
    squares = n * sum(first * first for first, _last in pairs) - firsts * firsts
    if n < 2 or squares == 0:
        return None
    return (sum(last for _first, last in pairs) - firsts) / n / math.sqrt(squares / (n * (n - 1)))


def _within(t: float, degrees: int) -> float:
    """P(|T| <= t) of Student's t, by the finite series for whole degrees (Abramowitz and Stegun 26.7.3-4)."""
    angle = math.atan(t / math.sqrt(degrees))
    square = math.cos(angle) ** 2
    term, total = 1.0, 1.0
    if degrees % 2:
        if degrees == 1:
            return 2 * angle / math.pi
        for number in range(3, degrees - 1, 2):
            term *= square * (number - 1) / number
            total += term
        return 2 / math.pi * (angle + math.sin(angle) * math.cos(angle) * total)
    for number in range(2, degrees - 1, 2):
        term *= square * (number - 1) / number
        total += term
    return math.sin(angle) * total
