"""The sentence for each fault of a line or a file, in the language that is active."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from sessions_app.imports.choices import FORMER
from sessions_app.imports.columns import ATTENDED, CANCELLED, NO_SHOW
from sessions_app.imports.faults import FileError
from sessions_app.imports.look_alikes import CLIENT, SERVICE, TEAM, LookAlike
from sessions_app.imports.report import Creations
from sessions_app.imports.rows import RowRefusal
from sessions_app.texts.points import points

REASONS = {
    "required": _("This field must be filled in."),
    "national_id": _(
        "This looks like a national identity number. Use a reference that does not tell who the person is."
    ),
    "several_clients": _("Several clients have the reference “%(text)s”: give each one of its own first."),
    "unused": _("This client's data are kept and not used for now. A team lead can end that."),
    "nul": _("The field holds a character that is no text."),
    "too_long": _("The field is longer than %(longest)s characters."),
    "too_many_fields": _(
        "The line has %(found)s fields, the header has %(expected)s. Is a text with a separator in it "
        "without quotation marks?"
    ),
    "no_value": _("The cell holds a formula that came to nothing (%(text)s)."),
    "practitioner": _("“%(text)s” is not an e-mail address, and nobody here has that name."),
    "birth_year": _("“%(text)s” is not a year of birth between %(first)s and this year."),
    "born_later": _("The year of birth is after the session on %(held_on)s."),
    "birth_year_differs": _("The client has another year of birth than %(text)s."),
    "date": _("“%(text)s” is not a date."),
    "date_order": _("“%(text)s” could be two days: other dates of the column have the month first."),
    "future": _("“%(text)s” is in the future."),
    "too_early": _("“%(text)s” is before %(first)s."),
    "attendance": _("“%(text)s” is not a word for attendance: use attended, no_show or cancelled."),
    "marks_without_meeting": _("A session marked “%(text)s” cannot have marks."),
    "mark_missing": _("A mark is missing: give all four, or the total."),
    "mark_not_a_number": _("“%(text)s” is not a number."),
    "mark_decimals": _("“%(text)s” has more than one decimal."),
    "mark_range": _("“%(text)s” is not between 0 and 10."),
    "total_not_a_number": _("“%(text)s” is not a number."),
    "total_decimals": _("“%(text)s” has more than one decimal."),
    "total_range": _("“%(text)s” is not between 0 and 40."),
    "total_differs": _("The four marks add up to %(sum)s, not to the total."),
    "total_out_of_reach": _("The marks given add up to %(sum)s: with the missing ones they cannot give the total."),
    "another_session": _("The client has another session with other values on %(held_on)s in this episode."),
    "second_open": _("The client has another open episode in this service."),
    "which_service": _("The client has episodes in several services (%(names)s): say which."),
    "which_episode": _("The client has several episodes in this service (%(names)s): say which."),
    "after_end": _("The episode ended on %(end)s."),
    "end_before_session": _("The episode has a session on %(held_on)s, after this end."),
    "end_differs": _("The episode's end is %(end)s."),
    "ending": _("“%(text)s” is not a way of ending: use planned, unplanned or referred."),
    "ending_without_end": _("A way of ending needs the date of the end."),
    "ending_differs": _("The episode ended in another way."),
}
FILE_REASONS = {
    "empty": _("The file is empty."),
    "old_workbook": _("This is an old or a locked spreadsheet: save it without a password as .xlsx or CSV."),
    "other_workbook": _("This is an OpenDocument spreadsheet: save it as .xlsx or CSV."),
    "damaged_workbook": _("This is no spreadsheet that can be opened: save it as .xlsx or CSV again."),
    "workbook_too_large": _("The spreadsheet is too large when it is unpacked: save it as CSV, or divide it."),
    "several_sheets": _("The spreadsheet has several sheets (%(names)s): say which."),
    "no_such_sheet": _("The spreadsheet has no sheet “%(name)s”."),
    "merged_cells": _("The cells %(cells)s are merged: divide them, so that each line has its own values."),
    "formula_without_value": _("The formula in cell %(cell)s has no value yet: open the file, save it and try again."),
    "not_text": _("This is neither a CSV file nor a spreadsheet."),
    "encoding": _("The file's text is neither UTF-8 nor Windows-1252."),
    "no_header": _("The first line does not name the columns (%(names)s …)."),
    "unknown_column": _("The column “%(name)s” is not known."),
    "double_column": _("The column “%(name)s” stands there twice (%(column)s)."),
    "missing_column": _("The column %(column)s is missing."),
    "line_too_long": _("Line %(line)s is too long for a line of sessions."),
    "quote_never_closed": _("The quotation mark that is opened on line %(line)s is never closed."),
    "too_large": _("The file is larger than %(megabytes)s MB: divide it, or import it with the command."),
    "too_many_lines": _("The file has more than %(lines)s lines: divide it, or import it with the command."),
    "changed_meanwhile": _("Clients of this file were changed while it was read. Nothing was imported: try again."),
    "no_lines": _("The file has a header and no lines below it."),
}


COLUMN_NAMES = {
    "client_reference": _("The client's reference"),
    "episode": _("Episode"),
    "birth_year": _("Year of birth"),
    "service": _("Service"),
    "team": _("Team"),
    "practitioner": _("Practitioner"),
    "held_on": _("Date of the session"),
    "attendance": _("Attendance"),
    "ors_1": _("ORS, line 1"),
    "ors_2": _("ORS, line 2"),
    "ors_3": _("ORS, line 3"),
    "ors_4": _("ORS, line 4"),
    "ors_total": _("ORS, total"),
    "srs_1": _("SRS, line 1"),
    "srs_2": _("SRS, line 2"),
    "srs_3": _("SRS, line 3"),
    "srs_4": _("SRS, line 4"),
    "srs_total": _("SRS, total"),
    "episode_end": _("End of the episode"),
    "ending": _("How the episode ended"),
    "words": _("The client's own words"),
    "ors_skip": _("ORS not filled in (yes or no)"),
    "srs_skip": _("SRS not filled in (yes or no)"),
}
ATTENDANCE_NAMES = {ATTENDED: _("Attended"), NO_SHOW: _("Did not come"), CANCELLED: _("Cancelled")}
LOOK_ALIKES = {
    (CLIENT, True): _("The client “%(name)s” looks like “%(other)s”, who is here already."),
    (CLIENT, False): _("The client “%(name)s” looks like “%(other)s”, which is in the file too."),
    (SERVICE, True): _("The service “%(name)s” looks like “%(other)s”, which is here already."),
    (SERVICE, False): _("The service “%(name)s” looks like “%(other)s”, which is in the file too."),
    (TEAM, True): _("The team “%(name)s” looks like “%(other)s”, which is here already."),
    (TEAM, False): _("The team “%(name)s” looks like “%(other)s”, which is in the file too."),
}
CREATED = {
    "services": _("Services"),
    "teams": _("Teams"),
    "people": _("Practitioners without a log-in"),
    "clients": _("Clients"),
}
MOST_NAMED = 10  # new names in a row


def look_alike_sentence(found: LookAlike) -> str:
    """That a name looks like another one, as one sentence."""
    return str(LOOK_ALIKES[found.kind, found.is_stored]) % {"name": found.name, "other": found.other}


def creation_lines(creations: Creations) -> list[str]:
    """What is created and what looks alike, one line each; nothing where there is nothing to say."""
    lines = []
    for kind, called in CREATED.items():
        if names := [name.removeprefix(FORMER) for name in getattr(creations, kind)]:
            more = " …" if len(names) > MOST_NAMED else ""
            lines.append(f"{called}: {len(names)} ({', '.join(names[:MOST_NAMED])}{more})")
    if lines:
        lines = ["", str(_("What is new:")), *lines]
    return [*lines, *map(look_alike_sentence, creations.look_alikes)]


def reason(refusal: RowRefusal) -> str:
    """Why a line is refused, as one sentence."""
    return str(REASONS[refusal.code]) % _filled(refusal.params)


def file_reason(error: FileError) -> str:
    """Why a file cannot be read, as one sentence."""
    return str(FILE_REASONS[error.code]) % _filled(error.params)


def stored_reason(code: str, params: Mapping[str, Any]) -> str:
    """The sentence of a refusal that was stored as JSON, as `stored_params` made it."""
    return str(REASONS[code]) % _filled(params)


def stored_file_reason(fault: Mapping[str, Any]) -> str:
    """The sentence of a FileError that was stored as JSON: code and params."""
    return str(FILE_REASONS[fault["code"]]) % _filled(fault["params"])


def stored_params(params: Mapping[str, Any]) -> dict[str, Any]:
    """A refusal's params as JSON can hold them."""
    return {name: {"day": value.isoformat()} if isinstance(value, date) else value for name, value in params.items()}


def _filled(params: Mapping[str, Any]) -> dict[str, str]:
    return {name: _shown(name, value) for name, value in params.items()}


def _shown(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        value = date.fromisoformat(value["day"])
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if name == "sum":
        return points(value)
    if isinstance(value, list):
        return ", ".join(f"“{one}”" for one in value)
    return str(value)
