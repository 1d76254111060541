"""Reads one sheet of an .xlsx workbook as rows of text, and refuses what would be read wrongly (pure)."""

import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse, parse
from openpyxl import load_workbook
from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
from openpyxl.utils.exceptions import InvalidFileException

from sessions_app.imports.columns import MOST_COLUMNS
from sessions_app.imports.faults import FileError, shown

MOST_PARTS = 2000
LAST_ROW = 1_048_576  # of any spreadsheet; openpyxl fills up whatever is missing before the last
# Bytes of a part when it is unpacked: the sheets are read bit by bit, all else is held in memory.
LARGEST_SHEET = 128 * 1024**2
LARGEST_PART = 16 * 1024**2
LARGEST_IN_ALL = 256 * 1024**2
MOST_ELEMENTS = 400_000  # rows of a sheet, different texts of a workbook: the libraries keep something of each
SHEETS, TEXTS = "xl/worksheets/", "xl/sharedStrings.xml"
BROKEN = (
    zlib.error,
    ArithmeticError,
    zipfile.BadZipFile,
    InvalidFileException,
    ParseError,
    DefusedXmlException,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
)

# A warning may quote a cell.
warnings.filterwarnings("ignore", module="openpyxl")


def sheet_rows(raw: BinaryIO, sheet: str, most: int | None = None) -> Iterator[tuple[int, list[str]]]:
    """Yield number (from 1) and fields of each row of the sheet named, or of the only one that is shown.

    With `most` of the first rows only, and without looking whether all can be read.

    Raises FileError: for a workbook that cannot be opened, is too large when it is unpacked, or has several sheets,
    and for a sheet with merged cells or with a formula that nothing has worked out.
    """
    try:
        yield from _rows(raw, sheet, most)
    except FileError:
        raise
    except BROKEN:  # whatever the two libraries stumble over in a file that is none
        raise FileError("damaged_workbook") from None


def _rows(raw: BinaryIO, sheet: str, most: int | None) -> Iterator[tuple[int, list[str]]]:
    raw.seek(0)
    with zipfile.ZipFile(raw) as archive:
        _refuse_other_kinds(archive)
        _refuse_large(archive)
        if TEXTS in archive.namelist():
            for _ in _elements(archive, TEXTS, depth=2):
                """Counted, and without entities: openpyxl reads this part without looking."""
        book = load_workbook(raw, read_only=True, data_only=True, keep_links=False)
        try:
            chosen = _chosen(book.worksheets, sheet)
            if most is None:
                _refuse_unreadable(archive, _path_of(archive, chosen.title))
            chosen.reset_dimensions()  # what a file says about its size may be wrong
            for number, cells in enumerate(islice(chosen.iter_rows(max_col=MOST_COLUMNS), most), 1):
                fields = [_text(cell) for cell in cells]
                while fields and not fields[-1]:
                    fields.pop()
                if fields:
                    yield number, fields
        finally:
            book.close()


def _refuse_other_kinds(archive: zipfile.ZipFile) -> None:
    names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        return
    kind = archive.read("mimetype") if "mimetype" in names and archive.getinfo("mimetype").file_size < 200 else b""
    if b"opendocument.spreadsheet" in kind:
        raise FileError("other_workbook")
    raise FileError("damaged_workbook")


def _refuse_large(archive: zipfile.ZipFile) -> None:
    """zipfile never unpacks more of a part than the size it names, so that the sizes named can be relied on."""
    parts = archive.infolist()
    too_large = any(
        part.file_size > (LARGEST_SHEET if part.filename.startswith(SHEETS) else LARGEST_PART) for part in parts
    )
    if too_large or len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_IN_ALL:
        raise FileError("workbook_too_large")


def _chosen(sheets: list[Any], name: str) -> Any:
    """The sheet of that name, or the only one that is shown and holds something."""
    if name:
        for sheet in sheets:
            if sheet.title == name:
                return sheet
        raise FileError("no_such_sheet", name=shown(name))
    filled = [sheet for sheet in sheets if sheet.sheet_state == "visible" and _is_filled(sheet)]
    if not filled:
        raise FileError("empty")
    if len(filled) > 1:
        raise FileError("several_sheets", names=[sheet.title for sheet in filled])
    return filled[0]


def _is_filled(sheet: Any) -> bool:
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_col=MOST_COLUMNS, max_row=100, values_only=True)
    return any(value is not None for row in rows for value in row)


def _path_of(archive: zipfile.ZipFile, title: str) -> str:
    """The part of the archive that holds a sheet."""
    with archive.open("xl/workbook.xml") as part:
        found = [one for one in parse(part).iter() if _tag(one) == "sheet" and one.get("name") == title]
    (key,) = (value for name, value in found[0].attrib.items() if name.endswith("}id"))
    with archive.open("xl/_rels/workbook.xml.rels") as part:
        target = next(one.get("Target") for one in parse(part).iter() if one.get("Id") == key)
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _refuse_unreadable(archive: zipfile.ZipFile, path: str) -> None:
    """A merged cell holds its value once, for several lines; a formula may have none until a spreadsheet has run it."""
    for element in _elements(archive, path, depth=3):
        if _tag(element) == "mergeCell" and _several_rows(element.get("ref", "")):
            raise FileError("merged_cells", cells=shown(element.get("ref", "")))
        if _tag(element) == "row" and int(element.get("r") or 0) > LAST_ROW:
            raise FileError("damaged_workbook")
        for cell in element if _tag(element) == "row" else ():
            if any(_tag(one) == "f" for one in cell) and not any(_has_value(one) for one in cell):
                raise FileError("formula_without_value", cell=shown(cell.get("r", "")))


def _elements(archive: zipfile.ZipFile, path: str, depth: int) -> Iterator[Any]:
    """Each element at a depth of a part (1 is the whole), and nothing kept of it; FileError for too many."""
    above: list[Any] = []
    count = 0
    with archive.open(path) as part:
        for event, element in iterparse(part, events=("start", "end"), forbid_dtd=True):
            if event == "start":
                above.append(element)
                continue
            above.pop()
            if len(above) == depth - 1:
                count += 1
                if count > MOST_ELEMENTS:
                    raise FileError("workbook_too_large")
                yield element
                above[-1].clear()


def _tag(element: Any) -> str:
    return element.tag.rpartition("}")[2]


def _has_value(element: Any) -> bool:
    return _tag(element) == "is" or (_tag(element) == "v" and element.text is not None)


def _several_rows(cells: str) -> bool:
    """Whether a range of cells ("B2:B4") goes over more than one row; a heading over several columns does no harm."""
    rows = ["".join(filter(str.isdigit, corner)) for corner in cells.split(":")]
    return rows[0] != rows[-1]


def _text(cell: ReadOnlyCell | EmptyCell) -> str:
    """A cell's value as it would stand in a CSV file, dates as 2025-03-31."""
    value: Any = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value, cell.number_format or "")
    if isinstance(value, datetime):
        return str(value.date() if value.time() == time() else value.replace(microsecond=0))
    return str(value) if not isinstance(value, date) else value.isoformat()


def _number(value: float, number_format: str) -> str:
    """Without digits that nobody typed (26.400000000000002); with the zeros that a format puts before (00417)."""
    text = format(value, ".15g")
    is_padded = number_format and set(number_format) == {"0"}
    return text.zfill(len(number_format)) if is_padded and text.isdigit() else text
