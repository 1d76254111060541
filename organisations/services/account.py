"""A person's own account: name, language, PIN."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from organisations.edits.versions import RowVersion, merge, values_of, write
from organisations.models import Practitioner, User
from organisations.services.local_day import today_in

OWN = ("digest_hour", "away_until")
"""What somebody chooses for themselves in one organisation."""
DIGITS = "0123456789"
PIN_LENGTH = 6


@transaction.atomic
def edit_account(
    *,
    name: str,
    language: str,
    by: Practitioner,
    user: User,
    version: RowVersion | None = None,
    **own: Any,
) -> None:
    """Change one's name, one's own choices (OWN) in this organisation, and one's language in all of them.

    What is not given stays as it is. ValidationError for a day that has passed; StoredMeanwhile as in `merge`.
    """
    person = Practitioner.objects.select_for_update(of=("self",)).get(pk=by.pk)
    account = User.objects.select_for_update().get(pk=user.pk)
    stored = {"name": person.name, "language": account.language, **values_of(person, OWN)}
    given = {key: value for key, value in own.items() if key in OWN}
    fields = merge(version, stored, {"name": name, "language": language, **given})
    _refuse_passed(person, fields)
    write(account, {"language": fields.pop("language")}, exclude=["password"])
    write(person, fields)


def _refuse_passed(person: Practitioner, fields: Mapping[str, Any]) -> None:
    until = fields.get("away_until")
    if until is not None and until != person.away_until and until < today_in(person.organisation):
        raise ValidationError({"away_until": _("That day has passed.")})


@transaction.atomic
def change_pin(*, pin: str, by: User) -> None:
    """Set the PIN that unlocks a handed-over device; ValidationError for one that is easily guessed."""
    refuse_weak_pin(pin)
    by.set_pin(pin)
    by.save(update_fields=["pin_hash", "pin_failures"])


def refuse_weak_pin(pin: str) -> None:
    """Refuse what is not six digits, and what somebody would try first."""
    if len(pin) != PIN_LENGTH or not set(pin) <= set(DIGITS):
        raise ValidationError({"pin": _("A PIN has six digits.")})
    runs = DIGITS * 2
    repeated = any(pin == pin[:size] * (PIN_LENGTH // size) for size in (1, 2, 3))
    if repeated or pin in runs or pin in runs[::-1]:
        raise ValidationError({"pin": _("That PIN is easily guessed. Choose six digits without a pattern.")})
