"""What an administrator knows of a breach: when, and who, from where, or in which log-in."""

import ipaddress
from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from organisations.models import Practitioner
from organisations.services.local_day import today_in

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
WEEK = timedelta(days=7)


class BreachForm(forms.Form):
    since = forms.DateField(label=_("From"), widget=DAY)
    until = forms.DateField(label=_("To"), widget=DAY)
    person = forms.ModelChoiceField(Practitioner.objects.none(), label=_("Person"), required=False)
    address = forms.CharField(
        label=_("Address on the network"),
        required=False,
        max_length=45,
        help_text=_("As in 192.0.2.7 or 2001:db8::7. The log of your firewall names it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    log_in = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, by: Practitioner, **kwargs):
        today = today_in(by.organisation)
        kwargs["initial"] = {"since": today - WEEK, "until": today}
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = Practitioner.objects.visible_to(by).order_by("name")

    def clean_address(self) -> str:
        """As the access log writes it."""
        typed = self.cleaned_data["address"].strip()
        if not typed:
            return ""
        try:
            return str(ipaddress.ip_address(typed))
        except ValueError:
            raise ValidationError(_("This is no address on the network. Type it as in 192.0.2.7.")) from None

    def clean(self):
        given = super().clean()
        since, until = given.get("since"), given.get("until")
        if since and until and since > until:
            self.add_error("until", _("The last day lies before the first one."))
        if not self.errors and not any(given.get(name) for name in ("person", "address", "log_in")):
            self.add_error("person", _("Choose a person or type an address."))
        return given

    def in_words(self) -> str:
        """What was asked, as it is kept on record."""
        given = self.cleaned_data
        return " ".join(str(given[name]) for name in ("since", "until", "person", "address", "log_in") if given[name])
