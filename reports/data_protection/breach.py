"""Whose data did a person, an address or a log-in touch: what an organisation has to know within hours of a breach."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Func, Max, Min, Q, QuerySet, UUIDField
from django.utils.translation import gettext as _

from clients.models import Client
from clients.services.merged_records import with_merged
from organisations.audit.record import DENIED
from organisations.models import AccessEvent, Practitioner

SHOWN = 200  # log-ins and addresses that are told, the oldest first
CLIENT = Func(F("client_ids"), function="unnest", output_field=UUIDField())


@dataclass(frozen=True)
class OnRecord:
    """From when to when something is on record, and how often."""

    first: datetime
    last: datetime
    times: int


@dataclass(frozen=True)
class TouchedClient(OnRecord):
    """A client whose data were read or changed, by which actions of the access log."""

    actions: tuple[str, ...] = ()


@dataclass(frozen=True)
class UsedLogIn(OnRecord):
    """A log-in that was used, whose it was, from which addresses, and how many clients it reached."""

    person: UUID | None = None
    addresses: tuple[str, ...] = ()
    clients: int = 0


@dataclass(frozen=True)
class Trace:
    """What the events of a breach say, each the first one first; `refused` attempts reached nobody's data."""

    events: int
    refused: int
    clients: Mapping[UUID, TouchedClient] = field(default_factory=dict)
    people: Mapping[UUID, OnRecord] = field(default_factory=dict)
    addresses: Mapping[str, OnRecord] = field(default_factory=dict)
    log_ins: Mapping[str, UsedLogIn] = field(default_factory=dict)


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
    """What a breach (a cleaned BreachForm) touched, in times of the organisation: six queries, whatever its size."""
    zone = ZoneInfo(by.organisation.time_zone)
    events = events_of_breach(asked, by)
    counted = events.aggregate(all=Count("pk"), refused=Count("pk", filter=Q(action__startswith=DENIED)))
    people = _seen(events.exclude(practitioner=None).values("practitioner_id"), zone)
    addresses = _seen(events.exclude(address="").values("address"), zone, most=SHOWN)
    return Trace(
        counted["all"],
        counted["refused"],
        clients={
            row.pop("client"): TouchedClient(**row)
            for row in _rows(events.values(client=CLIENT), zone, actions=ArrayAgg("action", distinct=True))
        },
        people={row.pop("practitioner_id"): OnRecord(**row) for row in people},
        addresses={row.pop("address"): OnRecord(**row) for row in addresses},
        log_ins=_log_ins(events.exclude(log_in=""), zone),
    )


def _seen(grouped: QuerySet, zone: ZoneInfo, most: int | None = None) -> list[dict[str, Any]]:
    return _rows(grouped, zone)[:most]


def _rows(grouped: QuerySet, zone: ZoneInfo, **more: Any) -> list[dict[str, Any]]:
    """A row a group with first, last and times, the first one first; lists as tuples."""
    rows = list(grouped.annotate(first=Min("at"), last=Max("at"), times=Count("pk"), **more))
    for row in rows:
        row["first"], row["last"] = row["first"].astimezone(zone), row["last"].astimezone(zone)
        row.update({name: tuple(row[name]) for name in more})
    return sorted(rows, key=lambda row: row["first"])


def _log_ins(events: QuerySet[AccessEvent], zone: ZoneInfo) -> dict[str, UsedLogIn]:
    rows = _rows(
        events.values("log_in", person=F("practitioner_id")), zone, addresses=ArrayAgg("address", distinct=True)
    )[:SHOWN]
    shown = events.filter(log_in__in=[row["log_in"] for row in rows])
    reached = Counter(log_in for log_in, _client in shown.values_list("log_in", CLIENT).distinct())
    return {key: UsedLogIn(**row, clients=reached[key]) for row in rows for key in [row.pop("log_in")]}


def references_of(clients: Iterable[UUID], by: Practitioner) -> dict[UUID, str]:
    """What an administrator calls each client: the reference, also of records that were merged away.

    Whoever is blocked for them is said to be, and whoever was erased since: they are counted and told all the same.
    """
    keys = list(clients)
    there = Client.objects.filter(pk__in=keys, organisation=by.organisation_id).values_list("pk", flat=True)
    found = dict.fromkeys(keys, _("An erased client")) | dict.fromkeys(there, _("A blocked client"))
    return found | dict(with_merged(by).filter(pk__in=keys).values_list("pk", "reference"))


def teams_of(clients: Iterable[UUID], by: Practitioner) -> dict[UUID, list[str]]:
    """Who can tell each client: the names of their teams."""
    rows = Client.objects.visible_to(by).filter(pk__in=list(clients)).prefetch_related("teams")
    return {client.pk: sorted(team.name for team in client.teams.all()) for client in rows}
