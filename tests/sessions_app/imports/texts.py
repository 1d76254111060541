"""Small files of sessions for the tests."""

import io
from datetime import date
from zoneinfo import ZoneInfo

from sessions_app.imports.choices import AS_IT_STANDS
from sessions_app.imports.line_memory import Ledger
from sessions_app.imports.planning import decide
from sessions_app.imports.reading import open_sessions
from sessions_app.imports.report import report_of
from sessions_app.imports.rows import RowRefusal, parser_of

HERE = ZoneInfo("Europe/Copenhagen")
TODAY = date(2026, 11, 22)


class NothingStored:
    """An empty organisation."""

    def birth_years(self, references):
        return {}

    def episodes(self, references):
        return []

    def values(self, episodes):
        return {}


def parsed(text, encoding="utf-8", choices=None):
    """The rows and refusals of a text, or of a workbook's bytes."""
    raw = io.BytesIO(text if isinstance(text, bytes) else text.encode(encoding))
    choices = choices or AS_IT_STANDS
    with open_sessions(raw, choices) as file:
        parser = parser_of(file, TODAY, HERE, choices)
        return [parser.parse(record) for record in file.records()]


def ledger_of(raw):
    ledger = Ledger()
    with open_sessions(raw) as file:
        parser = parser_of(file, TODAY, HERE, AS_IT_STANDS)
        for record in file.records():
            ledger.add(parser.parse(record))
    return ledger


def reported(raw, stored=None):
    """The report of a binary file against what is stored."""
    ledger = ledger_of(raw)
    return report_of(ledger, decide(ledger, stored or NothingStored(), "The house"))


def refused(text, stored=None):
    """(line, column, code) of each refusal of a text."""
    report = reported(io.BytesIO(text.encode()), stored)
    return [(refusal.line, refusal.column, refusal.code) for refusal in report.refusals]


def one(**fields):
    """The outcome of a file with one line: a row, or (column, code) of its refusal."""
    said = {"client_reference": "A-1", "held_on": "2026-01-05"} | fields
    quoted = (f'"{value}"' for value in said.values())
    (row,) = parsed(f"{';'.join(said)}\n{';'.join(quoted)}\n")
    return (row.column, row.code) if isinstance(row, RowRefusal) else row
