"""How far a learnt trajectory can be trusted: its bands on held-out episodes, and how far its middle may lie elsewhere.

Calibration counts, for each quantile, by sessions and by first score, the scores below the band of a model that was
learnt without their episodes. The uncertainty of the middle comes from learning again from resampled whole episodes.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from random import Random
from statistics import NormalDist
from typing import Any, Self

from sessions_app.measures.results.intervals import Z95, wilson
from sessions_app.measures.trajectory.model import NO_UPPER_BAND_FROM, QUANTILES, Model, Row, bucket

Learn = Callable[[list[Row]], Model]

BUCKET_NAMES = ("2", "3", "4-5", "6-9", "10+")
FOLDS = 5
DRAWS = 200
# Groups of first scores, in tenths; from the last one's start on no band above the middle is drawn.
INTAKE_STARTS: tuple[int, ...] = (0, 120, 180, 240, NO_UPPER_BAND_FROM)
INTAKE_NAMES = tuple(f"{low}-{end - 1}" for low, end in pairwise((*INTAKE_STARTS, 401)))
MEDIAN, HALF = 0.50, 0.50  # the middle, and the share of scores between the quarters
# Shares may be off by so much, or by what chance allows where episodes are few.
TOLERANCE = 0.05
# Where the middle is looked at: from very low to the upper end of the clinical range, and over a long course.
INTAKES: tuple[int, ...] = (50, 100, 150, 200, 250, 300)
SESSIONS: tuple[int, ...] = (2, 3, 4, 6, 8, 12)


@dataclass(frozen=True)
class BucketShare:
    """One group of scores: how many of how many episodes, and the shares below each of QUANTILES.

    `name` is the session numbers ("4-5") or the first scores in tenths ("120-179").
    """

    name: str
    scores: int
    episodes: int
    shares: tuple[float, ...]

    def interval(self, place: int) -> tuple[float, float]:
        """The 95 % interval of a share, as wide as if each episode had given one score; (0, 1) without any."""
        return wilson(round(self.shares[place] * self.episodes), self.episodes) if self.episodes else (0.0, 1.0)

    def holds(self, place: int, z: float = Z95) -> bool:
        """Whether the share at a place of QUANTILES is near its quantile, or is off by no more than chance."""
        return _is_near(self.shares[place], QUANTILES[place], self.episodes, z) if self.episodes else True


def _is_near(share: float, wanted: float, episodes: int, z: float = Z95) -> bool:
    """Within the tolerance, or the wanted share lies inside the interval of what was found."""
    low, high = wilson(round(share * episodes), episodes, z)
    return abs(share - wanted) <= TOLERANCE + 1e-9 or low <= wanted <= high  # .55 is within .05 of .50


@dataclass
class BandCounts:
    """By group: scores below each of QUANTILES, scores in all, episodes with one."""

    below: list[list[int]]
    scores: list[int]
    episodes: list[int]

    @classmethod
    def of(cls, groups: int) -> Self:
        """Nothing counted yet, for so many groups."""
        return cls([[0] * len(QUANTILES) for _ in range(groups)], [0] * groups, [0] * groups)

    def add(self, group: int, below: Sequence[bool]) -> None:
        """Count one score."""
        self.scores[group] += 1
        self.below[group] = [count + one for count, one in zip(self.below[group], below, strict=True)]

    def shares(self, names: Sequence[str]) -> tuple[BucketShare, ...]:
        """Return what was counted as shares, under these names."""
        return tuple(
            BucketShare(name, n, episodes, tuple(count / max(n, 1) for count in counts))
            for name, n, episodes, counts in zip(names, self.scores, self.episodes, self.below, strict=True)
        )


def count_below(model: Model, episodes: Iterable[Sequence[int]], by_session: BandCounts, by_intake: BandCounts) -> None:
    """Count the scores of episodes (totals from session 1 on) below a model's bands, by session and by intake."""
    for totals in episodes:
        intake = sum(totals[0] >= start for start in INTAKE_STARTS[1:])
        for group in {bucket(session) for session in range(2, len(totals) + 1)}:
            by_session.episodes[group] += 1
        by_intake.episodes[intake] += len(totals) > 1
        for session, total in enumerate(totals[1:], start=2):
            below = [total < model.band(totals[0], session, quantile) for quantile in QUANTILES]
            by_session.add(bucket(session), below)
            by_intake.add(intake, below)


