"""Several courses of one client: joined on one axis by date, or each in a small picture beside the others.

A course is a series of one form: that of an episode, or of the years of age within it. No line leads from one to the
next, whatever lies between them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reports.charts.axis import axis_labels
from reports.charts.frame import GRID, LETTER, NARROW
from reports.charts.markup import Markup, across, coordinates, label, number, shape, text
from reports.charts.series import TOP as MOST
from sessions_app.texts.points import points

SIZES = {"wide": (760, 340), "narrow": (340, 300)}
"""The joined drawing in two sizes, as (width, height) of the viewBox."""
SIDE = (340, 230)
"""One of those that stand beside each other."""
HEAD, FOOT = 38.0, 34.0
INSIDE = 14.0
"""From the edge of a plot to the first and the last session, in px."""
VALUE = 34.0
"""At the right, for the last value."""


@dataclass(frozen=True)
class CourseLine:
    """One course: `name` over it, the day of each session, the totals in tenths (None where there is none), limits."""

    name: str
    days: tuple[date, ...]
    ors: tuple[int | None, ...]
    srs: tuple[int | None, ...]
    cutoff: int
    alliance: int | None


@dataclass(frozen=True)
class _Plot:
    left: float
    right: float
    bottom: float
    top: float = HEAD

    def y(self, tenths: float) -> float:
        return self.bottom - tenths * (self.bottom - self.top) / MOST


def joined_svg(lines: Sequence[CourseLine], *, size: str, name: str, title: str, description: str) -> Markup:
    """All courses by date on one axis, oldest first, each with at least one session; `name` is unique on the page."""
    width, height = SIZES[size]
    plot = _Plot(26.0 if width < NARROW else 40.0, width - 8.0, height - FOOT)
    first, last = lines[0].days[0], max(line.days[-1] for line in lines)
    room = plot.right - plot.left - INSIDE - VALUE
    step = room / max((last - first).days, 1)
    drawn = [*_grid(plot, GRID)]
    starts = [plot.left + INSIDE + (line.days[0] - first).days * step for line in lines]
    for place, (line, start) in enumerate(zip(lines, starts, strict=True)):
        across_ = [plot.left + INSIDE + (day - first).days * step for day in line.days]
        end = starts[place + 1] - 8 if place + 1 < len(lines) else plot.right
        drawn += _course(plot, line, across_)
        drawn.append(_name(line.name, start, max(end - start, 0.0), place + 1))
    drawn += _dates(plot, [day for line in lines for day in line.days], first, step)
    return _picture(drawn, width, height, name=f"{name}-{size}", title=title, description=description)


def side_svg(line: CourseLine, most: int, *, name: str, title: str, description: str) -> Markup:
    """One course, session by session, for the place beside others, the longest of which has `most` sessions."""
    width, height = SIDE
    plot = _Plot(26.0, width - 8.0, height - FOOT, top=14.0)
    step = (plot.right - plot.left - INSIDE - VALUE) / max(most - 1, 5)
    places = [plot.left + INSIDE + step * index for index in range(len(line.days))]
    drawn = [*_grid(plot, GRID), *_course(plot, line, places)]
    labels = axis_labels(line.days)
    ends = {0: places[0], len(places) - 1: places[-1]}
    near = len(ends) > 1 and places[-1] - places[0] < LETTER * (len(labels[0]) + len(labels[-1])) / 2 + 12
    for index, x in ends.items():
        if not (near and index == 0):
            drawn.append(label("c-date", x, plot.bottom + 22, labels[index]))
    return _picture(drawn, width, height, name=name, title=title, description=description)


def _picture(drawn: Sequence[str], width: int, height: int, *, name: str, title: str, description: str) -> Markup:
    return Markup(
        f'<svg class="chart chart-courses" viewBox="0 0 {width} {height}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{name}-title">{text(title)}</title><desc id="{name}-desc">{text(description)}</desc>'
        f"{''.join(drawn)}</svg>"
    )


def _grid(plot: _Plot, values: Sequence[int]) -> list[str]:
    found = []
    for value in values:
        y = plot.y(value)
        found.append(f'<path class="c-grid" d="{across(plot.left, y, plot.right)}"/>')
        found.append(label("c-tick", plot.left - 8, y + 4.5, str(value // 10)))
    return found


def _course(plot: _Plot, line: CourseLine, places: Sequence[float]) -> list[str]:
    """The limits of a course as far as it reaches, and its two curves."""
    start, end = places[0] - INSIDE / 2, places[-1] + INSIDE / 2
    drawn = [f'<path class="c-cutoff" d="{across(start, plot.y(line.cutoff), end)}"/>']
    if line.alliance is not None and any(total is not None for total in line.srs):
        drawn.append(f'<path class="c-alliance" d="{across(start, plot.y(line.alliance), end)}"/>')
    return [*drawn, *_curve(plot, "srs", line.srs, places), *_curve(plot, "ors", line.ors, places)]


def _curve(plot: _Plot, kind: str, totals: Sequence[int | None], places: Sequence[float]) -> list[str]:
    marks = [(x, plot.y(total)) for x, total in zip(places, totals, strict=True) if total is not None]
    if not marks:
        return []
    drawn = [f'<polyline class="c-{kind}" points="{coordinates(marks)}"/>'] if len(marks) > 1 else []
    for x, y in marks:
        dot = (
            {"cx": x, "cy": y, "r": 3.6} if kind == "ors" else {"x": x - 3.2, "y": y - 3.2, "width": 6.4, "height": 6.4}
        )
        drawn.append(shape("circle" if kind == "ors" else "rect", f"c-dot-{kind}", **dot))
    if kind == "ors":
        last = next(total for total in reversed(totals) if total is not None)
        drawn.append(label("c-value-ors", marks[-1][0] + 7, marks[-1][1] + 5, points(last)))
    return drawn


def _name(words: str, x: float, room: float, number_: int) -> str:
    """The name over a course, as far as there is room before the next one; else its number."""
    letters = int(room / LETTER)
    if letters < len(words):
        words = f"{words[: max(letters - 1, 0)].rstrip()}…" if letters > 3 else str(number_)
    return label("c-course", x, HEAD - 18, words)


def _dates(plot: _Plot, days: Sequence[date], first: date, step: float) -> list[str]:
    """The days of sessions that are far enough from each other, from the left; the last one always."""
    ordered = sorted(set(days))
    labels = dict(zip(ordered, axis_labels(ordered), strict=True))
    room = LETTER * max(len(words) for words in labels.values()) + 12
    kept: list[date] = []
    for day in ordered[:-1]:
        after = not kept or (day - kept[-1]).days * step >= room
        if after and (ordered[-1] - day).days * step >= room:
            kept.append(day)
    kept.append(ordered[-1])
    words = dict(zip(kept, axis_labels(kept), strict=True))
    return [
        label("c-date", float(number(plot.left + INSIDE + (day - first).days * step)), plot.bottom + 22, words[day])
        for day in kept
    ]
