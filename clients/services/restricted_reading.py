"""Using a client's data that are kept and not used for now: with a reason, for an hour, on record."""

import time
from collections.abc import Mapping, MutableMapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from clients.models import Client, Restriction
from clients.services.subject_graph import paths_to_client
from organisations.audit.record import record_access
from organisations.audit.route_arguments import row_named_by
from organisations.database.statements import written_once
from organisations.models import Practitioner

READS = "reads_restricted"  # in the session: until when, by the client's key
AN_HOUR = 3600


def restrictions_named(arguments: Mapping[str, Any], by: Practitioner) -> list[Restriction]:
    """What stands for the clients of the rows that a route's arguments name, of those that the person may see.

    One query; none where the arguments are about no client. The keys of such rows are UUIDs.
    """
    named = {argument: key for argument, key in arguments.items() if row_named_by(argument) is not None}
    return _standing_of(tuple(named), by, *named.values()) if named else []


@written_once  # asked before each page about a client
def _standing_of(arguments: tuple[str, ...], by: Practitioner, *keys: UUID):
    clients = Q()
    for argument, key in zip(arguments, keys, strict=True):
        if (row := row_named_by(argument)) is None:
            continue
        for path in row.by or paths_to_client(row.model):
            clients |= Q(client__in=row.model._base_manager.filter(pk=key).values(path))
    if not clients:
        return Restriction.objects.none()
    seen = Restriction.objects.standing().visible_to(by).filter(clients)
    return seen.select_related("client", "set_by").order_by("created_at")


def may_read(client: Client, session: MutableMapping[str, Any]) -> bool:
    """Whether the person of this session has given a reason within the hour."""
    return session.get(READS, {}).get(str(client.pk), 0) > time.time()


def give_reason(*, client: Client, reason: str, session: MutableMapping[str, Any]) -> None:
    """Put the reason on record and open what is about the client for an hour. ValidationError without one."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    record_access("restriction.read", [client.pk], typed=reason)
    session[READS] = {**session.get(READS, {}), str(client.pk): int(time.time()) + AN_HOUR}
