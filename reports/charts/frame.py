"""Where things stand in the picture: one geometry for the SVG and for the figure that replaces it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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
    """The plot's edges in px, the step from session to session and the sessions that get a date."""

    width: int
    height: int
    left: float
    right: float
    top: float
    bottom: float
    step: float
    dated: tuple[int, ...]

    def x(self, index: float) -> float:
        """The place of a session on the axis, in px from the picture's left."""
        return self.left + index * self.step

    def y(self, tenths: float) -> float:
        """The height of a score (in tenths), in px from the picture's top."""
        return self.bottom - tenths * (self.bottom - self.top) / TOP

    def heights(self, scores: Iterable[float]) -> list[float]:
        """`y` of each of these scores."""
        return [self.y(tenths) for tenths in scores]

    def places(self, marks: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
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
    dates = [point.label for point in series.points]
    return frame_for(dates, labels, width=width, height=height, value_room=84.0 if large else 62.0)


def frame_for(
    dates: Sequence[str], labels: Sequence[str], *, width: int, height: int, value_room: float, most: float = 1.0
) -> Frame:
    """The geometry for sessions with these dates; the labels at the right get at most the share `most` of the width."""
    narrow = width < NARROW
    left = 26.0 if narrow else 40.0
    longest = max((len(label) for label in labels), default=0)
    right = width - min(max(16.0, 10 + LETTER * longest), width * most)
    count = len(dates)
    step = (right - left) / (5 if narrow else ROOM_FOR_FUTURE)
    if count > 1:
        step = min(step, (right - left - value_room) / (count - 1))
    widest = max((len(date) for date in dates), default=0) * LETTER + 12
    bottom = height - (32.0 if narrow else 38.0)
    return Frame(width, height, left, right, 20.0, bottom, step, dated(count, step, widest))


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
