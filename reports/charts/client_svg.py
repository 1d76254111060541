"""The curve of one client as SVG: there at first paint, on paper and without JavaScript."""

from collections.abc import Iterable, Sequence

from reports.charts.events import ABOVE, mark_svg, stacked
from reports.charts.frame import GRID, Frame, clear_of, frame_of, spread
from reports.charts.markup import Markup, across, coordinates, label, shape, text
from reports.charts.series import BandPoint, ChartSeries
from sessions_app.texts.points import points

LABEL_GAP = 15.0
"""Least distance of two labels at the right, in px: their line height."""
QUOTE = 9.0
"""Radius of the circle with the quotation mark, in px, where sessions do not stand closer."""


def client_chart_svg(
    series: ChartSeries,
    *,
    width: int = 760,
    height: int = 400,
    with_srs: bool = True,
    last_value_large: bool = False,
) -> Markup:
    """Both curves on one 0-40 axis, sessions in order or by date; below 520 wide it is drawn for a phone.

    All colours come from classes of the stylesheets. The client's own words are marked, never written.
    """
    frame = frame_of(series, width=width, height=height, large=last_value_large)
    kinds = ("srs", "ors") if with_srs else ("ors",)
    name = f"chart-{width}"
    size = (" chart-large" if last_value_large else "") + (" chart-dense" if frame.dense else "")
    title = series.title or " · ".join(getattr(series, f"{kind}_label") for kind in reversed(kinds))
    parts = [
        f'<svg class="chart{size}" viewBox="0 0 {width} {height}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{name}-title">{text(title)}</title>'
        f'<desc id="{name}-desc">{text(series.description or _in_words(series, kinds))}</desc>',
        *_band(series, frame),
        *_grid(frame),
        *_limits(series, frame, with_srs),
        *_dates(series, frame),
        *_events(series, frame),
        *_state(series, frame),
    ]
    for kind in kinds:
        parts.extend(_curve(series, frame, kind))
    for kind in kinds:
        parts.extend(_quotes(series, frame, kind, with_srs))
    parts.extend(_last_values(series, frame, kinds, last_value_large))
    return Markup("".join(parts) + "</svg>")


def measured(series: ChartSeries, kind: str) -> list[tuple[int, int]]:
    """The sessions that have a total of this instrument, as (place in the order, tenths)."""
    return [(index, score) for index, score in enumerate(series.scores(kind)) if score is not None]


def limits(series: ChartSeries, with_srs: bool) -> list[tuple[str, int, str]]:
    """The dashed lines: (instrument, tenths, label)."""
    found = [("ors", series.cutoff, series.cutoff_label)]
    if with_srs:
        found.append(("srs", series.alliance, series.alliance_label))
    return found


def last_value_heights(
    series: ChartSeries, frame: Frame, kinds: Iterable[str], *, large: bool
) -> list[tuple[str, int, int, float]]:
    """Where the last values stand: (instrument, place in the order, tenths, height in px of the middle).

    Beside the curve's end, moved off the dashed lines and off each other.
    """
    size = 26.0 if large else 18.0
    lines = frame.heights(value for _, value, _ in limits(series, "srs" in kinds))
    ends = [(kind, *found[-1]) for kind in kinds if (found := measured(series, kind))]
    wanted = [clear_of(height, lines, size / 2 + 1) for height in frame.heights(score for *_, score in ends)]
    heights = spread(wanted, gap=size, top=frame.top - 4, bottom=frame.bottom - size / 2)
    return [(*end, height) for end, height in zip(ends, heights, strict=True)]


def label_heights(series: ChartSeries, frame: Frame, with_srs: bool) -> list[tuple[str, float]]:
    """The texts at the right ends of dashed lines and band, moved apart: (text, px of the middle)."""
    wanted = [(words, value) for _, value, words in limits(series, with_srs)]
    shown = band_shown(series, frame)
    if shown and series.band_label:
        wanted.append((series.band_label, shown[-1].middle))
    heights = frame.heights(value for _, value in wanted)
    apart = spread(heights, gap=LABEL_GAP, top=frame.top, bottom=frame.bottom)
    return [(words, height) for (words, _), height in zip(wanted, apart, strict=True)]


def quote_places(series: ChartSeries, frame: Frame, kind: str, with_srs: bool) -> list[tuple[float, float]]:
    """The middles of the circles that mark the client's own words, in px; off both curves' points."""
    other = "srs" if kind == "ors" else "ors"
    radius, mark = quote_radius(frame), frame.mark
    away = radius + mark + 3
    found = []
    for index, point in enumerate(series.points):
        if not (point.note_ors if kind == "ors" else point.note_srs):
            continue
        score, beside = (
            getattr(point, kind),
            getattr(point, other) if with_srs else None,
        )
        if score is None:
            height = frame.bottom - radius - 2 - (0 if kind == "ors" else 2 * radius + 2)
        else:
            height = frame.y(score) - away
            near = beside is not None and abs(frame.y(beside) - height) < radius + mark
            if height - radius < 1 or near:
                height = frame.y(score) + away
        found.append((frame.x(index), height))
    return found


