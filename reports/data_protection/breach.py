"""Whose data did a person, an address or a log-in touch: what an organisation has to know within hours of a breach."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from clients.models import Client
from clients.services.merged_records import with_merged
from organisations.audit.record import DENIED
from organisations.models import AccessEvent, Practitioner

CHUNK = 5_000  # events in memory at a time: a whole year of an organisation is read as one stream


@dataclass
class Seen:
    """From when to when something is on record, and how often."""

    first: datetime
    last: datetime
    times: int = 0

    def add(self, at: datetime) -> None:
        self.first, self.last, self.times = min(self.first, at), max(self.last, at), self.times + 1


@dataclass
class TouchedClient(Seen):
    """A client whose data were read or changed, by which actions of the access log."""

    actions: set[str] = field(default_factory=set)


@dataclass
class UsedLogIn(Seen):
    """A log-in that was used, whose it was, and from which addresses."""

    person: UUID | None = None
    addresses: set[str] = field(default_factory=set)
    clients: set[UUID] = field(default_factory=set)


@dataclass
class Trace:
    """What the events of a breach say; `refused` attempts reached nobody's data."""

    clients: dict[UUID, TouchedClient] = field(default_factory=dict)
    people: dict[UUID, Seen] = field(default_factory=dict)
    addresses: dict[str, Seen] = field(default_factory=dict)
    log_ins: dict[str, UsedLogIn] = field(default_factory=dict)
    events: int = 0
    refused: int = 0

    def add(self, at: datetime, action: str, clients: Iterable[UUID], person: UUID | None, address: str, log_in: str):
        """One event of the access log, with the ids of its clients."""
        self.events += 1
        self.refused += action.startswith(DENIED)
        for client in clients:
            touched = self.clients.setdefault(client, TouchedClient(at, at))
            touched.add(at)
            touched.actions.add(action)
        if person:
            self.people.setdefault(person, Seen(at, at)).add(at)
        if address:
            self.addresses.setdefault(address, Seen(at, at)).add(at)
        if log_in:
            used = self.log_ins.setdefault(log_in, UsedLogIn(at, at, person=person))
            used.add(at)
            used.addresses.add(address)
            used.clients.update(clients)


def events_of_breach(asked: dict[str, Any], by: Practitioner) -> QuerySet[AccessEvent]:
    """The events from `since` to `until` (days of the organisation) of a `person`, an `address` and a `log_in`."""
    zone = ZoneInfo(by.organisation.time_zone)
    events = AccessEvent.objects.visible_to(by).filter(
        at__gte=datetime.combine(asked["since"], time(), zone), at__lte=datetime.combine(asked["until"], time.max, zone)
    )
    if asked.get("person"):
        events = events.filter(practitioner=asked["person"])
    if asked.get("address"):
        events = events.filter(address=asked["address"])
    if asked.get("log_in"):
        events = events.filter(log_in=asked["log_in"])
    return events.order_by()


def trace_breach(asked: dict[str, Any], by: Practitioner) -> Trace:
    """Read the events of a breach (a cleaned BreachForm) once, whatever their number: one query.

    Times are those of the organisation.
    """
    zone = ZoneInfo(by.organisation.time_zone)
    columns = ("at", "action", "client_ids", "practitioner_id", "address", "log_in")
    trace = Trace()
    for at, *rest in events_of_breach(asked, by).values_list(*columns).iterator(chunk_size=CHUNK):
        trace.add(at.astimezone(zone), *rest)
    return trace


def references_of(clients: Iterable[UUID], by: Practitioner) -> dict[UUID, str]:
    """The reference of each client, also of records that were merged away."""
    return dict(with_merged(by).filter(pk__in=list(clients)).values_list("pk", "reference"))


def teams_of(clients: Iterable[UUID], by: Practitioner) -> dict[UUID, list[str]]:
    """Who can tell each client: the names of their teams."""
    rows = Client.objects.visible_to(by).filter(pk__in=list(clients)).prefetch_related("teams")
    return {client.pk: sorted(team.name for team in client.teams.all()) for client in rows}
