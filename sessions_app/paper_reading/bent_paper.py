"""How a sheet that does not lie flat is bent, seen from its own lines, and how long the paper is between two points.

A part of the sheet that rises towards the camera is seen further from the point under the camera: by the share `rise`
of its distance from there. Up and down that bends the printed lines, which can be seen; along a line it shifts marks
against the posts, which cannot, but it is the same share. Paper keeps its length, so a slope adds to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sessions_app.paper_reading.finding import FoundSheet

FOCAL = 1.0  # of a camera whose lens is not known: focal length in longer sides of the picture
EXPLAINED = 0.6  # of what the lines are bent by: below, they are not bent as one sheet is
STEEPEST = 0.25  # of paper on a table
Curve = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Bend:
    """A line as it was seen: how high it stands on the sheet, and in each of `x` how much lower than there; all mm."""

    height: float
    x: Curve
    lower: Curve


def along_paper(bends: Sequence[Bend], sheet: FoundSheet, x: Curve) -> Curve:
    """Millimetres along the paper of what is seen at `x` (millimetres on a flat sheet), from any point.

    `x` itself where the lines do not show that the sheet is bent.
    """
    under_x, under_y, distance = _eye(sheet)
    rise = _rise(bends, under_y, x)
    if rise is None:
        return x
    flat = x - (x - under_x) * rise
    slope = np.clip(np.gradient(distance * rise, flat), -STEEPEST, STEEPEST)
    stretch = np.sqrt(1 + slope**2)
    steps = np.diff(flat) * (stretch[1:] + stretch[:-1]) / 2
    return np.asarray(flat[0] + np.concatenate([[0.0], np.cumsum(steps)]))


def _rise(bends: Sequence[Bend], under_y: float, x: Curve) -> Curve | None:
    """The share by which everything at `x` is seen too far out; None where the lines do not agree on one."""
    if len(bends) < 2:
        return None
    from_eye = np.array([bend.height - under_y for bend in bends])
    lower = np.stack([np.interp(x, bend.x, bend.lower) for bend in bends])
    rise = from_eye @ lower / (from_eye @ from_eye)
    left = lower - from_eye[:, None] * rise
    # What shifts a whole line up or down says nothing of how it is bent.
    bent, unexplained = (float((part - part.mean(axis=1, keepdims=True)).var()) for part in (lower, left))
    return rise if unexplained <= (1 - EXPLAINED) * bent else None


def _eye(sheet: FoundSheet) -> tuple[float, float, float]:
    """The point of the sheet under the camera, and the camera's distance from it; millimetres."""
    height, width = sheet.size
    focal = FOCAL * max(height, width)
    camera = np.array([[focal, 0, width / 2], [0, focal, height / 2], [0, 0, 1]])
    seen = np.linalg.inv(camera) @ sheet.to_picture
    seen /= (np.linalg.norm(seen[:, 0]) + np.linalg.norm(seen[:, 1])) / 2
    turn = np.column_stack([seen[:, 0], seen[:, 1], np.cross(seen[:, 0], seen[:, 1])])
    x, y, z = -np.linalg.solve(turn, seen[:, 2])
    return float(x), float(y), abs(float(z))
