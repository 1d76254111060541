"""What is thought of look-ups."""

from typing import Any
from uuid import UUID

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from sessions_app.oversight.models import LookAlarm, SampledLook, Verdict


class AlarmForm(forms.ModelForm):
    """What came of an alarm."""

    note = forms.CharField(label=_("What came of it"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))

    class Meta:
        model = LookAlarm
        fields = ["note"]


class SampleForm(forms.Form):
    """A verdict and a note for each row of a sample."""

    def __init__(self, *args: Any, rows: list[SampledLook], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            self.fields[f"verdict-{row.pk}"] = forms.ChoiceField(
                label=_("What you think of it"),
                choices=[("", _("Not looked at yet")), *Verdict.choices],
                required=False,
                initial=row.verdict,
            )
            self.fields[f"note-{row.pk}"] = forms.CharField(
                label=_("Note"), required=False, max_length=400, initial=row.note
            )

    def fields_of(self, row: SampledLook) -> list[tuple[BoundField, str]]:
        """The two fields of a row, each with when it is needed: a half-judged sample can be kept, but not signed."""
        return [
            (self[f"verdict-{row.pk}"], str(_("needed before you sign"))),
            (self[f"note-{row.pk}"], str(_("needed where you ask"))),
        ]

    def verdicts(self) -> dict[UUID, dict[str, str]]:
        """What was chosen, by row."""
        return {
            row.pk: {"verdict": self.cleaned_data[f"verdict-{row.pk}"], "note": self.cleaned_data[f"note-{row.pk}"]}
            for row in self.rows
        }
