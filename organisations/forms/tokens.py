"""Forms of the API's tokens."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from organisations.forms.confirmed import ConfirmedForm
from organisations.models import Practitioner, Team
from organisations.tokens.scopes import PROVISIONING, PROVISIONING_WORDS, choices, word_choices

LIFETIMES = [("30", _("A month")), ("90", _("Three months")), ("365", _("A year"))]


class TokenForm(ConfirmedForm):
    """A token of one's own, confirmed by the password: whoever finds an open screen cannot make one."""

    name = forms.CharField(
        label=_("What is it for?"), max_length=120, help_text=_("Such as: nightly copy to the record system.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"),
        choices=choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("As little as its work needs."),
    )
    words = forms.MultipleChoiceField(
        label=_("May it see the clients' own words?"),
        choices=word_choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_(
            "What clients have said or written themselves is the most private of all. Hardly any system needs it."
        ),
    )
    lifetime = forms.TypedChoiceField(
        label=_("How long does it work?"), choices=LIFETIMES, coerce=lambda days: timedelta(days=int(days))
    )

    def clean(self):
        cleaned = super().clean()
        cleaned["scopes"] = [*cleaned.get("scopes", ()), *cleaned.pop("words", ())]
        return cleaned


class SystemTokenForm(TokenForm):
    """A token of another system: one that has tokens already, or a new one with its teams."""

    system = forms.ModelChoiceField(
        Practitioner.objects.none(), label=_("Which system?"), required=False, empty_label=_("A new one")
    )
    teams: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(
        Team.objects.none(),
        label=_("Whose clients?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The teams of a new system. Later they are changed among the people, and confirmed anew."),
    )
    field_order = ["name", "system", "teams", "scopes", "words", "lifetime", "password"]

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, request=request, **kwargs)
        by = request.practitioner
        self.fields["scopes"].choices = [*choices(), (PROVISIONING, PROVISIONING_WORDS)]
        systems = Practitioner.objects.visible_to(by).filter(is_active=True, user=None, email="")
        self.fields["system"].queryset = systems.exclude(api_tokens=None).distinct().order_by("name")
        self.fields["teams"].queryset = (
            Team.objects.visible_to(by).select_related("service").order_by("service__name", "name")
        )
        self.fields["teams"].label_from_instance = lambda team: f"{team.name} · {team.service.name}"


class DecisionForm(ConfirmedForm):
    """Whether a system's token may read the teams that the page shows; confirmed by the password."""

    teams = forms.ModelMultipleChoiceField(Team.objects.none(), widget=forms.MultipleHiddenInput, required=False)
    agrees = forms.TypedChoiceField(
        label=_("What do you decide?"),
        choices=[("yes", _("It may")), ("no", _("It may not, and the token ends"))],
        widget=forms.RadioSelect,
        coerce=lambda answer: answer == "yes",
        empty_value=None,
    )

    def __init__(self, *args, teams, **kwargs):
        super().__init__(*args, **kwargs)
        # Those of the page, not those of the moment: a team that came in meanwhile is not confirmed unseen.
        self.fields["teams"].queryset = Team.objects.visible_to(self.request.practitioner)
        self.fields["teams"].initial = [team.pk for team in teams]

    def clean_teams(self):
        return [team.pk for team in self.cleaned_data["teams"]]
