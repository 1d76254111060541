"""Finds the sheet on a picture: its four corners by their markers, then what its code says."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import zxingcpp

from sessions_app.paper_reading.faults import PictureError
from sessions_app.paper_reading.layout import CODE, CODE_AT, MARKER, MARKERS, PrintedCode, code_of, marker_corners
from sessions_app.paper_reading.pictures import Picture

Matrix = np.ndarray[Any, np.dtype[np.float64]]
Grey = np.ndarray[Any, np.dtype[np.uint8]]
LEAST_SCALE = 3.0  # pixels a millimetre: below, a pen's stroke is a pixel wide
CODE_MARGIN = 5.0  # millimetres round the code: its quiet zone, and what a bent sheet shifts it by
CODE_SCALES = (10.0, 16.0, 7.0)  # pixels a millimetre at which the code is tried


@dataclass(frozen=True)
class FoundSheet:
    """A sheet on a picture of `size` (rows, columns).

    `to_picture` takes millimetres on the sheet to pixels; `scale` is pixels a millimetre.
    """

    to_picture: Matrix
    scale: float
    code: PrintedCode
    size: tuple[int, int]


def ink_channel(picture: Picture) -> Grey:
    """One channel in which a pen of any colour is dark."""
    return np.ascontiguousarray(picture.min(axis=2))


def find_sheet(grey: Grey) -> FoundSheet:
    """The one sheet on a picture; PictureError with one of SHEET_FAULTS where there is none that can be read."""
    corners = _markers(grey)
    if not corners and _markers(np.ascontiguousarray(grey[:, ::-1])):
        raise PictureError("mirrored")
    if len(corners) < len(MARKERS):
        raise PictureError("corners" if corners or _is_ours(grey) else "no_sheet")
    known = marker_corners()
    on_sheet = np.array([point for number in corners for point in known[number]], dtype=np.float64)
    on_picture = np.concatenate([corners[number] for number in corners]).astype(np.float64)
    to_picture, _used = cv2.findHomography(on_sheet, on_picture, 0)
    if to_picture is None:
        raise PictureError("corners")
    scale = _scale(corners)
    if scale < LEAST_SCALE:
        raise PictureError("far")
    return FoundSheet(to_picture, scale, _code(grey, to_picture), (grey.shape[0], grey.shape[1]))


def _markers(grey: Grey) -> dict[int, Matrix]:
    """The corners of our four markers by number; PictureError where one of them is there twice."""
    parameters = cv2.aruco.DetectorParameters()
    parameters.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    parameters.cornerRefinementWinSize = 4
    parameters.minMarkerPerimeterRate = 0.02
    parameters.adaptiveThreshWinSizeMin, parameters.adaptiveThreshWinSizeMax = 5, 65
    parameters.adaptiveThreshWinSizeStep = 20
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    found, numbers, _rejected = cv2.aruco.ArucoDetector(dictionary, parameters).detectMarkers(grey)
    ours = {number for number, _bits in MARKERS}
    corners: dict[int, Matrix] = {}
    for corner, number in zip(found, [] if numbers is None else numbers.ravel(), strict=True):
        if int(number) not in ours:
            continue
        if int(number) in corners:
            raise PictureError("two_sheets")
        corners[int(number)] = corner.reshape(4, 2)
    return corners


def _scale(corners: dict[int, Matrix]) -> float:
    """Pixels a millimetre where the sheet is smallest."""
    sides = [np.linalg.norm(corner - np.roll(corner, 1, axis=0), axis=1).min() for corner in corners.values()]
    return float(min(sides)) / MARKER


def _code(grey: Grey, to_picture: Matrix) -> PrintedCode:
    """What the code says where the layout has it; PictureError "code" (unreadable) or "other_code" (not a sheet's)."""
    x, y = CODE_AT
    side = CODE + 2 * CODE_MARGIN
    strange = False
    for scale in CODE_SCALES:
        to_code = np.array([[1 / scale, 0, x - CODE_MARGIN], [0, 1 / scale, y - CODE_MARGIN], [0, 0, 1]])
        size = round(side * scale)
        flat = cv2.warpPerspective(
            grey, to_picture @ to_code, (size, size), flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP, borderValue=255
        )
        for text in _texts(flat):
            code = code_of(text)
            if code is not None:
                return code
            strange = True
    raise PictureError("other_code" if strange else "code")


def _texts(grey: Grey) -> list[str]:
    for binarizer in (zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram):
        found = zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormat.QRCode, binarizer=binarizer)
        if found:
            return [code.text for code in found]
    return []


def _is_ours(grey: Grey) -> bool:
    """Whether a code of ours stands anywhere on a picture without our corners."""
    return any(code_of(text) is not None for text in _texts(grey))
