"""What an organisation asks of everybody's log-in."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from organisations.audit import account_events
from organisations.edits.versions import RowVersion, merge
from organisations.login.second_factor import has_second_factor, users_with_second_factor
from organisations.models import Organisation, Practitioner, SignOn
from organisations.roles import Role


@transaction.atomic
def set_rules(
    *,
    requires_second_factor: bool,
    by: Practitioner,
    used_second_factor: bool,
    signed_on: bool = False,
    version: RowVersion | None = None,
    **sign_on: Any,
) -> None:
    """Set whether a second factor is required; ValidationError for an admin who logged in without one.

    `sign_on` holds `requires_sign_on` and `emergency_admin` where the organisation's own log-in is on.

    StoredMeanwhile by `version` as in `merge`.
    """
    organisation = Organisation.objects.select_for_update().get(pk=by.organisation_id)
    stored = rules_of(organisation)
    fields = merge(version, stored, {"requires_second_factor": requires_second_factor, **sign_on})
    requires_second_factor = fields["requires_second_factor"]
    if organisation.sign_on != SignOn.OFF and "requires_sign_on" in fields:
        _set_sign_on(organisation, fields["requires_sign_on"], fields["emergency_admin"], by, signed_on=signed_on)
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


def rules_of(organisation: Organisation) -> dict[str, Any]:
    """The rules as the form shows them; those of the organisation's own log-in only while it is on."""
    rules: dict[str, Any] = {"requires_second_factor": organisation.requires_second_factor}
    if organisation.sign_on != SignOn.OFF:
        named = Practitioner.objects.filter(organisation=organisation, is_emergency_admin=True)
        rules |= {
            "requires_sign_on": organisation.sign_on == SignOn.REQUIRED,
            "emergency_admin": named.first(),
        }
    return rules


def emergency_admins(by: Practitioner) -> QuerySet[Practitioner]:
    """Who may be named for the day on which the organisation's own log-in is away: administrators not tied to it."""
    people = Practitioner.objects.visible_to(by).filter(role=Role.ADMIN, is_active=True, user__is_active=True)
    return people.filter(user__signs_on_in=None).order_by("name")


def _set_sign_on(
    organisation: Organisation, required: bool, emergency: Practitioner | None, by: Practitioner, *, signed_on: bool
) -> None:
    if required:
        _refuse_lock_out(emergency, by, signed_on=signed_on)
    now = SignOn.REQUIRED if required else SignOn.OFFERED
    people = Practitioner.objects.filter(organisation=organisation)
    people.filter(is_emergency_admin=True).exclude(pk__in=[emergency.pk] if emergency else []).update(
        is_emergency_admin=False
    )
    if emergency is not None:
        people.filter(pk=emergency.pk).update(is_emergency_admin=True)
    if organisation.sign_on != now:
        organisation.sign_on = now
        organisation.save(update_fields=["sign_on"])
        account_events.record_of(by, account_events.PROVIDER_CHANGED, purpose=f"sign-on {now.value}")


def _refuse_lock_out(emergency: Practitioner | None, by: Practitioner, *, signed_on: bool) -> None:
    """ValidationError where nobody could come in, or the administrator who asks for it could not."""
    if emergency is None:
        raise ValidationError(
            {"emergency_admin": _("Name somebody who still logs in by password: the day it is away, nobody else can.")}
        )
    if emergency.user is None or not has_second_factor(emergency.user):
        raise ValidationError(
            {"emergency_admin": _("%(name)s needs a second factor first.") % {"name": emergency.name}}
        )
    if not signed_on and emergency.pk != by.pk:
        raise ValidationError(
            {"requires_sign_on": _("Log in with your organisation yourself first: else you would lock yourself out.")}
        )


def who_has_no_second_factor(by: Practitioner) -> tuple[list[Practitioner], int]:
    """Return who logs in here without a second factor, by name, and how many log in here. Two queries."""
    people = list(Practitioner.objects.visible_to(by).filter(is_active=True, user__isnull=False).order_by("name"))
    secured = users_with_second_factor([person.user_id for person in people])
    return [person for person in people if person.user_id not in secured], len(people)
