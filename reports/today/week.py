"""What a team lead reads of the week: sessions with ORS and SRS, clients measured as agreed, alerts with a decision."""

import datetime
from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organisations.models import Practitioner
from reports.charts.markup import Markup
from reports.charts.months import share_svg
from reports.fit_in_use.definitions import (
    ACTED,
    AGREED,
    ALERTS,
    IN_TIME,
    KEPT,
    ORS,
    SESSIONS,
    SRS,
)
from reports.fit_in_use.figures import UseFigures, figures_of
from reports.fit_in_use.page import left_out_words
from reports.fit_in_use.rows import UsePeriod, load_measured_rows
from reports.fit_in_use.small_numbers import ALL

WEEK = datetime.timedelta(days=7)
ALERT_WEEKS = 4
"""Alerts of so many weeks: of those of a single one most would still have time."""


@dataclass(frozen=True)
class WeekNumber:
    """ "21 of 24", its bar, what it is, and what else is to be said of it."""

    part: int
    whole: int
    bar: Markup
    name: str
    more: str


def read_week(by: Practitioner, today: datetime.date) -> tuple[WeekNumber, ...]:
    """The numbers of a lead's teams together, as "Is FIT really done?" defines them; nothing where nobody is counted.

    Three queries.
    """
    monday = today - datetime.timedelta(days=today.weekday())
    first = monday - (ALERT_WEEKS - 1) * WEEK
    periods = (
        UsePeriod(first, monday - WEEK - datetime.timedelta(days=1)),
        UsePeriod(monday - WEEK, monday - datetime.timedelta(days=1)),
        UsePeriod(monday, today),
    )
    rows = load_measured_rows(by, UsePeriod(first, today))
    return _numbers(figures_of(rows, periods, today, hides=False))


def _numbers(figures: UseFigures) -> tuple[WeekNumber, ...]:
    counts = [found[ALL] for found in figures.counts]
    now, before = counts[-1], counts[-2]
    alerts = sum(counts, Counter[str]())
    waiting = alerts[IN_TIME]
    found = (
        (now[ORS], now[SESSIONS], _("sessions with ORS"), left_out_words(figures, ALL, len(counts) - 1, ORS)),
        (now[SRS], now[SESSIONS], _("sessions with SRS"), left_out_words(figures, ALL, len(counts) - 1, SRS)),
        (
            now[KEPT],
            now[AGREED],
            _("episodes measured as agreed"),
            _("last week: %(part)d of %(whole)d") % {"part": before[KEPT], "whole": before[AGREED]},
        ),
        (
            alerts[ACTED],
            alerts[ALERTS],
            _("alerts of four weeks acted on within 14 days"),
            ngettext("%d still has time", "%d still have time", waiting) % waiting if waiting else "",
        ),
    )
    return tuple(
        WeekNumber(part, whole, share_svg(part / whole), name, more) for part, whole, name, more in found if whole
    )
