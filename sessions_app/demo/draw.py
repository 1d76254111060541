"""Courses of invented clients: a simulated episode put on dates, and marks for totals that are told (tenths)."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.measures.simulation.simulator import SimulatedEpisode, SimulatedSession
from sessions_app.models import Attendance, Skipped


@dataclass
class Meeting:
    """One session of a plan; None where nothing was measured."""

    held_on: date
    ors_marks: tuple[int, ...] | None = None
    srs_marks: tuple[int, ...] | None = None
    attendance: str = Attendance.ATTENDED
    outcome_skipped: str = ""
    alliance_skipped: str = ""
    words: tuple[str, str] = ("", "")  # after the ORS, after the SRS
    forms: tuple[str, str] = ("ors", "srs")  # which forms the client's own marks are of
    others: tuple[tuple[FormKey, tuple[int, ...]], ...] = ()


@dataclass
class MadeUpCourse:
    """An episode of a plan; `ending` is "" while it is open."""

    meetings: list[Meeting] = field(default_factory=list)
    ending: str = ""


def place(episode: SimulatedEpisode, *, last_on: date, rhythm: int, is_open: bool, rng: random.Random) -> MadeUpCourse:
    """Put a simulated episode on dates, `rhythm` days apart, so that its last session is on `last_on`."""
    count = len(episode.sessions)
    meetings = [
        _meeting(session, _weekday(last_on - timedelta(days=rhythm * (count - number))), rng)
        for number, session in enumerate(episode.sessions, start=1)
    ]
    return MadeUpCourse(meetings, "" if is_open else episode.ending or "other")


def _meeting(session: SimulatedSession, held_on: date, rng: random.Random) -> Meeting:
    if not session.attended:
        kinds = [Attendance.NO_SHOW, Attendance.NO_SHOW, Attendance.CANCELLED_CLIENT]
        return Meeting(held_on, attendance=rng.choice(kinds))
    reasons = [Skipped.NO_TIME, Skipped.FORGOTTEN, Skipped.DECLINED]
    return Meeting(
        held_on,
        session.ors_marks,
        session.srs_marks,
        outcome_skipped="" if session.ors_marks else rng.choice(reasons),
        alliance_skipped="" if session.srs_marks else rng.choice(reasons),
    )


def split(total: int, rng: random.Random, *, spread: int = 7) -> tuple[int, ...]:
    """Four marks of 0-100 that add up to `total`; from 36 points on each of them is 9 or more."""
    marks = [total // 4 + (line < total % 4) for line in range(4)]
    lowest = 90 if total >= 360 else 0
    for _ in range(6):
        source, target = rng.sample(range(4), 2)
        moved = min(rng.randint(0, spread), marks[source] - lowest, 100 - marks[target])
        marks[source] -= moved
        marks[target] += moved
    return tuple(marks)


def _weekday(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))
