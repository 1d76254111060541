"""What happened beside the measurements: a mark on the axis at its session, told in the legend.

A new kind is an entry of MARKS, its name where the series is made, and its events among those of the points, or of the
course where they have a day of their own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from reports.charts.markup import Markup, number

NO_SHOW, CANCELLED, NEW_CONTACT = "no_show", "cancelled", "new_contact"
NEW_PRACTITIONER, DECISION, GOAL_REACHED = "new_practitioner", "decision", "goal_reached"
MEETING = "meeting"
ABOVE = 18.0
"""From a mark to the next one at the same place, in px upwards."""
APART = 10.0
"""Marks that stand closer than this, in px, would lie upon each other."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a session: its kind (a key of MARKS), and what card and table say of it.

    `unquoted` is said in its place where the client's own words that are in it may not be told; "" where none are.
    """

    kind: str
    label: str
    unquoted: str = ""


@dataclass(frozen=True, slots=True)
class DayEvent:
    """An event with a day of its own, which need be no session's; its label names the day."""

    day: date
    event: Event


def without_quotes(event: Event) -> Event:
    """The event without what the client said."""
    return replace(event, label=event.unquoted) if event.unquoted else event


@dataclass(frozen=True, slots=True)
class PlacedEvent:
    """An event with its place on the axis in steps, and how many marks stand below its own."""

    event: Event
    place: float
    row: int


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
    NEW_PRACTITIONER: Mark("M0 5.5L5.5 -4.5h-11z", "triangle-down", 11),
    DECISION: Mark("M0 -6L6 0L0 6L-6 0z", "diamond", 11, is_filled=True),
    GOAL_REACHED: Mark(
        "M0 -6.5L1.5 -2L6.2 -2L2.4 0.8L3.8 5.3L0 2.5L-3.8 5.3L-2.4 0.8L-6.2 -2L-1.5 -2z", "star", 12, is_filled=True
    ),
    MEETING: Mark("M-4.5 -4.5h9v9h-9z", "square", 9, is_filled=True),
}


def stacked(found: Iterable[tuple[float, Event]], step: float) -> list[PlacedEvent]:
    """Events at their places in steps of `step` px, those that would lie upon each other above each other."""
    placed: list[PlacedEvent] = []
    for place, event in sorted(found, key=lambda one: one[0]):
        taken = {one.row for one in placed if abs(one.place - place) * step < APART}
        row = next(row for row in range(len(taken) + 1) if row not in taken)
        placed.append(PlacedEvent(event, place, row))
    return placed


def mark_svg(kind: str, x: float, y: float, inside: str = "") -> str:
    """The mark of a kind at a place in px; `inside` is markup of the element, its title."""
    mark = MARKS[kind]
    filled = " is-filled" if mark.is_filled else ""
    place = f"translate({number(x)} {number(y)})"
    return f'<path class="c-event{filled}" transform="{place}" d="{mark.path}">{inside}</path>'


def key_svg(kind: str) -> Markup:
    """The mark beside its name in the legend."""
    return Markup(f'<svg class="event-key" viewBox="0 0 16 16" aria-hidden="true">{mark_svg(kind, 8, 8)}</svg>')
