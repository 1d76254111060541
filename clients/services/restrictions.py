"""Data that are kept and not used, and uses that a client has objected to. Whoever uses data asks here or `consents`:

- `kept_out(purpose)`: the clients whose data are not used for it now; `consents` leaves them out of every way out.
- `refuse_restricted(client)`: before a session, a form, a link or a file is begun.
- `set_restriction`, `lift_restriction`: write.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Client, ConsentPurpose, Restriction, SubjectRequest
from clients.services import consent_closings, measurements
from clients.services.clients import lock_client
from organisations.audit.record import record_access
from organisations.database.statements import written_once
from organisations.models import Practitioner
from organisations.services.local_day import today_in


def restricted_clients() -> QuerySet:
    """The keys of the clients whose data are not used now."""
    return Restriction.objects.standing().values("client")


def kept_out(purpose: str) -> tuple[QuerySet, QuerySet]:
    """The keys of the clients whose data are not used for a purpose: restricted ones, and those who object to it."""
    return restricted_clients(), SubjectRequest.objects.standing_objections(purpose).values("client")


def standing_restriction(client: Client) -> Restriction | None:
    """Why a client's data are not used now; None where they are."""
    return next(iter(_standing(client)), None)


@written_once
def _standing(client: Client):
    return client.restrictions.standing().select_related("set_by").order_by("pk")[:1]


def refuse_restricted(client: Client) -> None:
    """ValidationError where the client's data are kept and not used for now."""
    if client.restrictions.standing().exists():
        raise ValidationError(
            _("This client's data are kept and not used for now. A team lead can end that."), code="restricted"
        )


@transaction.atomic
def set_restriction(
    *, client: Client, reason: str, by: Practitioner, request: SubjectRequest | None = None
) -> Restriction:
    """Use nothing of a client from now on: forms given out close, and so does what was opened to others.

    ValidationError without a reason, and where that holds already.
    """
    episodes = measurements.lock_episodes([client])
    client = lock_client(client)
    if client.restrictions.standing().exists():
        raise ValidationError(_("Nothing of this client is used for now already."))
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    restriction = Restriction(
        organisation_id=client.organisation_id,
        client=client,
        request=request,
        reason=reason.strip(),
        set_on=today_in(client.organisation),
        set_by=by,
    )
    restriction.clean_fields(exclude=["organisation", "client", "request", "set_by"])
    restriction.save(force_insert=True)
    measurements.close_forms(episodes)
    for purpose in ConsentPurpose:
        consent_closings.close(client, purpose)
    record_access("restriction.set", [client.pk])
    return restriction


@transaction.atomic
def lift_restriction(*, restriction: Restriction, by: Practitioner, **said: Any) -> Restriction:
    """Use the data again, once the client was told (`told_on`, `lift_reason`). What was closed stays closed.

    ValidationError for a day to come, without a reason, and where it was lifted already.
    """
    restriction = Restriction.objects.select_for_update(of=("self",)).get(pk=restriction.pk)
    client, told_on, reason = restriction.client, said["told_on"], said["lift_reason"].strip()
    if restriction.lifted_at is not None:
        raise ValidationError(_("This was lifted already."))
    if told_on > today_in(client.organisation):
        raise ValidationError({"told_on": _("The client is told first. That day is still to come.")})
    if told_on < restriction.set_on:
        raise ValidationError({"told_on": _("That is before nothing was used any more.")})
    if not reason:
        raise ValidationError({"lift_reason": _("Say why.")})
    restriction.told_on, restriction.lift_reason = told_on, reason
    restriction.lifted_by, restriction.lifted_at = by, timezone.now()
    restriction.save(update_fields=["told_on", "lift_reason", "lifted_by", "lifted_at"])
    record_access("restriction.lift", [client.pk])
    return restriction
