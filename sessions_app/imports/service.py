"""Imports a file of past sessions: read, decided as a whole, then written."""

from collections.abc import Callable
from dataclasses import replace
from typing import BinaryIO
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Q

from clients.models import Client
from clients.services.restrictions import restricted_clients
from organisations.audit.record import record_access
from organisations.models import Organisation, Practitioner, Service, normal_form
from organisations.services.local_day import today_in
from sessions_app.imports.choices import AS_IT_STANDS, FORMER, Choices
from sessions_app.imports.creations import creations_of
from sessions_app.imports.episodes import EpisodeWriter
from sessions_app.imports.existing import StoredRows
from sessions_app.imports.faults import FileError, shown
from sessions_app.imports.line_memory import Ledger
from sessions_app.imports.people import Places, write_people, write_teams
from sessions_app.imports.planning import NEW, decide
from sessions_app.imports.reading import SessionFile, open_sessions
from sessions_app.imports.report import ImportReport, report_of
from sessions_app.imports.rows import RowParser, RowRefusal, parser_of
from sessions_app.imports.session_writer import SessionWriter

# (what is being done, how much is done, of how much)
Progress = Callable[[str, int, int], None]
READING, JUDGING, WRITING, REFRESHING = "reading", "judging", "writing", "refreshing"
TOLD_EVERY = 1000  # lines
MOST_SHOWN = 100  # refused lines that are shown as they stand in the file


def _silence(step: str, done: int, total: int) -> None:
    """Nobody is waiting to be told."""


@transaction.atomic
def import_sessions(
    *,
    organisation: Organisation,
    file: BinaryIO,
    by: Practitioner | None,
    dry_run: bool = False,
    all_or_nothing: bool = False,
    most_lines: int | None = None,
    choices: Choices = AS_IT_STANDS,
    progress: Progress = _silence,
) -> ImportReport:
    """Import a seekable binary file inside the organisation's tenant; `by` is None for the command.

    Good lines land, refused ones are in the report; with `all_or_nothing` nothing lands beside a refusal,
    with `dry_run` nothing ever does and the report says what would. Raises FileError for a file that cannot
    be read or has more than `most_lines` lines. Memory grows by some 70 bytes a line.
    """
    lock_imports(organisation.pk)
    stored = StoredRows(organisation)
    with open_sessions(file, choices) as sessions:
        about = replace(choices, people={**_people_by_name(organisation), **choices.people})
        parser = parser_of(sessions, today_in(organisation), ZoneInfo(organisation.time_zone), about)
        parser.several, parser.unused = _references_of_several(organisation), _references_unused(organisation)
        ledger = Ledger(_merged_references(organisation))
        _read(ledger, sessions, parser, most_lines, progress)
        decided = decide(ledger, stored, _default_service(organisation))
        report = report_of(ledger, decided)
        places = Places(organisation)
        report.creations = creations_of(organisation, ledger, decided, stored, places)
        report.refused_fields = _fields_of(sessions, report)
        if not dry_run and not (all_or_nothing and report.refused):
            clients = _write(
                organisation, sessions, parser, ledger, decided, stored, places, by, progress, report.written
            )
            record_access("sessions.import", clients)
            report.landed = True
        else:
            record_access("sessions.import_preview", stored.clients.values())
            report.imported = report.imported if dry_run else 0
    return report


def lock_imports(organisation_id: UUID) -> None:
    """Wait for the organisation's other imports: two at once would both find a client missing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"import {organisation_id}"])


def _fields_of(sessions: SessionFile, report: ImportReport) -> dict[int, list[str]]:
    """What stands in the first lines that are refused, by their numbers."""
    wanted = {refusal.line for refusal in report.refusals[:MOST_SHOWN]}
    found = (record for record in sessions.records() if record.line in wanted) if wanted else ()
    return {record.line: [shown(text) for text in record.fields] for record in found}


def _people_by_name(organisation: Organisation) -> dict[str, str]:
    """How each practitioner is named whose name nobody else has, by the name's normal form."""
    named: dict[str, set[str]] = {}
    for person in Practitioner.objects.filter(organisation=organisation).select_related("user"):
        email = person.email or (person.user.email if person.user else "")
        named.setdefault(normal_form(person.name), set()).add(email.lower() or f"{FORMER}{person.name}")
    return {name: keys.pop() for name, keys in named.items() if len(keys) == 1}


