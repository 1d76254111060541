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
from organisations.audit.route_arguments import NamedRow, row_named_by
from organisations.database.statements import written_once
from organisations.models import Practitioner

READS = "reads_restricted"  # in the session: until when, by the client's key
AN_HOUR = 3600


def restrictions_named(arguments: Mapping[str, Any], by: Practitioner) -> list[Restriction]:
    """What stands for the clients of the rows that a route's arguments name, of those that the person may see.

    One query; none where the arguments are about no client.
    """
    named: list[NamedRow | UUID] = []
    for argument, key in arguments.items():
        row = row_named_by(argument)
        if row is not None and _paths_of(row):
            named += [row, key]
    return _standing(by, *named) if named else []


@written_once
def _standing(by: Practitioner, *named: Any):
    """`named` are rows as an argument names them, each followed by its key."""
    clients = Q()
    for row, key in zip(named[::2], named[1::2], strict=True):
        for path in _paths_of(row):
            clients |= Q(client__in=row.model._base_manager.filter(pk=key).values(path))
    seen = Restriction.objects.standing().visible_to(by).filter(clients)
    return seen.select_related("client", "set_by").order_by("created_at")


def _paths_of(row: NamedRow) -> tuple[str, ...]:
    return row.by or paths_to_client(row.model)


def may_read(client: Client, session: MutableMapping[str, Any]) -> bool:
    """Whether the person of this session has given a reason within the hour."""
    return session.get(READS, {}).get(str(client.pk), 0) > time.time()


def give_reason(*, client: Client, reason: str, session: MutableMapping[str, Any]) -> None:
    """Put the reason on record and open what is about the client for an hour. ValidationError without one."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    record_access("restriction.read", [client.pk], typed=reason)
    session[READS] = {**session.get(READS, {}), str(client.pk): int(time.time()) + AN_HOUR}
