"""Workbooks for spreadsheets: numbers are numbers, words are words, and no cell is worked out as a formula."""

import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from organisations.services.csv_files import FORMULA

Value = str | int | float | None
Rows = Sequence[Sequence[Value]]
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST, NARROWEST = 60, 9
ONE_DECIMAL = "0.0"


def xlsx_file(sheets: Iterable[tuple[str, Rows]], *, header_rows: int = 0) -> bytes:
    """A workbook of (name, rows): the first `header_rows` rows of the first sheet are bold and stay in sight."""
    book = Workbook()
    book.properties.creator = "Medspil"
    book.remove(book.active)
    for name, rows in sheets:
        _fill(book.create_sheet(name), rows)
    if header_rows:
        first = book.worksheets[0]
        first.freeze_panes = first.cell(row=header_rows + 1, column=2)
        for row in first.iter_rows(max_row=header_rows):
            for cell in row:
                cell.font = Font(bold=True)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Worksheet, rows: Rows) -> None:
    widths: dict[int, int] = {}
    for place, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            _set(sheet.cell(row=place, column=column), value)
            widths[column] = max(widths.get(column, NARROWEST), len(str(value or "")) + 2)
    for column, width in widths.items():
        sheet.column_dimensions[get_column_letter(column)].width = min(width, WIDEST)


def _set(cell: Cell, value: Value) -> None:
    """Words are stored as words whatever they begin with; what looks like a formula stays one when it is edited too."""
    if not isinstance(value, str):
        cell.value = value
        if isinstance(value, float):
            cell.number_format = ONE_DECIMAL
        return
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell.data_type = "s"
    cell.quotePrefix = value.startswith(FORMULA)
