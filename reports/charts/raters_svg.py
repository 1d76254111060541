"""The curves of several raters in one picture: told apart by dash, marker and the name at the line's end."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from reports.charts.frame import GRID, LETTER, NARROW, Frame, frame_for, spread
from reports.charts.markup import Markup, across, label, number, path, text

SIZES = {"wide": (760, 400), "narrow": (340, 330)}
"""The two drawings, as (width, height) of the viewBox."""
LABEL_GAP = 17.0
"""Least distance of two names at the right, in px: their line height."""
ROOM = 26.0
"""Between the last session and the names: the leader to a name that had to move, and its marker."""

# One path around the origin for each place on the chart: circle, square, triangle, diamond, cross, triangle down.
MARKERS = (
    "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z",
    "M-4.5 -4.5h9v9h-9z",
    "M0 -6L5.5 4.5h-11z",
    "M0 -6.2L6.2 0L0 6.2L-6.2 0z",
    "M-1.8 -5.5h3.6v3.7h3.7v3.6h-3.7v3.7h-3.6v-3.7h-3.7v-3.6h3.7z",
    "M0 6L5.5 -4.5h-11z",
)


@dataclass(frozen=True)
class RaterLine:
    """One rater's curve: a total in tenths for each session or None, and the cut-off in tenths.

    `last` is the latest total in words.
    """

    name: str
    scores: tuple[int | None, ...]
    cutoff: int
    cutoff_label: str
    last: str

    def places(self) -> list[tuple[int, int]]:
        """The sessions with a total, as (place in the order, tenths)."""
        return [(index, score) for index, score in enumerate(self.scores) if score is not None]


def raters_svg(
    lines: Sequence[RaterLine], dates: Sequence[str], *, size: str, name: str, title: str, description: str
) -> Markup:
    """Up to six lines, each with at least one total; `size` is a key of SIZES, `name` is unique on the page.

    All colours and dashes come from classes of the stylesheets.
    """
    width, height = SIZES[size]
    labels = [_label(line, width) for line in lines]
    wide = [f"  {label}" for label in labels]  # a marker stands before each
    frame = frame_for(dates, wide, width=width, height=height, value_room=ROOM, most=0.4)
    parts = [
        f'<svg class="chart chart-raters" viewBox="0 0 {width} {height}" role="img" '
        f'aria-labelledby="{name}-{size}-title {name}-{size}-desc" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{name}-{size}-title">{text(title)}</title>'
        f'<desc id="{name}-{size}-desc">{text(description)}</desc>',
        *_grid(frame),
        *_dates(frame, dates),
        *_limits(frame, lines),
    ]
    for place in reversed(range(len(lines))):  # the first one lies on top
        parts.extend(_curve(frame, lines[place], place))
    return Markup("".join([*parts, *_names(frame, lines, labels)]) + "</svg>")


def key_svg(place: int) -> Markup:
    """A piece of a rater's line with its marker, for the table beside the picture."""
    return Markup(
        f'<svg class="rater-key" viewBox="0 0 44 16" width="44" height="16" aria-hidden="true">'
        f'<path class="r-line r-{place}" d="M1 8H43"/>{_marker(22, 8, place)}</svg>'
    )


def _label(line: RaterLine, width: int) -> str:
    most = 11 if width < NARROW else 18
    name = line.name if len(line.name) <= most else line.name[: most - 1].rstrip() + "…"
    return f"{name} {line.last}"


def _grid(frame: Frame) -> list[str]:
    found = []
    for value, y in zip(GRID, frame.heights(GRID), strict=True):
        found.append(f'<path class="c-grid" d="{across(frame.left, y, frame.right)}"/>')
        found.append(label("c-tick", frame.left - 9, y + 4.5, number(value / 10)))
    return found


def _dates(frame: Frame, dates: Sequence[str]) -> list[str]:
    return [label("c-date", frame.x(at), frame.bottom + 25, dates[at]) for at in frame.dated]


def _limits(frame: Frame, lines: Sequence[RaterLine]) -> list[str]:
    """Each cut-off once, with the markers of those whom it holds for where it is not everybody's."""
    found = []
    order = sorted(range(len(lines)), key=lambda place: (lines[place].cutoff, place))
    differ = len({line.cutoff for line in lines}) > 1
    for cutoff, group in groupby(order, key=lambda place: lines[place].cutoff):
        places = list(group)
        y = frame.y(cutoff)
        found.append(f'<path class="r-cutoff" d="{across(frame.left, y, frame.right)}"/>')
        words = lines[places[0]].cutoff_label
        x = frame.left + 6
        found.append(label("c-label r-limit", x, y - 5, words))
        if differ:
            start = x + LETTER * len(words) + 8
            found.extend(_marker(start + 14 * number_, y - 9.5, place) for number_, place in enumerate(places))
    return found


def _curve(frame: Frame, line: RaterLine, place: int) -> list[str]:
    points = frame.places(line.places())
    drawn = []
    if len(points) > 1:
        drawn.append(f'<path class="r-line r-{place}" d="{path(points)}"/>')
    shown = points if frame.mark >= 3 else points[-1:]
    return [*drawn, *(_marker(x, y, place) for x, y in shown)]


def _marker(x: float, y: float, place: int) -> str:
    return f'<path class="r-mark r-{place}" transform="translate({number(x)} {number(y)})" d="{MARKERS[place]}"/>'


def _names(frame: Frame, lines: Sequence[RaterLine], labels: Sequence[str]) -> list[str]:
    """The names at the right, moved apart, each led to from its line's last point."""
    ends = [line.places()[-1] for line in lines]
    wanted = frame.heights(score for _, score in ends)
    heights = spread(wanted, gap=LABEL_GAP, top=frame.top, bottom=frame.bottom)
    x, found = frame.right + 10, []
    for place, ((end_x, end_y), height, words) in enumerate(zip(frame.places(ends), heights, labels, strict=True)):
        lead = path(((end_x + 7, end_y), (x - 8, height)))
        found.append(f'<path class="r-lead r-{place}" d="{lead}"/>')
        found.append(_marker(x, height, place))
        found.append(label(f"r-name r-{place}", x + 10, height + 4.5, words))
    return found
