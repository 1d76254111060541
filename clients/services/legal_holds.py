"""Keep a client's records although their time is over, and end that."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Client, LegalHold
from organisations.audit.record import record_access
from organisations.models import Practitioner

LOGGED = "retention.hold"


@transaction.atomic
def place_hold(
    *, client: Client, reason: str, until: date | None, exception: str, today: date, by: Practitioner
) -> LegalHold:
    """Nothing of the client is erased while it stands; a confirmed erasure waits. ValidationError for a past day."""
    if until is not None and until < today:
        raise ValidationError({"until": _("This day is past.")})
    hold = LegalHold(
        organisation_id=client.organisation_id,
        client=client,
        reason=reason,
        until=None if exception else until,
        exception=exception,
        made_by=by,
    )
    hold.full_clean(exclude=["organisation", "lifted_by", "lifted_at"])
    hold.save(force_insert=True)
    record_access(LOGGED, [client.pk])
    return hold


@transaction.atomic
def lift_hold(*, hold: LegalHold, by: Practitioner) -> LegalHold:
    """The records follow their rule again; a second time changes nothing."""
    hold = LegalHold.objects.select_for_update().get(pk=hold.pk)
    record_access(LOGGED, [hold.client_id])
    if hold.lifted_at is None:
        hold.lifted_at, hold.lifted_by = timezone.now(), by
        hold.save(update_fields=["lifted_at", "lifted_by"])
    return hold
