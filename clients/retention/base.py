"""What a rule of retention is: one class with its country, period, clock, exceptions and the text that it stands on."""

from abc import ABC
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar


def gettext_noop(source: str) -> str:
    """Return `source` as it is; the name marks the words for translators, whom this package does not know itself."""
    return source


class ClockStart(StrEnum):
    """From when the years of a rule are counted."""

    LAST_ENTRY = "last_entry"
    LAST_NOTE = "last_note"
    END_OF_YEAR = "end_of_year"  # of the calendar year of the last entry


CLOCK_WORDS: Mapping[ClockStart, str] = {
    ClockStart.LAST_ENTRY: gettext_noop("from the last entry"),
    ClockStart.LAST_NOTE: gettext_noop("from the last note"),
    ClockStart.END_OF_YEAR: gettext_noop("from the end of the year of the last entry"),
}


@dataclass(frozen=True)
class KeptException:
    """Whose records the law keeps in spite of the period; `key` is what a hold on such a client says."""

    key: str
    words: str


class RetentionRule(ABC):
    """One rule of one country, as it holds from `valid_from` to the day before `valid_until`.

    `years` is None where nothing is ever erased here (`is_preserved`), or where the organisation says how many
    (`asks_years`). `finishes_next_year`: what became due may be erased at once, and has to be by the end of the
    calendar year after. Several classes may have one key, one after another: the law as it stands on the day holds.
    """

    key: ClassVar[str]
    country: ClassVar[str]
    title: ClassVar[str]
    service_kind: ClassVar[str]
    basis: ClassVar[str]
    source: ClassVar[str]
    doubt: ClassVar[str] = ""  # what nobody has checked in the text of the law; "" where the source was read
    asks_basis: ClassVar[bool] = False  # the organisation says what its own period stands on
    years: ClassVar[int | None] = None
    asks_years: ClassVar[bool] = False
    is_preserved: ClassVar[bool] = False
    clock: ClassVar[ClockStart] = ClockStart.LAST_ENTRY
    finishes_next_year: ClassVar[bool] = False
    archives_first: ClassVar[bool] = False  # handed to the archive before it is erased, unless somebody says otherwise
    exceptions: ClassVar[tuple[KeptException, ...]] = ()
    valid_from: ClassVar[date]
    valid_until: ClassVar[date | None] = None

    @classmethod
    def holds_on(cls, day: date) -> bool:
        """Whether this is how the law stands on a day."""
        return cls.valid_from <= day and (cls.valid_until is None or day < cls.valid_until)
