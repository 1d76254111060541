"""Reads the days of a file: each form a day is written in, and whether its day or its month comes first (pure)."""

import re
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from sessions_app.imports.choices import MONTH_FIRST

DATE, ORDER = "date", "date_order"  # why a day is refused
MIXED = "mixed"  # no choice was made, and the column holds a day that can only be month-first

_TIME = r"(?:(?:,?\s+|T)(?:(?:kl\.?|at)\s*)?\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?(?P<half>\s?[ap]\.?m\.?)?)?"
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})" + _TIME, re.ASCII | re.IGNORECASE)
_SHORT = re.compile(
    r"(?P<first>\d{1,2})(?P<sign>[-./])(?P<second>\d{1,2})(?P=sign)(?P<year>\d{4})" + _TIME, re.ASCII | re.I
)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})", re.ASCII)


class DayError(ValueError):
    """A text that is no day, or one that could be two; `code` is DATE or ORDER."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@lru_cache(4096)
def is_month_first(text: str) -> bool:
    """Whether a text can only be a day with its month first ("12/13/2025")."""
    match = _SHORT.fullmatch(text.strip())
    return match is not None and int(match["first"]) <= 12 < int(match["second"]) <= 31


class DayReader:
    """Reads the days of one column in an `order`: DAY_FIRST, MONTH_FIRST, or MIXED, which refuses what could be two.

    A moment with an offset from UTC is the day it was in `zone`.
    """

    def __init__(self, order: str, zone: ZoneInfo) -> None:
        self.order = order
        self.zone = zone
        self.read = lru_cache(4096)(self._read)  # many sessions were held on one day

    def _read(self, text: str) -> date:
        """The day that a text says; raises DayError."""
        said = text.strip()
        try:
            if _INSTANT.fullmatch(said):
                return datetime.fromisoformat(said).astimezone(self.zone).date()
            if match := _ISO.fullmatch(said):
                return date(int(match["year"]), int(match["month"]), int(match["day"]))
            if match := _SHORT.fullmatch(said):
                return self._short(int(match["first"]), int(match["second"]), int(match["year"]))
        except (ValueError, OverflowError) as error:
            if isinstance(error, DayError):
                raise
        raise DayError(DATE)

    def _short(self, first: int, second: int, year: int) -> date:
        if self.order == MONTH_FIRST:
            return date(year, first, second)
        if self.order == MIXED:
            if first <= 12 and second <= 12 and first != second:
                raise DayError(ORDER)
            if first <= 12 < second:
                raise DayError(DATE)
        return date(year, second, first)
