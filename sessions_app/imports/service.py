"""Imports a file of past sessions: read, decided as a whole, then written."""

from dataclasses import replace
from typing import BinaryIO
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Q

from clients.models import Client
from clients.services.restrictions import restricted_clients
from organisations.audit.record import record_access
from organisations.models import Organisation, Practitioner, normal_form
from organisations.services.local_day import today_in
from sessions_app.imports.choices import AS_IT_STANDS, FORMER, Choices
from sessions_app.imports.faults import shown
from sessions_app.imports.reading import SessionFile, open_sessions
from sessions_app.imports.report import ImportReport
from sessions_app.imports.rows import parser_of
from sessions_app.imports.whole_file import Progress, WholeFile, silence

MOST_SHOWN = 100  # refused lines that are shown as they stand in the file


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
    progress: Progress = silence,
) -> ImportReport:
    """Import a seekable binary file inside the organisation's tenant; `by` is None for the command.

    Good lines land, refused ones are in the report; with `all_or_nothing` nothing lands beside a refusal,
    with `dry_run` nothing ever does and the report says what would. Raises FileError for a file that cannot
    be read or has more than `most_lines` lines. Memory is that of one part of the file (parts.py), and some
    hundred bytes for each client and refusal.
    """
    lock_imports(organisation.pk)
    with open_sessions(file, choices) as sessions:
        about = replace(choices, people={**_people_by_name(organisation), **choices.people})
        parser = parser_of(sessions, today_in(organisation), ZoneInfo(organisation.time_zone), about)
        parser.several, parser.unused = _references_of_several(organisation), _references_unused(organisation)
        whole = WholeFile(organisation, sessions, parser, most_lines, progress)
        with whole.parts() as parts:
            report, known = whole.judged(parts)
            report.refused_fields = _fields_of(sessions, report)
            if not dry_run and not (all_or_nothing and report.refused):
                whole.write(parts, by, report)
                report.landed = True
            else:
                record_access("sessions.import_preview", known)
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
