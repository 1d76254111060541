"""Reads a file of a register line by line: what would go in, and why a line cannot. Nothing is stored here."""

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from organisations.models import Practitioner, straight
from organisations.municipalities.lists import CODE, municipalities_of, municipality_called
from organisations.services.local_day import today_in
from organisations.services.service_register import Key, RegisterLine, stored_keys
from reports.spread.columns import (
    FIT,
    KIND,
    METHODS,
    MUNICIPALITY,
    MUNICIPALITY_CODE,
    NAME,
    NUMBER,
    YEAR,
    RegisterColumns,
    fit_called,
    kind_called,
    names_fit,
)
from sessions_app.imports.faults import FileError, shown
from sessions_app.imports.reading import Record, open_table
from sessions_app.imports.texts import file_reason

FIRST_YEAR = 1990
MOST_LINES = 50_000
MOST_SERVICES = 1_000_000
LONGEST_NAME, LONGEST_MUNICIPALITY = 200, 60


class LineFault(ValueError):
    """Why a line cannot be taken, as a sentence; `column` is where it stands."""

    def __init__(self, column: str, sentence: str) -> None:
        super().__init__(sentence)
        self.column, self.sentence = column, sentence


@dataclass
class RegisterRead:
    """What a file holds. With a fault of the file or of a line none of it can be imported."""

    lines: list[tuple[int, RegisterLine]] = field(default_factory=list)
    faults: list[tuple[int, LineFault]] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    fault: str = ""

    @property
    def can_be_imported(self) -> bool:
        """Whether every line can be taken, and there is one."""
        return bool(self.lines) and not self.faults and not self.fault


def read_register(content: bytes, *, by: Practitioner, is_in: bool = False) -> RegisterRead:
    """Read a file for the organisation of `by`; `is_in` says that the register holds its lines already."""
    read = RegisterRead()
    columns = RegisterColumns()
    try:
        with open_table(io.BytesIO(content), columns) as table:
            header = table.header(columns, (YEAR,))
            meanings = columns.columns_of(header.fields)
            read.fault = _fault_of_header(meanings)
            read.unused = [shown(name) for name, one in zip(header.fields, meanings, strict=True) if not one]
            if not read.fault:
                records = (record for record in table.records() if record.line > header.line)
                _read_lines(read, records, meanings, by)
    except FileError as error:
        return RegisterRead(fault=_reason(error))
    if not is_in:
        _refuse_stored(read, by)
    if not (read.lines or read.faults or read.fault):
        read.fault = _("There is no line below the names of the columns.")
    return read


def _reason(error: FileError) -> str:
    if error.code == "several_sheets":
        return _("The spreadsheet has several sheets: leave one of them.")
    return file_reason(error)


def _fault_of_header(meanings: list[str | None]) -> str:
    """What is wrong with the names of the columns, as a sentence; "" for nothing."""
    named = [one for one in meanings if one]
    if twice := next((one for place, one in enumerate(named) if one in named[:place]), None):
        return _("Two columns mean the same: %(column)s.") % {"column": twice}
    if YEAR not in named:
        return _("There is no column with the year (year).")
    if FIT not in named and METHODS not in named:
        return _("There is no column that says whether FIT is used (uses_fit), nor one with the methods (methods).")
    return ""


def _read_lines(read: RegisterRead, records: Iterator[Record], meanings: list[str | None], by: Practitioner) -> None:
    first: dict[Key, int] = {}
    country, this_year = by.organisation.country, today_in(by.organisation).year
    for count, record in enumerate(records):
        if count == MOST_LINES:
            read.fault = _("The file has more than %(lines)d lines: divide it.") % {"lines": MOST_LINES}
            return
        cells = {one: text.strip() for one, text in zip(meanings, record.fields, strict=False) if one}
        try:
            line = _line(cells, country, this_year)
            if line.key in first:
                raise LineFault(NAME if line.name else NUMBER, _twice(line, first[line.key]))
        except LineFault as fault:
            read.faults.append((record.line, fault))
            continue
        first[line.key] = record.line
        read.lines.append((record.line, line))


