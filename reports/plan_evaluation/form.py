"""Which period is evaluated, as a form in the address: one of the usual ones, or from one day to another."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import Episode
from reports.plan_evaluation.period import DAYS, Period, last_day, period_of
from sessions_app.models import Goal


def _day(label) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class PeriodForm(forms.Form):
    """The two days count where `period` is DAYS; `chosen` is the period either way."""

    since = _day(gettext_lazy("From"))
    until = _day(gettext_lazy("To"))

    def __init__(self, data: Mapping[str, Any], *, episode: Episode, goals: Sequence[Goal], today: datetime.date):
        self.usual = period_of(data.get("period", ""), episode, goals, today)
        self.episode, self.last = episode, last_day(episode, today)
        shown = {"since": self.usual.since, "until": self.usual.until}
        super().__init__(data if data.get("period") == DAYS else None, initial=shown)

    def clean_since(self) -> datetime.date:
        since = self.cleaned_data["since"]
        if since < self.episode.started_on:
            day = date_format(self.episode.started_on, "DATE_FORMAT")
            raise forms.ValidationError(_("The episode began on %(day)s.") % {"day": day})
        return since

    def clean_until(self) -> datetime.date:
        until = self.cleaned_data["until"]
        if until > self.last:
            day = date_format(self.last, "DATE_FORMAT")
            raise forms.ValidationError(_("The last day can be %(day)s.") % {"day": day})
        return until

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day cannot lie before the first."))
        return cleaned

    @property
    def chosen(self) -> Period:
        """The days that were asked for; where they cannot be, the usual period."""
        if self.is_bound and self.is_valid():
            return Period(DAYS, self.cleaned_data["since"], self.cleaned_data["until"])
        return self.usual
