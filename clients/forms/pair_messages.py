"""What one contact person tells the other one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from organisations.edits.forms import ServedForm


class PairMessageForm(ServedForm):
    text = forms.CharField(
        label=_("Message"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 1000}),
        error_messages={"required": _("Write what the other one should know.")},
    )
