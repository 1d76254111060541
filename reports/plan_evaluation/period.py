"""Which period of an episode is evaluated."""

import calendar
import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clients.models import Episode
from sessions_app.models import Goal

PLAN, EPISODE, DAYS = "plan", "episode", "days"
MONTHS = {"3": 3, "6": 6, "12": 12}
NAMES: dict[str, str | Promise] = {
    PLAN: _("Since the plan began"),
    "3": _("The last 3 months"),
    "6": _("The last 6 months"),
    "12": _("The last 12 months"),
    EPISODE: _("The whole episode"),
}
"""What can be chosen, by the word of the address; the first where nothing was. DAYS stands beside it, with two days."""


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both within; `key` is one of NAMES, or DAYS."""

    key: str
    since: datetime.date
    until: datetime.date


def period_of(wanted: str, episode: Episode, goals: Sequence[Goal], today: datetime.date) -> Period:
    """The period that was asked for; it ends today, or with the episode, and never begins before the episode."""
    key = wanted if wanted in NAMES else PLAN
    until = last_day(episode, today)
    if key in MONTHS:
        since = months_before(until, MONTHS[key])
    elif key == PLAN and goals:
        since = min(goal.since for goal in goals)
    else:
        since = episode.started_on
    return Period(key, min(max(since, episode.started_on), until), until)


def last_day(episode: Episode, today: datetime.date) -> datetime.date:
    """The last day that a period may have: today, or the end of the episode."""
    return max(min(episode.ended_on or today, today), episode.started_on)


def months_before(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months before; where that month has no such day, its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))
