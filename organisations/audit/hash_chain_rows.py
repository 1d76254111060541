"""What of a row of the access log is hashed, and how."""

import json
from datetime import UTC
from hashlib import sha256
from typing import Any


def link_hash(previous: str, event: Any) -> str:
    """sha256 (64 hex digits) of the hash before and of everything that an AccessEvent says."""
    return sha256(f"{previous}[{event.seq},{after_number(event)}".encode()).hexdigest()


def after_number(event: Any) -> str:
    """What is hashed of an event, as JSON, from behind its number on.

    What was typed stands behind that, and only where something was, and where it came from last: the rows from before
    those columns were there keep their hashes, and a text that is taken from a row, or put into one, changes its hash.
    """
    # A migration chains rows that have no such columns yet.
    typed, address, log_in = (getattr(event, name, "") for name in ("typed", "address", "log_in"))
    row = [
        str(event.organisation_id),
        str(event.id),
        str(event.practitioner_id or ""),
        event.role,
        event.action,
        event.purpose,
        [str(client) for client in event.client_ids],
        event.request_id,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        *([typed, address, log_in] if address or log_in else [typed] if typed else []),
    ]
    return json.dumps(row, ensure_ascii=True, separators=(",", ":"))[1:]
