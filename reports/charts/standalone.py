"""A chart as a file of its own: the drawing of the page with its colours, its legend, and what it is filed by."""

from collections.abc import Sequence
from dataclasses import replace

from reports.charts.client_svg import client_chart_svg
from reports.charts.colours import COLOURS
from reports.charts.compared_svg import HIGH, ComparedSeries, compared_svg
from reports.charts.events import MARKS, mark_svg
from reports.charts.frame import LETTER
from reports.charts.markup import Markup, label, number, shape, text
from reports.charts.series import ChartSeries

WIDTH, HEIGHT = 760, 400
EDGE, LINE, KEY = 16.0, 22.0, 20.0
MOST = 5
# What the page's stylesheets say of the drawing's classes (chart.css, medspil.css), in its light colours: a file has no
# stylesheet. Only single classes: what reads SVG outside a browser knows little more.
STYLE = """
text{{font-family:Inter,'Noto Sans Arabic','DejaVu Sans',sans-serif;font-size:14px;fill:{ink-2}}}
.c-ors,.c-srs,.c-goal,.c-cutoff,.c-alliance,.c-expected,.c-grid{{fill:none;stroke-linejoin:round;stroke-linecap:round}}
.c-ors{{stroke:{ors};stroke-width:3}}.c-srs{{stroke:{srs};stroke-width:2.2}}.c-goal{{stroke:{fjord};stroke-width:2.2}}
.c-dot-ors{{fill:{ors};stroke:{card};stroke-width:1.5}}.c-dot-srs{{fill:{srs};stroke:{card};stroke-width:1.5}}
.c-dot-goal{{fill:{fjord};stroke:{card};stroke-width:1.5}}
.c-cutoff{{stroke:{ors};stroke-width:1.2;stroke-dasharray:6 4;opacity:.75}}
.c-alliance{{stroke:{srs};stroke-width:1.2;stroke-dasharray:6 4;opacity:.75}}
.c-expected{{stroke:{fjord};stroke-width:1.8;stroke-dasharray:2 5}}.c-band{{fill:{fjord};fill-opacity:.09}}
.c-grid{{stroke:{line};stroke-width:1}}
.c-tick{{text-anchor:end;font-size:13px}}.c-date{{text-anchor:middle;font-size:13px}}.c-label{{font-size:13px}}
.c-value-ors{{fill:{ors};font-size:18px;font-weight:600}}.c-value-srs{{fill:{srs};font-size:18px;font-weight:600}}
.c-value-goal{{fill:{fjord};font-size:18px;font-weight:600}}.c-small-value{{text-anchor:middle}}
.c-note{{fill:{card};stroke-width:1.2}}.c-note-ors{{stroke:{ors}}}.c-note-srs{{stroke:{srs}}}
.c-said{{text-anchor:middle;font-size:17px;font-weight:600;fill:{ink}}}
.c-event{{fill:{card};stroke:{ink};stroke-width:2;stroke-linecap:round;stroke-linejoin:round}}.is-filled{{fill:{ink}}}
.m-line{{fill:none;stroke:{fjord};stroke-width:2;stroke-linecap:round}}
.m-mark{{fill:{fjord};stroke:{card};stroke-width:1.2}}.m-value{{fill:{fjord};font-size:14px;font-weight:600}}
.m-limit{{fill:none;stroke:{ink-2};stroke-width:1.2;stroke-dasharray:6 4;opacity:.75}}
.s-paper{{fill:#fff}}.s-title{{font-size:19px;font-weight:600;fill:{ink}}}.s-words{{font-size:13px}}
.s-ors{{fill:{ors}}}.s-srs{{fill:{srs}}}
"""


def styled(drawing: str) -> Markup:
    """A drawing of ours with its colours inside, for a place that has no stylesheet."""
    head, inside = drawing.split(">", 1)
    return Markup(f"{head}><style>{style()}</style>{inside}")


def standalone_svg(
    series: ChartSeries,
    *,
    title: str,
    foot: Sequence[str],
    with_srs: bool = True,
    compared: Sequence[ComparedSeries] = (),
) -> Markup:
    """As `framed_svg`, with its colours: a file that every program draws alike."""
    return styled(framed_svg(series, title=title, foot=foot, with_srs=with_srs, compared=compared))


