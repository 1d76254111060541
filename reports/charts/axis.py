"""Where sessions and days stand on the axis: in their order, or by date.

A place is a length in steps. In the order one step leads from a session to the next; by date one step is the mean time
between two sessions, so that both axes of a course are as long and equal days are equally far apart everywhere.
"""

from collections.abc import Sequence
from datetime import date


def session_places(days: Sequence[date], *, by_date: bool) -> tuple[float, ...]:
    """The place of each session, in the order of `days` (oldest first): the first at 0, the last at their number - 1.

    Several on one day stand at one place by date; where all are on one day, only the order is left.
    """
    if not by_date or len(days) < 2 or days[0] == days[-1]:
        return tuple(float(index) for index in range(len(days)))
    step = (days[-1] - days[0]).days / (len(days) - 1)
    return tuple((day - days[0]).days / step for day in days)


def day_place(day: date, days: Sequence[date], *, by_date: bool) -> float:
    """The place of a day that is no session's own.

    By date as for a session, also after the last one; in the order on the session of that day, else half a step before
    the next one or after the last one. Never before the first session.
    """
    if by_date and len(days) > 1 and days[0] != days[-1]:
        step = (days[-1] - days[0]).days / (len(days) - 1)
        return max((day - days[0]).days / step, 0.0)
    before = [index for index, held_on in enumerate(days) if held_on <= day]
    if not before:
        return 0.0
    return float(before[-1]) if days[before[-1]] == day else before[-1] + 0.5


def told_at(day: date, days: Sequence[date]) -> int:
    """Which session (place in the order) tells of a day: the first one from that day on, else the last one."""
    return next((index for index, held_on in enumerate(days) if held_on >= day), len(days) - 1)


def axis_labels(days: Sequence[date]) -> tuple[str, ...]:
    """Short dates; over a new year the first one of each year says which."""
    if not days or days[0].year == days[-1].year:
        return tuple(f"{day.day}/{day.month}" for day in days)
    years = [None, *(day.year for day in days)]
    return tuple(
        f"{day.day}/{day.month}" if day.year == before else f"{day.day}/{day.month} {day.year}"
        for day, before in zip(days, years, strict=False)
    )
