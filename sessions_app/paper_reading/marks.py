"""Where a pen crosses a line. Nothing is guessed: what is not one clear mark has no number, and says why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from sessions_app.paper_reading.layout import LINE
from sessions_app.paper_reading.printed import PRINTED_LINE, PRINTED_POST, dark_parts, without_print
from sessions_app.paper_reading.strips import BESIDE, HEIGHT, SCALE, WIDTH, Ink, Strip

Labels = np.ndarray[Any, Any]
# Why a line has no number.
NO_LINE, NO_MARK, TWO_MARKS, OUTSIDE, CROSSED_OUT, BESIDE_LINE = (
    "no_line",
    "no_mark",
    "two_marks",
    "outside",
    "crossed_out",
    "beside_line",
)
NOTICES = (NO_LINE, NO_MARK, TWO_MARKS, OUTSIDE, CROSSED_OUT, BESIDE_LINE)
DARK, DARKEST = 0.16, 0.26  # ink where a stroke may be, and what some of it must reach
SPECK = 0.06  # square millimetres of what a camera makes of nothing
LEAST_AREA = 0.45  # square millimetres of a mark; dust and noise are smaller
STRAY_AREA = 1.2  # of a stroke that does not touch the line
WIDEST = 16.0  # millimetres along the line, of a large cross
MOST_STROKES = 2  # side by side in one row: a cross has two, what is crossed out more
WIDEST_INK = 4.2  # millimetres of ink in one row: more than two leaning strokes of a broad pen
CROWDED = 1.0  # millimetres of its height over which it has more
TOUCHES = 1.4  # millimetres from the line within which a mark begins
FITTED = 3.5  # millimetres above and below the line by which its course is known
PAST_THE_END = 1.0  # millimetres beyond a post that still count as the end of the line


@dataclass(frozen=True)
class LineReading:
    """A line's mark in millimetres from its left post, or None and one of NOTICES."""

    millimetres: float | None
    notice: str = ""


@dataclass(frozen=True)
class _Stroke:
    """Ink that hangs together: where each of its pixels is, and how dark."""

    x: np.ndarray[Any, Any]
    y: np.ndarray[Any, Any]
    ink: np.ndarray[Any, Any]
    crowded: int  # rows in which there is more than a cross has

    @property
    def area(self) -> float:
        return len(self.x) / SCALE**2

    @property
    def touches(self) -> bool:
        return bool(np.abs(self.y).min() <= TOUCHES * SCALE)


def read_lines(strips: Sequence[Strip | None]) -> list[LineReading]:
    """The marks of one sheet's lines."""
    drawn = without_print(strips)
    return [
        LineReading(None, NO_LINE) if strip is None or ink is None else _read_line(strip, ink)
        for strip, ink in zip(strips, drawn, strict=True)
    ]


def _read_line(strip: Strip, drawn: Ink) -> LineReading:
    strokes = _strokes(strip, drawn)
    on_line = [stroke for stroke in strokes if stroke.touches and stroke.area >= LEAST_AREA]
    if not on_line:
        stray = any(stroke.area >= STRAY_AREA for stroke in strokes)
        return LineReading(None, BESIDE_LINE if stray else NO_MARK)
    if any(_is_crossed_out(stroke) for stroke in on_line):
        return LineReading(None, CROSSED_OUT)
    if len(on_line) > 1:
        return LineReading(None, TWO_MARKS)
    if any(not stroke.touches and stroke.area >= STRAY_AREA for stroke in strokes):
        return LineReading(None, BESIDE_LINE)
    crossing = _crossing(on_line[0])
    return LineReading(None, NO_MARK) if crossing is None else _placed(crossing, strip)


def _placed(crossing: float, strip: Strip) -> LineReading:
    millimetres = strip.millimetres(crossing)
    if not -PAST_THE_END <= millimetres <= LINE + PAST_THE_END:
        return LineReading(None, OUTSIDE)
    return LineReading(min(max(millimetres, 0.0), LINE))


