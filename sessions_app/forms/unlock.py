"""Forms of sessions: starting, keying in, correcting, finishing, unlocking."""

from django import forms
from django.utils.translation import gettext_lazy as _

from organisations.services.account import PIN_LENGTH


class UnlockForm(forms.Form):
    """The PIN or the password of whoever handed the device over."""

    secret = forms.CharField(strip=False, max_length=128)

    def __init__(self, *args, pin: bool, focused: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        attrs: dict[str, object] = {"autocomplete": "off", "autofocus": focused}
        if pin:
            attrs |= {"inputmode": "numeric", "maxlength": 2 * PIN_LENGTH, "data-pin": True}
        self.fields["secret"].label = _("PIN") if pin else _("Password")
        self.fields["secret"].widget = forms.PasswordInput(attrs=attrs)
