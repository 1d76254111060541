"""Who looked at whose data: collected while a request runs, written as the last statement before COMMIT."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import UUID

from django.db import DatabaseError

from organisations.audit import hash_chain, origin, purposes
from organisations.history.tracking import put_down_to
from organisations.models import AccessEvent

DENIED = "denied:"  # begins the action of a refused attempt
SYSTEM = "system"  # the role of a job or command
TYPED = 200  # characters kept of what somebody typed


@dataclass
class Collected:
    """What one request (or command, or job) touched: the clients of each (action, purpose, what was typed)."""

    request_id: str
    organisation_id: UUID | None = None
    practitioner_id: UUID | None = None
    role: str = SYSTEM
    touched: dict[tuple[str, str, str], set[UUID]] = field(default_factory=dict)

    @property
    def author(self) -> dict[str, str]:
        """Whom the history puts the changes down to."""
        author = {"role": self.role, "request": self.request_id}
        return author | ({"practitioner": str(self.practitioner_id)} if self.practitioner_id else {})


_current: ContextVar[Collected | None] = ContextVar("accesses", default=None)


class NotCollecting(RuntimeError):
    """A client's data was read or changed where nobody writes it down."""


class NotWritten(DatabaseError):
    """The access log could not be written: what was done may not be shown, nor kept."""


def record_access(action: str, clients: Iterable[UUID], *, purpose: str = "", typed: str = "") -> None:
    """Note that these clients' data are read or changed.

    `clients` are ids; `purpose` is a word of the program's (audit/purposes.py), else UnknownPurpose; `typed` is what
    the person typed: what they searched for, or their reason. A search that finds nobody is on record too.
    """
    collected = _current.get()
    if collected is None:
        raise NotCollecting(action)
    key = (action, purposes.checked(purpose), typed.strip()[:TYPED])
    collected.touched.setdefault(key, set()).update(clients)


def who_acts() -> Collected | None:
    """Whose request or job this is: its `practitioner_id` and `role`; None where nothing is collected."""
    return _current.get()


def record_denied(collected: Collected, route: str, status: int) -> None:
    """Note that somebody was refused a route about a client. No id: it may be another organisation's."""
    collected.touched.setdefault((f"{DENIED}{route}"[:60], str(status), ""), set())


def write(collected: Collected) -> None:
    """One row a (action, purpose, typed) with its clients' ids, chained: the open transaction's last statements."""
    told = [
        (action, purpose, typed, clients)
        for (action, purpose, typed), clients in collected.touched.items()
        if clients or typed or action.startswith(DENIED)
    ]
    if not told:
        return
    if collected.organisation_id is None:
        raise NotCollecting("Accesses of no organisation")
    came_from = origin.here()
    store(
        AccessEvent(
            organisation_id=collected.organisation_id,
            practitioner_id=collected.practitioner_id,
            role=collected.role,
            action=action,
            purpose=purpose,
            typed=typed,
            client_ids=sorted(clients),
            request_id=collected.request_id,
            address=came_from.address,
            log_in=came_from.log_in,
        )
        for action, purpose, typed, clients in told
    )


def store(events: Iterable[AccessEvent]) -> None:
    """Chain rows of one organisation in the open transaction; NotWritten where that fails."""
    try:
        hash_chain.append(list(events))
    except DatabaseError as error:
        raise NotWritten from error


@contextmanager
def collecting(collected: Collected) -> Iterator[Collected]:
    """Collect; the caller writes (the tenant middleware) or uses `recorded`."""
    token = _current.set(collected)
    try:
        yield collected
    finally:
        _current.reset(token)


@contextmanager
def recorded(*, organisation_id: UUID, request_id: str) -> Iterator[None]:
    """Collect and write around a job or command, inside its tenant."""
    with collecting(Collected(request_id=request_id[:36], organisation_id=organisation_id)) as collected:
        put_down_to(collected.author)
        yield
        write(collected)
        put_down_to({})
