"""A person's own account: name, language, PIN."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from organisations.edits.versions import RowVersion, merge, write
from organisations.models import Practitioner, User

DIGITS = "0123456789"
PIN_LENGTH = 6


@transaction.atomic
def edit_account(
    *,
    name: str,
    language: str,
    digest_hour: int | None = None,
    by: Practitioner,
    user: User,
    version: RowVersion | None = None,
) -> None:
    """Change one's name and the hour of one's mail in this organisation, and one's language in all of them.

    No hour leaves it as it is. StoredMeanwhile by `version` as in `merge`.
    """
    person = Practitioner.objects.select_for_update(of=("self",)).get(pk=by.pk)
    account = User.objects.select_for_update().get(pk=user.pk)
    stored = {"name": person.name, "language": account.language, "digest_hour": person.digest_hour}
    hour = person.digest_hour if digest_hour is None else digest_hour
    fields = merge(version, stored, {"name": name, "language": language, "digest_hour": hour})
    write(person, {"name": fields["name"], "digest_hour": fields["digest_hour"]})
    write(account, {"language": fields["language"]}, exclude=["password"])


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
