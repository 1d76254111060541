"""Who was erased, by random keys alone: a chained row in the database, and a signed line of a file outside it.

A backup is older than what was erased since: after a restore the file says who has to go again
(`manage.py replay_erasures`). As with the signed heads of the access log, each line is signed with the one before it.
Lines are written after their transaction, and by the next night where a crash came between.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer

from clients.models import Erasure
from organisations.models import Organisation

DAYS = ("kept_until", "first_on", "second_on")
KEYS = ("client_uid", "first_by", "second_by")
TOLD = (*KEYS, "merged_uids", "rules", *DAYS, "erased_at", "previous_hash")


@dataclass(frozen=True)
class LedgerLine:
    """One line of the file: what it says of an erasure, and whether it can be trusted."""

    number: int
    erasure: Erasure | None
    fault: str = ""


def file_of(organisation: Organisation) -> Path:
    """Where an organisation's erasures are appended, one JSON object a line. Copy it to where no backup is."""
    return Path(settings.DATA_DIR) / "erasures" / f"{organisation.slug}.jsonl"


def add_to_ledger(erasure: Erasure) -> Erasure:
    """Chain and store a row of the ledger in the open transaction; its line is `write_missing_lines`'."""
    last = Erasure.objects.filter(organisation=erasure.organisation_id).order_by("-erased_at").first()
    erasure.previous_hash = last.hash if last else ""
    erasure.hash = hash_of(erasure)
    erasure.save(force_insert=True)
    return erasure


def write_missing_lines(organisation: Organisation) -> int:
    """Write the lines of rows that the file does not tell of yet, inside the organisation's tenant; how many."""
    told = {line.erasure.hash for line in read_ledger(organisation) if line.erasure is not None}
    rows = Erasure.objects.filter(organisation=organisation).exclude(hash__in=told).order_by("erased_at")
    for row in rows:
        write_line(row)
    return len(rows)


def hash_of(erasure: Erasure) -> str:
    """sha256 of all that a row says, and of the hash of the row before it."""
    return sha256(_told(erasure).encode()).hexdigest()


def _told(erasure: Erasure) -> str:
    told = {name: getattr(erasure, name) for name in TOLD} | {"organisation": erasure.organisation_id}
    return json.dumps({name: _as_text(value) for name, value in told.items()}, sort_keys=True, separators=(",", ":"))


def _as_text(value: Any) -> Any:
    if isinstance(value, list):
        return [str(one) for one in value]
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)


def chain_faults(organisation: Organisation) -> list[str]:
    """What is wrong with the rows of the ledger, inside the organisation's tenant; each is named by its hash."""
    rows = {row.previous_hash: row for row in Erasure.objects.filter(organisation=organisation)}
    total, last, found = len(rows), "", []
    while (row := rows.pop(last, None)) is not None:
        if row.hash != hash_of(row):
            found.append(f"{row.hash[:12]} was changed")
        last = row.hash
    return found + ([f"{len(rows)} of {total} rows follow no other"] if rows else [])


def write_line(erasure: Erasure) -> None:
    """Append a signed line to the organisation's file, and see it on the disk."""
    path = file_of(erasure.organisation)
    lines = path.read_text().splitlines() if path.exists() else []
    line = json.loads(_told(erasure)) | {"hash": erasure.hash, "after": _signature(lines[-1]) if lines else ""}
    line["signature"] = _signer().signature(_words(line))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(place, (json.dumps(line) + "\n").encode())
        os.fsync(place)
    finally:
        os.close(place)


def read_ledger(organisation: Organisation) -> Iterator[LedgerLine]:
    """Every line of the organisation's file: an erasure, or what is wrong with the line."""
    path = file_of(organisation)
    before = ""
    for number, text in enumerate(path.read_text().splitlines() if path.exists() else [], start=1):
        line = _parsed(text)
        if not _holds(line) or line["organisation"] != str(organisation.pk):
            yield LedgerLine(number, None, "is not ours")
            continue
        gone = line["after"] != before
        before = line["signature"]
        yield LedgerLine(number, _erasure(line, organisation), "lines before it are gone or moved" if gone else "")


def _erasure(line: dict, organisation: Organisation) -> Erasure:
    values: dict[str, Any] = {name: line[name] for name in TOLD}
    values |= {name: UUID(line[name]) for name in KEYS} | {name: date.fromisoformat(line[name]) for name in DAYS}
    values["merged_uids"] = [UUID(one) for one in line["merged_uids"]]
    values["erased_at"] = datetime.fromisoformat(line["erased_at"])
    return Erasure(organisation=organisation, hash=line["hash"], **values)


def _signer() -> Signer:
    return Signer(salt="medspil.erasure")


def _words(line: dict) -> str:
    return json.dumps({name: line[name] for name in line if name != "signature"}, sort_keys=True, separators=(",", ":"))


def _signature(text: str) -> str:
    return str(_parsed(text).get("signature", ""))


def _parsed(text: str) -> dict:
    try:
        line = json.loads(text)
    except ValueError:
        return {}
    return line if isinstance(line, dict) else {}


def _holds(line: dict) -> bool:
    try:
        _signer().unsign(f"{_words(line)}:{line['signature']}")
    except (BadSignature, KeyError):
        return False
    return True
