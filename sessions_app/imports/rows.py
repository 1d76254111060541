"""One record of a file of past sessions: a `FileRow`, or a `RowRefusal` for its first fault (pure)."""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from clients.models.national_ids import national_id_kind
from organisations.models.labels import normal_form, straight
from sessions_app.imports.choices import AS_IT_STANDS, DAY_FIRST, FORMER, Choices
from sessions_app.imports.columns import (
    ATTENDANCE,
    ATTENDED,
    COLUMNS,
    ENDINGS,
    LONGEST,
    ORDER,
    ORS_MARKS,
    SKIPS,
    SRS_MARKS,
    YES,
)
from sessions_app.imports.days import MIXED, DayError, DayReader, is_month_first
from sessions_app.imports.faults import LineError, shown
from sessions_app.imports.instrument_cells import Given, given
from sessions_app.imports.reading import SessionFile
from sessions_app.imports.record_spool import Record

UTC = ZoneInfo("UTC")
FIRST_DAY = date(2000, 1, 1)
FIRST_BIRTH_YEAR = 1900
DAYS = ("held_on", "episode_end")
ALL_DAY_FIRST = dict.fromkeys(DAYS, DAY_FIRST)
# What a spreadsheet writes where a formula came to nothing, in its four languages.
_NO_VALUE = re.compile(
    r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|I/T|REFERENS!|SAKNAS!|VÆRDI!|VÄRDEFEL!|VERDI!|NAVN\?)"
)
_EMAIL = re.compile(r"[^@\s,;:<>\"]+@[^@\s,;:<>\"]+")


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


def parser_of(file: SessionFile, today: date, zone: ZoneInfo, choices: Choices) -> "RowParser":
    """A parser that reads the days of a file as the whole column says, or as was chosen."""
    places = {name: place for place, name in enumerate(file.columns) if name in DAYS and not choices.date_order}
    orders = dict.fromkeys(DAYS, choices.date_order or DAY_FIRST)
    if places:
        for record in file.records():
            for name, place in places.items():
                if place < len(record.fields) and is_month_first(record.fields[place]):
                    orders[name] = MIXED
    return RowParser(file.columns, today, zone, choices, orders)


