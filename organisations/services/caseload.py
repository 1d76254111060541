"""What hangs on somebody, clients first: asked of the apps that know clients, which stand above this one."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from organisations.models import Organisation, Practitioner


@dataclass(frozen=True)
class CaseloadClient:
    """A client as an admin sees it: the reference and the teams, nothing else.

    `takers` are the colleagues who could be the contact person instead: they log in and see the client. An archived
    client can do without. `open` says what is open about the client, in words and numbers;
    `contact` is the name of the contact person. Of a client `beyond` the
    caseload only that hangs on the person: it goes to the contact person if there is one (`has_other`).
    """

    id: UUID
    reference: str
    teams: Sequence[str]
    takers: Sequence[Practitioner] = ()
    archived: bool = False
    open: Sequence[str] = ()
    contact: str = ""
    beyond: bool = False
    has_other: bool = False


@dataclass(frozen=True)
class TeamWork:
    """What somebody does for a team, in words; `key` names it in a form, `takers` could do it instead."""

    key: str
    words: str
    takers: Sequence[Practitioner]


@dataclass(frozen=True)
class HandOver:
    """Who takes over whom, by client, and what for the teams; the day that was agreed on, and a word for them.

    `notes` are words about one client, by client; of the others `note` is said.
    `later`: what nobody was chosen for stays, and is handed over another time.
    """

    takers: Mapping[UUID, Practitioner]
    on: date
    note: str = ""
    teams: Mapping[str, Practitioner] = field(default_factory=dict)
    later: bool = False
    notes: Mapping[UUID, str] = field(default_factory=dict)

    def note_of(self, client: UUID) -> str:
        """The word that stands on a client's page: the client's own, else the one for all."""
        return (self.notes.get(client) or self.note).strip()


@dataclass(frozen=True)
class Caseload:
    """What the app of the clients brings.

    `caseload_clients(practitioner)`: the clients that the person is first or second contact of.
    `out_of_sight(practitioner)`: those of them that the person's teams do not let them see.
    `hand_over(from_=, to=, by=)`: moves them as a HandOver says, returns how many; ValidationError if refused.
    `others(practitioner, keys)`: clients of these keys whose contact person somebody else is.
    `left(organisation, gone)`: of how many current clients these people are contact persons, by person.
    `lend(from_=, to=, by=)`, `give_back(to=, by=)`, `lent(person)`: while somebody is on leave, and when they are back.
    `former(person)`: the current clients whose contact person somebody was.
    `plan(from_=, to=, by=)`: writes down who takes over on a day to come, as a HandOver says, returns of how many
    clients; `planned(person)`: what is written down, without takers who could not any more; `planned_to_admin(person)`:
    the clients it is about, with the taker as contact; `forget_plan(person)`.
    """

    caseload_clients: Callable[[Practitioner], list[CaseloadClient]]
    out_of_sight: Callable[[Practitioner], list[CaseloadClient]]
    hand_over: Callable[..., int]
    others: Callable[[Practitioner, Iterable[UUID]], list[CaseloadClient]]
    left: Callable[[Organisation, Iterable[UUID]], Mapping[UUID, int]]
    lend: Callable[..., int]
    give_back: Callable[..., tuple[int, list[str]]]
    lent: Callable[[Practitioner], list[CaseloadClient]]
    former: Callable[[Practitioner], list[CaseloadClient]]
    plan: Callable[..., int]
    planned: Callable[[Practitioner, date], HandOver]
    planned_to_admin: Callable[[Practitioner], list[CaseloadClient]]
    forget_plan: Callable[[Practitioner], None]


@dataclass(frozen=True)
class OpenWork:
    """What an app above the clients brings of what is open.

    `words`: by kind, "%(count)d follow-up". `counts(person, clients)`: by kind and client, of `clients` and of those of
    which something names the person. `of_teams(person)`: what they do for teams. `hand_over(from_=, to=, by=)`: comes
    after the clients themselves. `left(organisation, gone)`: how much of it names these people, by person.
    `plan(from_=, to=, by=)`: of a hand-over on a day to come, what is done for teams from that day on goes at once.
    """

    words: Mapping[str, Any]
    counts: Callable[[Practitioner, Iterable[UUID]], Mapping[str, Mapping[UUID, int]]]
    of_teams: Callable[[Practitioner], list[TeamWork]]
    hand_over: Callable[..., None]
    left: Callable[[Organisation, Iterable[UUID]], Mapping[UUID, int]]
    plan: Callable[..., None]


@dataclass(frozen=True)
class WorkOf:
    """All that hangs on somebody: their clients and what else names them, what they do for teams, and sums in words."""

    clients: Sequence[CaseloadClient]
    teams: Sequence[TeamWork]
    sums: Sequence[str]

    @property
    def any(self) -> bool:
        return bool(self.clients or self.teams)


_registered: list[Caseload] = []
_open_work: list[OpenWork] = []


def register_caseload(caseload: Caseload) -> None:
    """Called once, when the app of the clients is ready."""
    _registered.append(caseload)


def register_open_work(work: OpenWork) -> None:
    """Called once by an app that has open work beside the clients."""
    _open_work.append(work)


def work_of(practitioner: Practitioner) -> WorkOf:
    """Everything that would name only somebody who is gone; the queries do not grow with it."""
    clients = caseload_clients_of(practitioner)
    keys, sums = {client.id for client in clients}, []
    said: dict[UUID, list[str]] = {}
    for work in _open_work:
        for kind, counts in work.counts(practitioner, keys).items():
            if total := sum(counts.values()):
                sums.append(str(work.words[kind] % {"count": total}))
            for client, count in counts.items():
                said.setdefault(client, []).append(str(work.words[kind] % {"count": count}))
    beyond = [one for caseload in _registered for one in caseload.others(practitioner, said.keys() - keys)]
    rows = [replace(client, open=said.get(client.id, ())) for client in [*clients, *beyond]]
    return WorkOf(rows, [one for work in _open_work for one in work.of_teams(practitioner)], sums)


def left_by(organisation: Organisation, gone: Iterable[Practitioner]) -> list[tuple[Practitioner, int, int]]:
    """Of these people who still have clients or open work: the person, how many clients, how much of the rest."""
    people = {person.pk: person for person in gone}
    clients: Counter[UUID] = Counter()
    rest: Counter[UUID] = Counter()
    for caseload in _registered:
        clients.update(caseload.left(organisation, people))
    for work in _open_work:
        rest.update(work.left(organisation, people))
    return [(one, clients[key], rest[key]) for key, one in people.items() if clients[key] or rest[key]]


def caseload_clients_of(practitioner: Practitioner) -> list[CaseloadClient]:
    """All clients that would be without this contact person if they left."""
    return [client for caseload in _registered for client in caseload.caseload_clients(practitioner)]


def out_of_sight_of(practitioner: Practitioner) -> list[CaseloadClient]:
    """The current clients whose contact person could not see them."""
    return [client for caseload in _registered for client in caseload.out_of_sight(practitioner)]


def hand_over_all(*, from_: Practitioner, to: HandOver, by: Practitioner) -> int:
    """Move the whole caseload, then what is open beside it; returns how many clients."""
    moved = sum(caseload.hand_over(from_=from_, to=to, by=by) for caseload in _registered)
    for work in _open_work:
        work.hand_over(from_=from_, to=to, by=by)
    return moved


def lend_clients(*, from_: Practitioner, to: HandOver, by: Practitioner) -> int:
    """Have colleagues look after clients while somebody is on leave; returns how many."""
    return sum(caseload.lend(from_=from_, to=to, by=by) for caseload in _registered)


def give_clients_back(*, to: Practitioner, by: Practitioner | None = None) -> tuple[int, list[str]]:
    """Somebody is back: how many clients came back to them, and the references of those who could not."""
    answers = [caseload.give_back(to=to, by=by) for caseload in _registered]
    return sum(count for count, _stay in answers), [one for _count, stay in answers for one in stay]


def lent_clients_of(person: Practitioner) -> list[CaseloadClient]:
    """Whom colleagues look after until this person is back."""
    return [client for caseload in _registered for client in caseload.lent(person)]


def former_clients_of(person: Practitioner) -> list[CaseloadClient]:
    """Whose contact person somebody was, and is no more."""
    return [client for caseload in _registered for client in caseload.former(person)]


def plan_hand_over(*, from_: Practitioner, to: HandOver, by: Practitioner) -> int:
    """Write down who takes over on a day to come, instead of what was planned before; returns of how many clients."""
    for work in _open_work:
        work.plan(from_=from_, to=to, by=by)
    return sum(caseload.plan(from_=from_, to=to, by=by) for caseload in _registered)


def planned_hand_over(person: Practitioner, on: date) -> HandOver:
    """What was planned for somebody, of which `on` is the day."""
    takers: dict[UUID, Practitioner] = {}
    notes: dict[UUID, str] = {}
    for caseload in _registered:
        planned = caseload.planned(person, on)
        takers |= planned.takers
        notes |= planned.notes
    return HandOver(takers, on, notes=notes)


def planned_clients_of(person: Practitioner) -> list[CaseloadClient]:
    """Whom colleagues take over when a leave begins or an access ends; `contact` names the colleague."""
    return [client for caseload in _registered for client in caseload.planned_to_admin(person)]


def forget_plan(person: Practitioner) -> None:
    """Nobody takes over any more."""
    for caseload in _registered:
        caseload.forget_plan(person)
