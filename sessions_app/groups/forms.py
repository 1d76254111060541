"""Forms of group meetings."""

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from clients.models import Client, refuse_national_id
from organisations.models import Practitioner
from sessions_app.groups.doors import DIGITS
from sessions_app.models import ContactForm


def _own_clients(by: Practitioner):
    return Client.objects.visible_to(by).current().alphabetical()


class ClientsField(forms.ModelMultipleChoiceField):
    """Clients by name and reference."""

    def label_from_instance(self, client):
        if not client.first_name:
            return client.reference
        return format_html("<span><bdi>{}</bdi> (<bdi>{}</bdi>)</span>", client, client.reference)


class MeetingForm(forms.Form):
    """A group that meets today."""

    name = forms.CharField(
        label=_("Name of the group"),
        max_length=60,
        validators=[refuse_national_id],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    contact_form = forms.ChoiceField(
        label=_("Form of contact"), choices=ContactForm, widget=forms.RadioSelect, initial=ContactForm.IN_PERSON
    )
    clients = ClientsField(
        queryset=None,
        label=_("Who takes part"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose who takes part.")},
    )

    def __init__(self, *args, by: Practitioner, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["clients"].queryset = _own_clients(by)


class JoinForm(forms.Form):
    """One more participant."""

    client: forms.ModelChoiceField = forms.ModelChoiceField(queryset=None, label=_("Client"))

    def __init__(self, *args, by: Practitioner, here, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["client"].queryset = _own_clients(by).exclude(pk__in=here)


class NumberForm(forms.Form):
    """A participant's number, by whoever has the group's code."""

    number = forms.CharField(
        label=_("Your number"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "number-field"}),
    )

    def clean_number(self):
        # In whatever digits the keyboard writes, with spaces or without.
        digits = "".join(str(int(sign)) for sign in self.cleaned_data["number"] if sign.isdecimal())
        if len(digits) != DIGITS:
            raise forms.ValidationError(_("The number has %(digits)s digits."), params={"digits": DIGITS})
        return digits
