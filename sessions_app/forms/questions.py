"""Forms of a team's questions: what is asked, of which team and about which case, and what is said to it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import Episode
from organisations.edits.forms import ServedForm
from organisations.models import Practitioner, Team

WORDS_NEEDED = {"required": _("Write a few words.")}


class TeamQuestionForm(ServedForm):
    """A question to one of one's teams; without a case it is about FIT in general."""

    text = forms.CharField(
        label=_("Your question"),
        max_length=1000,
        help_text=_("Your team reads it. Write no names."),
        widget=forms.Textarea({"rows": 5, "maxlength": 1000}),
        error_messages=WORDS_NEEDED,
    )
    episode: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None,
        label=_("Case"),
        required=False,
        empty_label=_("About FIT in general"),
        help_text=_("A question about a case is read only by those who may see the client."),
    )
    team: forms.ModelChoiceField = forms.ModelChoiceField(queryset=None, label=_("Team"), empty_label=None)

    def __init__(self, *args: Any, by: Practitioner, **kwargs: Any):
        super().__init__(*args, **kwargs)
        teams = Team.objects.visible_to(by).filter(memberships__practitioner=by.pk).order_by("name")
        here = Episode.objects.visible_to(by).counting().filter(client__teams__in=by.memberships.values("team"))
        field = self.fields["episode"]
        field.queryset = here.select_related("client__contact").distinct().order_by("client__sort_key", "pk")
        field.label_from_instance = _case_name
        self.fields["team"].queryset = teams
        self.own_teams = list(teams)
        if len(self.own_teams) == 1:
            self.fields["team"].widget = forms.HiddenInput()
            self.fields["team"].initial = self.own_teams[0].pk

    @property
    def offered(self) -> list:
        """The clients whose cases can be chosen."""
        return [episode.client_id for episode in self.fields["episode"].queryset]


class QuestionReplyForm(ServedForm):
    """What somebody says to a question."""

    text = forms.CharField(
        label=_("Your answer"),
        max_length=2000,
        widget=forms.Textarea({"rows": 4, "maxlength": 2000}),
        error_messages=WORDS_NEEDED,
    )


def _case_name(episode: Episode) -> str:
    """The reference, and whom to ask."""
    contact = episode.client.contact
    return f"{episode.client.reference} · {contact}" if contact else episode.client.reference
