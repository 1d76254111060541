"""Whom somebody opens in an emergency, and why."""

from django import forms
from django.core.validators import MinLengthValidator
from django.utils.translation import gettext_lazy as _

from clients.models import refuse_national_id
from organisations.forms.confirmed import FactorConfirmedForm
from sessions_app.models import EmergencyReason

TOO_SHORT = _("Write a little more, so that others understand it afterwards.")


class EmergencyOpeningForm(FactorConfirmedForm):
    """The whole reference, a reason, own words, the password, and a second factor where there is one."""

    reference = forms.CharField(
        label=_("Reference"),
        max_length=60,
        validators=[refuse_national_id],
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("The whole reference. Nothing is suggested."),
    )
    reason = forms.ChoiceField(label=_("Reason"), choices=EmergencyReason.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("What has happened"),
        max_length=400,
        validators=[MinLengthValidator(10, TOO_SHORT), refuse_national_id],
        widget=forms.Textarea({"rows": 3, "maxlength": 400}),
        help_text=_("The lead reads it, and the client can read it."),
    )
