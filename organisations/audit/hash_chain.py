"""The access log's chain: each row carries the hash of the row before it, so no row changes unseen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, IntegrityError, connections
from django.db.models import OuterRef, Subquery

from organisations.audit.detached_rows import Run, vouched_runs
from organisations.audit.emptied_rows import digest_of, vouched
from organisations.audit.hash_chain_rows import after_number, link_hash
from organisations.database.placeholders import typed_placeholder
from organisations.models import AccessEvent, AccessHead, Organisation

# Head, links and rows in one statement: every request that touches a client's data ends with it, and others of the
# organisation wait from its first row to COMMIT. The hashes are worked out there as `link_hash` does: only a row's
# number and the hash before it are not known here.
APPEND = """
    WITH RECURSIVE head AS (
        SELECT seq, hash FROM organisations_accesshead WHERE organisation_id = %s FOR UPDATE
    ), told (place, rest, {columns}) AS (
        VALUES {rows}
    ), link (place, seq, previous_hash, hash) AS (
        SELECT 0, seq, ''::text, hash::text FROM head
        UNION ALL
        SELECT link.place + 1, link.seq + 1, link.hash,
            encode(sha256(convert_to(link.hash || '[' || (link.seq + 1) || ',' || told.rest, 'UTF8')), 'hex')
        FROM link JOIN told ON told.place = link.place + 1
    ), stored AS (
        INSERT INTO organisations_accessevent ({columns}, seq, previous_hash, hash)
        SELECT {columns}, link.seq, link.previous_hash, link.hash FROM told JOIN link USING (place)
    )
    UPDATE organisations_accesshead SET seq = link.seq, hash = link.hash
    FROM link WHERE organisation_id = %s AND link.place = %s
"""
FIRST_HEAD = """
    INSERT INTO organisations_accesshead (id, organisation_id, seq, hash) VALUES (gen_random_uuid(), %s, 0, '')
    ON CONFLICT (organisation_id) DO NOTHING
"""
CHAINED = ("seq", "previous_hash", "hash")  # columns that the statement works out
CHUNK = 2_000  # rows held in memory while a chain is read


@dataclass(frozen=True)
class ChainFault:
    """What is wrong with a chain; `seq` is the number of the row (0 where it is about the whole)."""

    kind: str
    seq: int
    text: str


def append(events: list[AccessEvent], *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Chain and store rows of one organisation, in one statement, the last one before COMMIT."""
    connection = connections[using]
    organisation_id = events[0].organisation_id
    statement, fields = _append_of(len(events))
    values: list[Any] = []
    for place, event in enumerate(events, start=1):
        told = [field.get_db_prep_save(getattr(event, field.attname), connection) for field in fields]
        values += [place, after_number(event), *told]
    with connection.cursor() as cursor:
        for _attempt in range(2):
            cursor.execute(statement, [organisation_id, *values, organisation_id, len(events)])
            if cursor.rowcount:
                return
            cursor.execute(FIRST_HEAD, [organisation_id])  # an organisation's first row makes its head
    raise IntegrityError("The access log of this organisation has no head")


@cache
def _append_of(rows: int) -> tuple[str, list[Any]]:
    """The statement for so many rows, and the fields of each."""
    fields = [field for field in AccessEvent._meta.local_concrete_fields if field.name not in CHAINED]
    columns = ", ".join(str(field.column) for field in fields)
    row = f"(%s::int, %s::text, {', '.join(typed_placeholder(field) for field in fields)})"
    return APPEND.format(columns=columns, rows=", ".join([row] * rows)), fields


def faults_of(organisation: Organisation, signed: Mapping[int, str]) -> Iterator[ChainFault]:
    """Walk the chain inside the organisation's tenant; `signed` is {row number: hash} as signed outside.

    One statement reads rows and head, so rows that are written meanwhile do not look like faults.
    """
    runs, until = vouched_runs(organisation.pk)
    head = AccessHead.objects.filter(organisation=OuterRef("organisation"))
    rows = AccessEvent.objects.filter(organisation=organisation).annotate(
        head_seq=Subquery(head.values("seq")), head_hash=Subquery(head.values("hash"))
    )
    missing = {number: key for number, key in signed.items() if not _is_vouched(number, key, runs)}
    seq, last = 0, ""
    emptied = vouched(organisation.pk)
    event = None
    for event in rows.order_by("seq", "at", "id").iterator(chunk_size=CHUNK):
        seq, last = _over(runs, seq, last)
        if until is not None and event.at < until:
            yield ChainFault("detached", event.seq, f"row {event.seq} is older than those of which none is left")
        yield from _faults_of_link(event, seq, last, emptied)
        if event.seq <= 0:
            continue
        if missing.pop(event.seq, event.hash) != event.hash:
            yield ChainFault("signed", event.seq, f"row {event.seq} is not the one that was signed")
        seq, last = event.seq, event.hash
    for number in missing:
        yield ChainFault("signed", number, f"row {number} was signed and is gone")
    seq, last = _over(runs, seq, last)
    if event is None:
        found = AccessHead.objects.filter(organisation=organisation).first()
        yield from _faults_of_head(found.seq if found else None, found.hash if found else None, seq, last)
    else:
        yield from _faults_of_head(event.head_seq, event.head_hash, seq, last)


def _over(runs: Mapping[int, Run], seq: int, last: str) -> tuple[int, str]:
    """Where the chain goes on behind rows that are gone and told of; where it was, if none of them follows here."""
    while (run := runs.get(seq + 1)) is not None and run.previous_hash == last:
        seq, last = run.last, run.hash
    return seq, last


def _is_vouched(number: int, key: str, runs: Mapping[int, Run]) -> bool:
    """Whether a row that was signed went with others; of the last of a run its hash is still known."""
    return any(run.first <= number < run.last or (number, key) == (run.last, run.hash) for run in runs.values())


def _faults_of_link(event: AccessEvent, seq: int, last: str, emptied: set[tuple[int, str]]) -> Iterator[ChainFault]:
    number = event.seq
    if number <= 0:
        yield ChainFault("forged", number, f"row {event.id} of {event.at:%Y-%m-%d %H:%M} stands in no chain")
        return
    if number > seq + 1:
        yield ChainFault("deleted", seq + 1, f"rows {seq + 1} to {number - 1} are gone")
    elif event.previous_hash != last:
        yield ChainFault("link", number, f"row {number} does not follow row {number - 1}")
    if event.hash != link_hash(event.previous_hash, event) and (number, digest_of(event)) not in emptied:
        yield ChainFault("changed", number, f"row {number} was changed, moved or forged")


def _faults_of_head(head_seq: int | None, head_hash: str | None, seq: int, last: str) -> Iterator[ChainFault]:
    if head_seq is None:
        if seq:
            yield ChainFault("head", 0, "the head is gone")
    elif head_seq > seq:
        yield ChainFault("tail", seq + 1, f"rows {seq + 1} to {head_seq} at the end are gone, or the head was altered")
    elif head_seq < seq:
        yield ChainFault(
            "head", head_seq, f"rows {head_seq + 1} to {seq} stand after the head, or the head was altered"
        )
    elif head_hash != last:
        yield ChainFault("head", head_seq, "the head does not fit the last row")