class RowParser:
    """Reads the records of one file. `today` is the organisation's local date; `orders` of the columns with days."""

    def __init__(
        self,
        columns: Sequence[str | None],
        today: date,
        zone: ZoneInfo = UTC,
        choices: Choices = AS_IT_STANDS,
        orders: Mapping[str, str] = ALL_DAY_FIRST,
    ) -> None:
        self.columns = columns
        self.today = today
        self.choices = choices
        self.several: Container[str] = ()  # normal forms of references that more than one client has
        self.unused: Container[str] = ()  # and of clients whose data are kept and not used now
        self._days = {name: DayReader(orders[name], zone) for name in DAYS}
        places = {column: place for place, column in enumerate(columns) if column}
        absent = len(columns)  # points to the empty field put behind each record
        self._places = [places.get(column, absent) for column in COLUMNS]
        self._skips = [(places[skip], _cells_of(instrument)) for skip, instrument in SKIPS.items() if skip in places]

    def parse(self, record: Record) -> FileRow | RowRefusal:
        """Return the record's row, or the refusal of its first fault."""
        fields = record.fields
        width = len(self.columns)
        extra = any(field.strip() for field in fields[width:])
        padded = [*fields[:width], *[""] * (width - len(fields)), ""]
        said = [padded[place] for place in self._places]
        for place, cells in self._skips:
            if normal_form(padded[place]) in YES:
                said[cells] = [""] * (cells.stop - cells.start)
        row: dict[str, Any] = {}
        try:
            self._read(said, row)
            if extra:
                last = next(column for column in reversed(self.columns) if column in ORDER)
                raise LineError(last, "too_many_fields", expected=width, found=len(fields))
        except LineError as fault:
            return _refusal(record.line, fault, row)
        return FileRow(line=record.line, **row)

    def _read(self, said: list[str], row: dict[str, Any]) -> None:
        """Fill `row` column by column, in the order of faults."""
        row["client_reference"] = self._reference(said[0])
        row["episode"] = _text("episode", said[1])
        row["birth_year"] = self._birth_year(said[2])
        row["service"] = _chosen(self.choices.services, _text("service", said[3]))
        row["team"] = _chosen(self.choices.teams, _text("team", said[4]))
        row["practitioner"] = self._practitioner(said[5])
        row["held_on"] = held_on = self._held_on(said[6])
        if row["birth_year"] and row["birth_year"] > held_on.year:
            raise LineError("birth_year", "born_later", held_on=held_on)
        marks = said[8:18]
        row["attendance"] = self._attendance(said[7], any(map(str.strip, marks)))
        row["ors"] = given(ORS_MARKS, marks[:4], "ors_total", marks[4])
        row["srs"] = given(SRS_MARKS, marks[5:9], "srs_total", marks[9])
        row["episode_end"] = self._episode_end(said[18], held_on)
        row["ending"] = _ending(said[19], row["episode_end"])
        row["words"] = _words(said[20])

    def _reference(self, said: str) -> str:
        reference = _chosen(self.choices.clients, _text("client_reference", said))
        if not reference:
            raise LineError("client_reference", "required")
        if kind := _national_id_kind(reference):
            raise LineError("client_reference", "national_id", kind=kind)
        if normal_form(reference) in self.several:
            raise LineError("client_reference", "several_clients", text=shown(reference))
        if normal_form(reference) in self.unused:
            raise LineError("client_reference", "unused")
        return reference

    def _birth_year(self, said: str) -> int | None:
        year = said.strip()
        if not year:
            return None
        if not re.fullmatch("[0-9]{4}", year) or not FIRST_BIRTH_YEAR <= int(year) <= self.today.year:
            raise LineError("birth_year", "birth_year", text=shown(year), first=FIRST_BIRTH_YEAR)
        return int(year)

    def _held_on(self, said: str) -> date:
        if not said.strip():
            raise LineError("held_on", "required")
        held_on = self._day("held_on", said)
        if held_on > self.today:
            raise LineError("held_on", "future", text=shown(said))
        if held_on < FIRST_DAY:
            raise LineError("held_on", "too_early", text=shown(said), first=FIRST_DAY)
        return held_on

    def _episode_end(self, said: str, held_on: date) -> date | None:
        if not said.strip():
            return None
        end = self._day("episode_end", said)
        if end < held_on:
            raise LineError("episode_end", "end_before_session", held_on=held_on)
        if end > self.today:
            raise LineError("episode_end", "future", text=shown(said))
        return end

    def _day(self, column: str, said: str) -> date:
        try:
            return self._days[column].read(said)
        except DayError as error:
            raise LineError(column, error.code, text=shown(said)) from None

    def _practitioner(self, said: str) -> str:
        """An e-mail address in small letters, or FORMER and the name of somebody who has none."""
        name = _text("practitioner", said)
        if not name:
            return ""
        if _EMAIL.fullmatch(name):
            return name.lower()
        chosen = self.choices.people.get(normal_form(name))
        if chosen is None:
            raise LineError("practitioner", "practitioner", text=shown(name))
        return chosen if chosen.startswith(FORMER) else chosen.lower()

    def _attendance(self, said: str, has_marks: bool) -> str:
        word = normal_form(said)
        attendance = self.choices.attendance.get(word) or ATTENDANCE.get(word)
        if attendance is None:
            raise LineError("attendance", "attendance", text=shown(said))
        if has_marks and attendance != ATTENDED:
            raise LineError("attendance", "marks_without_meeting", text=shown(said))
        return attendance


def _cells_of(instrument: str) -> slice:
    """Where in a line, put in the order of COLUMNS, the cells of an instrument are."""
    return slice(COLUMNS.index(f"{instrument}_1"), COLUMNS.index(f"{instrument}_total") + 1)


def _refusal(line: int, fault: LineError, row: dict[str, Any]) -> RowRefusal:
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


_straight = lru_cache(4096)(straight)  # a client, a service and a team stand on many lines


def _text(column: str, said: str) -> str:
    """A name as it will be stored."""
    if "\0" in said:
        raise LineError(column, "nul")
    text = _straight(said)
    _refuse_long(column, text)
    if _NO_VALUE.fullmatch(text.upper()):
        raise LineError(column, "no_value", text=text)
    return text


def _refuse_long(column: str, text: str) -> None:
    if len(text) > LONGEST[column]:
        raise LineError(column, "too_long", longest=LONGEST[column])


def _chosen(choices: Mapping[str, str], name: str) -> str:
    """The name itself, or what somebody said it is another spelling of."""
    return choices.get(normal_form(name), name) if choices else name


_national_id_kind = lru_cache(1024)(national_id_kind)  # a client stands on many lines


def _ending(said: str, end: date | None) -> str:
    if not said.strip():
        return ""
    ending = ENDINGS.get(normal_form(said))
    if ending is None:
        raise LineError("ending", "ending", text=shown(said))
    if end is None:
        raise LineError("ending", "ending_without_end")
    return ending


def _words(said: str) -> str:
    """As written; blanks alone are no words."""
    if not said.strip():
        return ""
    if "\0" in said:
        raise LineError("words", "nul")
    _refuse_long("words", said)
    return said
