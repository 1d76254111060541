"""The form that opens a case to a consultant from outside."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from clients.models import Episode
from organisations.edits.forms import ServedForm
from organisations.models import Practitioner
from organisations.services.local_day import today_in
from sessions_app.services.opened_cases import consultants_of

USUAL = timedelta(days=14)


class OpenCaseForm(ServedForm):
    """To whom, until when, and what one wants to ask."""

    consultant: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label=_("Consultant"), empty_label=_("Choose")
    )
    until = forms.DateField(
        label=_("Until"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The last day. You can close the case any time before."),
    )
    question = forms.CharField(
        label=_("Your question"),
        max_length=1000,
        required=False,
        help_text=_("The consultant and your team read it. Write no names."),
        widget=forms.Textarea({"rows": 4, "maxlength": 1000}),
    )

    def __init__(self, *args: Any, episode: Episode, by: Practitioner, **kwargs: Any):
        super().__init__(*args, **kwargs)
        today, people = today_in(by.organisation), consultants_of(by)
        self.fields["consultant"].queryset = people
        self.fields["consultant"].label_from_instance = _name_and_end
        self.consultants: list[Practitioner] = list(people)
        last = max((one.access_until or today for one in self.consultants), default=today)
        self.fields["until"].widget.attrs |= {"min": today.isoformat(), "max": last.isoformat()}
        if len(self.consultants) == 1:
            self.fields["consultant"].initial = self.consultants[0].pk
            self.fields["until"].initial = min(last, today + USUAL)


def _name_and_end(consultant: Practitioner) -> str:
    """The name, and until when a case can be open to them at most."""
    day = date_format(consultant.access_until, "DATE_FORMAT") if consultant.access_until else ""
    return f"{consultant.name} · {day}"
