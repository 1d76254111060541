"""The access log for an administrator: what a search finds, whose references are shown, and all of it as CSV."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clients.models import Client
from clients.services.merged_records import keys_of_all_records, with_merged
from organisations.audit import texts
from organisations.audit.record import record_access
from organisations.audit.visits import Visit
from organisations.database.client_accesses import about_clients
from organisations.models import AccessEvent, Practitioner
from organisations.services.csv_files import csv_file, text_cell

MOST = 50_000  # rows of a file, which is made whole before the answer: the export itself has to be on record first
SHOWN = 5  # clients of a line on a page


class TooMany(ValueError):
    """More rows than a file has."""


def events_asked(asked: Mapping[str, Any], by: Practitioner) -> QuerySet[AccessEvent]:
    """The events that a search (LookSearchForm) finds, each with its person."""
    events = AccessEvent.objects.visible_to(by).select_related("practitioner")
    zone = ZoneInfo(by.organisation.time_zone)
    if asked.get("since"):
        events = events.filter(at__gte=datetime.combine(asked["since"], time(), zone))
    if asked.get("until"):
        events = events.filter(at__lte=datetime.combine(asked["until"], time.max, zone))
    if asked.get("person"):
        events = events.filter(practitioner=asked["person"])
    if asked.get("reference"):
        clients = Client.objects.visible_to(by).named(asked["reference"])
        events = events.filter(about_clients([key for client in clients for key in keys_of_all_records(client)]))
    return events


def typed(asked: Mapping[str, Any]) -> str:
    """What the administrator looked for, as it is kept on record."""
    named = (asked.get("since"), asked.get("until"), asked.get("person"), asked.get("reference"))
    return " ".join(str(one) for one in named if one)


def references_in(events: Iterable[AccessEvent], by: Practitioner) -> dict[UUID, str]:
    """The references of the clients that lines of these events show."""
    shown = {client for event in events for client in event.client_ids[:SHOWN]}
    return dict(with_merged(by).filter(pk__in=shown).values_list("pk", "reference"))


def clients_of(event: AccessEvent, references: Mapping[UUID, str]) -> dict[str, Any]:
    """The references that a line shows, and how many clients it is about beside them."""
    shown = event.client_ids[:SHOWN]
    named = sorted(references[client] for client in shown if client in references)
    return {"references": named, "clients_more": len(event.client_ids) - len(shown)}


def searches(visit: Visit, references: Mapping[UUID, str]) -> dict[str, Any]:
    """What was searched for in a visit, each once."""
    found = (searched(event, clients_of(event, references)["references"]) for event in visit.events)
    return {"searched": list(dict.fromkeys(words for words in found if words))}


def searched(event: AccessEvent, references: list[str]) -> str:
    """What was searched for, as far as an administrator may know it: a reference, never a client's name."""
    if not event.typed or event.action in texts.WITH_REASON:
        return ""
    found = " ".join(references).casefold()
    own = event.action in ("access.search", "access.export")
    if own or all(word in found for word in event.typed.casefold().split()):
        return event.typed
    return _("words other than a reference")


def as_csv(asked: Mapping[str, Any], by: Practitioner) -> bytes:
    """A line an event, the newest first, as spreadsheets take it; on record with every client in it.

    TooMany for more than MOST events.
    """
    events = list(events_asked(asked, by).order_by("-seq")[: MOST + 1])
    if len(events) > MOST:
        raise TooMany
    references = dict(with_merged(by).values_list("pk", "reference"))
    record_access("access.export", {client for event in events for client in event.client_ids}, typed=typed(asked))
    rows = [[_("When"), _("Name"), _("Role"), _("What for"), _("Reason"), _("Searched for"), _("Clients")]]
    for event in events:
        row = texts.row_of(event, by.organisation)
        named = sorted(references[client] for client in event.client_ids if client in references)
        person = event.practitioner.name if event.practitioner else ""
        told = (person, row["role"], row["what"], row["reason"], searched(event, named), ", ".join(named))
        rows.append([row["at"].isoformat(sep=" ", timespec="seconds"), *map(text_cell, told)])
    return csv_file(rows)
