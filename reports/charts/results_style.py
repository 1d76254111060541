"""The colours of the pictures of results, for a document that has no stylesheet (chart.css has the same for pages)."""

from reports.charts.colours import COLOURS

GOOD, ACT, NEUTRAL, QUIET = "#2c6e3f", "#a3262a", "#cfc9bb", "#eceeed"
# Only single classes and elements: what reads SVG outside a browser knows little more.
STYLE = """
text{{font-family:Inter,'Noto Sans Arabic','DejaVu Sans',sans-serif;font-size:13px;fill:{ink-2}}}
.c-grid{{fill:none;stroke:{line};stroke-width:1}}
.c-cutoff{{fill:none;stroke:{ors};stroke-width:1.2;stroke-dasharray:6 4}}
.c-tick{{text-anchor:end}}.c-date{{text-anchor:middle}}
.v-better{{fill:%(good)s}}.v-same{{fill:%(neutral)s}}.v-worse{{fill:%(act)s}}
.v-count{{text-anchor:middle;font-weight:600;fill:{ink}}}.v-on-dark{{fill:#ffffff}}
.v-name{{fill:{ink};font-weight:600}}.v-value{{text-anchor:end;fill:{ors};font-weight:600}}
.v-end{{fill:{ink};font-weight:600}}
.v-interval,.v-slope{{fill:none;stroke:{ors};stroke-width:2.6;stroke-linecap:round}}
.v-dot{{fill:{ors};stroke:{card};stroke-width:1.5}}
.v-expected{{fill:{card};stroke:{ink-2};stroke-width:1.8}}.v-start{{fill:{card};stroke:{ors};stroke-width:1.8}}
.v-without{{fill:none;stroke:{ink-2};stroke-width:1.4;stroke-dasharray:2 4}}
.v-curve{{fill:none;stroke:{fjord};stroke-width:2.4;stroke-linejoin:round}}.v-band{{fill:%(quiet)s}}
.v-median{{fill:none;stroke:{ink-2};stroke-width:1.3;stroke-dasharray:3 3}}
"""


def results_style() -> str:
    """The rules of the drawings' classes, in the light colours."""
    own = {"good": GOOD, "act": ACT, "neutral": NEUTRAL, "quiet": QUIET}
    colours = {name.removeprefix("--"): value for name, value in COLOURS.items()}
    return (STYLE % own).format(**colours).replace("\n", "")
