"""A line of the sheet as a strip of paper laid flat: evenly lit, with its own line and posts found in it.

A sheet that is bent or printed smaller shifts a line by a millimetre and more against the corners; what a mark is
measured against are therefore the line's own posts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from sessions_app.paper_reading.bent_paper import Bend, along_paper
from sessions_app.paper_reading.finding import FoundSheet, Grey, Matrix
from sessions_app.paper_reading.layout import LINE, LINE_LEFT, POST

SCALE = 10  # pixels of a strip a millimetre
BESIDE, BELOW = 8, 9  # millimetres of a strip beyond a post, and above and below the line
WIDTH, HEIGHT = round((LINE + 2 * BESIDE) * SCALE), 2 * BELOW * SCALE
BLOCKS = 25  # pieces of a line in each of which it is looked for
LEAST_BLOCKS = 14
BENT = 3  # the degree of a line's course: half a wave of paper, and its turn
LINE_WITHIN = 3.5  # millimetres from where the corners say that it is
POST_WITHIN = 4.0
POSTS_AGREE = 0.7  # millimetres that a post may stand from where those of the other lines do
WIDER = 0.35  # millimetres by which a post with a mark on it is wider than the others
LEAST_DARK = 0.12  # of ink: 0 is the paper, 1 is black
Ink = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True)
class Strip:
    """A line's paper, `ink` from 0 to 1, the line in the middle row; `posts` are where its ends stand, in pixels.

    `sure` tells of each post whether it was seen by itself, and not only where the other lines' posts say it is.
    `bend` is the line's own height in each column of the strip as it was cut, in pixels; `along` is where the column is
    along the paper, in millimetres from any point.
    """

    ink: Ink
    bend: np.ndarray[Any, np.dtype[np.float32]]
    posts: tuple[float, float]
    sure: tuple[bool, bool]
    along: np.ndarray[Any, np.dtype[np.float64]]

    def millimetres(self, column: float) -> float:
        """How far from its left post something on the line is, along the paper."""
        at = np.interp([column, *self.posts], np.arange(len(self.along)), self.along)
        return float((at[0] - at[1]) / (at[2] - at[1]) * LINE)


@dataclass(frozen=True)
class _Straight:
    ink: Ink
    bend: np.ndarray[Any, np.dtype[np.float32]]
    found: tuple[list[tuple[float, float]], list[tuple[float, float]]]  # (offset, width) of what may be a post


def strip_matrix(height: float) -> Matrix:
    """From pixels of a strip to millimetres on the sheet, for the line at that height."""
    return np.array([[1 / SCALE, 0, LINE_LEFT - BESIDE], [0, 1 / SCALE, height - BELOW], [0, 0, 1]])


def strips_of(grey: Grey, sheet: FoundSheet) -> list[Strip | None]:
    """The sheet's lines from above to below; None for one that cannot be seen."""
    straight = [_straightened(_evenly_lit(_cut(grey, sheet, height))) for height in sheet.code.heights]
    ends = [_agreed([line.found[end] for line in straight if line is not None]) for end in (0, 1)]
    x = np.arange(WIDTH) / SCALE + LINE_LEFT - BESIDE
    seen = zip(sheet.code.heights, straight, strict=True)
    bends = [Bend(height, x, line.bend.astype(float) / SCALE) for height, line in seen if line is not None]
    along = along_paper(bends, sheet, x)
    return [None if line is None else _strip(line, ends, along) for line in straight]


def _cut(grey: Grey, sheet: FoundSheet, height: float) -> Grey:
    flags = cv2.WARP_INVERSE_MAP | (cv2.INTER_AREA if sheet.scale > 1.5 * SCALE else cv2.INTER_CUBIC)
    matrix = sheet.to_picture @ strip_matrix(height)
    return np.asarray(cv2.warpPerspective(grey, matrix, (WIDTH, HEIGHT), flags=flags, borderMode=cv2.BORDER_REPLICATE))


def _evenly_lit(paper: Grey) -> Ink:
    """How dark each point is beside the paper round it, 0 to 1."""
    size = 6 * SCALE + 1
    light = cv2.morphologyEx(paper, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, (size, size)))
    light = cv2.GaussianBlur(light, (0, 0), 1.5 * SCALE).astype(np.float32)
    smooth = cv2.GaussianBlur(paper, (0, 0), 0.08 * SCALE).astype(np.float32)
    return np.clip(1 - smooth / np.maximum(light, 1), 0, 1)


