"""Sparklines: a course of at most 24 sessions on the 0-40 scale, in as few bytes as a list of 50 needs."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from reports.charts.markup import Markup

SHOWN = 24
"""The latest so many sessions: more do not stand apart on the width of a list's column."""
WIDE, HIGH = 146, 40
"""The viewBox, stretched to its column: one unit up is one point, so heights compare down the page."""
EDGE = 3
"""Free room at both ends, for the dot."""


def spark_svg(values: Sequence[int | None], *, line: int, kind: Literal["ors", "srs"]) -> Markup:
    """Totals in tenths, oldest first, None where a session has none; `line` is cut-off or alliance in tenths.

    Hidden from screen readers: the number and the sentence beside it say the same.
    """
    latest = values[-SHOWN:]
    step = (WIDE - 2 * EDGE) // max(len(latest) - 1, 4)
    places = [
        (EDGE + index * step, HIGH - (value + 5) // 10) for index, value in enumerate(latest) if value is not None
    ]
    curve = ""
    if places:
        x, y = places[-1]
        curve = f'<path d="{_steps(places)}"/><path d="M{x} {y}h0"/>'
    limit = HIGH - (line + 5) // 10
    return Markup(
        f'<svg class="spark {kind}" viewBox="0 0 {WIDE} {HIGH}" preserveAspectRatio="none" '
        f'aria-hidden="true">'
        f'<path d="M0 {limit}H{WIDE}"/>{curve}</svg>'
    )


def _steps(places: list[tuple[int, int]]) -> str:
    """A path of relative steps: equal steps to the right repeat, and repetition is what gzip removes."""
    drawn = f"M{places[0][0]} {places[0][1]}"
    if len(places) == 1:
        return f"{drawn}h0"
    steps = (f"l{after[0] - before[0]} {after[1] - before[1]}" for before, after in pairwise(places))
    return drawn + "".join(steps)