def quote_radius(frame: Frame) -> float:
    """Circles shrink where sessions stand close, down to a dot that is still seen."""
    return max(3.0, min(QUOTE, frame.step * 0.4))


def _in_words(series: ChartSeries, kinds: Iterable[str]) -> str:
    """First and last total of each curve, for those who hear the picture."""
    said = []
    for kind in ("ors", "srs"):
        scores = [points(score) for _, score in measured(series, kind)]
        if kind in kinds and scores:
            ends = dict.fromkeys((scores[0], scores[-1])) if len(scores) == 1 else (scores[0], scores[-1])
            said.append(f"{getattr(series, f'{kind}_label')}: {' → '.join(ends)}")
    return "; ".join(said)


def _path(kind: str, d: str) -> str:
    return f'<path class="{kind}" d="{d}"/>'


def _polyline(frame: Frame, places: Iterable[tuple[int, float]]) -> str:
    return coordinates(frame.places(places))


def _grid(frame: Frame) -> list[str]:
    heights = list(zip(GRID, frame.heights(GRID), strict=True))
    lines = "".join(across(frame.left, height, frame.right) for _, height in heights)
    ticks = [label("c-tick", frame.left - 9, height + 4.5, str(value // 10)) for value, height in heights]
    return [_path("c-grid", lines), *ticks]


def band_shown(series: ChartSeries, frame: Frame) -> list[BandPoint]:
    """The expected course as far as the axis reaches; by date to the last session, for it knows of no day to come."""
    reach = len(series.points) - 1 if series.by_date else frame.intervals + 0.01
    return [place for place in series.band if place.index <= reach]


def _band(series: ChartSeries, frame: Frame) -> list[str]:
    return _area(band_shown(series, frame), frame, "c-band", "c-expected")


def _state(series: ChartSeries, frame: Frame) -> list[str]:
    return _area(series.state, frame, "c-state-band", "c-state")


def _area(shown: Sequence[BandPoint], frame: Frame, area: str, line: str) -> list[str]:
    """A band with its middle, of these classes; nothing where there is only one place."""
    if len(shown) < 2:
        return []
    edge = [(place.index, place.high) for place in shown] + [(place.index, place.low) for place in reversed(shown)]
    middle = [(place.index, place.middle) for place in shown]
    return [
        f'<polygon class="{area}" points="{_polyline(frame, edge)}"/>',
        f'<polyline class="{line}" points="{_polyline(frame, middle)}"/>',
    ]


def _limits(series: ChartSeries, frame: Frame, with_srs: bool) -> list[str]:
    shown = limits(series, with_srs)
    drawn = [
        _path("c-cutoff" if kind == "ors" else "c-alliance", across(frame.left, height, frame.right))
        for (kind, *_), height in zip(shown, frame.heights(value for _, value, _ in shown), strict=True)
    ]
    for words, height in label_heights(series, frame, with_srs):
        drawn.append(label("c-label", frame.right + 7, height + 4.5, words))
    return drawn


def _dates(series: ChartSeries, frame: Frame) -> list[str]:
    return [label("c-date", frame.x(index), frame.bottom + 25, series.labels[index]) for index in frame.dated]


def _events(series: ChartSeries, frame: Frame) -> list[str]:
    return [
        mark_svg(
            one.event.kind,
            frame.left + one.place * frame.step,
            frame.bottom - one.row * ABOVE,
            f"<title>{text(one.event.label)}</title>",
        )
        for one in stacked(series.events_in_steps(), frame.step)
    ]


def _curve(series: ChartSeries, frame: Frame, kind: str) -> list[str]:
    places, mark = frame.places(measured(series, kind)), frame.mark
    drawn = []
    if len(places) > 1:
        drawn.append(f'<polyline class="c-{kind}" points="{coordinates(places)}"/>')
    for place, (x, y) in enumerate(places, 1):
        size = max(mark, 4.0) if place == len(places) else mark
        if size:
            drawn.append(_marker(x, y, size, kind))
    return drawn


def _marker(x: float, y: float, size: float, kind: str) -> str:
    if kind == "ors":
        return shape("circle", "c-dot-ors", cx=x, cy=y, r=size)
    return shape("rect", "c-dot-srs", x=x - size, y=y - size, width=2 * size, height=2 * size)


def _quotes(series: ChartSeries, frame: Frame, kind: str, with_srs: bool) -> list[str]:
    radius = quote_radius(frame)
    drawn = []
    for x, y in quote_places(series, frame, kind, with_srs):
        drawn.append(shape("circle", f"c-note c-note-{kind}", cx=x, cy=y, r=radius))
        if radius > 6:
            drawn.append(label("c-said", x, y + 8, "”"))
    return drawn


def _last_values(series: ChartSeries, frame: Frame, kinds: Iterable[str], large: bool) -> list[str]:
    beside = max(frame.mark, 4.0) + (12 if large else 9)
    return [
        label(
            f"c-value-{kind}",
            frame.x(index) + beside,
            height + (9 if large else 6),
            points(score),
        )
        for kind, index, score, height in last_value_heights(series, frame, tuple(kinds), large=large)
    ]
