"""Rows of the access log from which what was typed is gone, since it named somebody who was erased.

The row keeps its hash, which cannot be worked out from what is left. So a digest of the row as it stands since is kept
beside it, and the digests of one erasure are told by a row of the log itself: the chain holds, and nobody empties a
row, or changes an emptied one, unseen.
"""

from collections.abc import Iterable
from hashlib import sha256
from itertools import groupby
from uuid import UUID

from organisations.audit.hash_chain_rows import after_number
from organisations.models import AccessEvent, EmptiedAccess

ACTION = "access.emptied"


def vouch_for_emptied(organisation_id: UUID, seqs: Iterable[int]) -> UUID | None:
    """Keep digests of rows that were just emptied; the batch that a row of the log has to name as its purpose (ACTION).

    None where there are no rows.
    """
    rows = AccessEvent.objects.filter(organisation=organisation_id, seq__in=list(seqs)).order_by("seq")
    digests = [(row.seq, digest_of(row)) for row in rows]
    if not digests:
        return None
    batch = batch_of(digests)
    EmptiedAccess.objects.bulk_create(
        EmptiedAccess(organisation_id=organisation_id, seq=seq, digest=digest, batch=batch) for seq, digest in digests
    )
    return batch


def digest_of(event: AccessEvent) -> str:
    """sha256 of the hash that a row keeps, and of what it says now."""
    return sha256(f"{event.hash}[{event.seq},{after_number(event)}".encode()).hexdigest()


def batch_of(digests: Iterable[tuple[int, str]]) -> UUID:
    """The first half of the sha256 of all digests of one erasure, as a key."""
    told = "".join(f"{seq}:{digest};" for seq, digest in sorted(digests))
    return UUID(bytes=sha256(told.encode()).digest()[:16])


def vouched(organisation_id: UUID) -> set[tuple[int, str]]:
    """(row, digest) of every row that may be empty: told by a row of the log that itself names the whole batch."""
    told = AccessEvent.objects.filter(organisation=organisation_id, action=ACTION).values_list("purpose", flat=True)
    named = {str(purpose) for purpose in told}
    rows = EmptiedAccess.objects.filter(organisation=organisation_id).order_by("batch", "seq")
    found: set[tuple[int, str]] = set()
    for batch, some in groupby(rows, key=lambda row: row.batch):
        digests = [(row.seq, row.digest) for row in some]
        if str(batch) in named and batch == batch_of(digests):
            found.update(digests)
    return found