def _line(cells: Mapping[str, str], country: str, this_year: int) -> RegisterLine:
    """The line that these cells are; LineFault for the first that cannot be used."""
    year = _year(cells.get(YEAR, ""), this_year)
    code, municipality = _municipality(cells, country)
    name = straight(cells.get(NAME, ""))
    if len(name) > LONGEST_NAME:
        raise LineFault(NAME, _("The name is longer than %(most)d letters.") % {"most": LONGEST_NAME})
    kind = kind_called(cells.get(KIND, ""))
    if kind is None:
        raise LineFault(KIND, _("“%(text)s” is none of: adults, children, both.") % {"text": shown(cells[KIND])})
    return RegisterLine(year, code, municipality, kind, name, _fit(cells), _number(cells.get(NUMBER, ""), name))


def _year(text: str, this_year: int) -> int:
    if text.isascii() and text.isdigit() and len(text) == 4 and FIRST_YEAR <= int(text) <= this_year:
        return int(text)
    said = {"text": shown(text), "first": FIRST_YEAR, "last": this_year}
    raise LineFault(YEAR, _("“%(text)s” is no year from %(first)d to %(last)d.") % said)


def _municipality(cells: Mapping[str, str], country: str) -> tuple[str, str]:
    """Code and name of where a service is; both empty where nothing is said."""
    code, name = cells.get(MUNICIPALITY_CODE, ""), straight(cells.get(MUNICIPALITY, ""))
    column = MUNICIPALITY_CODE if code else MUNICIPALITY
    if not municipalities_of(country):
        if code and not CODE.fullmatch(code):
            raise LineFault(column, _("A municipality code has three or four digits."))
        if len(name) > LONGEST_MUNICIPALITY:
            raise LineFault(column, _("The name is longer than %(most)d letters.") % {"most": LONGEST_MUNICIPALITY})
        return code, name
    found = [municipality_called(country, text) for text in (code, name) if text]
    if None in found:
        text = shown(code if found[0] is None and code else name)
        raise LineFault(column, _("There is no municipality “%(text)s” in the country's list.") % {"text": text})
    if len(set(found)) > 1:
        raise LineFault(column, _("Code and name are of two municipalities."))
    return (found[0].code, found[0].name) if found and found[0] else ("", "")


def _fit(cells: Mapping[str, str]) -> bool:
    if FIT not in cells:
        return names_fit(cells.get(METHODS, ""))
    found = fit_called(cells[FIT])
    if found is None:
        raise LineFault(FIT, _("Say yes or no: “%(text)s” is neither.") % {"text": shown(cells[FIT])})
    return found


def _number(text: str, name: str) -> int:
    if not text:
        return 1
    if not (text.isascii() and text.isdigit() and len(text) <= 7 and 1 <= int(text) <= MOST_SERVICES):
        raise LineFault(NUMBER, _("“%(text)s” is no whole number of services.") % {"text": shown(text)})
    if name and int(text) != 1:
        raise LineFault(NUMBER, _("A service with a name is one: leave the name out, or the number."))
    return int(text)


def _twice(line: RegisterLine, first: int) -> str:
    if line.name:
        return _("The service stands on line %(line)d already, for the same year.") % {"line": first}
    return _("Line %(line)d says a number for the same already: add them up to one line.") % {"line": first}


def _refuse_stored(read: RegisterRead, by: Practitioner) -> None:
    """Lines that the register has already become faults."""
    stored = stored_keys(by, _years(read.lines))
    new = []
    for number, line in read.lines:
        if line.key in stored:
            sentence = _("The register has this already, from the file “%(file)s”.") % {"file": stored[line.key]}
            read.faults.append((number, LineFault(YEAR, sentence)))
        else:
            new.append((number, line))
    read.lines = new
    read.faults.sort(key=lambda one: one[0])


def _years(lines: Iterable[tuple[int, RegisterLine]]) -> set[int]:
    return {line.year for _number, line in lines}
