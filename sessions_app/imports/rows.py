"""One record of a file of past sessions: a `FileRow`, or a `RowRefusal` for its first fault (pure)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from clients.models.national_ids import national_id_kind
from sessions_app.imports.columns import (
    ATTENDANCE,
    ATTENDED,
    COLUMNS,
    ENDINGS,
    LONGEST,
    ORS_MARKS,
    SRS_MARKS,
    plain_name,
)
from sessions_app.imports.reading import LONGEST_SHOWN, Record
from sessions_app.measures.marks import MarkError, parse_mark, parse_total

FIRST_DAY = date(2000, 1, 1)
FIRST_BIRTH_YEAR = 1900
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})|([0-9]{1,2})([-./])([0-9]{1,2})\5([0-9]{4})")
_EMAIL = re.compile(r"[^@\s,;:<>\"]+@[^@\s,;:<>\"]+")


@dataclass(frozen=True, slots=True)
class Given:
    """One instrument at one session, in tenths; `marks` is None where only the total is known."""

    total: int
    marks: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class FileRow:
    """A line without fault. Empty texts and None stand for what it does not say."""

    line: int
    client_reference: str
    episode: str
    birth_year: int | None
    service: str
    team: str
    practitioner: str
    held_on: date
    attendance: str
    ors: Given | None
    srs: Given | None
    episode_end: date | None
    ending: str
    words: str


@dataclass(frozen=True, slots=True)
class RowRefusal:
    """Why a line is refused: its first fault in the order of the columns. `code` names the sentence.

    `reference`, `service`, `episode`, `birth_year`: what the line says, as far as it is without fault;
    other lines of the file may show an earlier fault.
    """

    line: int
    column: str
    code: str
    params: dict[str, Any]
    reference: str = ""
    service: str = ""
    episode: str = ""
    birth_year: int | None = None


class _LineError(ValueError):
    def __init__(self, column: str, code: str, **params: Any) -> None:
        super().__init__(code)
        self.column = column
        self.code = code
        self.params = params


class RowParser:
    """Reads the records of one file. `today` is the organisation's local date."""

    def __init__(self, columns: Sequence[str], today: date) -> None:
        self.columns = columns
        self.today = today
        places = {column: place for place, column in enumerate(columns)}
        absent = len(columns)  # points to the empty field put behind each record
        self._places = [places.get(column, absent) for column in COLUMNS]

    def parse(self, record: Record) -> FileRow | RowRefusal:
        """Return the record's row, or the refusal of its first fault."""
        fields = record.fields
        width = len(self.columns)
        extra = any(field.strip() for field in fields[width:])
        padded = [*fields[:width], *[""] * (width - len(fields)), ""]
        said = [padded[place] for place in self._places]
        row: dict[str, Any] = {}
        try:
            self._read(said, row)
            if extra:
                raise _LineError(self.columns[-1], "too_many_fields", expected=width, found=len(fields))
        except _LineError as fault:
            return _refusal(record.line, fault, row)
        return FileRow(line=record.line, **row)

    def _read(self, said: list[str], row: dict[str, Any]) -> None:
        """Fill `row` column by column, in the order of faults."""
        row["client_reference"] = _reference(said[0])
        row["episode"] = _text("episode", said[1])
        row["birth_year"] = self._birth_year(said[2])
        row["service"] = _text("service", said[3])
        row["team"] = _text("team", said[4])
        row["practitioner"] = _practitioner(said[5])
        row["held_on"] = held_on = self._held_on(said[6])
        if row["birth_year"] and row["birth_year"] > held_on.year:
            raise _LineError("birth_year", "born_later", held_on=held_on)
        marks = said[8:18]
        row["attendance"] = _attendance(said[7], any(map(str.strip, marks)))
        row["ors"] = _given(ORS_MARKS, marks[:4], "ors_total", marks[4])
        row["srs"] = _given(SRS_MARKS, marks[5:9], "srs_total", marks[9])
        row["episode_end"] = self._episode_end(said[18], held_on)
        row["ending"] = _ending(said[19], row["episode_end"])
        row["words"] = _words(said[20])

    def _birth_year(self, said: str) -> int | None:
        year = said.strip()
        if not year:
            return None
        if not re.fullmatch("[0-9]{4}", year) or not FIRST_BIRTH_YEAR <= int(year) <= self.today.year:
            raise _LineError("birth_year", "birth_year", text=_shown(year), first=FIRST_BIRTH_YEAR)
        return int(year)

    def _held_on(self, said: str) -> date:
        if not said.strip():
            raise _LineError("held_on", "required")
        held_on = _day("held_on", said)
        if held_on > self.today:
            raise _LineError("held_on", "future", text=_shown(said))
        if held_on < FIRST_DAY:
            raise _LineError("held_on", "too_early", text=_shown(said), first=FIRST_DAY)
        return held_on

    def _episode_end(self, said: str, held_on: date) -> date | None:
        if not said.strip():
            return None
        end = _day("episode_end", said)
        if end < held_on:
            raise _LineError("episode_end", "end_before_session", held_on=held_on)
        if end > self.today:
            raise _LineError("episode_end", "future", text=_shown(said))
        return end