def framed_svg(
    series: ChartSeries,
    *,
    title: str,
    foot: Sequence[str],
    with_srs: bool = True,
    compared: Sequence[ComparedSeries] = (),
) -> Markup:
    """The curves of a course on white with a legend; `title` stands above, the lines of `foot` below.

    `compared` stands between curves and foot, each under its own name, MOST at most: the page of a document holds no
    more. As on a page for the client: without what is for staff (`state`). The client's own words are marked, never
    written.
    """
    series, legend = replace(series, state=()), _legend(series, with_srs)
    above = EDGE + (LINE if title else -6)
    top = above + 6 + LINE * (1 + max((row for _x, row, _drawn in legend), default=0)) + 6
    below = _all_below(series, compared[:MOST], top + HEIGHT)
    end = top + HEIGHT + len(below) * (LINE + HIGH)
    height = end + LINE * len(foot) + EDGE
    chart = client_chart_svg(series, width=WIDTH, height=HEIGHT, with_srs=with_srs)
    words = [label("s-title", EDGE, EDGE + LINE - 6, title)] if title else []
    words += [label("s-words", EDGE, end + LINE * place, line) for place, line in enumerate(foot, 1)]
    keys = [
        f'<g transform="translate({number(x)} {number(above + LINE * row + 14)})">{drawn}</g>'
        for x, row, drawn in legend
    ]
    return Markup(
        f'<svg class="framed" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH + 2 * EDGE:.0f} {height:.0f}" '
        f'width="{WIDTH + 2 * EDGE:.0f}" height="{height:.0f}" role="img" '
        f'aria-label="{text(series.description or title)}">'
        '<rect class="s-paper" width="100%" height="100%"/>'
        + "".join(words + keys)
        + chart.replace("<svg ", f'<svg x="{number(EDGE)}" y="{number(top)}" width="{WIDTH}" height="{HEIGHT}" ', 1)
        + "".join(map("".join, below))
        + "</svg>"
    )


def _all_below(series: ChartSeries, shown: Sequence[ComparedSeries], top: float) -> list[tuple[str, str]]:
    return [_below(series, one, place, top + place * (LINE + HIGH)) for place, one in enumerate(shown)]


def _below(series: ChartSeries, one: ComparedSeries, place: int, top: float) -> tuple[str, str]:
    """The name of a compared series and its drawing, from `top` on."""
    drawn = compared_svg(series, one, place=place, width=WIDTH, height=HEIGHT)
    at = f'<svg x="{number(EDGE)}" y="{number(top + LINE)}" width="{WIDTH}" height="{number(HIGH)}" '
    return label("s-words", EDGE, top + LINE - 6, one.title), drawn.replace("<svg ", at, 1)


def style() -> str:
    """The rules of the drawing's classes, in the light colours."""
    return STYLE.format(**{name.removeprefix("--"): value for name, value in COLOURS.items()}).replace("\n", "")


def _legend(series: ChartSeries, with_srs: bool) -> list[tuple[float, int, str]]:
    """(x, row, markup) of each entry: side by side, in a new row where the width ends."""
    placed, x, row = [], EDGE, 0
    for key, words in _entries(series, with_srs):
        wide = KEY + LETTER * len(words) + 18
        if x > EDGE and x + wide > WIDTH:
            x, row = EDGE, row + 1
        placed.append((x, row, key + label("s-words", KEY, 4.5, words)))
        x += wide
    return placed


def _entries(series: ChartSeries, with_srs: bool) -> list[tuple[str, str]]:
    """(markup of the key around y = 0, words): the curves, the expected course, the kinds of events that there are."""
    found = [(shape("circle", "s-ors", cx=6, cy=0, r=5.5), series.ors_label)]
    if with_srs:
        found.append((shape("rect", "s-srs", x=1, y=-5.5, width=11, height=11), series.srs_label))
    if series.band:
        found.append(
            (shape("rect", "c-band", x=0, y=-5.5, width=15, height=11), series.band_title or series.band_label)
        )
    seen = {event.kind for _place, event in series.events_in_steps()}
    return found + [(mark_svg(kind, 7, 0), series.event_names.get(kind, "")) for kind in MARKS if kind in seen]
