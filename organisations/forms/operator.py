"""Forms of whoever runs the installation."""

from django import forms
from django.utils.translation import gettext_lazy as _

from organisations.edits.forms import ServedForm
from organisations.forms.confirmed import ConfirmedForm
from organisations.models import Country, MaintenanceNotice
from organisations.services.maintenance import check_times


class OrganisationForm(ServedForm):
    """A new organisation, and who is invited to run it."""

    name = forms.CharField(label=_("Name"), max_length=120)
    slug = forms.SlugField(
        label=_("Short name"), max_length=60, help_text=_("In lower case, such as solsikke. It never changes.")
    )
    country = forms.ChoiceField(label=_("Country"), choices=Country.choices)
    admin_email = forms.EmailField(
        label=_("E-mail of its first administrator"), help_text=_("Gets an invitation that works for seven days.")
    )


class DeletionForm(ConfirmedForm):
    """The name, typed letter by letter, and the operator's password."""

    name = forms.CharField(label=_("The organisation's name"), max_length=120, strip=False)


class NoticeForm(ServedForm, forms.ModelForm):
    """What is told to everybody, and when; in the time zone of the installation, as on the page."""

    class Meta:
        model = MaintenanceNotice
        fields = ["starts_at", "ends_at", "shown_from", "text_en", "text_da", "text_sv", "text_nb"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("starts_at", "ends_at", "shown_from"):
            widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
            self.fields[name] = forms.DateTimeField(
                label=self.fields[name].label, widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
            )
        for name in ("text_en", "text_da", "text_sv", "text_nb"):
            self.fields[name].widget = forms.Textarea(attrs={"rows": "2", "maxlength": "300"})

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if {"shown_from", "starts_at", "ends_at"} <= cleaned.keys():
            check_times(cleaned["shown_from"], cleaned["starts_at"], cleaned["ends_at"])
        return cleaned


class CertificateForm(ConfirmedForm):
    """To whose key the copy of the organisation is encrypted."""

    certificate = forms.CharField(
        label=_("Certificate (PEM)"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": "6", "autocomplete": "off", "spellcheck": "false"}),
    )
