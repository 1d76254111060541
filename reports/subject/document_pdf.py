"""Everything about a client as a document to read: the sections of tables.py, who has looked, and corrections."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format, time_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from organisations.history.privacy import DataClass
from reports.pdf.parts import Decided, Facts, Heading, Paragraph, Part, PdfDocument, Quotation, Remark, Rows
from reports.subject.coded import IN_WORDS
from reports.subject.columns import words_of
from reports.subject.content import SubjectContent
from reports.subject.rows import TableRows
from reports.subject.tables import SECTIONS, SubjectSection
from sessions_app.models.note import OWN_WORDS
from sessions_app.texts.instruments import short_name
from sessions_app.texts.points import points

MOST_LOOKS = 1000
"""Lines of who has looked in the document; the JSON beside it has each of them."""
TENTHS = {"total", "outcome_first", "outcome_last", "outcome_best", "alliance_first", "alliance_last", "outcome_then"}
NOTE, RATING, MARKS = "sessions_app.Note", "sessions_app.Rating", "marks"
MOST_COLUMNS = 4
"""So many columns stand beside each other; a row with more is a list of its own."""


def subject_document(content: SubjectContent) -> PdfDocument:
    """In the active language. It is the client's own, so it says "my"; the reference says whose it is."""
    client = content.client
    day = date_format(content.day, "DATE_FORMAT")
    return PdfDocument(
        title=_("Everything that is kept about me: %(reference)s") % {"reference": client.reference},
        language=(get_language() or "en").split("-")[0],
        head=" · ".join((client.reference, client.organisation.name)),
        foot=day,
        missing=_("Signs that our fonts lack stand as □."),
        parts=tuple(_parts(content)),
    )


def _parts(content: SubjectContent) -> Iterator[Part]:
    yield Paragraph(_("This is what %(organisation)s keeps about you in Medspil.") % _organisation(content), "lead")
    yield Paragraph(
        _("The file with the ending json holds the same and every earlier version of it, for another program to read.")
    )
    if content.held_back:
        yield Heading(_("What is held back"))
        yield Paragraph(_("Some words are about other people. Where they stood it says so."))
        yield Paragraph("\n".join(f"– {reason}" for reason in dict.fromkeys(content.held_back)))
        yield Paragraph(_("Pictures and files are left out, since nothing can be taken out of them."))
    for section, words in SECTIONS.items():
        parts = list(_section(section, content))
        if parts:
            yield Heading(str(words))
            yield from parts
    yield from _corrections(content)
    yield from _looks(content)


def _organisation(content: SubjectContent) -> dict[str, str]:
    return {"organisation": content.client.organisation.name}


def _section(section: SubjectSection, content: SubjectContent) -> Iterator[Part]:
    tables = [one for one in content.tables if one.given.section == section and one.rows and not one.is_history]
    said = {"of_sessions": _days_of(content, "sessions_app.Session", "held_on")}
    for table in tables:
        words = str(table.given.words)
        if len(tables) > 1 or words != str(SECTIONS[section]):
            yield Heading(words, 3)
        if table.label == NOTE:
            yield from _notes(table, content, said["of_sessions"])
        elif table.label == RATING:
            yield from _ratings(table, content, said["of_sessions"])
        else:
            yield from _rows(table, content, said["of_sessions"])


def _days_of(content: SubjectContent, label: str, column: str) -> dict[str, str]:
    return {row["id"]: date_format(row[column], "SHORT_DATE_FORMAT") for row in content.of(label)}


def _notes(table: TableRows, content: SubjectContent, days: dict[str, str]) -> Iterator[Part]:
    kinds = dict(table.model._meta.get_field("kind").flatchoices)  # type: ignore[union-attr]
    for row in content.of(NOTE):
        if not row["text"].strip():
            continue
        about = f"{days.get(str(row['session']), '')} · {kinds[row['kind']]}"
        if row["kind"] in OWN_WORDS:
            yield Quotation(row["text"], about, key=row["id"])
        else:
            yield Remark(f"{about}, {row['updated_by']}" if row["updated_by"] else about, row["text"], key=row["id"])


