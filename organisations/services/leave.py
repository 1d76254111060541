"""Leave: until when somebody is away, who looks after their clients meanwhile, and their return."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from organisations.models import Organisation, Practitioner
from organisations.services.caseload import HandOver, give_clients_back, lend_clients
from organisations.services.local_day import day_of, today_in


@transaction.atomic
def start_leave(*, practitioner: Practitioner, until: date, to: HandOver, by: Practitioner) -> int:
    """Somebody is away from today until a day, and colleagues look after the clients chosen; returns of how many.

    ValidationError for a past day, for somebody who has no access, and for a colleague who may not have a client.
    """
    stored = _locked(practitioner)
    today = today_in(by.organisation)
    if until < today:
        raise ValidationError({"until": _("That day is past.")})
    if not stored.can_be_contact or stored.access_is_over(today):
        raise ValidationError(_("%(name)s has no access.") % {"name": stored.name})
    if any(not taker.can_be_contact or taker.pk == stored.pk for taker in to.takers.values()):
        raise ValidationError({"successor": _("Choose a colleague who holds sessions.")})
    stored.away_until = until
    stored.save(update_fields=["away_until"])
    return lend_clients(from_=stored, to=to, by=by)


@transaction.atomic
def end_leave(*, practitioner: Practitioner, by: Practitioner) -> tuple[int, list[str]]:
    """Somebody is back: how many clients came back, and the references of those whom they may not see any more."""
    stored = _locked(practitioner)
    if not stored.is_active:
        raise ValidationError(_("%(name)s has no access.") % {"name": stored.name})
    stored.away_until = None
    stored.save(update_fields=["away_until"])
    return give_clients_back(to=stored, by=by)


def end_leaves(organisation: Organisation, now: datetime) -> int:
    """Give clients back to those whose last day away is past; how many clients. Twice it has one effect."""
    today = day_of(now, organisation)
    back = Practitioner.objects.filter(organisation=organisation, away_until__lt=today).contacts()
    found = 0
    for person in back.exclude(access_until__lt=today).order_by("pk"):
        found += give_clients_back(to=_locked(person))[0]
    return found


def _locked(practitioner: Practitioner) -> Practitioner:
    # As people.py does: somebody else's change of the same person waits.
    Organisation.objects.select_for_update().get(pk=practitioner.organisation_id)
    return Practitioner.objects.select_for_update(of=("self",)).select_related("user").get(pk=practitioner.pk)
