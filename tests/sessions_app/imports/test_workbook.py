"""Workbooks as spreadsheets save them: what is read, and what is refused with a sentence."""

import io
import re
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from sessions_app.imports import workbook
from sessions_app.imports.choices import Choices
from sessions_app.imports.faults import FileError
from sessions_app.imports.instrument_cells import Given
from sessions_app.imports.reading import open_sessions, open_table
from tests.sessions_app.imports.texts import parsed

HEADER = ["borger", "dato", "fremmøde", "ors_1", "ors_2", "ors_3", "ors_4", "srs_total", "egne ord"]
PATH = "xl/worksheets/sheet1.xml"


def book_of(*rows, header=HEADER):
    book = Workbook()
    for row in [header, *rows]:
        book.active.append(row)
    return book


def saved(book):
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def changed(raw, path, change):
    """The workbook with one part changed, or added where there was none."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        parts = {name: old.read(name) for name in old.namelist()}
        parts[path] = change(parts.get(path, b""))
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def code_of(raw, choices=None):
    with pytest.raises(FileError) as refused:
        parsed(raw, choices=choices)
    return refused.value.code


def test_cells_are_read_by_their_values():
    row = ["A-1", datetime(2026, 1, 5, 9, 5), True, 7.5, 6, 0.1 + 0.2 + 4.8, "8,50", 26.400000000000002, "=1+1 er to"]
    book = book_of(row, ["A-1", date(2026, 1, 12), "afbud"])
    book.active["I2"].data_type = "s"  # a text, although it begins with a sign
    rows = parsed(saved(book))
    assert [row.line for row in rows] == [2, 3]
    assert (rows[0].client_reference, rows[0].held_on, rows[0].attendance) == ("A-1", date(2026, 1, 5), "attended")
    assert rows[0].ors == Given(271, (75, 60, 51, 85))
    assert rows[0].srs == Given(264, None)
    assert rows[0].words == "=1+1 er to"
    assert (rows[1].held_on, rows[1].attendance) == (date(2026, 1, 12), "cancelled")


def test_zeros_that_a_format_puts_before_a_number_belong_to_a_reference():
    book = book_of([417, date(2026, 1, 5)], [417, date(2026, 1, 6)])
    book.active["A2"].number_format = "00000"
    assert [row.client_reference for row in parsed(saved(book))] == ["00417", "417"]


def test_line_numbers_are_those_of_the_sheet():
    book = book_of()
    book.active["A9"], book.active["B9"] = "A-1", date(2026, 1, 5)
    book.active["A1048576"].number_format = "0.0"  # a format alone, as a whole column has one
    (row,) = parsed(saved(book))
    assert row.line == 9


def test_a_formula_gives_the_value_that_the_spreadsheet_has_worked_out():
    book = book_of(["A-1", "2026-01-05", "", "", "", "", "", "=20+6"])
    raw = saved(book)
    assert code_of(raw) == "formula_without_value"
    worked_out = changed(raw, PATH, lambda part: re.sub(rb"</f><v ?/>", b"</f><v>26</v>", part))
    assert parsed(worked_out)[0].srs == Given(260, None)


def test_a_formula_that_came_to_nothing_is_refused_on_its_line():
    book = book_of(["#N/A", "2026-01-05"])
    book.active["A2"].data_type = "e"
    (row,) = parsed(saved(book))
    assert (row.line, row.column, row.code) == (2, "client_reference", "no_value")


def test_cells_merged_over_several_lines_are_refused_and_a_merged_heading_is_not():
    book = book_of(["A-1", "2026-01-05"], [None, "2026-01-12"])
    book.active.merge_cells("A2:A3")
    assert code_of(saved(book)) == "merged_cells"
    book = Workbook()
    book.active.append(["Samtaler i 2026"])
    book.active.merge_cells("A1:D1")
    book.active.append(HEADER)
    book.active.append(["A-1", "2026-01-05"])
    assert [row.line for row in parsed(saved(book))] == [3]


def test_of_several_sheets_the_one_that_is_named_is_read():
    book = book_of(["A-1", "2026-01-05"])
    other = book.create_sheet("2025")
    other.append(HEADER)
    other.append(["A-2", "2025-01-05"])
    book.create_sheet("Empty")
    assert code_of(saved(book)) == "several_sheets"
    assert code_of(saved(book), Choices(sheet="2024")) == "no_such_sheet"
    assert [row.client_reference for row in parsed(saved(book), choices=Choices(sheet="2025"))] == ["A-2"]
    other.sheet_state = "hidden"
    assert [row.client_reference for row in parsed(saved(book))] == ["A-1"]


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(monkeypatch):
    raw = saved(book_of(["A-1", "2026-01-05"]))
    bomb = changed(raw, "xl/media/zeros", lambda _: b"\0" * (workbook.LARGEST_PART + 1))
    assert len(bomb) < 100_000
    assert code_of(bomb) == "workbook_too_large"
    monkeypatch.setattr(workbook, "MOST_PARTS", 3)
    assert code_of(raw) == "workbook_too_large"


@pytest.mark.parametrize("path", [PATH, workbook.TEXTS])
def test_a_workbook_of_too_many_elements_is_refused(monkeypatch, path):
    monkeypatch.setattr(workbook, "MOST_ELEMENTS", 5)
    raw = saved(book_of(*([f"A-{place}", "2026-01-05"] for place in range(9))))
    texts = b"<sst>" + b"<si><t>a</t></si>" * 9 + b"</sst>"
    assert code_of(raw if path == PATH else changed(raw, path, lambda _: texts)) == "workbook_too_large"


@pytest.mark.parametrize("path", [PATH, workbook.TEXTS, "xl/workbook.xml", "xl/styles.xml"])
def test_entities_are_not_read(path):
    raw = saved(book_of(["A-1", "2026-01-05"]))
    entity = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    assert code_of(changed(raw, path, lambda part: entity + (part or b"<sst><si><t>&b;</t></si></sst>"))) == (
        "damaged_workbook"
    )


def test_other_files_in_a_zip_have_their_sentence():
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert code_of(raw.getvalue()) == "other_workbook"
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr("notes.txt", "nothing")
    assert code_of(raw.getvalue()) == "damaged_workbook"
    assert code_of(saved(book_of(["A-1", "2026-01-05"]))[:3000]) == "damaged_workbook"


def test_an_empty_workbook_is_empty():
    assert code_of(saved(Workbook())) == "empty"


def test_records_can_be_read_again_while_they_are_being_read():
    with open_sessions(io.BytesIO(saved(book_of(*([f"A-{place}", "2026-01-05"] for place in range(4)))))) as file:
        reading = file.records()
        first = next(reading)
        assert [record.line for record in file.records()] == [2, 3, 4, 5]
        assert [first.line, *(record.line for record in reading)] == [2, 3, 4, 5]


def test_a_row_beyond_the_last_one_of_any_spreadsheet_is_refused():
    raw = saved(book_of(["A-1", "2026-01-05"]))
    assert code_of(changed(raw, PATH, lambda part: part.replace(b'<row r="2"', b'<row r="999999999999"'))) == (
        "damaged_workbook"
    )


def test_the_first_rows_can_be_looked_at_alone():
    raw = saved(book_of(*([f"A-{place}", "2026-01-05"] for place in range(50))))
    with open_table(io.BytesIO(raw), Choices(), most=5) as table:
        assert [record.line for record in table.records()] == [1, 2, 3, 4, 5]
