"""What is compared with the curves: each series in a picture of its own below them, on the same axis of sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from reports.charts.axis import day_place, told_at
from reports.charts.frame import Frame, frame_of
from reports.charts.markup import Markup, across, label, number, path, text
from reports.charts.series import ChartSeries

HIGH = 96.0
TOP, BOTTOM = 14.0, 82.0
# One path around the origin for each place in the list, so that no two pictures have to be told apart by colour.
MARKERS = (
    "M0 -5.5L5.5 0L0 5.5L-5.5 0z",
    "M0 -5.5L5 4h-10z",
    "M-1.6 -5h3.2v3.4h3.4v3.2h-3.4v3.4h-3.2v-3.4h-3.4v-3.2h3.4z",
    "M0 5.5L5 -4h-10z",
)


@dataclass(frozen=True)
class ComparedSeries:
    """`measured` oldest first: (day, key of the session, value from 0 to `top`, the value in words).

    `limits` as (value, words); `scale` says in words what the ends of the axis are.
    """

    title: str
    measured: tuple[tuple[date, str, int, str], ...]
    top: int
    scale: tuple[str, str]
    limits: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class ComparedCurve:
    """The picture in both sizes, and the values in words at each session of the chart ("" where there is none).

    `first` and `last` are for those who do not see the picture.
    """

    title: str
    wide: Markup
    narrow: Markup
    values: tuple[str, ...]
    first: str
    last: str


def compared_curve(
    series: ChartSeries, found: ComparedSeries, *, place: int, sizes: dict[str, tuple[int, int]], large: bool
) -> ComparedCurve:
    """A series below the chart of `series`, whose frame it has; `place` is its place in the list."""
    drawn = {}
    for size, (width, height) in sizes.items():
        frame = frame_of(series, width=width, height=height, large=large)
        drawn[size] = _svg(series, frame, found, place, f"compared-{place}-{size}")
    values = [""] * len(series.points)
    for day, key, _value, words in found.measured:
        index = _index(series, day, key)
        values[index] = words if not values[index] else f"{values[index]}, {words}"
    first, last = found.measured[0][3], found.measured[-1][3]
    return ComparedCurve(found.title, drawn["wide"], drawn["narrow"], tuple(values), first, last)


def compared_svg(series: ChartSeries, found: ComparedSeries, *, place: int, width: int, height: int) -> Markup:
    """One picture alone, below a chart of `series` that is `width` by `height`."""
    frame = frame_of(series, width=width, height=height)
    return _svg(series, frame, found, place, f"compared-{place}-{width}")


def _index(series: ChartSeries, day: date, key: str) -> int:
    keys = [point.key for point in series.points]
    return keys.index(key) if key in keys else told_at(day, series.days)


def _x(series: ChartSeries, frame: Frame, day: date, key: str) -> float:
    keys = [point.key for point in series.points]
    if key in keys:
        return frame.x(keys.index(key))
    return frame.left + day_place(day, series.days, by_date=series.by_date) * frame.step


def _y(found: ComparedSeries, value: float) -> float:
    return BOTTOM - value * (BOTTOM - TOP) / found.top


def _svg(series: ChartSeries, frame: Frame, found: ComparedSeries, place: int, name: str) -> Markup:
    places = [(_x(series, frame, day, key), _y(found, value)) for day, key, value, _words in found.measured]
    marker = MARKERS[place % len(MARKERS)]
    said = f"{found.measured[0][3]} → {found.measured[-1][3]}" if len(places) > 1 else found.measured[0][3]
    parts = [
        f'<svg class="chart chart-compared" viewBox="0 0 {frame.width} {number(HIGH)}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{name}-title">{text(found.title)}</title><desc id="{name}-desc">{text(said)}</desc>',
        *_scale(frame, found),
        *(f'<path class="m-line" d="{path(pair)}"/>' for pair in pairwise(places)),
        *(f'<path class="m-mark" transform="translate({number(x)} {number(y)})" d="{marker}"/>' for x, y in places),
        label("m-value", places[-1][0] + 10, places[-1][1] + 5, found.measured[-1][3]),
    ]
    return Markup("".join(parts) + "</svg>")


def _scale(frame: Frame, found: ComparedSeries) -> Sequence[str]:
    drawn = [f'<path class="c-grid" d="{across(frame.left, y, frame.right)}"/>' for y in (TOP, BOTTOM)]
    for words, y in zip(found.scale, (BOTTOM, TOP), strict=True):
        drawn.append(label("c-tick", frame.left - 9, y + 4.5, words))
    for value, words in found.limits:
        y = _y(found, value)
        drawn.append(f'<path class="m-limit" d="{across(frame.left, y, frame.right)}"/>')
        drawn.append(label("c-label", frame.right + 7, y + 4.5, words))
    return drawn
