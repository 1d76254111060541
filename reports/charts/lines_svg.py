"""Line by line: the four marks of a session beside the time before, and each line's own small curve."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from reports.charts.markup import Markup, path
from reports.charts.series import ChartSeries, Marks
from sessions_app.texts.points import points

MARK_TOP = 100
"""The right end of one line, in tenths (10.0): a mark is also the share of the line in percent."""
CURVE_WIDE, CURVE_HIGH = 200, 60
"""The viewBox of a small curve; the drawing stretches with its column, strokes and dots do not."""

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
    """One line of the form over time: its name, the latest mark as text, and the picture."""

    kind: Kind
    label: str
    value: str
    svg: Markup


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
    curves = []
    for line, label in enumerate(labels):
        values = [row[line] if row else None for row in marks]
        latest = next((value for value in reversed(values) if value is not None), None)
        svg = _curve_svg(values, kind)
        curves.append(LineCurve(kind, label, points(latest), svg))
    return tuple(curves)


def _row_svg(mark: int | None, was: int | None) -> Markup:
    """Places in percent, so that the line is as wide as its column and the dots stay round."""
    drawn = '<line x1="0" x2="100%" y1="16" y2="16"/>'
    if was is not None:
        drawn += f'<circle class="then" cx="{was}%" cy="16" r="5.5"/>'
    if mark is not None:
        drawn += f'<circle class="now" cx="{mark}%" cy="16" r="9"/>'
    return Markup(f'<svg class="dotline" aria-hidden="true">{drawn}</svg>')


def _curve_svg(values: Sequence[int | None], kind: Kind) -> Markup:
    step = CURVE_WIDE / max(len(values) - 1, 5)
    places = [
        (index * step, CURVE_HIGH - value * CURVE_HIGH / MARK_TOP)
        for index, value in enumerate(values)
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
