"""Reading a client whose data are not used for now: with a reason, for an hour, on record."""

import time
from collections.abc import MutableMapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clients.models import Client
from organisations.audit.record import record_access

READS = "reads_restricted"  # in the session: until when, by the client's key
AN_HOUR = 3600


def may_read(client: Client, session: MutableMapping[str, Any]) -> bool:
    """Whether the person of this session has given a reason within the hour."""
    return session.get(READS, {}).get(str(client.pk), 0) > time.time()


def give_reason(*, client: Client, reason: str, session: MutableMapping[str, Any]) -> None:
    """Put the reason on record and open the client's pages for an hour. ValidationError without one."""
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    record_access("restriction.read", [client.pk], typed=reason)
    session[READS] = {**session.get(READS, {}), str(client.pk): int(time.time()) + AN_HOUR}
