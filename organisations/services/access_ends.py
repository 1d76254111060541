"""Access that ends by itself: until which day somebody may come in, longer by a button, and the night after."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from organisations.audit import account_events
from organisations.login import session_clock
from organisations.models import Organisation, Practitioner
from organisations.roles import Role
from organisations.services.caseload import caseload_clients_of, forget_plan, hand_over_all, planned_hand_over
from organisations.services.invitations import revoke_invitations
from organisations.services.local_day import day_of, today_in
from organisations.tokens.service import revoke_tokens_of

LAST_DAY_NEEDED = lazy("Choose the last day: a consultant's access ends by itself.")
LONGER = timedelta(weeks=4)
"""What the button adds."""
LONGEST = timedelta(days=365)
"""A consultant's access, from today on."""


def refuse_end(stored: Practitioner | None, by: Practitioner, wanted: dict[str, Any]) -> None:
    """ValidationError by field for an end that would not do, of somebody new or `stored`: a past day, or one before the
    first; of a consultant none, or one far off; one of the last administrator."""
    until, today = wanted.get("access_until"), today_in(by.organisation)
    since = wanted.get("access_from")
    if since is not None and until is not None and until < since:
        raise ValidationError({"access_until": _("The last day comes before the first.")})
    is_consultant = wanted["role"] == Role.CONSULTANT
    if is_consultant and until is None:
        raise ValidationError({"access_until": LAST_DAY_NEEDED})
    if until is None or (stored is not None and stored.access_until == until):
        return
    if until < today:
        raise ValidationError({"access_until": _("That day is past.")})
    if is_consultant and until > today + LONGEST:
        raise ValidationError({"access_until": _("A year ahead at most; it can be extended later.")})
    if wanted["role"] == Role.ADMIN and not _other_lasting_admins(by, stored).exists():
        raise ValidationError({"access_until": _("Somebody has to remain: no other administrator's access lasts.")})


def refuse_teams_of_consultant(wanted: dict[str, Any]) -> None:
    """ValidationError for a consultant in a team, who would see all of its clients."""
    if wanted["role"] == Role.CONSULTANT and list(wanted["teams"]):
        raise ValidationError({"teams": _("A consultant is in no team: cases are opened to them one by one.")})


@transaction.atomic
def extend_access(*, practitioner: Practitioner, by: Practitioner) -> date:
    """Let somebody's access last four weeks more, from today on if it is over; returns the last day.

    An account that has ended opens again. ValidationError for somebody whose access has no end.
    """
    stored = _locked(practitioner)
    if stored.access_until is None:
        raise ValidationError(_("The access of %(name)s has no end.") % {"name": stored.name})
    today = today_in(by.organisation)
    stored.access_until = max(stored.access_until, today) + LONGER
    if stored.role == Role.CONSULTANT:
        stored.access_until = min(stored.access_until, today + LONGEST)
    stored.is_active = True
    stored.full_clean()
    stored.save(update_fields=["access_until", "is_active"])
    return stored.access_until


def end_accounts(organisation: Organisation, now: datetime) -> int:
    """End the accounts whose last day is past: log-ins, invitations and tokens too; how many. No mail goes out.

    Somebody who is a contact person stays in the lists until their clients are handed over; nothing opens to them.
    """
    over = Practitioner.objects.filter(organisation=organisation, is_active=True).over(day_of(now, organisation))
    return sum(_end(practitioner) for practitioner in over.order_by("pk"))


def _end(practitioner: Practitioner) -> bool:
    stored = _locked(practitioner)
    revoke_invitations(practitioner=stored)
    revoke_tokens_of(practitioner=stored, by=stored)
    _carry_out_plan(stored)
    if caseload_clients_of(stored):
        return False
    account_events.record_of(stored, account_events.ACCESS_ENDED)
    stored.is_active = False
    stored.save(update_fields=["is_active"])
    if stored.user is not None and not account_events.places_of(stored.user):
        session_clock.end_sessions(stored.user)
    return True


def _carry_out_plan(stored: Practitioner) -> None:
    """Give the clients to those it was planned for; what fits no more, or came since, waits among what is left."""
    to = planned_hand_over(stored, today_in(stored.organisation))
    if not to.takers:
        return
    try:
        with transaction.atomic():
            hand_over_all(from_=stored, to=to, by=stored)
    except ValidationError:
        hand_over_all(from_=stored, to=replace(to, later=True), by=stored)
    forget_plan(stored)


def _other_lasting_admins(by: Practitioner, stored: Practitioner | None):
    others = Practitioner.objects.filter(organisation=by.organisation_id, role=Role.ADMIN, is_active=True)
    others = others.filter(user__isnull=False, access_until=None)
    return others.exclude(pk=stored.pk) if stored else others


def _locked(practitioner: Practitioner) -> Practitioner:
    # As people.py does: somebody else's change of the same person waits.
    Organisation.objects.select_for_update().get(pk=practitioner.organisation_id)
    return Practitioner.objects.select_for_update(of=("self",)).select_related("user").get(pk=practitioner.pk)
