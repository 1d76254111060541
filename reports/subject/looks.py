"""Who has looked, as the client is told: a line for each row of the access log."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from clients.models import Client
from clients.services.merged_records import keys_of_all_records
from organisations.audit import texts
from organisations.database.client_accesses import about_clients
from organisations.models import AccessEvent, Country

NAMES_BY_COUNTRY = frozenset({Country.NORWAY})
"""Where names of staff are given unless somebody says otherwise. In Denmark the court's C-579/21 is read so that the
client is told days and purposes, names only where the client needs them; in Sweden the unit and the time are enough."""


def events_about(client: Client) -> QuerySet[AccessEvent]:
    """Every row of the log about a client and the records merged into this one."""
    keys = keys_of_all_records(client)
    found = AccessEvent.objects.filter(about_clients(keys), organisation=client.organisation_id)
    return found.select_related("practitioner").prefetch_related("practitioner__teams").order_by("seq", "at")


def looks_at(client: Client, *, names: bool) -> Iterator[dict[str, Any]]:
    """When, in which role, of which teams, what for; `names`: and who. One for each row of the log."""
    for event in events_about(client):
        row, person = texts.row_of(event, client.organisation), event.practitioner
        told = {
            "at": row["at"].isoformat(timespec="seconds"),
            "role": row["role"],
            "units": sorted(team.name for team in person.teams.all()) if person else [],
            "purpose": row["what"],
            "more": row["reason"],
        }
        yield told | ({"name": person.name if person else ""} if names else {})
