"""Months of the access log that are older than it is kept go, by the owner of the tables: the application deletes none.

A month goes as a whole (its partition is detached and dropped) once the time is over for every organisation with a row
in it. Until then the rows of those whose time is over go by themselves: periods differ, by country. In both cases the
chain keeps what stands for them (organisations/audit/detached_rows.py).
"""

# ruff: noqa: S608  (names of our own tables, and nothing else)

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections, transaction

from clients.retention.access_logs import first_kept
from clients.services.subject_graph import column_of
from organisations.audit import hash_chain
from organisations.audit.detached_rows import ACTION, Run, keep_in_place_of
from organisations.audit.record import SYSTEM
from organisations.audit.signed_log_heads import read_signed
from organisations.database.access_months import TABLE, Month, months
from organisations.history.belonging import said_of_accesses
from organisations.history.tracking import event_models
from organisations.models import AccessEvent, Organisation
from organisations.services.organisation_deletion import OWNER, all_triggers
from organisations.tenancy.context import tenant

Until = Mapping[UUID, datetime]  # of each organisation: rows from before go
OLD = "FROM {month} WHERE organisation_id = %s AND at < %s"
RUNS = f"""
    WITH numbered AS (SELECT seq, previous_hash, hash, seq - row_number() OVER (ORDER BY seq) AS island {OLD}),
    islands AS (SELECT min(seq) AS first, max(seq) AS last FROM numbered GROUP BY island)
    SELECT first, last, one.previous_hash, other.hash FROM islands
    JOIN numbered one ON one.seq = first JOIN numbered other ON other.seq = last
"""


@dataclass
class Forgotten:
    """What went: `rows` of the log, whole `months` by name; and whose log is not in order: nothing of it went."""

    rows: int = 0
    months: list[str] = field(default_factory=list)
    not_in_order: list[str] = field(default_factory=list)


def forget_accesses(*, years: int, now: datetime) -> Forgotten:
    """Let go what is older than so many years, in a transaction a month; longer where a country's rule says so.

    Nothing goes of an organisation that is suspended, or whose chain has a fault: what shows it would go as well.
    """
    found = Forgotten()
    until: dict[UUID, datetime] = {}
    for organisation in Organisation.objects.exclude(state__suspended_at__isnull=False).order_by("slug"):
        if _is_in_order(organisation):
            until[organisation.pk] = first_kept(organisation.country, years, now)
        else:
            found.not_in_order.append(organisation.slug)
    for month in months(OWNER):
        # The one of all others, without an end, holds rows of months to come.
        if month.until and any(month.since is None or month.since < moment for moment in until.values()):
            _forget_month(month, month.until, until, found)
    return found


def _is_in_order(organisation: Organisation) -> bool:
    signed, faults = read_signed(organisation)
    with tenant(organisation.pk):
        return not faults and next(hash_chain.faults_of(organisation, signed), None) is None


def _forget_month(month: Month, end: datetime, until: Until, found: Forgotten) -> None:
    """In an order in which nobody waits for us who holds what we wait for: first the table, then the chains' heads."""
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute(f"LOCK TABLE {month.name} IN SHARE MODE")
        cursor.execute(f"SELECT DISTINCT organisation_id FROM {month.name}")
        with_rows = [organisation for (organisation,) in cursor.fetchall()]
        runs = {one: _runs(cursor, month, one, until[one]) for one in with_rows if one in until}
        due = {one: min(until[one], end) for one, some in runs.items() if some}
        whole = all(one in until and until[one] >= end for one in with_rows or until)
        if not due and not whole:
            return
        _forget_words(cursor, month, due)
        if whole:
            cursor.execute(f"ALTER TABLE {TABLE} DETACH PARTITION {month.name}")
            cursor.execute(f"DROP TABLE {month.name}")
            found.months.append(month.name)
        else:
            for one, moment in due.items():
                cursor.execute(f"DELETE {OLD.format(month=month.name)}", [one, moment])
        for one in sorted(due):
            _tell(one, keep_in_place_of(one, runs[one], due[one], using=OWNER))
    found.rows += sum(run.last - run.first + 1 for one in due for run in runs[one])


def _runs(cursor: Any, month: Month, organisation: UUID, until: datetime) -> list[Run]:
    cursor.execute(RUNS.format(month=month.name), [organisation, until])
    return [Run(*row) for row in cursor.fetchall()]


def _forget_words(cursor: Any, month: Month, due: Until) -> None:
    """What somebody noted at a row that goes, goes with it, in the history too."""
    cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [all_triggers(cursor)])
    history = {event.pgh_tracked_model: event for event in event_models()}
    for model, (key, _words) in said_of_accesses().items():
        for table in filter(None, (model, history.get(model))):
            for one, moment in due.items():
                cursor.execute(
                    f"DELETE FROM {table._meta.db_table} WHERE organisation_id = %s "
                    f"AND {column_of(model, key)} IN (SELECT id {OLD.format(month=month.name)})",
                    [one, one, moment],
                )


def _tell(organisation: UUID, batch: UUID) -> None:
    told = AccessEvent(
        organisation_id=organisation,
        role=SYSTEM,
        action=ACTION,
        purpose=str(batch),
        client_ids=[],
        request_id="forget_accesses",
    )
    hash_chain.append([told], using=OWNER)
