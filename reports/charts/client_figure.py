"""The same picture as a plotly figure: a plain dict, since plotly's own objects cost 9 ms a chart."""

from collections.abc import Sequence
from typing import Any

from django.utils.formats import get_format

from reports.charts.client_svg import (
    band_shown,
    limits,
    measured,
    quote_places,
    quote_radius,
)
from reports.charts.colours import COLOURS
from reports.charts.events import ABOVE, MARKS, stacked
from reports.charts.figure_texts import in_points, labels, last_values, quote_marks
from reports.charts.frame import GRID, Frame, frame_of
from reports.charts.series import TOP, BandPoint, ChartSeries

Json = dict[str, Any]


def client_figure(
    series: ChartSeries,
    *,
    width: int = 760,
    height: int = 400,
    with_srs: bool = True,
    last_value_large: bool = False,
) -> Json:
    """The picture of `client_chart_svg` with the same arguments, point for point, in px of that viewBox.

    x is the place on the axis in steps from 0, y is in points (0-40). The client's own words are never inside.
    """
    frame = frame_of(series, width=width, height=height, large=last_value_large)
    kinds = ("srs", "ors") if with_srs else ("ors",)
    return {
        "data": [
            *_band(series, frame),
            *_limits(series, frame, with_srs),
            *_events(series, frame),
            *_state(series, frame),
            *(_curve(series, frame, kind) for kind in kinds if measured(series, kind)),
            *_quotes(series, frame, kinds),
        ],
        "layout": {
            **_plain_layout(series, frame),
            "xaxis": _x_axis(series, frame),
            "yaxis": _y_axis(),
            "annotations": [
                *labels(series, frame, with_srs),
                *last_values(series, frame, kinds, last_value_large),
                *quote_marks(series, frame, kinds),
            ],
        },
    }


def _plain_layout(series: ChartSeries, frame: Frame) -> Json:
    return {
        "template": "none",
        "width": frame.width,
        "height": frame.height,
        "margin": _margin(frame),
        "showlegend": False,
        "hovermode": False,
        "dragmode": False,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "separators": ",." if get_format("DECIMAL_SEPARATOR") == "," else ".,",
        "font": {"color": COLOURS["--ink-2"], "size": 13},
    }


def _margin(frame: Frame) -> Json:
    return {
        "l": frame.left,
        "r": frame.width - frame.right,
        "t": frame.top,
        "b": frame.height - frame.bottom,
        "pad": 0,
        "autoexpand": False,
    }


def _x_axis(series: ChartSeries, frame: Frame) -> Json:
    return {
        "range": [0, frame.intervals],
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "tickmode": "array",
        "tickvals": [frame.steps_to(index) for index in frame.dated],
        "ticktext": [series.labels[index] for index in frame.dated],
        "tickangle": 0,
        "showline": True,
        "mirror": True,
        "linecolor": COLOURS["--line"],
        "linewidth": 1,
        "ticks": "outside",
        "ticklen": 8,
        "tickcolor": "rgba(0,0,0,0)",
        "layer": "below traces",  # a marker at 0 or 40 lies on its line
    }


