"""A small picture of one series by date: a periodic form, the alliance in groups, one's own supervision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reports.charts.frame import spread
from reports.charts.markup import Markup, across, coordinates, label, number, shape, text

WIDTH, HIGH = 360.0, 190.0
LEFT, RIGHT, TOP, BOTTOM = 34.0, 84.0, 16.0, 30.0
GAP = 15.0
"""Least distance of two labels at the right, in px: their line height."""


@dataclass(frozen=True)
class SmallSeries:
    """`points` oldest first: (date, value from 0 to `top`, the value in words); `limits` as (value, label)."""

    points: tuple[tuple[date, int, str], ...]
    top: int
    grid: tuple[tuple[int, str], ...]
    limits: tuple[tuple[int, str], ...]
    title: str
    description: str
    kind: str = "ors"  # whose colour: ors, srs or goal


def small_svg(series: SmallSeries, *, name: str) -> Markup:
    """The picture, drawn once for every width; places are by date, so that long pauses are seen.

    `name` is unique on the page. All colours come from classes of the stylesheets.
    """
    places = [(_x(series, day), _y(series, value)) for day, value, _ in series.points]
    parts = [
        f'<svg class="chart chart-small" viewBox="0 0 {number(WIDTH)} {number(HIGH)}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{name}-title">{text(series.title)}</title>'
        f'<desc id="{name}-desc">{text(series.description)}</desc>',
        *_grid(series),
        *_limits(series),
        *_curve(series, places),
        *_dates(series),
    ]
    return Markup("".join(parts) + "</svg>")


def _x(series: SmallSeries, day: date) -> float:
    first, last = series.points[0][0], series.points[-1][0]
    share = (day - first).days / (last - first).days if last > first else 0.0
    return LEFT + 10 + share * (WIDTH - RIGHT - 20 - LEFT)


def _y(series: SmallSeries, value: float) -> float:
    return HIGH - BOTTOM - value * (HIGH - TOP - BOTTOM) / series.top


def _grid(series: SmallSeries) -> list[str]:
    found = []
    for value, words in series.grid:
        y = _y(series, value)
        found.append(f'<path class="c-grid" d="{across(LEFT, y, WIDTH - RIGHT)}"/>')
        found.append(label("c-tick", LEFT - 7, y + 4.5, words))
    return found


def _limits(series: SmallSeries) -> list[str]:
    line = "c-cutoff" if series.kind == "ors" else "c-alliance"
    heights = spread([_y(series, value) for value, _ in series.limits], gap=GAP, top=TOP, bottom=HIGH - BOTTOM)
    found = []
    for (value, words), height in zip(series.limits, heights, strict=True):
        found.append(f'<path class="{line}" d="{across(LEFT, _y(series, value), WIDTH - RIGHT)}"/>')
        found.append(label("c-label", WIDTH - RIGHT + 6, height + 4.5, words))
    return found


def _curve(series: SmallSeries, places: Sequence[tuple[float, float]]) -> list[str]:
    dots = [shape("circle", f"c-dot-{series.kind}", cx=x, cy=y, r=4.5) for x, y in places]
    x, y = places[-1]
    above = y - 11 if y - 11 > TOP else y + 22
    said = label(f"c-value-{series.kind} c-small-value", x, above, series.points[-1][2])
    return [f'<polyline class="c-{series.kind}" points="{coordinates(places)}"/>', *dots, said]


def _dates(series: SmallSeries) -> list[str]:
    ends = dict.fromkeys((series.points[0][0], series.points[-1][0]))
    return [label("c-date", _x(series, day), HIGH - 9, f"{day.day}/{day.month}") for day in ends]
