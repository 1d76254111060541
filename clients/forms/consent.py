"""What a client agrees to, and the correction of a mistaken entry."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import Consent, ConsentManner, ConsentPurpose, ConsentSaidBy, ConsentState
from organisations.edits.forms import ServedForm
from organisations.models import Practitioner
from organisations.services.local_day import today_in

ANSWERS = [(ConsentState.GIVEN.value, _("Yes")), (ConsentState.WITHDRAWN.value, _("No"))]
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ConsentForm(ServedForm):
    """One answer of the client to one or more purposes: yes or no, since when, how, by whom, and who heard it."""

    purposes = forms.MultipleChoiceField(
        label=_("What about?"), choices=ConsentPurpose, widget=forms.CheckboxSelectMultiple
    )
    state = forms.ChoiceField(label=_("What does the client say?"), choices=ANSWERS, widget=forms.RadioSelect)
    said_on = forms.DateField(label=_("Since when"), widget=DATE)
    manner = forms.ChoiceField(label=_("How"), choices=ConsentManner)
    said_by = forms.ChoiceField(label=_("Who says it"), choices=ConsentSaidBy)
    guardian = forms.CharField(
        label=_("If it is a parent or guardian: who"),
        max_length=Consent._meta.get_field("guardian").max_length,
        required=False,
        help_text=_("For example mother."),
    )
    taken_by: forms.ModelChoiceField = forms.ModelChoiceField(queryset=None, label=_("Who heard it"), empty_label=None)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, by: Practitioner):
        initial = {"said_on": today_in(by.organisation), "taken_by": by, "manner": ConsentManner.SPOKEN}
        super().__init__(data, initial=initial, auto_id="consent-%s")
        self.fields["taken_by"].queryset = Practitioner.objects.visible_to(by).contacts().order_by("name")

    def show_beside(self, newest: datetime | None) -> None:
        """The page shows the client's answers as far as the one of this moment; sent, the form brings it along."""
        shown = newest.isoformat() if newest else ""
        self.initial["seen"] = shown
        if self.is_bound:
            sent = self.data.copy()
            sent["seen"] = shown
            self.data = sent

    def clean_seen(self) -> datetime | None:
        """A moment that cannot be read is none: the page showed nothing that anybody knows of."""
        with suppress(ValueError, OverflowError):
            moment = datetime.fromisoformat(self.cleaned_data["seen"])
            return moment if moment.tzinfo else None
        return None


class ConsentCorrectionForm(ServedForm):
    """Why an entry was a mistake."""

    reason = forms.CharField(
        label=_("What was wrong"),
        max_length=Consent._meta.get_field("reason").max_length,
        help_text=_("For example: the wrong client."),
    )
