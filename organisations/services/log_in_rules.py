"""What an organisation asks of everybody's log-in."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from organisations.audit import account_events
from organisations.edits.versions import RowVersion, merge
from organisations.login.second_factor import users_with_second_factor
from organisations.models import Organisation, Practitioner


@transaction.atomic
def set_rules(
    *, requires_second_factor: bool, by: Practitioner, used_second_factor: bool, version: RowVersion | None = None
) -> None:
    """Set whether a second factor is required; ValidationError for an admin who logged in without one.

    StoredMeanwhile by `version` as in `merge`.
    """
    organisation = Organisation.objects.select_for_update().get(pk=by.organisation_id)
    stored = {"requires_second_factor": organisation.requires_second_factor}
    requires_second_factor = merge(version, stored, {"requires_second_factor": requires_second_factor})[
        "requires_second_factor"
    ]
    if requires_second_factor and not used_second_factor:
        raise ValidationError(
            {"requires_second_factor": _("Set up a second factor for yourself first, or log in with the one you have.")}
        )
    if organisation.requires_second_factor == requires_second_factor:
        return
    organisation.requires_second_factor = requires_second_factor
    organisation.save(update_fields=["requires_second_factor"])
    rule = "second factor required" if requires_second_factor else "second factor not required"
    account_events.record_of(by, account_events.RULE_CHANGED, purpose=rule)


def who_has_no_second_factor(by: Practitioner) -> tuple[list[Practitioner], int]:
    """Return who logs in here without a second factor, by name, and how many log in here. Two queries."""
    people = list(Practitioner.objects.visible_to(by).filter(is_active=True, user__isnull=False).order_by("name"))
    secured = users_with_second_factor([person.user_id for person in people])
    return [person for person in people if person.user_id not in secured], len(people)
