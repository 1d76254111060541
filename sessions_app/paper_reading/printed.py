"""What is printed on a line's strip, so that only what was drawn is left of it.

The posts at a line's end are known from those of the sheet's other lines: a mark on one is what is there more.
"""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from sessions_app.paper_reading.layout import POST
from sessions_app.paper_reading.strips import HEIGHT, SCALE, Ink, Strip

SEEN = 7.5  # millimetres above and below the line where a mark is looked for
PRINTED_LINE, PRINTED_POST = 0.5, 0.55  # millimetres on either side of the printed strokes that are left out
POST_AND_ROUND = 1.2  # millimetres on either side of a post, of its picture
COMMON = 35  # the percentile of several pictures of a post: one or two may have a mark on them
SOLID = 0.4  # ink of a post under which nothing can be seen
LEAST_POSTS = 3
_ABOVE = round((POST / 2 + 0.5) * SCALE)
_BESIDE = round(POST_AND_ROUND * SCALE)


def without_print(strips: Sequence[Strip | None]) -> list[Ink | None]:
    """The ink that was drawn on each line of one sheet; None for one that cannot be seen."""
    there = [strip for strip in strips if strip is not None]
    posts = [_common_post(there, end) for end in (0, 1)]
    return [None if strip is None else _drawn(strip, posts) for strip in strips]


def _common_post(strips: Sequence[Strip], end: int) -> Ink | None:
    """What a post of that end looks like without a mark; None where there are too few to know."""
    pictures = [_round_post(strip.ink, strip.posts[end]) for strip in strips if strip.sure[end]]
    if len(pictures) < LEAST_POSTS:
        return None
    common = np.percentile(np.stack(pictures), COMMON, axis=0).astype(np.float32)
    # A tenth of a millimetre to either side, for posts that stand a little beside where they were found.
    return np.asarray(cv2.dilate(common, np.ones((3, 3), np.uint8)), dtype=np.float32)


def _round_post(ink: Ink, post: float) -> Ink:
    middle = HEIGHT // 2
    size = (2 * _BESIDE + 1, 2 * _ABOVE + 1)
    return np.asarray(cv2.getRectSubPix(ink, size, (post, float(middle))), dtype=np.float32)


def _drawn(strip: Strip, posts: Sequence[Ink | None]) -> Ink:
    drawn = strip.ink.copy()
    middle = HEIGHT // 2
    seen = round(SEEN * SCALE)
    drawn[: middle - seen], drawn[middle + seen + 1 :] = 0, 0
    line = round(PRINTED_LINE * SCALE)
    left, right = (round(post) for post in strip.posts)
    drawn[middle - line : middle + line + 1, max(0, left - line) : right + line + 1] = 0
    for at, common in zip((left, right), posts, strict=True):
        _take_post_out(drawn, at, common)
    return drawn


def _take_post_out(drawn: Ink, at: int, common: Ink | None) -> None:
    middle = HEIGHT // 2
    if common is None:
        wide = round(PRINTED_POST * SCALE)
        drawn[middle - _ABOVE : middle + _ABOVE + 1, max(0, at - wide) : at + wide + 1] = 0
        return
    here = drawn[middle - _ABOVE : middle + _ABOVE + 1, at - _BESIDE : at + _BESIDE + 1]
    here[:] = np.where(common >= SOLID, 0, np.clip(here - common, 0, None) / (1 - np.minimum(common, SOLID)))


def dark_parts(drawn: Ink, dark: float, darkest: float, least: float) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Where ink hangs together that is at least `dark`, somewhere `darkest`, on `least` square millimetres."""
    there = (drawn >= dark).astype(np.uint8)
    count, labels, about, _centres = cv2.connectedComponentsWithStats(there, connectivity=8)
    strongest = np.zeros(count, np.float32)
    np.maximum.at(strongest, labels.ravel(), drawn.ravel())
    kept = (about[:, cv2.CC_STAT_AREA] >= least * SCALE**2) & (strongest >= darkest)
    kept[0] = False
    return np.asarray(kept[labels], dtype=np.uint8)