def _references_of_several(organisation: Organisation) -> frozenset[str]:
    """The normal forms of references that two clients have, from before spellings were compared."""
    twins = Client.objects.filter(organisation=organisation, twin__gt=0)
    return frozenset(twins.values_list("reference_key", flat=True))


def _references_unused(organisation: Organisation) -> frozenset[str]:
    """The normal forms of references of clients whose data are kept and not used now, their merged records' too."""
    of_restricted = Q(pk__in=restricted_clients()) | Q(merged_into__in=restricted_clients())
    found = Client.objects.filter(of_restricted, organisation=organisation)
    return frozenset(found.values_list("reference_key", flat=True))


def _merged_references(organisation: Organisation) -> dict[str, str]:
    """The reference that stands for each one of a record that was merged, by the latter's normal form."""
    merged = Client.objects.filter(organisation=organisation).exclude(merged_into=None)
    return dict(merged.values_list("reference_key", "merged_into__reference"))


def _read(ledger: Ledger, sessions: SessionFile, parser: RowParser, most_lines: int | None, progress: Progress) -> None:
    for number, record in enumerate(sessions.records(), 1):
        ledger.add(parser.parse(record))
        if most_lines and number > most_lines:
            raise FileError("too_many_lines", lines=most_lines)
        if number % TOLD_EVERY == 0:
            progress(READING, sessions.table.read, sessions.table.size)
    if not ledger.lines:
        raise FileError("no_lines")


def _default_service(organisation: Organisation) -> str:
    """The service where no line says one: the only one there is, else one with the organisation's name."""
    names = Service.objects.filter(organisation=organisation).values_list("name", flat=True)[:2]
    return names[0] if len(names) == 1 else organisation.name


def _write(organisation, sessions, parser, ledger, decided, stored, places, by, progress, written) -> list:
    """Write what was decided; returns the ids of the clients it touches."""
    clients = write_people(organisation, ledger, decided, stored, written)
    ledger.draw_keys()
    episodes = EpisodeWriter(organisation, ledger, decided, clients, places)
    for done in episodes.write():
        _tell(progress, JUDGING, done, len(decided.episodes))
    writer = SessionWriter(organisation, places, by.pk if by else None)
    teams = set()
    for place, row in enumerate(_rows(sessions, parser)):
        _tell(progress, WRITING, place, len(ledger))
        if decided.states[place] != NEW:
            continue
        number = decided.episode[place]
        client = clients[decided.episodes[number].client]
        writer.add(ledger.key(place), row, client, episodes.keys[number])
        if by:  # only a page offers to undo; a command's file may be of any length
            written.sessions.append(str(ledger.key(place)))
        if row.team:
            teams.add((client, places.team(places.service(decided.episodes[number].service), row.team)))
    writer.flush()
    write_teams(organisation, teams, written)
    written.notes = writer.words
    written.episodes = list(map(str, episodes.created))
    written.teams = list(map(str, places.new_teams))
    written.changed = episodes.changed
    for done in episodes.refresh_stored(stored.completed):
        _tell(progress, REFRESHING, done, len(episodes.stored))
    return list(clients.values())


def _tell(progress: Progress, step: str, done: int, total: int) -> None:
    if done % TOLD_EVERY == 0:
        progress(step, done, total)


def _rows(sessions: SessionFile, parser: RowParser):
    """The lines without a fault of their own, in the order in which the ledger has them."""
    for record in sessions.records():
        row = parser.parse(record)
        if not isinstance(row, RowRefusal):
            yield row
