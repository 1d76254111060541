"""Pictures of results: shares as a bar, changes with their intervals, first to last score, how many are still there.

No single client stands in any of them. Each has a title and a description; the page has the same numbers as a table.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import unescape

from reports.charts.frame import LETTER, spread
from reports.charts.markup import Markup, across, label, number, path, shape, text
from sessions_app.texts.points import signed

SAID_IN = re.compile(r"<(?:title|desc)\b[^>]*>(.*?)</(?:title|desc)>", re.DOTALL)
WIDTH = 360.0
LINE = 15.0
"""Least distance of two labels, in px: their line height."""


@dataclass(frozen=True)
class ChangeLine:
    """A group with its change in tenths (value, low, high), what it would be without any change, and its words."""

    name: str
    value: float
    low: float
    high: float
    expected: float | None
    said: str


@dataclass(frozen=True)
class SlopeLine:
    """A group's mean first and last score in tenths, the last expected without change, and the words of both ends."""

    first: float
    last: float
    expected: float
    first_said: str
    last_said: str


@dataclass(frozen=True)
class CurvePoint:
    """From a time in days on so many are left, with limits; all shares from 0 to 1."""

    at: float
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class FunnelPlace:
    """A caseload of n episodes, its mean residual in tenths, and whose it is."""

    n: int
    residual: float
    said: str


@dataclass(frozen=True)
class Said:
    """What a reader who does not see the picture is told: `name` is unique on the page."""

    name: str
    title: str
    description: str


def shares_svg(parts: Sequence[tuple[str, int]], said: Said) -> Markup:
    """A bar of (class of the stylesheets, count), each as wide as its share; the count stands in it where it fits."""
    total = sum(count for _kind, count in parts)
    drawn, left = [], 0.0
    for kind, count in parts:
        width = WIDTH * count / total
        if count:
            drawn.append(shape("rect", f"v-{kind}", x=left, y=0, width=max(width - 2, 1), height=34))
        if width >= 26:
            on = "v-count" if kind == "same" else "v-count v-on-dark"
            drawn.append(label(on, left + width / 2 - 1, 22, str(count)))
        left += width
    return _svg(34, drawn, said)


def changes_svg(lines: Sequence[ChangeLine], grid: Sequence[tuple[float, str]], said: Said) -> Markup:
    """A line a group: its change as a dot with its interval, a diamond where it would be without any change."""
    left, right, high = 16.0, WIDTH - 16, 46.0 * len(lines) + 26
    low_end, high_end = grid[0][0], grid[-1][0]

    def x(value: float) -> float:
        share = (min(max(value, low_end), high_end) - low_end) / (high_end - low_end)
        return left + share * (right - left)

    drawn = [f'<path class="c-grid" d="M{number(x(value))} 0V{number(high - 20)}"/>' for value, _words in grid]
    drawn += [label("c-date", x(value), high - 4, words) for value, words in grid]
    for place, line in enumerate(lines):
        top = 46.0 * place
        drawn.append(label("v-name", left, top + 15, line.name))
        drawn.append(label("v-value", right, top + 15, line.said))
        drawn.append(f'<path class="v-interval" d="{across(x(line.low), top + 30, x(line.high))}"/>')
        if line.expected is not None:
            at = x(line.expected)
            corners = [(at, top + 24), (at + 6, top + 30), (at, top + 36), (at - 6, top + 30), (at, top + 24)]
            drawn.append(f'<path class="v-expected" d="{path(corners)}"/>')
        drawn.append(shape("circle", "v-dot", cx=x(line.value), cy=top + 30, r=5))
    return _svg(high, drawn, said)


