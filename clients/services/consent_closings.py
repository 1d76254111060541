"""What a client's no closes at once: open links, documents that wait, queues. They stand above this app, so the apps
that have them register here what they close."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from clients.models import Client


@dataclass(frozen=True)
class ConsentClosing:
    """What is open because of a yes.

    `words`: what it is, said with a number (`%(count)d`); `count(client)`: how many are open now; `close(client)`:
    ends them, in the transaction of the no, under the lock of the client's row.
    """

    purpose: str
    words: Promise | str
    count: Callable[[Client], int]
    close: Callable[[Client], Any]


_registered: list[ConsentClosing] = []


def register_closing(*closings: ConsentClosing) -> None:
    """Called once by an app, when it is ready."""
    _registered.extend(closings)


def close(client: Client, purpose: str) -> None:
    """Close what is open for a purpose."""
    for closing in _registered:
        if closing.purpose == purpose:
            closing.close(client)


def open_now(client: Client, purpose: str) -> list[str]:
    """What a no would close, in words with numbers; [] where nothing is open."""
    counted = [(each, each.count(client)) for each in _registered if each.purpose == purpose]
    return [str(closing.words % {"count": count}) for closing, count in counted if count]
