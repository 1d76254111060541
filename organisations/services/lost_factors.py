"""Somebody has lost phone, key and recovery codes: an administrator takes the second factor away."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from organisations.audit import account_events
from organisations.jobs.outbox import ask_for
from organisations.login import session_clock
from organisations.login.second_factor import has_second_factor, remove_all
from organisations.models import Practitioner, User

TELL = "organisations.tasks.tell_of_reset"


def refuse_reset(practitioner: Practitioner, by: Practitioner) -> None:
    """ValidationError, with the reason, where an administrator may not take a person's second factor away."""
    user = practitioner.user
    if practitioner.pk == by.pk:
        raise ValidationError(_("Your own second factor stands on your account page."))
    if user is None or not has_second_factor(user):
        raise ValidationError(_("%(name)s has no second factor.") % {"name": practitioner.name})
    if any(place.organisation_id != by.organisation_id for place in account_events.places_of(user)):
        # It guards the clients of another organisation too, and that one has not been asked.
        raise ValidationError(
            _(
                "%(name)s also works in another organisation, so nobody can do this for one of them alone. Ask whoever "
                "runs Medspil: they have the command remove_second_factors."
            )
            % {"name": practitioner.name}
        )


@transaction.atomic
def reset_second_factors(*, practitioner: Practitioner, by: Practitioner) -> None:
    """Forget every factor of a person, log them out everywhere, write it down, and tell them by mail."""
    refuse_reset(practitioner, by)
    user = User.objects.select_for_update().get(practitioners=practitioner)
    remove_all(user)
    session_clock.end_sessions(user)
    account_events.record(user, account_events.FACTOR_REMOVED, purpose="by an administrator")
    account_events.record_of(by, account_events.FACTORS_RESET, purpose=str(practitioner.pk))
    ask_for(TELL, organisation_id=practitioner.organisation_id, object_id=practitioner.pk)