def _strokes(strip: Strip, drawn: Ink) -> list[_Stroke]:
    """What was drawn; a stroke hangs together across the printed line."""
    dark = dark_parts(drawn, DARK, DARKEST, SPECK)
    bridged = _bridged(dark)
    count, labels = cv2.connectedComponents(bridged, connectivity=8)
    labels = _joined_at_posts(labels, strip)
    # What is drawn across a post is whole again only where it was joined.
    at_posts = np.zeros(dark.shape, bool)
    for post in strip.posts:
        at_posts[:, max(0, round(post) - 2 * SCALE) : round(post) + 2 * SCALE] = True
    strokes = []
    for label in range(1, count):
        rows, columns = np.nonzero((labels == label) & (dark > 0))
        ink = drawn[rows, columns]
        if len(rows):
            drawn_here = (labels == label) & ((dark > 0) | at_posts)
            strokes.append(_Stroke(columns, rows - HEIGHT // 2, ink, _crowded(drawn_here)))
    return strokes


def _bridged(dark: Labels) -> Labels:
    """The printed line is cut out of every stroke that crosses it; what lies just above and below belongs together."""
    over_line = cv2.getStructuringElement(cv2.MORPH_RECT, (5, round((2 * PRINTED_LINE + 0.5) * SCALE)))
    return np.asarray(cv2.morphologyEx(dark, cv2.MORPH_CLOSE, over_line))


def _joined_at_posts(labels: Labels, strip: Strip) -> Labels:
    """The same of a post: what lies on both sides of it is one stroke."""
    joined = labels.copy()
    near = round(2 * PRINTED_POST * SCALE)
    for post in strip.posts:
        here = np.unique(joined[:, max(0, round(post) - near) : round(post) + near + 1])
        here = here[here > 0]
        if len(here) > 1:
            joined[np.isin(joined, here)] = here[0]
            columns = slice(max(0, round(post) - near), round(post) + near + 1)
            kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (2 * near, 5))
            closed = cv2.morphologyEx((joined[:, columns] == here[0]).astype(np.uint8), cv2.MORPH_CLOSE, kernel)
            joined[:, columns][closed > 0] = here[0]
    return joined


def _crowded(stroke: np.ndarray[Any, Any]) -> int:
    """In how many rows more strokes stand side by side than a cross has, or so close that they are one wide one."""
    begins = (np.diff(stroke.astype(np.int8), axis=1, prepend=0) > 0).sum(axis=1)
    inked = stroke.sum(axis=1)
    return int(((begins > MOST_STROKES) | (inked > WIDEST_INK * SCALE)).sum())


def _is_crossed_out(stroke: _Stroke) -> bool:
    """Whether it is a scribble: too wide for a mark, or several strokes side by side."""
    if np.ptp(stroke.x) > WIDEST * SCALE:
        return True
    return stroke.crowded >= CROWDED * SCALE


def _crossing(stroke: _Stroke) -> float | None:
    """Where the stroke's course meets the line, in pixels; None where it is too far from it."""
    near = np.abs(stroke.y) <= FITTED * SCALE
    y, x, ink = stroke.y[near], stroke.x[near], stroke.ink[near]
    if not len(y):
        return None
    rows = np.unique(y)
    weights = np.bincount(y - y.min(), ink)[rows - y.min()]
    centres = np.bincount(y - y.min(), ink * x)[rows - y.min()] / weights
    above, below = (rows < 0).sum(), (rows > 0).sum()
    # Of a stroke that only reaches the line there is less to know its bend by.
    bends = min(above, below) >= 1.2 * SCALE
    if len(rows) < 3:
        return None
    curve = np.polynomial.Polynomial.fit(rows, centres, 2 if bends else 1, w=np.sqrt(weights))
    crossing = float(curve(0))
    return crossing if BESIDE * SCALE * 0.2 <= crossing <= WIDTH - BESIDE * SCALE * 0.2 else None