def slopes_svg(lines: Sequence[SlopeLine], cutoff: int, top: int, said: Said) -> Markup:
    """First to last score of each group; dotted where the last would be without any change."""
    high, left, right = 300.0, 92.0, WIDTH - 118

    def y(tenths: float) -> float:
        return 12 + (top - tenths) * (high - 24) / top

    drawn = []
    for value in range(0, top + 1, 100):
        drawn.append(f'<path class="c-grid" d="{across(34, y(value), right)}"/>')
        drawn.append(label("c-tick", 27, y(value) + 4.5, str(value // 10)))
    drawn.append(f'<path class="c-cutoff" d="{across(34, y(cutoff), right)}"/>')
    starts = spread([y(line.first) for line in lines], gap=LINE, top=12, bottom=high - 12)
    ends = spread([y(line.last) for line in lines], gap=LINE, top=12, bottom=high - 12)
    for line, start, end in zip(lines, starts, ends, strict=True):
        drawn.append(f'<path class="v-without" d="{path([(left, y(line.first)), (right, y(line.expected))])}"/>')
        drawn.append(f'<path class="v-slope" d="{path([(left, y(line.first)), (right, y(line.last))])}"/>')
        drawn.append(shape("circle", "v-start", cx=left, cy=y(line.first), r=4.5))
        drawn.append(shape("circle", "v-dot", cx=right, cy=y(line.last), r=4.5))
        drawn.append(label("c-tick", left - 10, start + 4.5, line.first_said))
        drawn.append(label("v-end", right + 10, end + 4.5, line.last_said))
    return _svg(high, drawn, said)


def survival_svg(
    points: Sequence[CurvePoint],
    ticks: Sequence[tuple[float, str]],
    median: tuple[float, str] | None,
    said: Said,
) -> Markup:
    """The share left as steps with their limits, and where the curve comes down to one half."""
    left, right, top, bottom = 46.0, WIDTH - 10, 10.0, 196.0
    end = max(points[-1].at, ticks[-1][0])

    def x(days: float) -> float:
        return left + days / end * (right - left)

    def y(share: float) -> float:
        return bottom - share * (bottom - top)

    def steps(shares: Iterable[float]) -> list[tuple[float, float]]:
        found, before = [(x(0), y(1))], 1.0
        for point, share in zip(points, shares, strict=True):
            found += [(x(point.at), y(before)), (x(point.at), y(share))]
            before = share
        return found

    drawn = []
    for share in (0.0, 0.5, 1.0):
        drawn.append(f'<path class="c-grid" d="{across(left, y(share), right)}"/>')
        drawn.append(label("c-tick", left - 7, y(share) + 4.5, f"{100 * share:.0f}\N{NO-BREAK SPACE}%"))
    low, high = steps(point.low for point in points), steps(point.high for point in points)
    drawn.append(f'<path class="v-band" d="{path([*low, *reversed(high)])}Z"/>')
    drawn.append(f'<path class="v-curve" d="{path(steps(point.share for point in points))}"/>')
    drawn += [label("c-date", x(days), bottom + 20, words) for days, words in ticks]
    if median is not None:
        at, words = median
        drawn.append(f'<path class="v-median" d="{path([(left, y(0.5)), (x(at), y(0.5)), (x(at), bottom)])}"/>')
        # Below the curve, where there is room, and never beyond the edge.
        wide = LETTER * len(words)
        beside = x(at) + 7 if x(at) + 7 + wide <= right else max(left, x(at) - 3 - wide)
        drawn.append(label("v-end", beside, bottom - 8, words))
    return _svg(224, drawn, said)


def funnel_svg(
    *,
    usual: Sequence[tuple[float, float]],
    far: Sequence[tuple[float, float]],
    own: FunnelPlace,
    ticks: Sequence[tuple[float, str]],
    said: Said,
) -> Markup:
    """One caseload between two pairs of limits, each as (size, upper limit in tenths); the lower ones mirror them."""
    left, right, top, bottom = 46.0, WIDTH - 10, 10.0, 196.0
    first, last = usual[0][0], usual[-1][0]
    reach = max(far[0][1], abs(own.residual) * 1.1)

    def x(size: float) -> float:
        return left + (size - first) / (last - first) * (right - left)

    def y(tenths: float) -> float:
        return (top + bottom) / 2 - tenths / reach * (bottom - top) / 2

    def around(limits: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        upper = [(x(size), y(limit)) for size, limit in limits]
        return upper + [(x(size), y(-limit)) for size, limit in reversed(limits)]

    step = next(step for step in (10, 20, 50, 100) if reach / step <= 4 or step == 100)
    drawn = [f'<path class="v-band" d="{path(around(usual))}Z"/>']
    for value in range(-int(reach // step) * step, int(reach) + 1, step):
        drawn.append(f'<path class="c-grid" d="{across(left, y(value), right)}"/>')
        drawn.append(label("c-tick", left - 7, y(value) + 4.5, signed(value)))
    sides = [path([(x(size), y(side * limit)) for size, limit in far]) for side in (1, -1)]
    drawn += [f'<path class="v-without" d="{side}"/>' for side in sides]
    drawn += [label("c-date", x(size), bottom + 20, words) for size, words in ticks]
    drawn.append(shape("circle", "v-dot", cx=x(own.n), cy=y(own.residual), r=6))
    drawn.append(label("v-end", x(own.n) + 10, y(own.residual) - 7, own.said))
    return _svg(224, drawn, said)


def said_of(drawing: str) -> tuple[str, str]:
    """What one of these drawings tells who does not see it: its title and its description."""
    title, description = (unescape(one) for one in SAID_IN.findall(drawing))
    return title, description


def _svg(high: float, drawn: Iterable[str], said: Said) -> Markup:
    head = (
        f'<svg class="chart chart-small" viewBox="0 0 {number(WIDTH)} {number(high)}" role="img" '
        f'aria-labelledby="{said.name}-title {said.name}-desc" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{said.name}-title">{text(said.title)}</title>'
        f'<desc id="{said.name}-desc">{text(said.description)}</desc>'
    )
    return Markup(head + "".join(drawn) + "</svg>")
