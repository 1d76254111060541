"""Answers sealed on a device: encrypted to this server's public key, so that the device cannot read them again.

ECDH on P-256 with a key of the one envelope, HKDF-SHA256 (salt: that key's public half), AES-256-GCM. What
static/js/seal.js does with WebCrypto is undone here; the envelope names the server's key by the start of its hash.
"""

import base64
import binascii
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.utils import timezone

from organisations.web.input_guard import check_texts

KEPT = timedelta(days=60)  # an answer is taken for 30 days after its form closed; a form's shell may be older
CURVE = ec.SECP256R1()
INFO = b"medspil sealed answer 1"


class UnknownKey(LookupError):
    """The envelope names a key that this server does not have (any more)."""


class NotOurs(ValueError):
    """No envelope, or one that somebody changed."""


@dataclass(frozen=True)
class Key:
    """A private key with the id that envelopes name it by."""

    private: ec.EllipticCurvePrivateKey
    made_at: datetime

    @property
    def public(self) -> bytes:
        """The public half, as WebCrypto imports it ("raw": 65 bytes)."""
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def id(self) -> str:
        """16 hexadecimal digits of the public half's sha-256."""
        return sha256(self.public).hexdigest()[:16]


def current_key() -> Key:
    """The key that devices seal to now; the first one is made here."""
    return _keys()[-1]


def public_key() -> str:
    """The public half of the current key in base64, for the form's page."""
    path = _path()
    if not path.exists():
        current_key()
    written = path.stat()  # another process may have rotated: that puts another file in its place
    return _public_key_in(str(path), written.st_ino, written.st_mtime_ns)


@lru_cache(maxsize=1)
def _public_key_in(path: str, inode: int, written: int) -> str:
    return base64.b64encode(current_key().public).decode()


def rotate_key(now: datetime | None = None) -> Key:
    """A new key from now on. One that was replaced more than 60 days ago is forgotten."""
    now = now or timezone.now()
    keys = [*_keys(), _new_key(now)]
    # A key was in use until the next one was made.
    kept = [key for key, after in pairwise(keys) if after.made_at > now - KEPT] + keys[-1:]
    _write(kept).replace(_path())
    return kept[-1]


def open_envelope(envelope: object) -> dict[str, str]:
    """The fields of the form that a device sealed. UnknownKey, or NotOurs for anything else that cannot be opened."""
    if not isinstance(envelope, Mapping):
        raise NotOurs("no envelope")
    key_id = envelope.get("key")
    key = next((key for key in _keys() if key.id == key_id), None)
    if key is None:
        raise UnknownKey(str(key_id)[:16])
    try:
        theirs, iv, sealed = (base64.b64decode(envelope[name], validate=True) for name in ("from", "iv", "sealed"))
        sender = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs)
        shared = key.private.exchange(ec.ECDH(), sender)
        fields = json.loads(AESGCM(_derived(shared, theirs)).decrypt(iv, sealed, key.id.encode()))
    except (KeyError, TypeError, ValueError, binascii.Error, InvalidTag, RecursionError) as error:
        raise NotOurs(type(error).__name__) from None
    if not isinstance(fields, dict) or not all(isinstance(text, str) for text in fields.values()):
        raise NotOurs("no form")
    try:
        check_texts(text for pair in fields.items() for text in pair)  # the door could not look inside
    except ValueError:
        raise NotOurs("no text") from None
    return fields


def _derived(shared: bytes, salt: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=INFO).derive(shared)


def _new_key(now: datetime) -> Key:
    return Key(ec.generate_private_key(CURVE), now)


def _path() -> Path:
    return Path(settings.SEALING_KEYS_FILE)


def _keys() -> list[Key]:
    """The oldest first. Read anew each time: another process may have rotated."""
    path = _path()
    if not path.exists():
        fresh = _write([_new_key(timezone.now())])
        try:
            os.link(fresh, path)  # unlike a rename, this never replaces the key of a process that was faster
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return [
        Key(ec.derive_private_key(int(entry["private"], 16), CURVE), datetime.fromisoformat(entry["made_at"]))
        for entry in json.loads(path.read_text(encoding="ascii"))
    ]


def _write(keys: list[Key]) -> Path:
    """A file beside the real one, readable by nobody else, to be moved into its place."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    entries = [
        {"made_at": key.made_at.isoformat(), "private": f"{key.private.private_numbers().private_value:064x}"}
        for key in keys
    ]
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(handle, "w", encoding="ascii") as file:
        json.dump(entries, file)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)
