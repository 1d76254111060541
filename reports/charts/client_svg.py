"""The curve of one client as SVG: there at first paint, on paper and without JavaScript."""

from collections.abc import Iterable, Sequence

from reports.charts.frame import GRID, Frame, clear_of, frame_of, spread
from reports.charts.markup import Markup, number, text
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
    """Both curves on one 0-40 axis, sessions in order; below 520 wide it is drawn for a phone.

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
    lines = [frame.y(value) for _, value, _ in limits(series, "srs" in kinds)]
    ends = [(kind, *measured(series, kind)[-1]) for kind in kinds if measured(series, kind)]
    wanted = [clear_of(frame.y(score), lines, size / 2 + 1) for _, _, score in ends]
    heights = spread(wanted, gap=size, top=frame.top - 4, bottom=frame.bottom - size / 2)
    return [(*end, height) for end, height in zip(ends, heights, strict=True)]


def label_heights(series: ChartSeries, frame: Frame, with_srs: bool) -> list[tuple[str, float]]:
    """The texts at the right ends of dashed lines and band, moved apart: (text, px of the middle)."""
    wanted = [(label, frame.y(value)) for _, value, label in limits(series, with_srs)]
    shown = band_shown(series, frame)
    if shown and series.band_label:
        wanted.append((series.band_label, frame.y(shown[-1].middle)))
    heights = spread(
        [height for _, height in wanted],
        gap=LABEL_GAP,
        top=frame.top,
        bottom=frame.bottom,
    )
    return [(label, height) for (label, _), height in zip(wanted, heights, strict=True)]


def quote_places(series: ChartSeries, frame: Frame, kind: str, with_srs: bool) -> list[tuple[float, float]]:
    """The middles of the circles that mark the client's own words, in px; off both curves' points."""
    other = "srs" if kind == "ors" else "ors"
    radius = quote_radius(frame)
    away = radius + frame.mark + 3
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
            near = beside is not None and abs(frame.y(beside) - height) < radius + frame.mark
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


def _text(kind: str, x: float, y: float, words: str) -> str:
    return f'<text class="{kind}" x="{number(x)}" y="{number(y)}">{text(words)}</text>'


def _path(kind: str, d: str) -> str:
    return f'<path class="{kind}" d="{d}"/>'


def _polyline(frame: Frame, places: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{number(frame.x(index))},{number(frame.y(score))}" for index, score in places)


def _grid(frame: Frame) -> list[str]:
    across = f"H{number(frame.right)}"
    lines = "".join(f"M{number(frame.left)} {number(frame.y(value))}{across}" for value in GRID)
    ticks = [_text("c-tick", frame.left - 9, frame.y(value) + 4.5, str(value // 10)) for value in GRID]
    return [_path("c-grid", lines), *ticks]


def band_shown(series: ChartSeries, frame: Frame) -> list[BandPoint]:
    """The expected course as far as the axis reaches."""
    return [place for place in series.band if place.index <= frame.intervals + 0.01]


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
    drawn = [
        _path(
            "c-cutoff" if kind == "ors" else "c-alliance",
            f"M{number(frame.left)} {number(frame.y(value))}H{number(frame.right)}",
        )
        for kind, value, _ in limits(series, with_srs)
    ]
    for label, height in label_heights(series, frame, with_srs):
        drawn.append(_text("c-label", frame.right + 7, height + 4.5, label))
    return drawn


def _dates(series: ChartSeries, frame: Frame) -> list[str]:
    return [_text("c-date", frame.x(index), frame.bottom + 25, series.points[index].label) for index in frame.dated]


def _events(series: ChartSeries, frame: Frame) -> list[str]:
    return [
        f'<path class="c-event" d="M{number(frame.x(index))} {number(frame.bottom - 6)}v12">'
        f"<title>{text(point.event)}</title></path>"
        for index, point in enumerate(series.points)
        if point.event
    ]


def _curve(series: ChartSeries, frame: Frame, kind: str) -> list[str]:
    places = measured(series, kind)
    drawn = []
    if len(places) > 1:
        drawn.append(f'<polyline class="c-{kind}" points="{_polyline(frame, places)}"/>')
    for place, (index, score) in enumerate(places):
        size = max(frame.mark, 4.0) if place == len(places) - 1 else frame.mark
        if size:
            drawn.append(_marker(frame.x(index), frame.y(score), size, kind))
    return drawn


def _marker(x: float, y: float, size: float, kind: str) -> str:
    if kind == "ors":
        return f'<circle class="c-dot-ors" cx="{number(x)}" cy="{number(y)}" r="{number(size)}"/>'
    side = number(2 * size)
    place = f'x="{number(x - size)}" y="{number(y - size)}"'
    return f'<rect class="c-dot-srs" {place} width="{side}" height="{side}"/>'


def _quotes(series: ChartSeries, frame: Frame, kind: str, with_srs: bool) -> list[str]:
    radius = quote_radius(frame)
    drawn = []
    for x, y in quote_places(series, frame, kind, with_srs):
        drawn.append(f'<circle class="c-note c-note-{kind}" cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"/>')
        if radius > 6:
            drawn.append(_text("c-said", x, y + 8, "”"))
    return drawn


def _last_values(series: ChartSeries, frame: Frame, kinds: Iterable[str], large: bool) -> list[str]:
    return [
        _text(
            f"c-value-{kind}",
            frame.x(index) + max(frame.mark, 4.0) + (12 if large else 9),
            height + (9 if large else 6),
            points(score),
        )
        for kind, index, score, height in last_value_heights(series, frame, tuple(kinds), large=large)
    ]
