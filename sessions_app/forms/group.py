"""Forms of group meetings."""

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from clients.forms import ClientSearchForm
from clients.models import Client, refuse_national_id
from organisations.models import Practitioner
from sessions_app.models import ContactForm
from sessions_app.services.group_codes import DIGITS


def _own_clients(by: Practitioner):
    return Client.objects.visible_to(by).current().alphabetical()


def _label(client: Client) -> str:
    if not client.first_name:
        return client.reference
    return format_html("<span><bdi>{}</bdi> (<bdi>{}</bdi>)</span>", client, client.reference)


class MeetingForm(ClientSearchForm):
    """A group that meets today."""

    chooses = "clients"

    name = forms.CharField(
        label=_("Name of the group"),
        max_length=60,
        validators=[refuse_national_id],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    contact_form = forms.ChoiceField(
        label=_("Form of contact"), choices=ContactForm, widget=forms.RadioSelect, initial=ContactForm.IN_PERSON
    )
    clients: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(
        queryset=None,
        label=_("Who takes part"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose who takes part.")},
    )

    def __init__(self, *args, by: Practitioner, **kwargs):
        super().__init__(*args, by=by, **kwargs)
        field, own = self.fields["clients"], _own_clients(by)
        field.queryset = own
        self.offer(own, chosen=self.data.getlist("clients") if self.is_bound else self.initial.get("clients", ()))
        field.choices = [(client.pk, _label(client)) for client in self.offered]


class JoinForm(ClientSearchForm):
    """One more participant."""

    chooses = "client"

    client: forms.ModelChoiceField = forms.ModelChoiceField(queryset=None, label=_("Client"))

    def __init__(self, *args, by: Practitioner, here, **kwargs):
        super().__init__(*args, by=by, **kwargs)
        field, others = self.fields["client"], _own_clients(by).exclude(pk__in=here)
        field.queryset = others
        self.offer(others, chosen=[self.data.get("client", "")])
        field.choices = [("", field.empty_label), *((client.pk, _label(client)) for client in self.offered)]


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
