"""What the filter of changes reads, learnt from courses: SD and mean of the first scores, and the reliability.

The error of one score is told from the movement of the state by how scores differ at one, two and three measurements'
distance: the variance of a difference is twice the error's and as many drifts as measurements lie between.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, pvariance, stdev

# Closed episodes that values of one's own need, and the reliabilities for which a z is known.
OWN_VALUES_FROM = 200
LEAST, MOST = 0.60, 0.95
DISTANCES = (1, 2, 3)
LATEST = 8  # measurements of an episode that are compared: late ones are of few people


@dataclass(frozen=True)
class OwnValues:
    """SD and mean of the first scores in points, and the reliability of one score."""

    sd: float
    reliability: float
    mean: float


def learn(courses: Iterable[Sequence[int]]) -> OwnValues | None:
    """Return the values of courses (totals in tenths, in order); None with too few scores, or all alike."""
    usable = [[total / 10 for total in course] for course in courses if course]
    first = [course[0] for course in usable]
    if len(first) < OWN_VALUES_FROM or len(set(first)) < 2:
        return None
    known = [(distance, value) for distance in DISTANCES if (value := _difference(usable, distance)) is not None]
    if len(known) < len(DISTANCES):
        return None
    middle, mean = fmean(distance for distance, _ in known), fmean(value for _, value in known)
    squares = sum((distance - middle) ** 2 for distance, _ in known)
    slope = sum((distance - middle) * (value - mean) for distance, value in known) / squares
    error = (mean - max(slope, 0.0) * middle) / 2
    sd = stdev(first)
    return OwnValues(sd, min(max(1 - error / sd**2, LEAST), MOST), fmean(first))


def _difference(courses: Sequence[Sequence[float]], distance: int) -> float | None:
    """The variance of the difference of scores so far apart; what all have gained between them is taken away."""
    found = []
    for at in range(LATEST - distance):
        moved = [course[at + distance] - course[at] for course in courses if len(course) > at + distance]
        if len(moved) > 1:
            found.append((pvariance(moved), len(moved)))
    people = sum(count for _, count in found)
    return sum(value * count for value, count in found) / people if people else None
