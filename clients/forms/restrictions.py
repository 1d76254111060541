"""Use nothing of a client for now, use it again, and read it nevertheless."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisations.edits.forms import ServedForm
from organisations.models import Practitioner
from organisations.services.local_day import today_in

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
AREA = forms.Textarea(attrs={"rows": 3, "maxlength": 1000})
MOST_READING = 200  # characters that the access log keeps


class RestrictionForm(ServedForm):
    reason = forms.CharField(
        label=_("Why"),
        max_length=1000,
        widget=AREA,
        help_text=_("For example: the client says that something is wrong, and it is being looked into."),
    )


class RestrictionLiftForm(ServedForm):
    """When the client was told, and why the data are used again."""

    told_on = forms.DateField(label=_("The client was told on"), widget=DATE)
    lift_reason = forms.CharField(label=_("Why it is used again"), max_length=1000, widget=AREA)

    def __init__(self, data: Any = None, *, by: Practitioner):
        super().__init__(data, initial={"told_on": today_in(by.organisation)})


class RestrictedReadingForm(ServedForm):
    """Why somebody reads what is not used for now."""

    reason = forms.CharField(label=_("Why you need to read it"), max_length=MOST_READING)
