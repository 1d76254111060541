"""Keys in a file: a line each, `id` and 64 hexadecimal digits; the last one wraps, the others only unwrap."""

import os
import re
import secrets
import tempfile
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from organisations.word_keys.keepers import KeyUnreachable, Wrapped

LINE = re.compile(r"([A-Za-z0-9._-]{1,40})\s+([0-9a-fA-F]{64})")
NONCE = 12


class KeyFile:
    """AES-256-GCM with the keys of a file, which is read anew each time: an operator adds a line while all goes on."""

    def __init__(self, path: str | Path, *, may_begin: bool):
        self.path, self.may_begin = Path(path), may_begin

    def newest(self) -> str:
        return list(self._keys())[-1]

    def wrap(self, pairs: Sequence[tuple[bytes, bytes]]) -> list[Wrapped]:
        key_id, key = list(self._keys().items())[-1]
        return [Wrapped(key_id, _sealed(key, data_key, bound_to)) for data_key, bound_to in pairs]

    def unwrap(self, pairs: Sequence[tuple[Wrapped, bytes]]) -> list[bytes | None]:
        keys = self._keys()
        return [_opened(keys.get(wrapped.key_id), wrapped.content, bound_to) for wrapped, bound_to in pairs]

    def knows(self, key_ids: Sequence[str]) -> bool:
        return set(key_ids) <= self._keys().keys()

    def _keys(self) -> dict[str, bytes]:
        if self.may_begin and not self.path.exists():
            self._begin()
        try:
            text = self.path.read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError) as error:
            raise KeyUnreachable("it cannot be read") from error
        return read_keys(text)

    def _begin(self) -> None:
        """A first key, which never takes the place of one that another process made at the same moment."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}-")
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(f"1 {secrets.token_hex(32)}\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(name, self.path)
        except FileExistsError:
            pass
        finally:
            Path(name).unlink()


def read_keys(text: str) -> dict[str, bytes]:
    """The keys of a file by their ids, the newest last. KeyUnreachable for one without any, or with a line amiss."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    found: dict[str, bytes] = {}
    for line in lines:
        matched = LINE.fullmatch(line)
        if matched is None or matched[1] in found:
            raise KeyUnreachable("a line is no id and 64 hexadecimal digits, or an id stands there twice")
        found[matched[1]] = bytes.fromhex(matched[2])
    if not found:
        raise KeyUnreachable("there is no key in it")
    return found


def _sealed(key: bytes, data_key: bytes, bound_to: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, data_key, bound_to)


def _opened(key: bytes | None, content: bytes, bound_to: bytes) -> bytes | None:
    if key is None:
        return None
    try:
        return AESGCM(key).decrypt(content[:NONCE], content[NONCE:], bound_to)
    except (InvalidTag, ValueError):
        return None
