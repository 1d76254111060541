"""Rows at the beginning of the access log's chain that are gone since their time was over, and what stands for them.

The first and the last number of each run of rows, the hash before it and the hash at its end: the chain goes on over
it, and whatever else is missing is found. All runs of an organisation are told by a row of the log itself, which is
signed outside with the others: nobody takes rows away unseen. Each time rows go, what stood for the earlier ones is
written anew together with them, so that the row that tells it never goes before it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from organisations.models import AccessEvent, DetachedAccesses

ACTION = "access.detached"


class Run(NamedTuple):
    """Rows of a chain, one after another: numbers of the first and last, the hash before and that of the last."""

    first: int
    last: int
    previous_hash: str
    hash: str


def joined(runs: Iterable[Run]) -> list[Run]:
    """The runs in order, those that follow each other as one."""
    found: list[Run] = []
    for run in sorted(runs):
        if found and found[-1].last + 1 == run.first:
            found[-1] = Run(found[-1].first, run.last, found[-1].previous_hash, run.hash)
        else:
            found.append(run)
    return found


def batch_of(runs: Iterable[Run], until: datetime) -> UUID:
    """The first half of the sha256 of everything that is said of all runs of an organisation, as a key."""
    told = "".join(f"{run.first}-{run.last}:{run.previous_hash}:{run.hash};" for run in sorted(runs))
    return UUID(bytes=sha256(f"{until.timestamp():.0f}[{told}".encode()).digest()[:16])


def keep_in_place_of(organisation_id: UUID, runs: Iterable[Run], until: datetime, *, using: str) -> UUID:
    """Write what stands for these runs and the earlier ones; the batch that a row of the log has to name (ACTION).

    `using` is the owner's alias: the application deletes no row of this kind. Every row from before `until` is gone.
    """
    there = DetachedAccesses.objects.using(using).filter(organisation=organisation_id)
    until = max([until, *(row.until for row in there)])
    runs = joined([*runs, *map(_run, there)])
    batch = batch_of(runs, until)
    there.delete()
    DetachedAccesses.objects.using(using).bulk_create(
        DetachedAccesses(
            organisation_id=organisation_id,
            first_seq=run.first,
            last_seq=run.last,
            previous_hash=run.previous_hash,
            hash=run.hash,
            until=until,
            batch=batch,
        )
        for run in runs
    )
    return batch


def vouched_runs(organisation_id: UUID) -> tuple[Mapping[int, Run], datetime | None]:
    """({first number: run}, until when every row is gone) as a row of the log tells it; nothing where none does."""
    rows = list(DetachedAccesses.objects.filter(organisation=organisation_id))
    if not rows:
        return {}, None
    until, runs = max(row.until for row in rows), [_run(row) for row in rows]
    told = AccessEvent.objects.filter(organisation=organisation_id, action=ACTION, purpose=str(batch_of(runs, until)))
    return ({run.first: run for run in runs}, until) if told.exists() else ({}, None)


def _run(row: DetachedAccesses) -> Run:
    return Run(row.first_seq, row.last_seq, row.previous_hash, row.hash)
