"""Where things stand on a printed sheet, for whoever prints it and whoever reads it; millimetres on an upright A4 page.

The origin is the page's upper left corner. The height of each line is not here: the words above it decide, so the
printed code itself says it.
"""

import re
from dataclasses import dataclass

PAGE = (210.0, 297.0)
# Four markers of the dictionary 4x4_50 of ArUco, clockwise from the upper left corner: (number, rows of bits; 1 is
# white). They differ in at least 7 bits whichever way they are turned, and in at least 3 from every marker seen in a
# mirror: only whether all four are there tells a picture from its mirror image, a QR code does not.
MARKERS = (
    (0, "1011 0101 0011 0010"),
    (1, "0000 1111 1001 1010"),
    (2, "0011 0011 0010 1101"),
    (6, "1001 1110 0010 1110"),
)
MARKER = 10.0  # side of a marker, its black border included
INSET = 7.0  # of a marker from the page's edges: inside what every printer reaches
CODE = 27.0  # side of the QR code without its quiet zone
CODE_AT = (156.0, 21.0)  # its upper left corner
LINE = 100.0  # length of a line
POST = 7.0  # height of the posts at its ends
CLEAR = 9.0  # nothing is printed so near above or below a line
LINE_LEFT = (PAGE[0] - LINE) / 2
CODE_TEXT = re.compile(r"MS1([LR])([A-Z2-7]{26})((?:[0-9]{4}){1,6})")


@dataclass(frozen=True)
class PrintedCode:
    """What a sheet's code says: its number, how high its lines stand, and whether they begin on the right."""

    number: str
    heights: tuple[float, ...]
    from_right: bool = False

    def text(self) -> str:
        """What is printed; ValueError where a height is not on the page."""
        if not all(0 <= height <= PAGE[1] for height in self.heights):
            raise ValueError("a line beside the page")
        heights = "".join(f"{round(height * 10):04d}" for height in self.heights)
        return f"MS1{'R' if self.from_right else 'L'}{self.number}{heights}"


def code_of(text: str) -> PrintedCode | None:
    """What a code says; None where it is no sheet's."""
    found = CODE_TEXT.fullmatch(text)
    if found is None:
        return None
    side, number, digits = found.groups()
    heights = tuple(int(digits[start : start + 4]) / 10 for start in range(0, len(digits), 4))
    on_page = all(CLEAR <= height <= PAGE[1] - CLEAR for height in heights)
    return PrintedCode(number, heights, side == "R") if on_page else None


def marker_corners() -> dict[int, tuple[tuple[float, float], ...]]:
    """The corners of each marker by its number, clockwise from its upper left one, as ArUco finds them."""
    left, right = INSET, PAGE[0] - INSET - MARKER
    top, bottom = INSET, PAGE[1] - INSET - MARKER
    places = ((left, top), (right, top), (right, bottom), (left, bottom))
    turns = ((0, 0), (MARKER, 0), (MARKER, MARKER), (0, MARKER))
    return {
        number: tuple((x + across, y + down) for across, down in turns)
        for (number, _bits), (x, y) in zip(MARKERS, places, strict=True)
    }
