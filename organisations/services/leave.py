"""Leave: until when somebody is away, who looks after their clients meanwhile, and their return."""

from dataclasses import replace
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from organisations.models import Organisation, Practitioner
from organisations.services.caseload import (
    HandOver,
    forget_plan,
    give_clients_back,
    lend_clients,
    plan_hand_over,
    planned_hand_over,
)
from organisations.services.local_day import day_of, today_in

LEAVE = ("leave_from", "leave_until")


@transaction.atomic
def start_leave(*, practitioner: Practitioner, since: date, until: date, to: HandOver, by: Practitioner) -> int:
    """Somebody is away from one day until another, and colleagues look after the clients chosen; returns of how many.

    From a day to come it is written down only, instead of an earlier plan, and begins in the night to that day.
    ValidationError for a past day, for somebody who has no access, and for a colleague who may not have a client.
    """
    stored = _locked(practitioner)
    today = today_in(by.organisation)
    if until < today:
        raise ValidationError({"until": _("That day is past.")})
    if until < since:
        raise ValidationError({"until": _("The last day comes before the first.")})
    if not stored.can_be_contact or stored.access_is_over(today):
        raise ValidationError(_("%(name)s has no access.") % {"name": stored.name})
    if any(not taker.can_be_contact or taker.pk == stored.pk for taker in to.takers.values()):
        raise ValidationError({"successor": _("Choose a colleague who holds sessions.")})
    if since > today:
        stored.leave_from, stored.leave_until = since, until
        stored.save(update_fields=LEAVE)
        return plan_hand_over(from_=stored, to=replace(to, later=True), by=by)
    return _begin(stored, until, to, by)


def _begin(stored: Practitioner, until: date | None, to: HandOver, by: Practitioner) -> int:
    forget_plan(stored)
    stored.away_until, stored.leave_from, stored.leave_until = until, None, None
    stored.save(update_fields=[*LEAVE, "away_until"])
    return lend_clients(from_=stored, to=to, by=by)


@transaction.atomic
def end_leave(*, practitioner: Practitioner, by: Practitioner) -> tuple[int, list[str]]:
    """Somebody is back: how many clients came back, and the references of those whom they may not see any more.

    A leave that was to begin later does not.
    """
    stored = _locked(practitioner)
    if not stored.is_active:
        raise ValidationError(_("%(name)s has no access.") % {"name": stored.name})
    forget_plan(stored)
    stored.away_until, stored.leave_from, stored.leave_until = None, None, None
    stored.save(update_fields=[*LEAVE, "away_until"])
    return give_clients_back(to=stored, by=by)


def end_leaves(organisation: Organisation, now: datetime) -> int:
    """Give clients back to those whose last day away is past; how many clients. Twice it has one effect."""
    today = day_of(now, organisation)
    back = Practitioner.objects.filter(organisation=organisation, away_until__lt=today).contacts()
    found = 0
    for person in back.exclude(access_until__lt=today).order_by("pk"):
        found += give_clients_back(to=_locked(person))[0]
    return found


def begin_leaves(organisation: Organisation, now: datetime) -> int:
    """Begin the leaves whose first day has come: colleagues take over as it was planned; of how many clients.

    Whom nobody can take over stays as it is. Twice it has one effect, and of somebody who has gone it has none.
    """
    today = day_of(now, organisation)
    due = Practitioner.objects.filter(organisation=organisation, leave_from__lte=today).order_by("pk")
    return sum(_begin_planned(person, today) for person in due)


@transaction.atomic
def _begin_planned(person: Practitioner, today: date) -> int:
    stored = _locked(person)
    if stored.leave_from is None or stored.leave_until is None:  # taken back meanwhile
        return 0
    is_here = stored.can_be_contact and not stored.access_is_over(today) and stored.leave_until >= today
    to = planned_hand_over(stored, today) if is_here else HandOver({}, today)
    until = stored.leave_until if is_here else stored.away_until
    return _begin(stored, until, to, stored)


def _locked(practitioner: Practitioner) -> Practitioner:
    # As people.py does: somebody else's change of the same person waits.
    Organisation.objects.select_for_update().get(pk=practitioner.organisation_id)
    return Practitioner.objects.select_for_update(of=("self",)).select_related("user").get(pk=practitioner.pk)
