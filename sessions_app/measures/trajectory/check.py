"""How far a learnt trajectory can be trusted: its bands on held-out episodes, and how far its middle may lie elsewhere.

Calibration counts, for each quantile and bucket of sessions, the scores below the band of a model that was learnt
without their episodes. The uncertainty of the middle comes from learning again from resampled whole episodes.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from sessions_app.measures.trajectory.fit import Row
from sessions_app.measures.trajectory.model import BUCKET_ENDS, QUANTILES, Model, bucket

Learn = Callable[[list[Row]], Model]

BUCKET_NAMES = ("2", "3", "4-5", "6-9", "10+")
FOLDS = 5
DRAWS = 200
MEDIAN = 0.50
# Shares may be off by so much, or by two standard errors where episodes are few.
TOLERANCE = 0.05
# Where the middle is looked at: from very low to the upper end of the clinical range, and over a long course.
INTAKES: tuple[int, ...] = (50, 100, 150, 200, 250, 300)
SESSIONS: tuple[int, ...] = (2, 3, 4, 6, 8, 12)


@dataclass(frozen=True)
class BucketShare:
    """One bucket of sessions: how many scores of how many episodes, and the shares below each of QUANTILES."""

    name: str
    scores: int
    episodes: int
    shares: tuple[float, ...]

    def holds(self, place: int) -> bool:
        """Whether the share at a place of QUANTILES is within tolerance of the quantile; True without episodes."""
        if not self.episodes:
            return True
        quantile = QUANTILES[place]
        error = 2 * math.sqrt(quantile * (1 - quantile) / self.episodes)
        return abs(self.shares[place] - quantile) <= max(TOLERANCE, error) + 1e-9  # .55 is within .05 of .50


def counts_below(model: Model, episodes: Iterable[Sequence[int]]) -> tuple[list[list[int]], list[int], list[int]]:
    """Return by bucket: scores below each of QUANTILES, scores in all, episodes with one. Totals start at session 1."""
    below = [[0] * len(QUANTILES) for _ in range(len(BUCKET_ENDS) + 1)]
    scores, seen = [0] * len(below), [0] * len(below)
    for totals in episodes:
        for index in {bucket(session) for session in range(2, len(totals) + 1)}:
            seen[index] += 1
        for session, total in enumerate(totals[1:], start=2):
            index = bucket(session)
            scores[index] += 1
            for place, quantile in enumerate(QUANTILES):
                below[index][place] += total < model.band(totals[0], session, quantile)
    return below, scores, seen


def calibration(rows: Iterable[Row], learn: Learn, *, folds: int = FOLDS, seed: int = 1) -> tuple[BucketShare, ...]:
    """Return the shares of held-out scores below the bands: each episode is judged by a model learnt without it.

    `learn` makes a model from rows; the same rows in any order give the same answer. Episodes with one score
    teach nothing and are judged by nothing.
    """
    episodes = _courses(rows)
    keys = sorted(episodes, key=repr)
    Random(seed).shuffle(keys)  # noqa: S311 - a split, nothing secret
    below = [[0] * len(QUANTILES) for _ in BUCKET_NAMES]
    scores, seen = [0] * len(BUCKET_NAMES), [0] * len(BUCKET_NAMES)
    for fold in range(folds):
        out = set(keys[fold::folds])
        model = learn(_rows_of(episodes, (key for key in keys if key not in out)))
        found = counts_below(model, (episodes[key] for key in sorted(out, key=repr)))
        for index in range(len(BUCKET_NAMES)):
            below[index] = [a + b for a, b in zip(below[index], found[0][index], strict=True)]
            scores[index] += found[1][index]
            seen[index] += found[2][index]
    return tuple(
        BucketShare(name, n, count, tuple(one / max(n, 1) for one in counts))
        for name, n, count, counts in zip(BUCKET_NAMES, scores, seen, below, strict=True)
    )


def uncertainty(
    rows: Iterable[Row],
    learn: Learn,
    intakes: Sequence[int] = INTAKES,
    sessions: Sequence[int] = SESSIONS,
    *,
    quantile: float = MEDIAN,
    draws: int = DRAWS,
    seed: int = 1,
) -> list[list[tuple[float, float]]]:
    """Return 95 % limits of a band (tenths) by intake, then by session, by resampling whole episodes `draws` times."""
    episodes = _courses(rows)
    keys, rng = sorted(episodes, key=repr), Random(seed)  # noqa: S311 - resampling, nothing secret
    drawn: list[list[list[float]]] = [[[] for _ in sessions] for _ in intakes]
    for _ in range(draws):
        model = learn(_rows_of(episodes, rng.choices(keys, k=len(keys))))
        for at, intake in enumerate(intakes):
            for place, session in enumerate(sessions):
                drawn[at][place].append(model.band(intake, session, quantile))
    return [[_limits(values) for values in of_intake] for of_intake in drawn]


def half_width(limits: Mapping[str, Any], intake: int, session: int) -> int | None:
    """Return half the distance of the 95 % limits (tenths) at the stored place nearest to an intake and a session.

    `limits` is what is stored of `uncertainty`: intakes, sessions, limits. None where nothing is stored.
    """
    if not limits:
        return None
    at = min(range(len(limits["intakes"])), key=lambda place: abs(limits["intakes"][place] - intake))
    place = min(range(len(limits["sessions"])), key=lambda place: abs(limits["sessions"][place] - session))
    low, high = limits["limits"][at][place]
    return round((high - low) / 2)


def _courses(rows: Iterable[Row]) -> dict[Hashable, list[int]]:
    """The totals of each episode in order, from session 1; those with one score are left out."""
    found: dict[Hashable, dict[int, int]] = defaultdict(dict)
    for episode, session, total in rows:
        found[episode][session] = total
    return {key: [scores[at] for at in sorted(scores)] for key, scores in found.items() if len(scores) > 1}


def _rows_of(episodes: dict[Hashable, list[int]], keys: Iterable[Hashable]) -> list[Row]:
    """Rows of these episodes; one that is drawn twice counts as two."""
    return [
        (copy, session, total) for copy, key in enumerate(keys) for session, total in enumerate(episodes[key], start=1)
    ]


def _limits(values: list[float]) -> tuple[float, float]:
    """The 2.5 and 97.5 per cent points, on a straight line between neighbours."""
    ordered = sorted(values)
    return _point(ordered, 0.025), _point(ordered, 0.975)


def _point(ordered: list[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