def _ratings(table: TableRows, content: SubjectContent, days: dict[str, str]) -> Iterator[Part]:
    rows = [
        (
            days.get(str(row["session"]), "–"),
            short_name(row["instrument"]),
            IN_WORDS["rater"](row["rater"]),
            points(row["total"]) if row["total"] is not None else "–",
            " · ".join(points(mark) for mark in row["marks"] or () if mark is not None) or "–",
        )
        for row in content.of(RATING)
    ]
    columns = (_("Day"), words_of("instrument"), words_of("rater"), _("Total"), _("Marks"))
    yield Rows(str(table.given.words), columns, tuple(rows), numbers=(3,))


def _rows(table: TableRows, content: SubjectContent, days: dict[str, str]) -> Iterator[Part]:
    """A table of few columns as a table, one of many as a list a row; what is empty everywhere is left out."""
    rows = [_told(table, row, content, days) for row in content.of(table.label)]
    columns = [one.name for one in table.columns if any(one.name in row for row in rows)]
    if not columns:
        yield Paragraph(_("Number of entries: %(count)d") % {"count": len(rows)})
        return
    if 0 < len(columns) <= MOST_COLUMNS:
        cells = tuple(tuple(row.get(name, "–") for name in columns) for row in rows)
        yield Rows(str(table.given.words), tuple(map(words_of, columns)), cells)
        return
    for row in rows:
        texts = {name for name in row if table.holds[name] == DataClass.WORDS}
        yield Facts(tuple((words_of(name), words) for name, words in row.items() if name not in texts))
        for name in sorted(texts):
            yield Decided(row[name], words_of(name))


def _told(table: TableRows, row: dict[str, Any], content: SubjectContent, days: dict[str, str]) -> dict[str, str]:
    zone = ZoneInfo(content.client.organisation.time_zone)
    told = {}
    for column in table.columns:
        value = row[column.name]
        if column.is_relation and column.name == "session":
            value = days.get(str(value))
        elif column.is_relation and column.name != "client" and str(value).count("-") == 4:
            continue  # the key of another row: the JSON has it
        elif column.name in TENTHS and isinstance(value, int):
            value = points(value)
        elif column.name == MARKS and isinstance(value, list):
            value = " · ".join(points(mark) for mark in value if mark is not None)
        elif column.flatchoices:
            value = dict(column.flatchoices).get(value, value)
        elif column.name in IN_WORDS and isinstance(value, str) and value:
            value = IN_WORDS[column.name](value)
        if column.name != "client" and (words := _words(value, zone)):
            told[column.name] = words
    return told


def _words(value: Any, zone: ZoneInfo) -> str:
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(value.astimezone(zone), "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, time):
        return time_format(value, "TIME_FORMAT")
    if isinstance(value, list | dict):
        return _("in the file with the ending json")
    return str(value)


def _corrections(content: SubjectContent) -> Iterator[Part]:
    if not content.corrections:
        return
    yield Heading(_("What was put right, and what was not"))
    for one in content.corrections:
        facts = [(_("Day"), date_format(one.on, "SHORT_DATE_FORMAT")), (_("About"), one.about)]
        facts += [(_("What became of it"), one.outcome)] + ([(_("Reason"), one.reason)] if one.reason else [])
        yield Facts(tuple(facts))
        if one.statement:
            yield Quotation(one.statement, _("my own statement"))


def _looks(content: SubjectContent) -> Iterator[Part]:
    """The newest first, each day and time once with what it was for."""
    if not content.looks:
        return
    yield Heading(_("Who has looked"))
    newest = content.looks[::-1][:MOST_LOOKS]
    if len(newest) < len(content.looks):
        words = {"shown": len(newest), "all": len(content.looks)}
        yield Paragraph(_("The newest %(shown)d of %(all)d lines; all of them stand in the file.") % words, "small")
    columns = [_("When"), _("Role"), _("Teams"), _("What for")]
    with_names = "name" in newest[0]
    rows = []
    for look in newest:
        at = parse_datetime(look["at"])
        row = [date_format(at, "SHORT_DATETIME_FORMAT") if at else look["at"], look["role"]]
        row += [", ".join(look["units"]) or "–", ", ".join(filter(None, (look["purpose"], look["more"])))]
        rows.append(tuple([*row, look.get("name") or "–"] if with_names else row))
    yield Rows(_("Who has looked"), tuple([*columns, _("Name")] if with_names else columns), tuple(rows))
