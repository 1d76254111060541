"""The text of an evaluation of the action plan, and which of the client's words go along."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from organisations.edits.forms import VersionedForm
from organisations.edits.versions import values_of
from sessions_app.models import Note, PlanEvaluation
from sessions_app.services.plan_evaluations import WRITTEN

AREA = {"rows": 12, "autocomplete": "off", "dir": "auto"}


class PlanEvaluationForm(VersionedForm):
    """Of a stored evaluation. `words` are the client's that may be shared; without any none are asked for."""

    text = forms.CharField(
        label=_("Evaluation"),
        required=False,
        strip=False,
        max_length=PlanEvaluation._meta.get_field("text").max_length,
        widget=forms.Textarea(AREA),
        help_text=_("Your own words. What the client said is chosen below, so that it stays theirs."),
    )
    own_words = forms.MultipleChoiceField(
        label=_("The client's own words that go along"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, evaluation: PlanEvaluation, words: Sequence[Note], **kwargs: Any):
        stored = values_of(evaluation, WRITTEN)
        super().__init__(*args, **kwargs | {"initial": stored})
        if words:
            self.fields["own_words"].choices = [(str(note.pk), _said(note)) for note in words]
        else:
            del self.fields["own_words"]
        self.add_version(evaluation, stored)

    def clean_text(self) -> str:
        """Line ends as people see them; browsers send CRLF."""
        return self.cleaned_data["text"].replace("\r\n", "\n")

    def clean_own_words(self) -> list[str]:
        """With what a colleague chose and this person does not see: it is theirs to take away."""
        seen = {key for key, _label in self.fields["own_words"].choices}
        return [*self.cleaned_data["own_words"], *(key for key in self.stored["own_words"] if key not in seen)]


def _said(note: Note) -> str:
    return f"{date_format(note.session.held_on, 'MONTH_DAY_FORMAT')}: ”{note.text}”"
