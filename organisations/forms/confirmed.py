"""Forms of people, teams, invitations and one's own account."""

from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from organisations.edits.forms import ServedForm
from organisations.login import session_clock
from organisations.login.confirmation import factor_first, sign_on_first
from organisations.models import User

PASSWORD_NOW = forms.PasswordInput(attrs={"autocomplete": "current-password"})


class ConfirmedForm(ServedForm):
    """What only the password confirms; its field stands last, and the service never gets it."""

    password = forms.CharField(label=_("Your password"), strip=False, widget=PASSWORD_NOW)

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request
        self.fields["password"] = self.fields.pop("password")
        if not request.user.has_usable_password():
            del self.fields["password"]

    @property
    def sign_on_first(self) -> str:
        """Where somebody without a password confirms; "" where nothing is to do."""
        return sign_on_first(self.request)

    def clean_password(self):
        check_password(self.request, self.request.user, self.cleaned_data["password"])
        return self.cleaned_data["password"]

    def clean(self):
        cleaned = super().clean()
        cleaned.pop("password", None)
        if not self.request.user.has_usable_password() and not session_clock.signed_on_lately(self.request):
            raise ValidationError(now("Confirm first that it is you: log in anew with your organisation."))
        return cleaned


class FactorConfirmedForm(ConfirmedForm):
    """What the password confirms, and the second factor of whoever has one, shown anew."""

    @property
    def factor_first(self) -> str:
        """Where somebody shows the second factor anew; "" where nothing is to do."""
        return factor_first(self.request)

    def clean(self):
        cleaned = super().clean()
        if self.factor_first:
            raise ValidationError(now("Show your second factor first, then send this once more."))
        return cleaned


def check_password(request, user: User | None, password: str) -> None:
    """ValidationError unless it is the user's password; counts wrong ones as the log-in page does."""
    found = user and get_adapter().authenticate(request, email=user.email, password=password)
    if not found or found != user:
        raise ValidationError(now("That is not the password."))
