"""A label of the organisation's list."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import ClientLabel
from organisations.edits.forms import VersionedForm


class LabelForm(VersionedForm, forms.ModelForm):
    class Meta:
        model = ClientLabel
        fields = ["name"]
        help_texts = {"name": _("One or two words that everybody knows, such as a project. No diagnosis, no name.")}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "off"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.add_version_of_row()
