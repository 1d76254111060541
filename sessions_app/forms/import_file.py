"""Forms of the import page."""

from django import forms
from django.utils.translation import gettext_lazy as _


class UploadForm(forms.Form):
    """A file of past sessions."""

    file = forms.FileField(
        label=_("File"),
        max_length=200,
        help_text=_("A CSV file of at most 10 MB and 50,000 lines. It is checked first; nothing is imported yet."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
        error_messages={"empty": _("The file is empty.")},
    )


class ConfirmForm(forms.Form):
    """Whether refused lines stop the others."""

    all_or_nothing = forms.BooleanField(label=_("Import nothing as long as a line is refused"), required=False)
