"""From bytes to what stands on the sheets: for each page its number, its marks, and pictures to compare them by."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np

from sessions_app.paper_reading.faults import PictureError
from sessions_app.paper_reading.finding import FoundSheet, find_sheet, ink_channel
from sessions_app.paper_reading.layout import PAGE
from sessions_app.paper_reading.marks import LineReading, read_lines
from sessions_app.paper_reading.pictures import Picture, pictures_in
from sessions_app.paper_reading.strips import SCALE, Strip, strip_matrix, strips_of

CUT_OUT = (110.0, 15.0)  # millimetres of a line's cut-out; its posts stand 5 mm from the sides
CUT_OUT_SCALE = 8  # pixels a millimetre
OVERVIEW_SCALE = 5  # an organisation may keep it, and handwriting is to be read on it
OVERVIEW_HEIGHT = 900  # pixels of a picture on which no sheet was found
BLANK = 12  # grey values that an empty page differs by


@dataclass(frozen=True)
class PageReading:
    """One page: `fault` is why it could not be read; else its number, its lines and a cut-out (JPEG) of each.

    `from_right`: the lines begin on the right, and millimetres are counted from there.
    """

    page: int
    fault: str = ""
    number: str = ""
    lines: list[LineReading] = field(default_factory=list)
    cut_outs: list[bytes] = field(default_factory=list)
    overview: bytes = b""


def read_pages(content: bytes) -> Iterator[PageReading]:
    """Each page of a file that has something on it; PictureError where the file itself cannot be read."""
    found = 0
    for page, picture in enumerate(pictures_in(content), start=1):
        if page > 1 and _is_blank(picture):
            continue  # the back of a sheet, scanned with it
        found += 1
        yield read_page(picture, page)


def read_page(picture: Picture, page: int = 1) -> PageReading:
    """What stands on one picture."""
    grey = ink_channel(picture)
    try:
        sheet = find_sheet(grey)
    except PictureError as error:
        return PageReading(page, error.code, overview=_small(picture))
    strips = strips_of(grey, sheet)
    lines = read_lines(strips)
    if sheet.code.from_right:
        lines = [_from_right(line) for line in lines]
    cut_outs = [
        _cut_out(picture, sheet, height, strip) for height, strip in zip(sheet.code.heights, strips, strict=True)
    ]
    return PageReading(page, "", sheet.code.number, lines, cut_outs, _overview(picture, sheet))


def _from_right(line: LineReading) -> LineReading:
    return LineReading(None if line.millimetres is None else 100.0 - line.millimetres, line.notice)


def _is_blank(picture: Picture) -> bool:
    small = cv2.resize(picture, (64, 90), interpolation=cv2.INTER_AREA)
    return bool(np.ptp(small.astype(np.int16)) <= BLANK)


def _cut_out(picture: Picture, sheet: FoundSheet, height: float, strip: Strip | None) -> bytes:
    """The line's piece of the picture, with its posts where the page draws its own."""
    wide, tall = (round(side * CUT_OUT_SCALE) for side in CUT_OUT)
    left, right = strip.posts if strip is not None else (8.0 * SCALE, 108.0 * SCALE)
    lift = 0.0 if strip is None else float(strip.bend[len(strip.bend) // 2])
    across = (right - left) / (100 * CUT_OUT_SCALE)
    down = SCALE / CUT_OUT_SCALE
    top = 9 * SCALE + lift - CUT_OUT[1] / 2 * SCALE
    to_strip = np.array([[across, 0, left - 5 * CUT_OUT_SCALE * across], [0, down, top], [0, 0, 1]])
    matrix = sheet.to_picture @ strip_matrix(height) @ to_strip
    flags = cv2.WARP_INVERSE_MAP | cv2.INTER_CUBIC
    return _jpeg(cv2.warpPerspective(picture, matrix, (wide, tall), flags=flags, borderMode=cv2.BORDER_REPLICATE), 80)


def _overview(picture: Picture, sheet: FoundSheet) -> bytes:
    wide, tall = (round(side * OVERVIEW_SCALE) for side in PAGE)
    matrix = sheet.to_picture @ np.diag([1 / OVERVIEW_SCALE, 1 / OVERVIEW_SCALE, 1.0])
    flags = cv2.WARP_INVERSE_MAP | cv2.INTER_AREA
    return _jpeg(cv2.warpPerspective(picture, matrix, (wide, tall), flags=flags, borderValue=(255, 255, 255)), 70)


def _small(picture: Picture) -> bytes:
    scale = min(1.0, OVERVIEW_HEIGHT / max(picture.shape[:2]))
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    return _jpeg(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), 70)


def _jpeg(picture: np.ndarray, quality: int) -> bytes:
    _done, content = cv2.imencode(".jpg", picture[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return content.tobytes()
