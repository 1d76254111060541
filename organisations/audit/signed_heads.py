"""Heads of the access log, signed and kept outside the database: what they say cannot be taken back there."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils import timezone

from organisations.audit.hash_chain import ChainFault
from organisations.models import AccessHead, Organisation

FIELDS = ("organisation", "seq", "hash", "at", "after")  # `after` is the signature of the line before


def _signer() -> Signer:
    return Signer(salt="medspil.access-head")


def file_of(organisation: Organisation) -> Path:
    """Where an organisation's signed heads are appended, one JSON object a line."""
    return Path(settings.DATA_DIR) / "audit-heads" / f"{organisation.slug}.jsonl"


def _words(line: dict) -> str:
    return json.dumps([line[field] for field in FIELDS], separators=(",", ":"))


def sign_head(organisation: Organisation) -> bool:
    """Append the head, signed, inside the organisation's tenant; False when it has not moved since."""
    head = AccessHead.objects.filter(organisation=organisation).first()
    if head is None:
        return False
    path = file_of(organisation)
    lines = path.read_text().splitlines() if path.exists() else []
    last = _parsed(lines[-1]) if lines else None
    if last and (last.get("seq"), last.get("hash")) == (head.seq, head.hash):
        return False
    line = {
        "organisation": str(organisation.pk),
        "seq": head.seq,
        "hash": head.hash,
        "at": timezone.now().isoformat(),
        "after": str(last.get("signature", "")) if last else "",
    }
    _append(path, line | {"signature": _signer().signature(_words(line))})
    return True


def _append(path: Path, line: dict) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(place, (json.dumps(line) + "\n").encode())
        os.fsync(place)
    finally:
        os.close(place)


def _parsed(text: str) -> dict:
    try:
        line = json.loads(text)
    except ValueError:
        return {}
    return line if isinstance(line, dict) else {}


def read_signed(organisation: Organisation) -> tuple[dict[int, str], list[ChainFault]]:
    """({row number: hash} of the lines whose signature holds, what is wrong with the file)."""
    path = file_of(organisation)
    signed: dict[int, str] = {}
    if not path.exists():
        return signed, []
    lines = [_parsed(text) for text in path.read_text().splitlines()]
    faults = list(_faults_of(lines, organisation, signed))
    return signed, faults


def _faults_of(lines: list[dict], organisation: Organisation, signed: dict[int, str]) -> Iterator[ChainFault]:
    """Also fills `signed`."""
    before = ""
    for number, line in enumerate(lines, start=1):
        if not _holds(line) or line["organisation"] != str(organisation.pk):
            yield ChainFault("signature", 0, f"line {number} of the signed heads is not ours")
            continue
        if line["after"] != before:
            yield ChainFault("signature", 0, f"lines before line {number} of the signed heads are gone or moved")
        before = line["signature"]
        if signed.setdefault(line["seq"], line["hash"]) != line["hash"]:
            yield ChainFault("signed", line["seq"], f"row {line['seq']} was signed twice, with different words")


def _holds(line: dict) -> bool:
    try:
        _signer().unsign(f"{_words(line)}:{line['signature']}")
    except (BadSignature, KeyError):
        return False
    return True
