"""Six digits of an authenticator app: each code counts once, whatever becomes of the cache."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms
from allauth.mfa.models import Authenticator

# Internal to allauth: which counter a code belongs to; the public way only says whether it is right.
from allauth.mfa.totp.internal import auth
from django.db import transaction
from django.utils.translation import gettext_lazy as _

LAST = "last_counter"


@transaction.atomic
def use_up(authenticator: Authenticator, code: str) -> bool:
    """Whether a right code is newer than the last that was used; it is then the last.

    A code counts for a minute and a half, and the library remembers a used one for half a minute only.
    """
    stored = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    secret = get_adapter().decrypt(stored.data["secret"])
    right = [
        counter
        for counter in auth.yield_hotp_counters_from_time()
        if auth.format_hotp_value(auth.hotp_value(secret, counter)) == auth.normalize_user_code(code)
    ]
    if not right or max(right) <= stored.data.get(LAST, -1):
        return False
    stored.data[LAST] = max(right)
    stored.save(update_fields=["data"])
    return True


class OnceOnly:
    """For a form that asks for a code."""

    fields: dict[str, Any]
    authenticator: Authenticator

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code")
        # Not inputmode="numeric": a recovery code may be pasted with spaces.
        self.fields["code"].widget.attrs = {"autocomplete": "one-time-code", "class": "short", "autofocus": True}

    def clean_code(self) -> str:
        code = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP and not use_up(self.authenticator, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(OnceOnly, forms.AuthenticateForm):
    """At the log-in."""


class ReauthenticateForm(OnceOnly, forms.ReauthenticateForm):
    """Before a change, and where an organisation asks for it later."""
