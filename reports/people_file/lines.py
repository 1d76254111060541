"""Reads a file of people line by line: who would be invited, and why a line cannot be. Nothing is stored here."""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from organisations.models import Practitioner, Team, normal_form, straight
from organisations.services.access_ends import refuse_end, refuse_teams_of_consultant
from reports.people_file.columns import (
    EMAIL,
    FROM,
    LABELS,
    LANGUAGE,
    NAME,
    ROLE,
    TEAMS,
    UNTIL,
    PeopleColumns,
    language_called,
    role_called,
)
from sessions_app.imports.choices import DAY_FIRST
from sessions_app.imports.days import DayError, DayReader
from sessions_app.imports.faults import FileError, shown
from sessions_app.imports.reading import Record, open_table
from sessions_app.imports.texts import file_reason

MOST_LINES = 200
LONGEST_NAME = 120
_BETWEEN_TEAMS = re.compile(r"[,;|/\n]")


class PersonFault(ValueError):
    """Why a line cannot be taken, as a sentence; `column` is where it stands."""

    def __init__(self, column: str, sentence: str) -> None:
        super().__init__(sentence)
        self.column, self.sentence = column, sentence


@dataclass(frozen=True)
class PersonLine:
    """Somebody to invite, as a line says it."""

    name: str
    email: str
    role: str
    teams: list[UUID]
    team_names: list[str]
    invited_in: str
    access_from: date | None
    access_until: date | None

    @property
    def role_name(self) -> str:
        """The role in words."""
        return str(dict(Practitioner._meta.get_field("role").choices or [])[self.role])


@dataclass
class PeopleRead:
    """What a file holds. A line with a fault keeps nobody else from being invited; a fault of the file does."""

    lines: list[tuple[int, PersonLine]] = field(default_factory=list)
    faults: list[tuple[int, PersonFault]] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    fault: str = ""


def read_people(content: bytes, *, by: Practitioner) -> PeopleRead:
    """Read a file for the organisation of `by`; four queries for any number of lines."""
    read, columns = PeopleRead(), PeopleColumns()
    try:
        with open_table(io.BytesIO(content), columns) as table:
            header = table.header(columns, (NAME, EMAIL))
            meanings = columns.columns_of(header.fields)
            read.fault = _fault_of_header(meanings)
            read.unused = [shown(name) for name, one in zip(header.fields, meanings, strict=True) if not one]
            if not read.fault:
                records = (record for record in table.records() if record.line > header.line)
                _read_lines(read, records, meanings, by)
    except FileError as error:
        return PeopleRead(fault=file_reason(error))
    if not (read.lines or read.faults or read.fault):
        read.fault = _("There is no line below the names of the columns.")
    return PeopleRead(fault=read.fault) if read.fault else read


def _fault_of_header(meanings: list[str | None]) -> str:
    named = [one for one in meanings if one]
    if twice := next((one for place, one in enumerate(named) if one in named[:place]), None):
        return _("Two columns mean the same: %(column)s.") % {"column": LABELS[twice]}
    missing = [str(LABELS[one]) for one in (NAME, EMAIL) if one not in named]
    return _("These columns are missing: %(columns)s.") % {"columns": ", ".join(missing)} if missing else ""


class _Reader:
    """What lines are compared with: teams by name, addresses that are here already, and lines above."""

    def __init__(self, by: Practitioner) -> None:
        self.by, self.above = by, dict[str, int]()
        self.days = DayReader(DAY_FIRST, ZoneInfo(by.organisation.time_zone))
        self.teams: dict[str, list[Team]] = {}
        for team in Team.objects.visible_to(by).select_related("service"):
            for name in (team.name, f"{team.name} · {team.service.name}"):
                self.teams.setdefault(normal_form(name), []).append(team)
        people = Practitioner.objects.visible_to(by).exclude(email="")
        self.known = {person.email.lower(): person for person in people}

    def line(self, cells: Mapping[str, str], number: int) -> PersonLine:
        """The person that these cells are; PersonFault for the first cell that cannot be used."""
        name, email = straight(cells.get(NAME, "")), cells.get(EMAIL, "").lower()
        if not name or len(name) > LONGEST_NAME:
            raise PersonFault(NAME, _("A name has between 1 and %(most)d letters.") % {"most": LONGEST_NAME})
        self._refuse_address(email)
        role, language = role_called(cells.get(ROLE, "")), language_called(cells.get(LANGUAGE, ""))
        if role is None:
            raise PersonFault(ROLE, _("“%(text)s” is no role.") % {"text": shown(cells[ROLE])})
        if language is None:
            raise PersonFault(
                LANGUAGE, _("“%(text)s” is no language of this application.") % {"text": shown(cells[LANGUAGE])}
            )
        teams = self._teams(cells.get(TEAMS, ""))
        since, until = (self._day(column, cells.get(column, "")) for column in (FROM, UNTIL))
        names = [team.name for team in teams]
        line = PersonLine(name, email, role, [team.pk for team in teams], names, language, since, until)
        self._refuse_access(line)
        self.above[email] = number
        return line

    def _refuse_address(self, email: str) -> None:
        try:
            validate_email(email)
        except ValidationError:
            raise PersonFault(EMAIL, _("“%(text)s” is no e-mail address.") % {"text": shown(email)}) from None
        if email in self.above:
            raise PersonFault(EMAIL, _("The address stands in line %(line)d already.") % {"line": self.above[email]})
        person = self.known.get(email)
        if person is None:
            return
        if person.user_id is None and person.is_active:
            raise PersonFault(EMAIL, _("%(name)s has been invited already.") % {"name": person.name})
        if person.is_active:
            raise PersonFault(EMAIL, _("%(name)s has access already.") % {"name": person.name})
        raise PersonFault(EMAIL, _("%(name)s worked here: reactivate them instead.") % {"name": person.name})

    def _teams(self, text: str) -> list[Team]:
        found = []
        for name in filter(None, map(str.strip, _BETWEEN_TEAMS.split(text))):
            called = self.teams.get(normal_form(name), [])
            if not called:
                raise PersonFault(TEAMS, _("There is no team “%(text)s”.") % {"text": shown(name)})
            if len(called) > 1:
                raise PersonFault(
                    TEAMS, _("Several teams are called “%(text)s”: write “team · service”.") % {"text": shown(name)}
                )
            found.append(called[0])
        return found

    def _day(self, column: str, text: str) -> date | None:
        if not text:
            return None
        try:
            return self.days.read(text)
        except DayError:
            raise PersonFault(column, _("“%(text)s” is no day: write 2027-01-31.") % {"text": shown(text)}) from None

    def _refuse_access(self, line: PersonLine) -> None:
        wanted: dict[str, Any] = {"role": line.role, "teams": line.teams}
        wanted |= {"access_from": line.access_from, "access_until": line.access_until}
        try:
            refuse_end(None, self.by, wanted)
            refuse_teams_of_consultant(wanted)
        except ValidationError as error:
            column = TEAMS if "teams" in error.message_dict else UNTIL
            raise PersonFault(column, " ".join(error.messages)) from None


def _read_lines(read: PeopleRead, records: Iterator[Record], meanings: list[str | None], by: Practitioner) -> None:
    reader = _Reader(by)
    for count, record in enumerate(records):
        if count == MOST_LINES:
            read.fault = _("The file has more than %(lines)d lines: divide it.") % {"lines": MOST_LINES}
            return
        cells = {one: text.strip() for one, text in zip(meanings, record.fields, strict=False) if one}
        try:
            read.lines.append((record.line, reader.line(cells, record.line)))
        except PersonFault as fault:
            read.faults.append((record.line, fault))
