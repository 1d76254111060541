"""What a keeper of keys does, and which one this installation has."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from django.conf import settings


class KeyUnreachable(Exception):
    """The key that wrapped a data key is not there, or the service that keeps it does not answer."""


class Wrapped(NamedTuple):
    """A data key as the database holds it: which key wrapped it, and what came out."""

    key_id: str
    content: bytes


class KeyKeeper(Protocol):
    """Wraps with its newest key and unwraps with each that it still has; `bound_to` says whose data key it is."""

    def newest(self) -> str:
        """The id of the key that wraps from now on."""

    def wrap(self, pairs: Sequence[tuple[bytes, bytes]]) -> list[Wrapped]:
        """Each (data key, bound_to) wrapped. KeyUnreachable where it cannot be."""

    def unwrap(self, pairs: Sequence[tuple[Wrapped, bytes]]) -> list[bytes | None]:
        """The data key of each (wrapped, bound_to), None for one that does not open. KeyUnreachable for an outage."""

    def knows(self, key_ids: Sequence[str]) -> bool:
        """Whether it still has all of these keys, and answers. KeyUnreachable where it does not answer."""


def keeper() -> KeyKeeper:
    """The one that the settings name: an address of a service, else a file."""
    if settings.WORD_KEYS_ADDRESS:
        from organisations.word_keys.transit import Transit

        return Transit(settings.WORD_KEYS_ADDRESS, settings.WORD_KEYS_TOKEN, settings.WORD_KEYS_CA_FILE)
    from organisations.word_keys.key_file import KeyFile

    return KeyFile(settings.WORD_KEYS_FILE, may_begin=not settings.PRODUCTION)