def _straightened(ink: Ink) -> _Straight | None:
    """The strip with its line in the middle row; None where there is no line."""
    centres, heights = [], []
    first = BESIDE * SCALE
    step = LINE * SCALE / BLOCKS
    near = round(LINE_WITHIN * SCALE)
    middle = HEIGHT // 2
    for block in range(BLOCKS):
        start = round(first + block * step)
        # The middle of each row: what is drawn across the line covers less than half of a block.
        rows = np.median(ink[middle - near : middle + near + 1, start : start + round(step)], axis=1)
        peak = int(rows.argmax())
        if rows[peak] >= LEAST_DARK:
            centres.append(start + step / 2)
            heights.append(_centre(rows, peak, 5) - near)
    bend = _smooth_curve(centres, heights)
    if bend is None:
        return None
    columns = np.arange(WIDTH, dtype=np.float32)
    at_x = np.repeat(columns[None], HEIGHT, axis=0)
    at_y = np.arange(HEIGHT, dtype=np.float32)[:, None] + bend[None]
    straight = cv2.remap(ink, at_x, at_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return _Straight(straight, bend, (_posts(straight, 0), _posts(straight, 1)))


def _smooth_curve(centres: Sequence[float], heights: Sequence[float]) -> np.ndarray[Any, np.dtype[np.float32]] | None:
    """The line's height in every column by a curve through the blocks that agree."""
    x, y = np.array(centres) / WIDTH, np.array(heights)
    for _round in range(6):
        if len(x) < LEAST_BLOCKS:
            return None
        curve = np.polynomial.Polynomial.fit(x, y, BENT)
        off = np.abs(curve(x) - y)
        if off.max() <= 0.35 * SCALE:
            return np.asarray(curve(np.arange(WIDTH) / WIDTH), dtype=np.float32)
        keep = off < max(off.max() * 0.999, 0.35 * SCALE)
        keep &= off <= max(2.5 * float(np.median(off)), 0.35 * SCALE)
        x, y = x[keep], y[keep]
    return None


def _posts(ink: Ink, end: int) -> list[tuple[float, float]]:
    """What stands upright on both sides of the line near its end: (offset from where it should be, width), pixels."""
    middle, near = HEIGHT // 2, round(POST_WITHIN * SCALE)
    low, high = round(1.0 * SCALE), round((POST / 2 - 0.4) * SCALE)
    at = round((BESIDE + end * LINE) * SCALE)
    columns = slice(at - near, at + near + 1)
    above = np.median(ink[middle - high : middle - low, columns], axis=0)
    below = np.median(ink[middle + low : middle + high, columns], axis=0)
    both = np.minimum(above, below)
    level = max(LEAST_DARK, 0.4 * float(both.max()))
    marked = np.flatnonzero(both >= level)
    runs = np.split(marked, np.flatnonzero(np.diff(marked) > 1) + 1) if len(marked) else []
    found = []
    for run in runs:
        weights = both[run]
        found.append((float((run * weights).sum() / weights.sum()) - near, float(weights.sum() / weights.max())))
    return found


def _agreed(found: list[list[tuple[float, float]]]) -> tuple[float, float]:
    """Where the posts of one end stand on the sheet, and how wide they are: what most lines say."""
    nearest = [min(candidates, key=lambda one: abs(one[0])) for candidates in found if candidates]
    if not nearest:
        return 0.0, 0.0
    return float(np.median([offset for offset, _w in nearest])), float(np.median([width for _o, width in nearest]))


def _strip(line: _Straight, ends: list[tuple[float, float]], along: np.ndarray[Any, Any]) -> Strip:
    posts, sure = [], []
    for end, (offset, width) in enumerate(ends):
        fitting = [
            one
            for one in line.found[end]
            if abs(one[0] - offset) <= POSTS_AGREE * SCALE and one[1] <= width + WIDER * SCALE
        ]
        best = min(fitting, key=lambda one: abs(one[0] - offset), default=(offset, width))
        posts.append((BESIDE + end * LINE) * SCALE + best[0])
        sure.append(bool(fitting))
    return Strip(line.ink, line.bend, (posts[0], posts[1]), (sure[0], sure[1]), along)


def _centre(values: np.ndarray[Any, Any], peak: int, reach: int) -> float:
    """The centre of what is dark round a peak, in parts of a pixel."""
    start, end = max(0, peak - reach), min(len(values), peak + reach + 1)
    weights = np.clip(values[start:end] - 0.3 * values[peak], 0, None)
    return float((np.arange(start, end) * weights).sum() / weights.sum())
