"""The form of the page where many are invited."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

LARGEST = 1024 * 1024  # bytes


class PeopleFileForm(forms.Form):
    """A file of people."""

    file = forms.FileField(
        label=lazy("File"),
        max_length=200,
        help_text=lazy(
            "A CSV file or a spreadsheet (.xlsx) of at most 1 MB. You see its lines before anybody is invited."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx,text/csv"}),
        error_messages={"empty": lazy("The file is empty.")},
    )

    def clean_file(self):
        """Refuse what is too large."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(_("The file is larger than %(megabytes)d MB: divide it.") % {"megabytes": 1})
        return file
