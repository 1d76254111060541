"""Somebody leaves: the access ends, at once or on a day to come, and what hangs on them is handed over."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from organisations.models import Practitioner
from organisations.services.access_ends import refuse_end
from organisations.services.caseload import HandOver, hand_over_all, lent_clients_of, plan_hand_over, work_of
from organisations.services.invitations import revoke_invitations
from organisations.services.local_day import today_in
from organisations.services.people import locked_person, refuse_last_admin
from organisations.tokens.service import revoke_tokens_of


@transaction.atomic
def deactivate_practitioner(*, practitioner: Practitioner, to: HandOver | None, by: Practitioner) -> int:
    """End a person's access at once and hand over all that hangs on them, to one or several; returns how many clients.

    What they wrote and the sessions they held stay theirs. ValidationError for what nobody takes over, or somebody who
    may not; handed over `later`, it stands among what is not handed over yet. Where the hand-over is agreed on for a
    day to come, the day before is the last of their access, and the night between carries it out.
    """
    stored = locked_person(practitioner)
    if not stored.is_active:
        return 0
    refuse_last_admin(stored)
    if to is not None and not to.later and to.on > today_in(by.organisation):
        return _plan_end(stored, to, by)
    handed_over = _hand_over(stored, to, by)
    stored.is_active = False
    stored.save(update_fields=["is_active"])
    revoke_invitations(practitioner=stored)
    revoke_tokens_of(practitioner=stored, by=by)
    return handed_over


@transaction.atomic
def hand_over_rest(*, practitioner: Practitioner, to: HandOver | None, by: Practitioner) -> int:
    """Hand over what still hangs on somebody whose access has ended; returns how many clients.

    ValidationError as `deactivate_practitioner`, and for somebody who works here.
    """
    stored = locked_person(practitioner)
    if stored.is_active and not stored.access_is_over(today_in(by.organisation)):
        raise ValidationError(_("%(name)s works here.") % {"name": stored.name})
    return _hand_over(stored, to, by)


def may_take_over(candidate: Practitioner, leaving: Practitioner) -> bool:
    """Whether a colleague can be the contact person of the clients of somebody who leaves."""
    return candidate.can_be_contact and candidate.pk != leaving.pk


def _plan_end(stored: Practitioner, to: HandOver, by: Practitioner) -> int:
    to = _fit(stored, to)
    last = to.on - timedelta(days=1)
    refuse_end(stored, by, {"role": stored.role, "access_from": stored.access_from, "access_until": last})
    stored.access_until = last
    stored.full_clean()
    stored.save(update_fields=["access_until"])
    return plan_hand_over(from_=stored, to=to, by=by)


def _fit(stored: Practitioner, to: HandOver | None) -> HandOver:
    takers = [*to.takers.values(), *to.teams.values()] if to is not None else []
    if to is None or not all(may_take_over(taker, stored) for taker in takers):
        raise ValidationError({"successor": _("Choose who takes over the clients.")})
    return to


def _hand_over(stored: Practitioner, to: HandOver | None, by: Practitioner) -> int:
    if not work_of(stored).any:
        if lent_clients_of(stored):  # with colleagues during a leave: there they stay
            hand_over_all(from_=stored, to=HandOver({}, today_in(by.organisation), later=True), by=by)
        return 0
    return hand_over_all(from_=stored, to=_fit(stored, to), by=by)
