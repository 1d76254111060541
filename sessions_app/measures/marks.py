"""Reading and writing marks and totals: one parser for the web forms and for import, always whole tenths."""

import math
import re
from decimal import Decimal

# ASCII digits only: str.isdigit and int() would also take Arabic-Indic and full-width digits.
_NUMBER = re.compile(r"([0-9]{1,9})(?:[.,]([0-9]+))?")
_HUNDREDTHS = re.compile(r"(?=.)([0-9]{0,3})(?:[.,]([0-9]{1,2}))?")

POINT = Decimal(10)  # tenths
EMPTY = "empty"
NOT_A_NUMBER = "not_a_number"
DECIMALS = "decimals"
RANGE = "range"


class MarkError(ValueError):
    """A text that is not a mark; `code` is one of empty, not_a_number, decimals, range."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text!r}")
        self.code = code


def parse_tenths(text: str, maximum: int) -> int:
    """Return `text` ("7,5", "7.5" or "7,50") as tenths from 0 to `maximum`; a sign or a second decimal is refused.

    Zeros behind the first decimal are none: spreadsheets write them.
    """
    trimmed = text.strip()
    if not trimmed:
        raise MarkError(EMPTY, text)
    match = _NUMBER.fullmatch(trimmed)
    if match is None:
        raise MarkError(NOT_A_NUMBER, text)
    whole, decimals = match.groups()
    decimal, further = (decimals or "0")[0], (decimals or "0")[1:]
    if further.strip("0"):
        raise MarkError(DECIMALS, text)
    tenths = int(whole) * 10 + int(decimal)
    if tenths > maximum:
        raise MarkError(RANGE, text)
    return tenths


def parse_mark(text: str) -> int:
    """Return one line's mark, 0 to 10 with at most one decimal, as tenths 0-100; raises MarkError."""
    return parse_tenths(text, 100)


def parse_hundredths(text: str) -> int:
    """Return `text` ("0,8", ".8" or "1.32") as hundredths; a sign or a third decimal is refused with MarkError."""
    match = _HUNDREDTHS.fullmatch(text.strip())
    if match is None:
        raise MarkError(NOT_A_NUMBER, text)
    whole, decimals = match.groups()
    return int(whole or 0) * 100 + int((decimals or "0").ljust(2, "0"))


def with_tenths(whole: str, tenths: str) -> str:
    """Return the text of a mark chosen in two steps: "6" and "2" is "6.2"; without a digit to add, `whole` itself."""
    joined = f"{whole}.{tenths}"
    return joined if tenths and _NUMBER.fullmatch(joined) else whole


def parse_total(text: str) -> int:
    """Return the total of four lines, 0 to 40 with at most one decimal, as tenths 0-400; raises MarkError."""
    return parse_tenths(text, 400)


def parse_step(text: str, maximum: int) -> int:
    """Return the number of a chosen answer, 0 to `maximum`, whole; raises MarkError."""
    step = parse_tenths(text, maximum * 10)
    if step % 10:
        raise MarkError(DECIMALS, text)
    return step // 10


def rounded_up(tenths: float) -> int:
    """Return a bound as whole tenths, upwards: a score below the bound is below what is printed, and none equals it."""
    return math.ceil(tenths)


def in_points(tenths: int) -> Decimal:
    """Return tenths as points, exact, without a needless zero: 263 is 26.3, 220 is 22; `str` writes a dot."""
    return tenths / POINT
