"""What happened beside the measurements: a mark on the axis at its session, told in the legend.

A new kind is an entry of MARKS, its name where the series is made, and its events among those of the points.
"""

from dataclasses import dataclass

from reports.charts.markup import Markup, number

NO_SHOW, CANCELLED, NEW_CONTACT = "no_show", "cancelled", "new_contact"
ABOVE = 18.0
"""From a mark to the next one of the same session, in px upwards."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a session: its kind (a key of MARKS), and what card and table say of it."""

    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """How a kind is drawn: a path around the origin, the same as a symbol of Plotly with its size in px."""

    path: str
    symbol: str
    size: int
    is_filled: bool = False


MARKS = {
    NO_SHOW: Mark("M0 -6v12", "line-ns", 12),
    CANCELLED: Mark("M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z", "circle", 9),
    NEW_CONTACT: Mark("M0 -5.5L5.5 4.5h-11z", "triangle-up", 11, is_filled=True),
}


def mark_svg(kind: str, x: float, y: float, inside: str = "") -> str:
    """The mark of a kind at a place in px; `inside` is markup of the element, its title."""
    mark = MARKS[kind]
    filled = " is-filled" if mark.is_filled else ""
    place = f"translate({number(x)} {number(y)})"
    return f'<path class="c-event{filled}" transform="{place}" d="{mark.path}">{inside}</path>'


def key_svg(kind: str) -> Markup:
    """The mark beside its name in the legend."""
    return Markup(f'<svg class="event-key" viewBox="0 0 16 16" aria-hidden="true">{mark_svg(kind, 8, 8)}</svg>')
