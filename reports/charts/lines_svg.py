"""Line by line: the four marks of a session beside the time before, and each line's own small curve."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from reports.charts.markup import Markup, path, text
from reports.charts.series import ChartSeries, Marks
from sessions_app.texts.points import points

MARK_TOP = 100
"""The right end of one line, in tenths (10.0): a mark is also the share of the line in percent."""
CURVE_WIDE, CURVE_HIGH = 200, 60
"""The viewBox of a small curve; the drawing stretches with its column, strokes and dots do not."""
LEAST_STEPS = 3
"""A young course does not fill the width, and two dates have room below it."""
SCALE = Markup(
    '<svg class="line-scale" aria-hidden="true">'
    '<text x="100%" y="0">10</text><text x="100%" y="50%">5</text><text x="100%" y="100%">0</text></svg>'
)
"""The scale beside a small curve: places in percent, so that it stands at the curve's lines at any height."""

Kind = Literal["ors", "srs"]


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of the form: its name, the mark as text, the one before ('' if none) and the picture."""

    label: str
    value: str
    previous: str
    svg: Markup


@dataclass(frozen=True, slots=True)
class LineCurve:
    """One line of the form over time: its name, the latest mark as text, the curve, its scale and its dates."""

    kind: Kind
    label: str
    value: str
    svg: Markup
    scale: Markup
    dates: Markup


def line_rows(
    labels: Sequence[str],
    today: Marks,
    previous: Marks | None,
) -> tuple[LineRow, ...]:
    """One row for each line: previous mark hollow, today's filled, both on the bare line of the form."""
    before = previous or (None,) * len(labels)
    return tuple(
        LineRow(
            label=label,
            value=points(mark),
            previous=points(was),
            svg=_row_svg(mark, was),
        )
        for label, mark, was in zip(labels, today, before, strict=True)
    )


def line_curves(series: ChartSeries, *, kind: Kind) -> tuple[LineCurve, ...]:
    """One small curve for each line of the instrument, on its own 0-10 scale; none without names or marks."""
    labels = series.ors_items if kind == "ors" else series.srs_items
    marks = [point.ors_marks if kind == "ors" else point.srs_marks for point in series.points]
    if not any(marks):
        return ()
    at = series.places()
    curves, dates = [], _dates_svg(series)
    for line, label in enumerate(labels):
        values = [row[line] if row else None for row in marks]
        latest = next((value for value in reversed(values) if value is not None), None)
        curves.append(LineCurve(kind, label, points(latest), _curve_svg(values, at, kind), SCALE, dates))
    return tuple(curves)


def _row_svg(mark: int | None, was: int | None) -> Markup:
    """Places in percent, so that the line is as wide as its column and the dots stay round."""
    drawn = '<line x1="0" x2="100%" y1="16" y2="16"/>'
    if was is not None:
        drawn += f'<circle class="then" cx="{was}%" cy="16" r="5.5"/>'
    if mark is not None:
        drawn += f'<circle class="now" cx="{mark}%" cy="16" r="9"/>'
    return Markup(f'<svg class="dotline" aria-hidden="true">{drawn}</svg>')


def _step(count: int) -> float:
    """From session to session, in units of the viewBox."""
    return CURVE_WIDE / max(count - 1, LEAST_STEPS)


def _dates_svg(series: ChartSeries) -> Markup:
    """The first and the last day, below their places; in percent, as the curve stretches."""
    last = len(series.points) - 1
    across = round(100 * last * _step(len(series.points)) / CURVE_WIDE)
    anchor = "end" if across == 100 else "middle"
    words = text(series.labels[last])
    end = f'<text x="{across}%" y="14" text-anchor="{anchor}">{words}</text>' if last else ""
    first = f'<text x="0" y="14">{text(series.labels[0])}</text>'
    return Markup(f'<svg class="line-dates" aria-hidden="true">{first}{end}</svg>')


def _curve_svg(values: Sequence[int | None], at: Sequence[float], kind: Kind) -> Markup:
    step = _step(len(values))
    places = [
        (place * step, CURVE_HIGH - value * CURVE_HIGH / MARK_TOP)
        for place, value in zip(at, values, strict=True)
        if value is not None
    ]
    grid = "".join(f"M0 {y}H{CURVE_WIDE}" for y in (0, CURVE_HIGH // 2, CURVE_HIGH))
    drawn = [f'<path class="l-grid" d="{grid}"/>']
    if places:
        drawn.append(f'<path class="l-curve" d="{path(places)}"/><path class="l-now" d="{path(places[-1:])}h0"/>')
    return Markup(
        f'<svg class="line-curve {kind}" viewBox="0 0 {CURVE_WIDE} {CURVE_HIGH}" preserveAspectRatio="none" '
        f'aria-hidden="true">{"".join(drawn)}</svg>'
    )