def _refusal(line: int, fault: _LineError, row: dict[str, Any]) -> RowRefusal:
    return RowRefusal(
        line,
        fault.column,
        fault.code,
        fault.params,
        row.get("client_reference", ""),
        row.get("service", ""),
        row.get("episode", ""),
        row.get("birth_year"),
    )


def _shown(text: str) -> str:
    """As much of the file's own text as a sentence can hold."""
    plain = text.strip().replace("\0", "")
    return plain if len(plain) <= LONGEST_SHOWN else plain[: LONGEST_SHOWN - 1] + "…"


def _text(column: str, said: str) -> str:
    text = said.strip()
    _refuse_unfit(column, text)
    return text


def _refuse_unfit(column: str, text: str) -> None:
    if "\0" in text:
        raise _LineError(column, "nul")
    if len(text) > LONGEST[column]:
        raise _LineError(column, "too_long", longest=LONGEST[column])


def _reference(said: str) -> str:
    reference = _text("client_reference", said)
    if not reference:
        raise _LineError("client_reference", "required")
    if kind := _national_id_kind(reference):
        raise _LineError("client_reference", "national_id", kind=kind)
    return reference


_national_id_kind = lru_cache(1024)(national_id_kind)  # a client stands on many lines


def _practitioner(said: str) -> str:
    email = _text("practitioner", said).lower()
    if email and not _EMAIL.fullmatch(email):
        raise _LineError("practitioner", "email", text=_shown(email))
    return email


@lru_cache(4096)
def _as_day(said: str) -> date | None:
    match = _DAY.fullmatch(said.strip())
    if match is None:
        return None
    year, month, day = (match[1], match[2], match[3]) if match[1] else (match[7], match[6], match[4])
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _day(column: str, said: str) -> date:
    day = _as_day(said)
    if day is None:
        raise _LineError(column, "date", text=_shown(said))
    return day


def _attendance(said: str, has_marks: bool) -> str:
    attendance = ATTENDANCE.get(plain_name(said))
    if attendance is None:
        raise _LineError("attendance", "attendance", text=_shown(said))
    if has_marks and attendance != ATTENDED:
        raise _LineError("attendance", "marks_without_meeting", text=_shown(said))
    return attendance


def _given(columns: Sequence[str], said: list[str], total_column: str, total_said: str) -> Given | None:
    """What the five cells of one instrument say: four marks, a total alone, or both if they agree."""
    total_given = bool(total_said.strip())
    given = [bool(text.strip()) for text in said]
    if not any(given):
        return Given(_tenths(total_column, total_said), None) if total_given else None
    marks = []
    for column, text, is_given in zip(columns, said, given, strict=True):
        if is_given:
            marks.append(_tenths(column, text))
        elif not total_given:
            raise _LineError(column, "mark_missing")
    if not total_given:
        return Given(sum(marks), tuple(marks))
    total = _tenths(total_column, total_said)
    missing = len(columns) - len(marks)
    if not sum(marks) <= total <= sum(marks) + 100 * missing:
        raise _LineError(total_column, "total_differs" if not missing else "total_out_of_reach", sum=sum(marks))
    # Beside a total, marks that are missing stay missing: a quarter of the total would be invented data.
    return Given(total, tuple(marks) if not missing else None)


@lru_cache(4096)
def _as_tenths(is_total: bool, said: str) -> int | str:
    try:
        return parse_total(said) if is_total else parse_mark(said)
    except MarkError as error:
        return error.code


def _tenths(column: str, said: str) -> int:
    is_total = column.endswith("total")
    tenths = _as_tenths(is_total, said)
    if isinstance(tenths, str):
        raise _LineError(column, f"{'total' if is_total else 'mark'}_{tenths}", text=_shown(said))
    return tenths


def _ending(said: str, end: date | None) -> str:
    if not said.strip():
        return ""
    ending = ENDINGS.get(plain_name(said))
    if ending is None:
        raise _LineError("ending", "ending", text=_shown(said))
    if end is None:
        raise _LineError("ending", "ending_without_end")
    return ending


def _words(said: str) -> str:
    """As written; blanks alone are no words."""
    if not said.strip():
        return ""
    _refuse_unfit("words", said)
    return said
