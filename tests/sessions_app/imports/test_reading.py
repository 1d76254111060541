"""Opening a file of past sessions: encodings, delimiters, headers, records and their line numbers."""

import io
import tracemalloc

import pytest

from sessions_app.imports.columns import COLUMNS
from sessions_app.imports.faults import FileError
from sessions_app.imports.reading import open_sessions
from tests.sessions_app.imports.texts import parsed

MARKS_AND_TEAM = {"team", *(column for column in COLUMNS if column.startswith(("ors_", "srs_")))}


def _opened(raw):
    with open_sessions(io.BytesIO(raw)) as file:
        return file, list(file.records())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_encodings_and_delimiters(encoding, delimiter):
    text = delimiter.join(["borger", "dato", "egne ord"]) + "\r\n" + delimiter.join(["Å-1", "2026-01-05", "Blåbær–"])
    _, records = _opened(text.encode(encoding))
    assert records[0].fields == ["Å-1", "2026-01-05", "Blåbær–"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_with_and_without_its_mark(encoding):
    _, records = _opened("borger;dato;egne ord\r\nÅ-1;2026-01-05;Blåbær\r\n".encode(encoding))
    assert [record.fields for record in records] == [["Å-1", "2026-01-05", "Blåbær"]]


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;", "sep=|"])
def test_a_line_that_declares_the_delimiter_is_passed_over_and_counted(first):
    sign = first.strip('"')[-1]
    text = f"{first}\r\nborger;dato\r\nA;2026-01-05\r\n".replace(";", sign) if sign != ";" else None
    file, records = _opened((text or f"{first}\r\nborger;dato\r\nA;2026-01-05\r\n").encode("utf-8-sig"))
    assert file.table.delimiter == sign
    assert [(record.line, record.fields) for record in records] == [(3, ["A", "2026-01-05"])]


def test_rows_without_a_sign_and_titles_above_the_header_are_passed_over():
    text = "Samtaler 2024;;\n;;\nborger;dato;team\n;;\nA;2026-01-05;\n ; ;\t\n"
    _, records = _opened(text.encode())
    assert [(record.line, record.fields) for record in records] == [(5, ["A", "2026-01-05", ""])]


def test_utf8_is_tried_on_the_whole_file():
    start = "borger;dato;egne ord\n" + "A-1;2026-01-05;Å\n" * 20_000
    utf8 = start.encode() + "A-2;2026-01-06;é\n".encode()
    assert _opened(utf8)[1][-1].fields[2] == "é"
    windows = b"borger;dato\n" + b"A-1;2026-01-05\n" * 20_000 + "Å-2;2026-01-06\n".encode("cp1252")
    assert _opened(windows)[1][-1].fields[0] == "Å-2"


@pytest.mark.parametrize(
    "header",
    [
        "client_reference;episode;birth_year;service;practitioner;held_on;attendance;episode_end;ending;words",
        "borger;forløb;fødselsår;tilbud;behandler;dato;fremmøde;afsluttet;afslutning;egne ord",
        "brukare;insats;födelseår;verksamhet;behandlare;datum;närvaro;avslutad;avslut;egna ord",
        "bruker;forløp;fødselsår;tjeneste;behandler;dato;oppmøte;avsluttet;avslutning;egne ord",
        " Client_Reference;EPISODE ;Birth year;service;practitioner;Held_On;attendance;episode_end;ending;words",
    ],
)
def test_headers_in_four_languages(header):
    file, _ = _opened(header.encode())
    assert file.columns == [column for column in COLUMNS if column not in MARKS_AND_TEAM]


def test_a_header_in_any_order():
    (row,) = parsed("dato;ors_total;borger\n2026-01-05;20;A-1\n")
    assert (row.client_reference, row.ors.total) == ("A-1", 200)


def test_line_numbers_are_those_of_a_records_first_physical_line():
    text = 'borger;dato;egne ord\r\nA;2026-01-05;"one\ntwo\r\nthree"\r\n\r\nB;2026-01-05;\r\nC;2026-01-05;"x\ny"'
    records = _opened(text.encode())[1]
    assert [(record.line, record.fields[0]) for record in records] == [(2, "A"), (6, "B"), (7, "C")]
    assert records[0].fields[2] == "one\ntwo\r\nthree"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"PK\x03\x04rest", "damaged_workbook"),
        (b"\xd0\xcf\x11\xe0rest", "old_workbook"),
        (b"\0" * 5000, "not_text"),
        (b"borger\0;dato\n", "not_text"),
        (b"%PDF-1.7\n%more", "no_header"),
        (b"borger;dato;humoer\n", "unknown_column"),
        (b"borger;dato;brukare\n", "double_column"),
        (b"borger;ors_total\n", "missing_column"),
        (b"dato;ors_total\n", "missing_column"),
        (b'borger;dato;egne ord\nA;2026-01-05;"never closed\nB;2026-01-05;\n', "quote_never_closed"),
        (
            b'borger;dato;egne ord\nA;2026-01-05;"never closed\n' + b"B;2026-01-05;\n" * 600,
            "quote_never_closed",
        ),
        (b"borger;dato\n" + b"A;" * 50_000, "line_too_long"),
        (b"borger;dato\n\x81\x8d;2026-01-05\n", "encoding"),
    ],
)
def test_a_file_that_is_none_is_refused_with_its_reason(raw, code):
    with pytest.raises(FileError) as refused:
        _opened(raw)
    assert refused.value.code == code


def test_reading_takes_no_more_memory_for_a_longer_file():
    line = b"A;2026-01-05;" + b"w" * 200 + b"\n"
    tracemalloc.start()
    try:
        with open_sessions(io.BytesIO(b"borger;dato;egne ord\n" + line * 50_000)) as file:
            before = tracemalloc.get_traced_memory()[0]
            tracemalloc.reset_peak()
            assert sum(1 for _ in file.records()) == 50_000
            assert tracemalloc.get_traced_memory()[1] - before < 1_000_000
    finally:
        tracemalloc.stop()
