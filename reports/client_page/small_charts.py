"""Small charts of series that stand apart from ORS and SRS, with the texts and the table beside each."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reports.charts.markup import Markup
from reports.charts.small import SmallSeries, small_svg
from sessions_app.measures.instruments.registry import Instrument
from sessions_app.texts.verdict import points


@dataclass(frozen=True)
class SmallChart:
    """The picture and its rows, the newest first: (date, value in words, key of what it stands for)."""

    svg: Markup
    rows: tuple[tuple[datetime.date, str, str], ...]


def points_chart(
    measured: Sequence[tuple[datetime.date, int, str]],
    *,
    name: str,
    title: str,
    top: int,
    limit: tuple[int, str] | None = None,
) -> SmallChart:
    """A series of totals in tenths (date, total, key), oldest first, from 0 to `top`; `name` is unique on the page."""
    steps = range(0, top + 1, 100)
    return _chart(
        measured,
        name=name,
        title=title,
        top=top,
        kind="srs",
        say=points,
        grid=tuple((value, points(value)) for value in steps),
        limits=(limit,) if limit else (),
    )


def periodic_chart(
    measured: Sequence[tuple[datetime.date, int, str]],
    *,
    name: str,
    title: str,
    about: Instrument,
    limits: tuple[tuple[int, str], ...],
) -> SmallChart:
    """A series of scores of a periodic instrument (date, score as it is said, key), oldest first."""
    say = str if about.is_choice else points
    grid = tuple((value, say(value)) for value in (round(about.said_max * part / 4) for part in range(5)))
    return _chart(measured, name=name, title=title, top=about.said_max, kind="ors", say=say, grid=grid, limits=limits)


def goal_chart(measured: Sequence[tuple[datetime.date, int, str]], *, name: str, title: str, top: int) -> SmallChart:
    """The marks that a client gave one goal (date, mark, key), oldest first, from 0 to `top`."""
    grid = tuple((value, str(value)) for value in (0, top // 2, top))
    return _chart(measured, name=name, title=title, top=top, kind="goal", say=str, grid=grid, limits=())


def _chart(measured, *, name, title, top, kind, say, grid, limits) -> SmallChart:
    said = _("%(count)s marks, the first %(first)s, the latest %(last)s.") % {
        "count": len(measured),
        "first": say(measured[0][1]),
        "last": say(measured[-1][1]),
    }
    series = SmallSeries(
        points=tuple((day, value, say(value)) for day, value, _key in measured),
        top=top,
        grid=grid,
        limits=limits,
        title=title,
        description=said,
        kind=kind,
    )
    rows = tuple((day, say(value), key) for day, value, key in reversed(measured))
    return SmallChart(small_svg(series, name=name), rows)
