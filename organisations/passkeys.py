"""Forms of passkeys: the library's, with our words, and nothing that a forged answer can break."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms
from django import forms as django_forms
from django.utils.translation import gettext_lazy as _


@contextmanager
def refused_if_malformed() -> Iterator[None]:
    """What no browser sends falls apart somewhere in the library: refused like a wrong key, never a 500."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
        raise get_adapter().validation_error("incorrect_code") from error


class Checked:
    """For a form that takes a passkey's answer."""

    def clean_credential(self) -> Any:
        with refused_if_malformed():
            return super().clean_credential()  # type: ignore[misc]


class AuthenticatePasskeyForm(Checked, forms.AuthenticateWebAuthnForm):
    """At the log-in, after the password."""


class ReauthenticatePasskeyForm(Checked, forms.ReauthenticateWebAuthnForm):
    """Before a change."""


class LogInPasskeyForm(Checked, forms.LoginWebAuthnForm):
    """Instead of address and password."""


class AddPasskeyForm(forms.AddWebAuthnForm):
    """A new passkey and its name."""

    name = django_forms.CharField(
        label=_("Name"), max_length=60, required=False, help_text=_("So that you know later which one it is.")
    )
    passwordless = django_forms.BooleanField(
        label=_("I also want to log in with it alone, without my password"),
        required=False,
        initial=True,
        help_text=_("The device then asks for your finger, your face or its own PIN each time."),
    )

    def clean(self) -> dict[str, Any]:
        with refused_if_malformed():
            return super().clean()
