"""A small picture of one series by date: a periodic form, the alliance in groups, one's own supervision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reports.charts.frame import spread
from reports.charts.markup import Markup, number, text

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
    kind: str = "ors"  # whose colour: ors or srs


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
    right = number(WIDTH - RIGHT)
    found = []
    for value, label in series.grid:
        y = _y(series, value)
        found.append(f'<path class="c-grid" d="M{number(LEFT)} {number(y)}H{right}"/>')
        found.append(f'<text class="c-tick" x="{number(LEFT - 7)}" y="{number(y + 4.5)}">{text(label)}</text>')
    return found


def _limits(series: SmallSeries) -> list[str]:
    line = "c-cutoff" if series.kind == "ors" else "c-alliance"
    heights = spread([_y(series, value) for value, _ in series.limits], gap=GAP, top=TOP, bottom=HIGH - BOTTOM)
    found = []
    for (value, label), height in zip(series.limits, heights, strict=True):
        y = number(_y(series, value))
        found.append(f'<path class="{line}" d="M{number(LEFT)} {y}H{number(WIDTH - RIGHT)}"/>')
        found.append(
            f'<text class="c-label" x="{number(WIDTH - RIGHT + 6)}" y="{number(height + 4.5)}">{text(label)}</text>'
        )
    return found


def _curve(series: SmallSeries, places: Sequence[tuple[float, float]]) -> list[str]:
    points = " ".join(f"{number(x)},{number(y)}" for x, y in places)
    dots = [f'<circle class="c-dot-{series.kind}" cx="{number(x)}" cy="{number(y)}" r="4.5"/>' for x, y in places]
    x, y = places[-1]
    above = y - 11 if y - 11 > TOP else y + 22
    value = f'<text class="c-value-{series.kind} c-small-value" x="{number(x)}" y="{number(above)}">'
    said = f"{value}{text(series.points[-1][2])}</text>"
    return [f'<polyline class="c-{series.kind}" points="{points}"/>', *dots, said]


def _dates(series: SmallSeries) -> list[str]:
    ends = dict.fromkeys((series.points[0][0], series.points[-1][0]))
    return [
        f'<text class="c-date" x="{number(_x(series, day))}" y="{number(HIGH - 9)}">{day.day}/{day.month}</text>'
        for day in ends
    ]
