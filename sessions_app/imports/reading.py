"""Opens a file of past sessions and gives its records one by one, whatever its encoding and delimiter (pure).

A file is read twice at most: once to see whether all of it is UTF-8, once for its records.
"""

import codecs
import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from sessions_app.imports.columns import COLUMNS, REQUIRED, columns_of

BLOCK = 1 << 16  # bytes read at a time
LONGEST_LINE = 1 << 16  # characters of one physical line
LONGEST_RECORD = 500  # physical lines of one record: more is a quotation mark that was never closed
LONGEST_SHOWN = 60  # characters of the file's own text in a sentence
DELIMITERS = ";,\t"
OTHER_KINDS = {
    b"PK\x03\x04": "workbook",
    b"\xd0\xcf\x11\xe0": "workbook",
    codecs.BOM_UTF16_LE: "utf16",
    codecs.BOM_UTF16_BE: "utf16",
}

csv.field_size_limit(LONGEST_LINE * 2)


class FileError(ValueError):
    """The file as a whole cannot be read; `code` names the sentence, `params` fill it."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True)
class Record:
    """One record: the number of its first physical line, from 1, and its fields as written."""

    line: int
    fields: list[str]


@dataclass
class SessionFile:
    """An opened file: what its columns mean, and its records in order."""

    columns: list[str]
    encoding: str
    delimiter: str
    size: int
    _lines: "_Lines" = field(repr=False)
    _raw: BinaryIO = field(repr=False)

    @property
    def read(self) -> int:
        """How many bytes were read so far, a few thousand ahead of the record in hand."""
        return self._raw.tell()

    def records(self) -> Iterator[Record]:
        """Yield the records below the header; lines without any sign are no records. Raises FileError."""
        yield from _records(self._lines, self.delimiter)


@contextmanager
def open_sessions(raw: BinaryIO) -> Iterator[SessionFile]:
    """Open a seekable binary file of sessions. Raises FileError with a clear code when it is none."""
    raw.seek(0)
    _refuse_other_kinds(raw.read(4))
    encoding = _encoding(raw)
    size = raw.seek(0, io.SEEK_END)
    raw.seek(0)
    text = io.TextIOWrapper(raw, encoding=encoding, newline="")
    try:
        lines = _Lines(text)
        delimiter, header = _header(lines)
        yield SessionFile(_checked(header), encoding, delimiter, size, lines, raw)
    except UnicodeDecodeError:
        raise FileError("encoding") from None
    finally:
        text.detach()


def _refuse_other_kinds(start: bytes) -> None:
    for sign, code in OTHER_KINDS.items():
        if start.startswith(sign):
            raise FileError(code)
    if not start:
        raise FileError("empty")
    if b"\0" in start:
        raise FileError("not_text")


def _encoding(raw: BinaryIO) -> str:
    """UTF-8 when the whole file is, else Windows-1252; never more than a block in memory."""
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


def _header(lines: _Lines) -> tuple[str, list[str]]:
    """The delimiter under which most names are known, and the header's fields."""
    for first in lines:
        lines.record_start = lines.number + 1
        if first.strip():
            break
    else:
        raise FileError("empty")
    if "\0" in first:
        raise FileError("not_text")
    split = {sign: next(csv.reader([first], delimiter=sign)) for sign in DELIMITERS}
    delimiter = max(DELIMITERS, key=lambda sign: sum(map(bool, columns_of(split[sign]))))
    return delimiter, split[delimiter]


def _checked(header: list[str]) -> list[str]:
    """The columns of a header; raises FileError for unknown, doubled and missing ones."""
    while len(header) > 1 and not header[-1].strip():
        header = header[:-1]  # a delimiter at the end of each line
    columns = columns_of(header)
    if not any(columns):
        raise FileError("no_header", names=", ".join(COLUMNS[:3]))
    if None in columns:
        raise FileError("unknown_column", name=header[columns.index(None)].strip()[:LONGEST_SHOWN])
    named = [column for column in columns if column]
    for place, column in enumerate(named):
        if column in named[:place]:
            raise FileError("double_column", name=header[place].strip()[:LONGEST_SHOWN], column=column)
    for column in REQUIRED:
        if column not in named:
            raise FileError("missing_column", column=column)
    return named


def _records(lines: _Lines, delimiter: str) -> Iterator[Record]:
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
        if len(fields) > 1 or any(fields):
            yield Record(lines.record_start, fields)
