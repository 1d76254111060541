"""Forms of passkeys: the library's, with our words, and nothing that a forged answer can break."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms

# Internal to allauth: a handed-over device asks for a key outside the log-in, and always for finger, face or PIN.
from allauth.mfa.webauthn.internal import auth
from django import forms as django_forms
from django.utils.translation import gettext_lazy as _
from fido2.webauthn import UserVerificationRequirement

from organisations.models import User


@contextmanager
def refused_if_malformed() -> Iterator[None]:
    """What no browser sends falls apart somewhere in the library: refused like a wrong key, never a 500."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError, IndexError, RecursionError) as error:
        raise get_adapter().validation_error("incorrect_code") from error


def question_for(user: User) -> dict[str, Any]:
    """What one of `user`'s own keys must sign, remembered in the session.

    The device has to ask for a finger, a face or its own PIN: it lies in somebody else's hands.
    """
    question, state = auth.get_server().authenticate_begin(
        credentials=auth.get_credentials(user), user_verification=UserVerificationRequirement.REQUIRED
    )
    auth.set_state(state)
    return dict(question)


class Credential(django_forms.JSONField):
    """A device's answer, as JSON in a hidden field."""

    widget = django_forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        with refused_if_malformed():
            return super().to_python(value)


class Checked:
    """For a form that takes a passkey's answer."""

    def clean_credential(self) -> Any:
        with refused_if_malformed():
            return super().clean_credential()  # type: ignore[misc]


class AuthenticatePasskeyForm(Checked, forms.AuthenticateWebAuthnForm):
    """At the log-in, after the password."""

    credential = Credential()


class ReauthenticatePasskeyForm(Checked, forms.ReauthenticateWebAuthnForm):
    """Before a change."""

    credential = Credential()


class LogInPasskeyForm(Checked, forms.LoginWebAuthnForm):
    """Instead of address and password."""

    credential = Credential()


class UnlockPasskeyForm(django_forms.Form):
    """On a handed-over device: the answer of one of `user`'s own keys to the question that was put last.

    Wrong ones are counted by whoever asks; a question is answered once.
    """

    credential = Credential()

    def __init__(self, *args: Any, user: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_credential(self) -> Authenticator:
        try:
            with refused_if_malformed():
                auth.parse_authentication_response(self.cleaned_data["credential"])
                return auth.complete_authentication(self.user, self.cleaned_data["credential"])
        finally:
            auth.clear_state()


class AddPasskeyForm(forms.AddWebAuthnForm):
    """A new passkey and its name."""

    credential = Credential()
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
