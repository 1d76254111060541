"""Where things stand in the picture: one geometry for the SVG and for the figure that replaces it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from reports.charts.series import TOP, ChartSeries

GRID = (0, 100, 200, 300, 400)
NARROW = 520
"""Below this width (viewBox units, drawn at about one to a pixel) the picture is the one for a phone."""
ROOM_FOR_FUTURE = 9
"""A young course does not fill the width: its steps are as if at least this many more were to come."""
LETTER = 7.2
"""Mean advance of a letter at the label size, in px; only to keep labels apart, so a little too wide."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The plot's edges in px, the step from session to session and the sessions that get a date.

    `at` is the place of each session on the axis in steps (axis.py): its place in the order, or by date.
    """

    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    step: float
    dated: tuple[int, ...]
    at: tuple[float, ...]

    def steps_to(self, index: int) -> float:
        """The place of a session on the axis in steps; of one that is still to come, one step each after the last."""
        if index < len(self.at):
            return self.at[index]
        return (self.at[-1] if self.at else 0.0) + index - max(len(self.at) - 1, 0)

    def x(self, index: int) -> float:
        """The place of a session on the axis, in px from the picture's left."""
        return self.left + self.steps_to(index) * self.step

    def y(self, tenths: float) -> float:
        """The height of a score (in tenths), in px from the picture's top."""
        return self.bottom - tenths * (self.bottom - self.top) / TOP

    def heights(self, scores: Iterable[float]) -> list[float]:
        """`y` of each of these scores."""
        return [self.y(tenths) for tenths in scores]

    def places(self, marks: Iterable[tuple[int, float]]) -> list[tuple[float, float]]:
        """`x` and `y` of each (place in the order, score)."""
        return [(self.x(index), self.y(tenths)) for index, tenths in marks]

    @property
    def intervals(self) -> float:
        """The length of the axis, in steps."""
        return (self.right - self.left) / self.step

    @property
    def mark(self) -> float:
        """Half the size of a marker in px: smaller where sessions stand close, 0 where the line must do."""
        return min(5.0, self.step * 0.2) if self.step >= 9 else 0.0

    @property
    def dense(self) -> bool:
        """Whether sessions stand so close that strokes must be finer."""
        return self.mark < 4


def frame_of(series: ChartSeries, *, width: int, height: int, large: bool = False) -> Frame:
    """The geometry of a picture of this size; `large` leaves room for a large last value."""
    labels = (series.cutoff_label, series.alliance_label, series.band_label)
    at = series.places()
    reach = max([0.0, *at[-1:], *(place for place, _event in series.events_in_steps())])
    room = 84.0 if large else 62.0
    return frame_for(series.labels, labels, width=width, height=height, value_room=room, at=at, reach=reach)


def frame_for(
    dates: Sequence[str],
    labels: Sequence[str],
    *,
    width: int,
    height: int,
    value_room: float,
    most: float = 1.0,
    at: Sequence[float] | None = None,
    reach: float | None = None,
) -> Frame:
    """The geometry for sessions with these dates; the labels at the right get at most the share `most` of the width.

    `at` are their places in steps, and `reach` the last place that something stands at; without them in their order.
    """
    narrow = width < NARROW
    left = 26.0 if narrow else 40.0
    longest = max((len(label) for label in labels), default=0)
    right = width - min(max(16.0, 10 + LETTER * longest), width * most)
    places = tuple(at) if at is not None else tuple(float(index) for index in range(len(dates)))
    reach = reach if reach is not None else max(len(dates) - 1, 0)
    step = (right - left) / (5 if narrow else ROOM_FOR_FUTURE)
    if reach > 0:
        step = min(step, (right - left - value_room) / reach)
    widest = max((len(date) for date in dates), default=0) * LETTER + 12
    bottom = height - (32.0 if narrow else 38.0)
    in_order = all(later - earlier == 1 for earlier, later in pairwise(places))
    shown = dated(len(places), step, widest) if in_order else dated_apart(places, step, widest)
    return Frame(width, height, left, right, 20.0, bottom, step, shown, places)


def dated(count: int, step: float, room: float) -> tuple[int, ...]:
    """The sessions whose date is written: the first, the last and as many between as stand apart, evenly."""
    if count < 2:
        return tuple(range(count))
    gaps = count - 1
    while gaps > 1 and (count - 1) // gaps * step < room:
        gaps -= 1
    if (count - 1) * step < room:
        return (count - 1,)
    return tuple(round(place * (count - 1) / gaps) for place in range(gaps + 1))


def dated_apart(places: Sequence[float], step: float, room: float) -> tuple[int, ...]:
    """The same where they do not stand evenly: the last one, and from the left each that there is room for."""
    last = len(places) - 1
    found: list[int] = []
    for index, place in enumerate(places[:last]):
        is_free = not found or (place - places[found[-1]]) * step >= room
        if is_free and (places[last] - place) * step >= room:
            found.append(index)
    return (*found, last)


def spread(wanted: Sequence[float], *, gap: float, top: float, bottom: float) -> list[float]:
    """Heights as near to the wanted ones as texts `gap` px high can stand without touching."""
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    placed = [0.0] * len(wanted)
    groups: list[list[float]] = []
    for place in order:
        groups.append([wanted[place], 1])
        while len(groups) > 1 and groups[-1][0] - groups[-2][0] < gap * (groups[-1][1] + groups[-2][1]) / 2:
            upper, lower = groups[-2], groups.pop()
            size = upper[1] + lower[1]
            groups[-1] = [(upper[0] * upper[1] + lower[0] * lower[1]) / size, size]
    places = iter(order)
    for middle, size in groups:
        reach = gap * (size - 1) / 2
        middle = min(max(middle, top + reach), bottom - reach)
        for step in range(int(size)):
            placed[next(places)] = middle - reach + gap * step
    return placed


def clear_of(height: float, lines: Sequence[float], room: float) -> float:
    """The height moved so far that no line runs through a text that reaches `room` px up and down from it."""
    for line in lines:
        if abs(height - line) < room:
            return line - room if height <= line else line + room
    return height
