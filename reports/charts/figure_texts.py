"""The texts of a figure as Plotly's annotations: labels at the right, the last values, the quotation marks."""

from typing import Any

from reports.charts.client_svg import label_heights, last_value_heights, quote_places, quote_radius
from reports.charts.colours import COLOURS
from reports.charts.frame import Frame
from reports.charts.series import TOP, ChartSeries
from sessions_app.texts.points import points

Json = dict[str, Any]


def quote_marks(series: ChartSeries, frame: Frame, kinds: tuple[str, ...]) -> list[Json]:
    """The marks in the circles of the client's own words; none where the circles are too small."""
    if quote_radius(frame) <= 6:
        return []
    return [
        _annotation(frame, "”", (x - frame.left) / frame.step, y, 15, "--ink", shift=-3)
        for kind in kinds
        for x, y in quote_places(series, frame, kind, "srs" in kinds)
    ]


def labels(series: ChartSeries, frame: Frame, with_srs: bool) -> list[Json]:
    """What stands at the right ends of dashed lines and band."""
    return [
        _annotation(frame, _plain(label), frame.intervals, y, 13, "--ink-2") | {"xanchor": "left", "xshift": 6}
        for label, y in label_heights(series, frame, with_srs)
    ]


def last_values(series: ChartSeries, frame: Frame, kinds: tuple[str, ...], large: bool) -> list[Json]:
    """The latest total of each curve, beside its end."""
    size, beside = (25, 11) if large else (18, 8)
    return [
        _annotation(frame, points(score), frame.steps_to(index), height, size, f"--{kind}", weight=680)
        | {"xanchor": "left", "xshift": max(frame.mark, 4.0) + beside}
        for kind, index, score, height in last_value_heights(series, frame, kinds, large=large)
    ]


def in_points(frame: Frame, height: float) -> float:
    """A height in px from the picture's top as a place on the axis, in points."""
    return (frame.bottom - height) / (frame.bottom - frame.top) * TOP / 10


def _annotation(
    frame: Frame, words: str, x: float, height: float, size: int, colour: str, *, weight: int = 400, shift: float = 0
) -> Json:
    """A text at a height in px, and `shift` px above it.

    Plotly leaves out what stands off the axis, unless it is shifted there from the axis' end. The weight goes by the
    font, for plotly writes a bold tag as an inline style, which CSP refuses.
    """
    end = min(max(height, frame.top), frame.bottom)
    return {
        "text": words,
        "x": x,
        "y": in_points(frame, end),
        "yshift": shift + end - height,
        "showarrow": False,
        "font": {"size": size, "color": COLOURS[colour], "weight": weight},
        "borderpad": 0,
    }


def _plain(label: str) -> str:
    """Plotly reads a few tags in texts; a label has none, so its angle brackets are signs."""
    return label.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