def _y_axis() -> Json:
    return {
        "range": [0, TOP // 10],
        "fixedrange": True,
        "gridcolor": COLOURS["--line"],
        "gridwidth": 1,
        "zeroline": False,
        "tickmode": "array",
        "tickvals": [value // 10 for value in GRID],
        "ticks": "outside",
        "ticklen": 5,
        "tickcolor": "rgba(0,0,0,0)",
    }


def _band(series: ChartSeries, frame: Frame) -> list[Json]:
    line = {"width": 2, "color": COLOURS["--fjord"], "dash": "2px,5px"}
    return _area(band_shown(series, frame), frame, COLOURS["--band"], line)


def _state(series: ChartSeries, frame: Frame) -> list[Json]:
    drawn = _area(series.state, frame, COLOURS["--state"], {"width": 1.6, "color": COLOURS["--ink"]})
    return [{**trace, "meta": "staff"} for trace in drawn]  # left out of the picture that is saved


def _area(shown: Sequence[BandPoint], frame: Frame, colour: str, line: Json) -> list[Json]:
    """A band of this colour with its middle; nothing where there is only one place."""
    if len(shown) < 2:
        return []
    across = [frame.steps_to(place.index) for place in shown]
    bare = {"type": "scatter", "mode": "lines", "hoverinfo": "none", "x": across}
    none = {"width": 0, "color": colour}
    return [
        {**bare, "y": [place.low / 10 for place in shown], "line": none},
        {
            **bare,
            "y": [place.high / 10 for place in shown],
            "line": none,
            "fill": "tonexty",
            "fillcolor": colour,
        },
        {**bare, "y": [place.middle / 10 for place in shown], "line": line},
    ]


def _curve(series: ChartSeries, frame: Frame, kind: str) -> Json:
    places = measured(series, kind)
    sizes = [2 * frame.mark] * (len(places) - 1) + [2 * max(frame.mark, 4.0)]
    colour = COLOURS[f"--{kind}"]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": getattr(series, f"{kind}_label"),
        "x": [frame.steps_to(index) for index, _ in places],
        "y": [score / 10 for _, score in places],
        "cliponaxis": False,
        "hoverinfo": "none",
        "line": {"color": colour, "width": _stroke(frame, kind)},
        "marker": {
            "symbol": "circle" if kind == "ors" else "square",
            "size": sizes,
            "color": colour,
            "opacity": 1,
            "line": {"color": COLOURS["--card"], "width": 0.8 if frame.dense else 1.5},
        },
    }


def _stroke(frame: Frame, kind: str) -> float:
    if frame.dense:
        return 2.0 if kind == "ors" else 1.6
    return 3.0 if kind == "ors" else 2.2


def _limits(series: ChartSeries, frame: Frame, with_srs: bool) -> list[Json]:
    """Traces, not shapes: a shape is cut at the plot's edge and lies under the band's area."""
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "hoverinfo": "none",
            "x": [0, frame.intervals],
            "y": [value / 10, value / 10],
            "opacity": 0.75,
            "line": {"color": COLOURS[f"--{kind}"], "width": 1.2, "dash": "6px,4px"},
        }
        for kind, value, _ in limits(series, with_srs)
    ]


def _events(series: ChartSeries, frame: Frame) -> list[Json]:
    found = []
    placed = stacked(series.events_in_steps(), frame.step)
    for kind, mark in MARKS.items():
        places = [
            (one.place, in_points(frame, frame.bottom - one.row * ABOVE)) for one in placed if one.event.kind == kind
        ]
        if places:
            line = {"color": COLOURS["--ink"], "width": 3 if mark.symbol == "line-ns" else 2}
            colour = COLOURS["--ink" if mark.is_filled else "--card"]
            marker = {"symbol": mark.symbol, "size": mark.size, "color": colour, "opacity": 1, "line": line}
            found.append(_marks([place for place, _ in places], [height for _, height in places], marker))
    return found


def _quotes(series: ChartSeries, frame: Frame, kinds: tuple[str, ...]) -> list[Json]:
    size = 2 * quote_radius(frame)
    found = []
    for kind in kinds:
        places = quote_places(series, frame, kind, "srs" in kinds)
        line = {"color": COLOURS[f"--{kind}"], "width": 1.2}
        marker = {"symbol": "circle", "size": size, "color": COLOURS["--card"], "opacity": 1, "line": line}
        across = [(x - frame.left) / frame.step for x, _ in places]
        found.append(_marks(across, [in_points(frame, y) for _, y in places], marker))
    return found


def _marks(x: list[Any], y: list[float], marker: Json) -> Json:
    bare = {"type": "scatter", "mode": "markers", "hoverinfo": "none", "cliponaxis": False}
    return bare | {"x": x, "y": y, "marker": marker}
