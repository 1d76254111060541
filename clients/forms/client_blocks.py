"""Who sees a client alone, on whose wish and why; why it is lifted; and whether nobody may tell where they are."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import BlockWish, Client, refuse_national_id
from clients.services.client_blocks import people_to_name, place_shown, teams_to_name
from organisations.edits.forms import ServedForm
from organisations.models import Practitioner


class ClientBlockForm(ServedForm):
    """For whom a client stays open."""

    teams: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(
        queryset=None, label=_("Teams that still see the client"), required=False, widget=forms.CheckboxSelectMultiple
    )
    people: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(
        queryset=None, label=_("People who still see the client"), required=False, widget=forms.CheckboxSelectMultiple
    )
    wish = forms.ChoiceField(label=_("Whose wish is it?"), choices=BlockWish.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why"),
        max_length=400,
        validators=[refuse_national_id],
        widget=forms.Textarea({"rows": 2, "maxlength": 400}),
        help_text=_("Only those who still see the client read this."),
    )

    def __init__(self, *args: Any, client: Client, by: Practitioner, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["teams"].queryset = teams_to_name(client, by)
        self.fields["teams"].label_from_instance = lambda team: f"{team.name} · {place_shown(team.service, client, by)}"
        self.fields["people"].queryset = people_to_name(client)


class LiftBlockForm(ServedForm):
    """Why a block ends."""

    lift_reason = forms.CharField(
        label=_("Why it is lifted"),
        max_length=400,
        validators=[refuse_national_id],
        widget=forms.Textarea({"rows": 2, "maxlength": 400}),
    )
