"""What a person wants a report of, and how often."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from organisations.models import Practitioner
from reports.results.rows import ORS, ResultRow
from reports.results.selection import FORM_NAMES, published_scopes_of
from sessions_app.models import ReportRhythm, ResultsSchedule


class ScheduleForm(forms.Form):
    """The choices are those of the results page; `is_gone` is whether what was chosen is not among them any more."""

    scope = forms.ChoiceField(label=_("Whose results"))
    form = forms.ChoiceField(label=_("Answered on"))
    rhythm = forms.ChoiceField(label=_("How often"), choices=ReportRhythm.choices)

    def __init__(
        self, data: Any, *, by: Practitioner, rows: Sequence[ResultRow], schedule: ResultsSchedule | None
    ) -> None:
        scopes = published_scopes_of(by, rows)
        known = {key for key, _name in scopes}
        self.is_gone = bool(schedule and schedule.next_on and schedule.scope not in known)
        kept = (schedule.scope, schedule.form, schedule.rhythm) if schedule and schedule.scope in known else None
        scope, form, rhythm = kept or (scopes[0][0] if scopes else "", ORS, ReportRhythm.NEVER)
        super().__init__(data, initial={"scope": scope, "form": form, "rhythm": rhythm})
        cast(forms.ChoiceField, self.fields["scope"]).choices = scopes
        cast(forms.ChoiceField, self.fields["form"]).choices = list(FORM_NAMES.items())
