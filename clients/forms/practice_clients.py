"""Which team looks over the shoulder at a practice client."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import Client
from clients.services.practice_clients import teams_to_show
from organisations.edits.forms import ServedForm
from organisations.models import Practitioner


class ShowPracticeForm(ServedForm):
    """One more team that sees a practice client."""

    team: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label=_("Team"), empty_label=_("Choose a team")
    )

    def __init__(self, *args: Any, client: Client, by: Practitioner, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams_to_show(client, by)
        self.fields["team"].label_from_instance = lambda team: f"{team.name} · {team.service}"
