"""All that templates/reports/_client_chart.html shows of one course, from one dataclass of series."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from reports.charts.client_figure import client_figure
from reports.charts.client_svg import client_chart_svg
from reports.charts.colours import COLOURS
from reports.charts.compared_svg import ComparedCurve, ComparedSeries, compared_curve
from reports.charts.events import MARKS, key_svg
from reports.charts.frame import frame_of
from reports.charts.lines_svg import LineCurve, line_curves
from reports.charts.markup import Markup
from reports.charts.series import BandPoint, ChartSeries, Marks
from sessions_app.texts.points import points

SIZES = {"wide": (760, 400), "narrow": (340, 270)}
"""The two drawings, as (width, height) of the viewBox; the page shows the one that fits its box."""


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One session as texts, for the table; '' where nothing was measured or said. `compared` as (name, value)."""

    key: str
    title: str
    ors: str
    srs: str
    ors_marks: tuple[str, ...]
    srs_marks: tuple[str, ...]
    note_ors: str
    note_srs: str
    event: str
    url: str
    state: str = ""
    compared: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ClientChart:
    """Context `chart` of the client's chart. `figure` and `details` are for json_script, plain and small."""

    svg_wide: Markup
    svg_narrow: Markup
    figure: dict[str, Any]
    details: dict[str, Any]
    points: tuple[ChartRow, ...]
    lines: tuple[LineCurve, ...]
    ors_label: str
    srs_label: str
    band_label: str
    band_note: str
    ors_items: tuple[str, ...]
    srs_items: tuple[str, ...]
    with_srs: bool
    state_label: str
    state_note: str
    events: tuple[tuple[Markup, str], ...]
    compared: tuple[ComparedCurve, ...]

    @property
    def table_columns(self) -> int:
        """How many columns the table of numbers has."""
        of_srs = 1 + bool(self.srs_items) if self.with_srs else 0
        return 2 + bool(self.ors_items) + bool(self.state_label) + of_srs + len(self.compared)


def build_client_chart(
    series: ChartSeries,
    *,
    with_srs: bool = True,
    last_value_large: bool = False,
    compared: Sequence[ComparedSeries] = (),
) -> ClientChart:
    """The whole chart of a course with at least one session; without one the caller shows an empty page."""
    how = {"with_srs": with_srs, "last_value_large": last_value_large}
    drawn = {
        name: client_chart_svg(series, width=width, height=height, **how) for name, (width, height) in SIZES.items()
    }
    kinds: tuple[Literal["ors", "srs"], ...] = ("ors", "srs") if with_srs else ("ors",)
    curves = tuple(
        compared_curve(series, one, place=place, sizes=SIZES, large=last_value_large)
        for place, one in enumerate(compared)
    )
    rows = tuple(_row(series, place, curves) for place in range(len(series.points)))
    return ClientChart(
        svg_wide=drawn["wide"],
        svg_narrow=drawn["narrow"],
        figure=_figures(series, **how),
        details=_details(series, rows, kinds),
        points=rows,
        lines=tuple(curve for kind in kinds for curve in line_curves(series, kind=kind)),
        ors_label=series.ors_label,
        srs_label=series.srs_label,
        band_label=(series.band_title or series.band_label) if series.band else "",
        band_note=series.band_note,
        ors_items=series.ors_items,
        srs_items=series.srs_items,
        with_srs=with_srs,
        state_label=series.state_title if len(series.state) > 1 else "",
        state_note=series.state_note,
        events=_legend_of_events(series),
        compared=curves,
    )


def _legend_of_events(series: ChartSeries) -> tuple[tuple[Markup, str], ...]:
    """(mark, name) of the kinds that the course has, in the order of MARKS."""
    seen = {event.kind for _place, event in series.events_in_steps()}
    return tuple((key_svg(kind), series.event_names.get(kind, "")) for kind in MARKS if kind in seen)


def _figures(series: ChartSeries, **how: bool) -> dict[str, Any]:
    """The figure in both sizes, the places that the card needs, and which custom property is which colour."""
    figures: dict[str, Any] = {"colours": COLOURS}
    for name, (width, height) in SIZES.items():
        frame = frame_of(series, width=width, height=height, large=how["last_value_large"])
        figures[name] = {
            **client_figure(series, width=width, height=height, **how),
            "frame": {
                "places": [round(frame.x(index), 1) for index in range(len(series.points))],
                "top": frame.top,
                "bottom": frame.bottom,
            },
        }
    return figures


def _row(series: ChartSeries, place: int, compared: Sequence[ComparedCurve]) -> ChartRow:
    point = series.points[place]
    return ChartRow(
        key=point.key,
        title=point.title or point.label,
        ors=points(point.ors),
        srs=points(point.srs),
        ors_marks=_marks(point.ors_marks),
        srs_marks=_marks(point.srs_marks),
        note_ors=point.note_ors,
        note_srs=point.note_srs,
        event=series.told(place),
        url=point.url,
        compared=tuple((curve.title, curve.values[place]) for curve in compared),
        state=next((_estimate(state) for state in series.state if state.index == place), ""),
    )


def _estimate(state: BandPoint) -> str:
    """An estimate with its interval: "21.3 (18.2–24.4)"."""
    return f"{points(state.middle)} ({points(state.low)}–{points(state.high)})"


def _marks(marks: Marks | None) -> tuple[str, ...]:
    return tuple(points(mark) for mark in marks or ())


def _details(series: ChartSeries, rows: Sequence[ChartRow], kinds: tuple[Literal["ors", "srs"], ...]) -> dict[str, Any]:
    """The card's texts: names once, then for each session only what it has."""
    sessions = []
    for row in rows:
        entry: dict[str, Any] = {"title": row.title}
        for kind in kinds:
            found = (
                getattr(row, kind),
                getattr(row, f"{kind}_marks"),
                getattr(row, f"note_{kind}"),
            )
            if any(found):
                entry[kind] = {
                    "total": found[0],
                    "marks": list(found[1]),
                    "note": found[2],
                }
        if row.event:
            entry["event"] = row.event
        if beside := [list(pair) for pair in row.compared if pair[1]]:
            entry["beside"] = beside
        sessions.append(entry)
    names = {
        kind: {
            "label": getattr(series, f"{kind}_label"),
            "items": list(getattr(series, f"{kind}_items")),
        }
        for kind in kinds
    }
    return {"names": names, "sessions": sessions}
