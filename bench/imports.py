"""A file of past sessions: our import against bare psycopg inserting the same rows one by one.

BENCH_LINES is how many sessions the file holds (50,000).
"""

import os
import random
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from bench.database import migrated
from bench.figures import Figure

LINES, ROUNDS = int(os.environ.get("BENCH_LINES", "50000")), 5


def measure() -> Iterator[Figure]:
    """Rows a second of ours / of the bare inserts, over interleaved rounds."""
    with migrated():
        ratios = tuple(1 / _round(number) for number in range(ROUNDS))
    yield Figure("B12", f"rows a second of a file of {LINES:,} sessions, ours / row by row", ratios, 3, 2)


def _round(number: int) -> float:
    from organisations.models import Organisation
    from organisations.tenancy.context import tenant

    organisation = Organisation.objects.create(name="Bench", slug=f"bench-{number}", language="en")
    start = time.perf_counter()
    imported = import_file(organisation, LINES)
    ours = time.perf_counter() - start
    if imported != LINES:
        raise RuntimeError(f"{imported} of {LINES} lines were imported: the run is void")
    with tenant(organisation.pk):
        tables = _stored()
    start = time.perf_counter()
    with tenant(organisation.pk):
        _insert_again(tables)
    return ours / (time.perf_counter() - start)


def import_file(organisation, lines: int) -> int:
    """Import a made-up file; how many sessions were stored."""
    from organisations.audit import record
    from organisations.tenancy.context import tenant
    from sessions_app.imports.service import import_sessions

    recorded = record.recorded(organisation_id=organisation.pk, request_id="bench")
    with _file(lines) as file, tenant(organisation.pk), recorded:
        return import_sessions(organisation=organisation, file=file, by=None).imported


@contextmanager
def _file(count: int) -> Iterator[BinaryIO]:
    """`count` sessions of clients with ten each, four ORS and four SRS marks and words now and then.

    On disk, as the command finds one: held in memory its making would be measured instead of its import.
    """
    draw = random.Random(1)
    with tempfile.TemporaryFile() as file:
        file.write(b"client_reference;held_on;ors_1;ors_2;ors_3;ors_4;srs_1;srs_2;srs_3;srs_4;words\n")
        for number in range(count):
            marks = ";".join(f"{draw.randint(0, 100) / 10:.1f}" for _ in range(8))
            words = "Better when I know what comes." if number % 5 == 0 else ""
            line = f"B-{number // 10};2024-{number % 10 + 1:02}-{draw.randint(1, 28):02};{marks};{words}\n"
            file.write(line.encode())
        yield file


def _stored() -> list[tuple[str, list[str], list[list]]]:
    """(table, columns, rows) of what the import wrote for sessions, ratings and words."""
    from sessions_app.models import Note, Rating, Session

    return [
        (
            model._meta.db_table,
            [field.column for field in model._meta.local_fields],
            [[getattr(row, field.attname) for field in model._meta.local_fields] for row in model.objects.all()],
        )
        for model in (Session, Rating, Note)
    ]


def _insert_again(tables: list[tuple[str, list[str], list[list]]]) -> None:
    """The same rows under new ids, one INSERT each, by the bare driver in the open transaction."""
    from django.db import connection

    fresh: dict[uuid.UUID, uuid.UUID] = {}
    cursor = connection.connection.cursor()
    for table, columns, rows in tables:
        sql = f"INSERT INTO {table} ({','.join(columns)}) VALUES ({','.join(['%s'] * len(columns))})"
        for row in rows:
            named = dict(zip(columns, row, strict=True))
            new = uuid.uuid4()
            fresh[named["id"]], named["id"] = new, new
            if "session_id" in named:
                named["session_id"] = fresh[named["session_id"]]
            if "submission_id" in named:
                named["submission_id"] = uuid.uuid4()
            cursor.execute(sql, list(named.values()))
