"""Whose contact person somebody is: asked of the app that knows clients, which stands above this one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from organisations.models import Practitioner


@dataclass(frozen=True)
class CaseloadClient:
    """A client as an admin sees it: the reference and the teams, nothing else.

    `takers` are the colleagues who could be the contact person instead: they log in and see the client. An archived
    client can do without.
    """

    id: UUID
    reference: str
    teams: Sequence[str]
    takers: Sequence[Practitioner] = ()
    archived: bool = False


@dataclass(frozen=True)
class HandOver:
    """Who takes over whom, by client; the day that was agreed on, and a word for those who take over."""

    takers: Mapping[UUID, Practitioner]
    on: date
    note: str = ""


@dataclass(frozen=True)
class Caseload:
    """What the app of the clients brings.

    `caseload_clients(practitioner)`: the clients that the person is first or second contact of.
    `out_of_sight(practitioner)`: those of them that the person's teams do not let them see.
    `hand_over(from_=, to=, by=)`: moves them as a HandOver says, returns how many; ValidationError if refused.
    """

    caseload_clients: Callable[[Practitioner], list[CaseloadClient]]
    out_of_sight: Callable[[Practitioner], list[CaseloadClient]]
    hand_over: Callable[..., int]


_registered: list[Caseload] = []


def register_caseload(caseload: Caseload) -> None:
    """Called once, when the app of the clients is ready."""
    _registered.append(caseload)


def caseload_clients_of(practitioner: Practitioner) -> list[CaseloadClient]:
    """All clients that would be without this contact person if they left."""
    return [client for caseload in _registered for client in caseload.caseload_clients(practitioner)]


def out_of_sight_of(practitioner: Practitioner) -> list[CaseloadClient]:
    """The current clients whose contact person could not see them."""
    return [client for caseload in _registered for client in caseload.out_of_sight(practitioner)]


def hand_over_all(*, from_: Practitioner, to: HandOver, by: Practitioner) -> int:
    """Move the whole caseload; returns how many clients."""
    return sum(caseload.hand_over(from_=from_, to=to, by=by) for caseload in _registered)