@dataclass(frozen=True)
class Calibration:
    """How the bands did on held-out episodes, by session and by first score."""

    by_session: tuple[BucketShare, ...]
    by_intake: tuple[BucketShare, ...]

    def cells(self) -> list[tuple[BucketShare, int]]:
        """Each group with scores and each place of QUANTILES whose band is drawn for it."""
        groups = (*self.by_session, *self.by_intake)
        return [(one, place) for one in groups if one.episodes for place in places_drawn(one.name)]

    def holds(self, one: BucketShare, place: int) -> bool:
        """Whether a group's share is near enough; what chance allows is shared out among all cells (Bonferroni).

        Else two or three of fifty would be called off where all bands hold.
        """
        return one.holds(place, NormalDist().inv_cdf(1 - 0.025 / max(1, len(self.cells()))))


def calibration(rows: Iterable[Row], learn: Learn, *, folds: int = FOLDS, seed: int = 1) -> Calibration:
    """Return the shares of held-out scores below the bands: each episode is judged by a model learnt without it.

    `learn` makes a model from rows; the same rows in any order give the same answer. Episodes with one score
    teach nothing and are judged by nothing.
    """
    episodes = _courses(rows)
    keys = sorted(episodes, key=repr)
    Random(seed).shuffle(keys)  # noqa: S311 - a split, nothing secret
    by_session, by_intake = BandCounts.of(len(BUCKET_NAMES)), BandCounts.of(len(INTAKE_NAMES))
    for fold in range(folds):
        out = set(keys[fold::folds])
        model = learn(_rows_of(episodes, (key for key in keys if key not in out)))
        count_below(model, (episodes[key] for key in sorted(out, key=repr)), by_session, by_intake)
    return Calibration(by_session.shares(BUCKET_NAMES), by_intake.shares(INTAKE_NAMES))


class Holding(StrEnum):
    """Whether bands can be trusted, in one word."""

    YES = "yes"
    MOSTLY = "mostly"
    NARROW = "narrow"
    WIDE = "wide"
    HIGH = "high"
    LOW = "low"


@dataclass(frozen=True)
class BandHolding:
    """What all held-out scores together say: the shares inside the middle half and below the middle."""

    holding: Holding
    inside: float
    below_middle: float


def held(found: Calibration) -> BandHolding | None:
    """Return whether bands can be trusted; None where no score was held out.

    Where both the width and the place are off, what is further off is said. Bands above the middle are not drawn for
    the highest first scores, and are not asked about there.
    """
    scores = sum(one.scores for one in found.by_session)
    if not scores:
        return None
    episodes = found.by_session[0].episodes
    low, middle, high = (
        sum(one.shares[QUANTILES.index(quantile)] * one.scores for one in found.by_session) / scores
        for quantile in (0.25, MEDIAN, 0.75)
    )
    inside, shift = high - low, middle - MEDIAN
    wide_enough, centred = _is_near(inside, HALF, episodes), _is_near(middle, MEDIAN, episodes)
    if not wide_enough and (centred or abs(inside - HALF) >= abs(shift)):
        return BandHolding(Holding.NARROW if inside < HALF else Holding.WIDE, inside, middle)
    if not centred:
        return BandHolding(Holding.HIGH if shift > 0 else Holding.LOW, inside, middle)
    whole = all(found.holds(one, place) for one, place in found.cells())
    return BandHolding(Holding.YES if whole else Holding.MOSTLY, inside, middle)


def places_drawn(name: str) -> range:
    """The places of QUANTILES whose bands are drawn for a group of first scores; none above the middle for the top."""
    return range(QUANTILES.index(MEDIAN) + 1 if name == INTAKE_NAMES[-1] else len(QUANTILES))


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
