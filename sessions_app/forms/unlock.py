"""Forms of sessions: starting, keying in, correcting, finishing, unlocking."""

from django import forms
from django.utils.translation import gettext_lazy as _


class UnlockForm(forms.Form):
    """The PIN or the password of whoever handed the device over."""

    secret = forms.CharField(strip=False, max_length=128)

    def __init__(self, *args, pin: bool, **kwargs):
        super().__init__(*args, **kwargs)
        attrs = {"autocomplete": "off", "autofocus": True}
        if pin:
            attrs |= {"inputmode": "numeric", "maxlength": 6}
        self.fields["secret"].label = _("PIN") if pin else _("Password")
        self.fields["secret"].widget = forms.PasswordInput(attrs=attrs)
