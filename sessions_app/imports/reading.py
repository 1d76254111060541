"""Opens a file of past sessions and gives its records one by one, whatever its kind, encoding and delimiter (pure).

A text is read several times, never kept; a workbook is unpacked once, into a file that goes when it is closed.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, Protocol

from sessions_app.imports.choices import AS_IT_STANDS, UNUSED, Choices
from sessions_app.imports.columns import COLUMNS, REQUIRED
from sessions_app.imports.faults import FileError, shown
from sessions_app.imports.record_spool import Record, RecordSpool

BLOCK = 1 << 16  # bytes read at a time
LONGEST_LINE = 1 << 16  # characters of one physical line
LONGEST_RECORD = 500  # physical lines of one record: more is a quotation mark that was never closed
LOOKED_AT = 10  # lines among which the header is, and from which the delimiter is told
KEPT_IN_MEMORY = 8 * 1024**2  # bytes of an unpacked workbook
DELIMITERS = ";,\t"
DECLARED = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)  # what Excel writes first to tell itself the delimiter
WORKBOOK, OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"

csv.field_size_limit(LONGEST_LINE * 2)


class ColumnNames(Protocol):
    """What is asked about a file's columns: the sheet of a workbook ("" for the only one), and what names mean."""

    @property
    def sheet(self) -> str: ...

    def columns_of(self, header: Sequence[str]) -> Sequence[str | None]: ...


@dataclass
class FileTable:
    """An opened file before anything is known about its columns; records without any sign are none."""

    size: int
    encoding: str
    delimiter: str
    _records: Callable[[], Iterator[Record]]
    _tell: Callable[[], int]

    @property
    def read(self) -> int:
        """How many of the `size` bytes were read so far, a few thousand ahead of the record in hand."""
        return self._tell()

    def records(self) -> Iterator[Record]:
        """Yield all records from the start, the header among them. Raises FileError."""
        return (record for record in self._records() if any(map(str.strip, record.fields)))

    def header(self, choices: ColumnNames, required: Iterable[str] = REQUIRED) -> Record:
        """The record that names the columns: titles above it are passed over."""
        first = list(islice(self.records(), LOOKED_AT))
        if not first:
            raise FileError("empty")
        wide = [record for record in first if sum(bool(name.strip()) for name in record.fields) > 1] or first
        named = [record for record in wide if set(required) <= set(choices.columns_of(record.fields))]
        header = (named or wide)[0]
        fields = header.fields
        while len(fields) > 1 and not fields[-1].strip():
            fields = fields[:-1]  # a delimiter at the end of each line
        return Record(header.line, fields)


@dataclass
class SessionFile:
    """A file whose columns are known: what each means, None for one that is left out, and its records in order."""

    columns: list[str | None]
    table: FileTable
    header: Record

    def records(self) -> Iterator[Record]:
        """Yield the records below the header, each time from the first. Raises FileError."""
        return (record for record in self.table.records() if record.line > self.header.line)


@contextmanager
def open_sessions(raw: BinaryIO, choices: Choices = AS_IT_STANDS) -> Iterator[SessionFile]:
    """Open a seekable binary file of sessions. Raises FileError with a clear code when it is none."""
    with open_table(raw, choices) as table:
        header = table.header(choices)
        yield SessionFile(_checked(header.fields, choices), table, header)


@contextmanager
def open_table(raw: BinaryIO, choices: ColumnNames, *, most: int | None = None) -> Iterator[FileTable]:
    """Open a text or a workbook, whatever its columns are called; `most` is enough of a workbook's rows.

    Raises FileError.
    """
    raw.seek(0)
    start = raw.read(LONGEST_LINE)
    if not start:
        raise FileError("empty")
    if start.startswith(OLD_WORKBOOK):
        raise FileError("old_workbook")
    try:
        if start.startswith(WORKBOOK):
            with _unpacked(raw, choices.sheet, most) as table:
                yield table
        else:
            yield _text_table(raw, start, choices)
    except UnicodeDecodeError:
        raise FileError("encoding") from None


@contextmanager
def _unpacked(raw: BinaryIO, sheet: str, most: int | None) -> Iterator[FileTable]:
    """A workbook's sheet, a record a row."""
    from sessions_app.imports.workbook import sheet_rows  # loads openpyxl: only for a workbook

    with SpooledTemporaryFile(max_size=KEPT_IN_MEMORY) as file:
        rows = RecordSpool(file)
        for number, fields in sheet_rows(raw, sheet, most):
            rows.add(Record(number, fields))
        yield FileTable(file.tell(), "xlsx", "", rows.records, file.tell)


