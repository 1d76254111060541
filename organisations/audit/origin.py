"""Where what is on record came from: the address on the network, and the log-in; to trace a breach by."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """An IP address as text, and the id of a log-in (it opens nothing); "" for what is not known or not kept."""

    address: str = ""
    log_in: str = ""


NOWHERE = Origin()
# Of a job, a command and a client's own form nothing is kept: a client's address is nobody's business.
_current: ContextVar[Origin | None] = ContextVar("origin", default=None)


def here() -> Origin:
    """Where the request that runs now came from."""
    return _current.get() or NOWHERE


def come_from(address: str, log_in: str = "") -> None:
    """What the request that runs now puts on record came from there; outside of one nothing is kept."""
    if _current.get() is not None:
        _current.set(Origin(address, log_in))


@contextmanager
def from_nowhere() -> Iterator[None]:
    """Nothing is known of a request yet; what is learnt while it runs is forgotten after it."""
    token = _current.set(NOWHERE)
    try:
        yield
    finally:
        _current.reset(token)
