"""What is thought of look-ups."""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from organisations.edits.forms import VersionedForm
from organisations.edits.last_change import LastChange, last_change
from sessions_app.models import AccessAlarm, AccessSample, ReviewVerdict, SampledAccess
from sessions_app.services.access_samples import verdicts_of


class AlarmForm(VersionedForm, forms.ModelForm):
    """What came of an alarm."""

    note = forms.CharField(label=_("What came of it"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))

    class Meta:
        model = AccessAlarm
        fields = ["note"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.add_version_of_row()


class SampleForm(VersionedForm):
    """A verdict and a note for each row of a sample."""

    def __init__(self, *args: Any, sample: AccessSample, rows: list[SampledAccess], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            self.fields[f"verdict-{row.pk}"] = forms.ChoiceField(
                label=_("What you think of it"),
                choices=[("", _("Not looked at yet")), *ReviewVerdict.choices],
                required=False,
                initial=row.verdict,
            )
            self.fields[f"note-{row.pk}"] = forms.CharField(
                label=_("Your note"), required=False, max_length=400, initial=row.note
            )
        self.add_version(sample, verdicts_of(rows), together=[(f"verdict-{row.pk}", f"note-{row.pk}") for row in rows])

    def fields_of(self, row: SampledAccess) -> list[tuple[BoundField, str]]:
        """The two fields of a row, each with when it is needed: a half-judged sample can be kept, but not signed."""
        return [
            (self[f"verdict-{row.pk}"], str(_("needed before you sign"))),
            (self[f"note-{row.pk}"], str(_("needed where you ask"))),
        ]

    def _row(self, name: str) -> SampledAccess:
        return next(row for row in self.rows if name.endswith(str(row.pk)))

    def label_of(self, name: str) -> str:
        event = self._row(name).event
        moment = date_format(localtime(event.at), "SHORT_DATETIME_FORMAT")
        return f"{self.fields[name].label} ({event.practitioner}, {moment})"

    def last_change(self, name: str) -> LastChange | None:
        return last_change(self._row(name), name.partition("-")[0])
