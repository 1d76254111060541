"""Simulated episodes for demo data and tests: nobody's scores, tuned to published summaries of ORS and SRS.

θ₁ ~ N(19, 6.8²); slope on ln(session) ~ N(3.6 - .12(θ₁ - 19) + therapist, 2.4²); walk SD 1.1; error SD 3.0,
all in points; SRS = 40 - client Exp(3.2)·.8^(j-1) - |N(0, 1.6)|, 22 % exactly 40. It holds no real clients'
behaviour.
"""

import math
from dataclasses import dataclass
from random import Random

PLANNED, UNPLANNED = "planned", "unplanned"
THERAPIST_SD = 0.7
# The published hazards give too many unplanned endings; these factors give 5.8 sessions and 17 % unplanned.
DEMO_PLANNED, DEMO_UNPLANNED = 0.97, 0.42
MOST_SESSIONS = 60
NO_SHOW_SHARE, SKIPPED_SHARE = 0.07, 0.06
# How far the lines of one client lie from their mean, and how far they move from one session to the next.
LINE_SD, LINE_MOVE_SD = 9.0, 4.0


@dataclass(frozen=True)
class SimulatedSession:
    """One session: marks in tenths, None where nothing was measured."""

    attended: bool
    ors_marks: tuple[int, ...] | None
    srs_marks: tuple[int, ...] | None

    @property
    def ors(self) -> int | None:
        """The ORS total in tenths."""
        return None if self.ors_marks is None else sum(self.ors_marks)

    @property
    def srs(self) -> int | None:
        """The SRS total in tenths."""
        return None if self.srs_marks is None else sum(self.srs_marks)


@dataclass(frozen=True)
class SimulatedEpisode:
    """One client's sessions in order, and how it ended: planned, unplanned, or None while it goes on."""

    sessions: tuple[SimulatedSession, ...]
    ending: str | None

    def ors_totals(self) -> list[int]:
        """Return the measured ORS totals in order."""
        return [session.ors for session in self.sessions if session.ors is not None]


def simulate_episode(
    rng: Random,
    *,
    sessions_like_demo: bool = True,
    therapist: float = 0.0,
    gaps: bool = False,
    start: float | None = None,
    slope: float | None = None,
    stop_after: int | None = None,
) -> SimulatedEpisode:
    """Return one simulated episode; the same generator state gives the same episode.

    `therapist` is added to the slope (draw it from N(0, `THERAPIST_SD`²)). `gaps` mixes in no-shows and
    skipped measures. `start` and `slope` (points) replace what is drawn. `stop_after` sessions the episode
    goes on (None).
    """
    level = rng.gauss(19, 6.8) if start is None else start
    steepness = rng.gauss(3.6 - 0.12 * (level - 19) + therapist, 2.4) if slope is None else slope
    distance = rng.expovariate(1 / 3.2)
    shape_ors = [rng.gauss(0, LINE_SD) for _ in range(4)]
    walk, first, sessions = 0.0, 0, []
    for number in range(1, MOST_SESSIONS + 1):
        if gaps and number > 1 and rng.random() < NO_SHOW_SHARE:
            sessions.append(SimulatedSession(attended=False, ors_marks=None, srs_marks=None))
        walk += rng.gauss(0, 1.1) if number > 1 else 0.0
        ors = _tenths(level + steepness * math.log(number) + walk + rng.gauss(0, 3.0))
        srs = _alliance(rng, distance, number)
        first = ors if number == 1 else first
        sessions.append(_session(rng, number, ors, srs, shape_ors, gaps))
        if stop_after is not None and number >= stop_after:
            return SimulatedEpisode(tuple(sessions), None)
        ending = draw_ending(rng, number, ors, ors - first, srs, sessions_like_demo)
        if ending is not None:
            return SimulatedEpisode(tuple(sessions), ending)
    return SimulatedEpisode(tuple(sessions), None)


def _tenths(points: float) -> int:
    return min(max(round(points * 10), 0), 400)


def _alliance(rng: Random, distance: float, number: int) -> int:
    if rng.random() < 0.22:
        return 400
    return _tenths(40 - distance * 0.8 ** (number - 1) - abs(rng.gauss(0, 1.6)))


def draw_ending(rng: Random, number: int, ors: int, gain: int, srs: int, like_demo: bool) -> str | None:
    """Return whether the episode ends after this session, and how; totals in tenths, None while it goes on."""
    planned = 0.05 + 0.13 * (gain >= 50) + 0.10 * (ors >= 250) + 0.03 * (number >= 4)
    unplanned = (0.085 if number == 1 else 0.055) + 0.04 * (gain < 0) + 0.03 * (srs < 340)
    if like_demo:
        planned, unplanned = planned * DEMO_PLANNED, unplanned * DEMO_UNPLANNED
    drawn = rng.random()
    if drawn < planned:
        return PLANNED
    return UNPLANNED if drawn < planned + unplanned else None


def _session(rng: Random, number: int, ors: int, srs: int, shape: list[float], gaps: bool) -> SimulatedSession:
    moved = [offset + rng.gauss(0, LINE_MOVE_SD) for offset in shape]
    ors_marks, srs_marks = _marks(ors, moved), _marks(srs, [rng.gauss(0, 3.0) for _ in range(4)])
    skip_ors = gaps and number > 1 and rng.random() < SKIPPED_SHARE
    skip_srs = gaps and rng.random() < SKIPPED_SHARE
    return SimulatedSession(True, None if skip_ors else ors_marks, None if skip_srs else srs_marks)


def _marks(total: int, offsets: list[float]) -> tuple[int, ...]:
    """Split a total into four marks of 0-100 that add up to it, each near its offset from the mean."""
    marks = [min(max(round(total / 4 + offset), 0), 100) for offset in offsets]
    missing = total - sum(marks)
    step = 1 if missing > 0 else -1
    at = 0
    while missing:
        if 0 <= marks[at % 4] + step <= 100:
            marks[at % 4] += step
            missing -= step
        at += 1
    return tuple(marks)