def _text_table(raw: BinaryIO, start: bytes, choices: ColumnNames) -> FileTable:
    encoding = _encoding(raw, start)
    size = raw.seek(0, io.SEEK_END)
    with _opened(raw, encoding) as text:
        first = list(islice(_written(_Lines(text)), LOOKED_AT))
    if not first:
        raise FileError("empty")
    if "\0" in first[0]:
        raise FileError("not_text")
    declared = DECLARED.fullmatch(first[0])
    delimiter = declared[1] if declared else _delimiter(first, choices)

    def records() -> Iterator[Record]:
        with _opened(raw, encoding) as text:
            split = (record for record in _split(_Lines(text), delimiter) if record.fields)
            yield from islice(split, 1 if declared else 0, None)

    return FileTable(size, encoding, delimiter, records, raw.tell)


@contextmanager
def _opened(raw: BinaryIO, encoding: str) -> Iterator[io.TextIOWrapper]:
    raw.seek(0)
    text = io.TextIOWrapper(raw, encoding=encoding, newline="")
    try:
        yield text
    finally:
        text.detach()


def _encoding(raw: BinaryIO, start: bytes) -> str:
    """UTF-16 by its mark or its NULs, UTF-8 when the whole file is, else Windows-1252; a block in memory at a time."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    evens, odds = start[0:200:2].count(0), start[1:200:2].count(0)
    if min(evens, odds) == 0 and max(evens, odds) * 3 > len(start[:200]):  # most letters have one NUL
        return "utf-16-le" if odds else "utf-16-be"
    raw.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block := raw.read(BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


class _Lines:
    """The physical lines of a text, counted; refuses one without end before it fills the memory."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.text = text
        self.number = 0
        self.record_start = 1
        self.ended = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.text.readline(LONGEST_LINE)
        if not line:
            self.ended = True
            raise StopIteration
        self.number += 1
        if len(line) >= LONGEST_LINE:
            raise FileError("line_too_long", line=self.number)
        if self.number - self.record_start >= LONGEST_RECORD:
            raise FileError("quote_never_closed", line=self.record_start)
        return line


def _written(lines: _Lines) -> Iterator[str]:
    """The lines that hold a sign."""
    for line in lines:
        lines.record_start = lines.number + 1
        if line.strip():
            yield line


def _delimiter(lines: Sequence[str], choices: ColumnNames) -> str:
    """The one under which most names are known, else the one that makes most fields."""

    def worth(sign: str) -> tuple[int, int]:
        split = [next(csv.reader([line], delimiter=sign)) for line in lines]
        return max(sum(map(bool, choices.columns_of(fields))) for fields in split), max(map(len, split))

    return max(DELIMITERS, key=worth)


def _checked(header: Sequence[str], choices: Choices) -> list[str | None]:
    """The columns of a header; raises FileError for unknown, doubled and missing ones."""
    columns = choices.columns_of(header)
    if not any(columns):
        raise FileError("no_header", names=", ".join(COLUMNS[:3]))
    if None in columns:
        raise FileError("unknown_column", name=shown(header[columns.index(None)]))
    for place, column in enumerate(columns):
        if column != UNUSED and column in columns[:place]:
            raise FileError("double_column", name=shown(header[place]), column=column)
    for column in REQUIRED:
        if column not in columns:
            raise FileError("missing_column", column=column)
    return [column or None for column in columns]


def _split(lines: _Lines, delimiter: str) -> Iterator[Record]:
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        lines.record_start = lines.number + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise FileError("quote_never_closed", line=lines.record_start) from None
        if lines.ended:  # the reader asked for another line within the record
            raise FileError("quote_never_closed", line=lines.record_start)
        yield Record(lines.record_start, fields)


def examples(table: FileTable, header: Record, most: int = 3, of: int = 200) -> list[list[str]]:
    """For each field of the header up to `most` different values of the first `of` records."""
    found: list[dict[str, Any]] = [{} for _ in header.fields]
    for record in islice((one for one in table.records() if one.line > header.line), of):
        for seen, text in zip(found, record.fields, strict=False):
            if text.strip() and len(seen) < most:
                seen[shown(text)] = None
    return [list(seen) for seen in found]
