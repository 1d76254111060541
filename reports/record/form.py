"""What goes in, as a form in the address: looking at it changes nothing."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import Episode
from reports.record.choices import FIRST, OFFERED, PART_NAMES, RecordChoice
from sessions_app.models import RecordFileKind

MOST_LEFT_OUT = 40


class RecordForm(forms.Form):
    """The kind, the period, the parts. `choice` is what was chosen, or what the kind begins with."""

    since = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=gettext_lazy("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    parts = forms.MultipleChoiceField(
        label=gettext_lazy("What goes in"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any, *, episode: Episode):
        self.kind = data.get("kind") if data.get("kind") in OFFERED else RecordFileKind.RECORD
        self.left_out = frozenset(data.getlist("without")[:MOST_LEFT_OUT])
        # Without a period in the address nobody has chosen yet.
        super().__init__(data if "since" in data else None, initial={"parts": list(FIRST[self.kind])})
        self.episode = episode
        self.fields["parts"].choices = [(part, PART_NAMES[part]) for part in OFFERED[self.kind]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day cannot lie before the first."))
        return cleaned

    def period(self) -> list[forms.BoundField]:
        """The two fields of the period."""
        return [self["since"], self["until"]]

    @property
    def choice(self) -> RecordChoice:
        """What was chosen, as far as it can be read."""
        chosen = self.cleaned_data if self.is_bound and self.is_valid() else {}
        parts = frozenset(chosen.get("parts", FIRST[self.kind] if not self.is_bound else ()))
        return RecordChoice(self.kind, parts, chosen.get("since"), chosen.get("until"), self.left_out)
