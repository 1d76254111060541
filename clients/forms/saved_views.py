"""A name for filters of the list of clients."""

from django import forms
from django.utils.translation import gettext_lazy as _

from organisations.edits.forms import ServedForm
from organisations.models import straight


class SavedViewForm(ServedForm):
    name = forms.CharField(
        label=_("Name of the view"),
        max_length=40,
        help_text=_("Only you see it. It keeps what you chose, not what you searched for."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_name(self) -> str:
        if not (name := straight(self.cleaned_data["name"])):
            raise forms.ValidationError(_("Write a name."))
        return name
