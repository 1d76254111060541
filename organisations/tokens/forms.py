"""Forms of the API's tokens."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from organisations.forms import ConfirmedForm
from organisations.models import Practitioner, Team
from organisations.tokens.scopes import choices

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
    lifetime = forms.TypedChoiceField(
        label=_("How long does it work?"), choices=LIFETIMES, coerce=lambda days: timedelta(days=int(days))
    )


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
        help_text=_("The teams of a new system. Later they are changed among the people."),
    )
    field_order = ["name", "system", "teams", "scopes", "lifetime", "password"]

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, request=request, **kwargs)
        by = request.practitioner
        systems = Practitioner.objects.visible_to(by).filter(is_active=True, user=None, email="")
        self.fields["system"].queryset = systems.exclude(api_tokens=None).distinct().order_by("name")
        self.fields["teams"].queryset = (
            Team.objects.visible_to(by).select_related("service").order_by("service__name", "name")
        )
        self.fields["teams"].label_from_instance = lambda team: f"{team.name} · {team.service.name}"
