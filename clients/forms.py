"""Forms of clients and episodes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.form_languages import languages_of
from clients.models import Client, Ending, Episode, Rater
from clients.relations import Relation
from clients.services.clients import agreed_with, own_teams
from clients.services.episodes import ENDING
from organisations.edits.forms import ServedForm, VersionedForm
from organisations.edits.versions import values_of
from organisations.models import Practitioner, Service

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _languages_for(client: Client, by: Practitioner) -> list[tuple[str, str]]:
    """What there are words in; the client's own also when its licence has ended meanwhile."""
    offered = languages_of(by.organisation_id)
    if client.form_language and client.form_language not in dict(offered):
        offered.append((client.form_language, client.form_language_name))
    return offered


class ClientForm(VersionedForm, forms.ModelForm):
    """All that is agreed with a client. `by` decides which teams can be chosen."""

    together = (("next_on", "next_at"), ("contact", "second_contact"))

    class Meta:
        model = Client
        fields = [
            "reference",
            "first_name",
            "birth_year",
            "form_language",
            "teams",
            "contact",
            "second_contact",
            "ors_rhythm",
            "srs_rhythm",
            "who5_weeks",
            "next_on",
            "next_at",
            "is_practice",
        ]
        widgets = {
            "teams": forms.CheckboxSelectMultiple,
            "next_on": DATE,
            "next_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "reference": forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            "first_name": forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            "birth_year": forms.NumberInput(attrs={"inputmode": "numeric"}),
        }
        help_texts = {
            "reference": _("Your own reference, such as N-014. Never a national identity number."),
            "birth_year": _("Decides which form and which limits fit. Empty counts as an adult."),
            "who5_weeks": _("Well-being over two weeks, now and then beside the ORS."),
            "ors_rhythm": _("How often the client marks how things are."),
            "srs_rhythm": _("How often the client marks how the meeting was."),
            "is_practice": _("For practising: never counted, never an alert."),
        }

    def __init__(self, *args, by: Practitioner, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.organisation = by.organisation
        teams = own_teams(by)
        self.fields["teams"].queryset = teams
        self.fields["teams"].error_messages["required"] = _("Choose at least one team.")
        self.fields["teams"].required = True
        colleagues = Practitioner.objects.visible_to(by).filter(is_active=True).order_by("name")
        for name in ("contact", "second_contact"):
            self.fields[name].queryset = colleagues
            self.fields[name].empty_label = _("Nobody yet")
        self.fields["form_language"] = forms.ChoiceField(
            label=self.fields["form_language"].label, choices=_languages_for(self.instance, by)
        )
        usual = ("", _("As your organisation does it"))
        self.fields["who5_weeks"].choices = [usual, *Client._meta.get_field("who5_weeks").flatchoices]
        if not by.organisation.uses_first_names:
            del self.fields["first_name"]
        if self.instance._state.adding:
            self.initial.setdefault("form_language", by.organisation.language)
            if len(teams) == 1:
                self.initial.setdefault("teams", list(teams))
        else:
            self.add_version(self.instance, agreed_with(self.instance, teams, self._meta.fields or ()))


class TeamsForm(VersionedForm):
    """A client's teams, for admins."""

    teams: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(
        queryset=None, widget=forms.CheckboxSelectMultiple, label=_("Teams"), required=False
    )

    def __init__(self, *args, by: Practitioner, client: Client, **kwargs):
        teams = own_teams(by)
        stored = agreed_with(client, teams, ["teams"])
        super().__init__(*args, **kwargs | {"initial": stored})
        self.fields["teams"].queryset = teams
        self.add_version(client, stored)


class RaterForm(ServedForm, forms.ModelForm):
    """One more person who rates a client."""

    class Meta:
        model = Rater
        fields = ["relation", "label"]
        widgets = {"label": forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})}

    def __init__(self, *args, client: Client, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.organisation_id, self.instance.client = client.organisation_id, client
        self.fields["relation"] = forms.ChoiceField(
            label=self.fields["relation"].label,
            choices=Relation,
            widget=forms.RadioSelect,
            error_messages={"required": _("Choose who rates.")},
        )


class RaterLabelForm(VersionedForm, forms.ModelForm):
    """What a rater is called; empty is the relation."""

    class Meta:
        model = Rater
        fields = ["label"]
        widgets = {"label": forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.add_version_of_row()


class EpisodeForm(ServedForm, forms.ModelForm):
    """A new episode."""

    class Meta:
        model = Episode
        fields = ["service", "started_on", "label"]
        widgets = {"started_on": DATE}
        help_texts = {"label": _("Only if you need to tell episodes apart.")}

    def __init__(self, *args, by: Practitioner, client: Client, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.organisation = by.organisation
        self.instance.client = client
        self.fields["service"].queryset = Service.objects.visible_to(by).order_by("name")


class EndingForm(VersionedForm):
    """How and when an episode ended."""

    together = (ENDING,)

    ended_on = forms.DateField(label=_("End"), widget=DATE)
    ending = forms.ChoiceField(label=_("Ending"), choices=Ending, widget=forms.RadioSelect)

    def __init__(self, *args, episode: Episode, today, **kwargs):
        stored = values_of(episode, ENDING)
        super().__init__(*args, **kwargs | {"initial": stored if episode.ended_on else {"ended_on": today}})
        self.add_version(episode, stored)


class LookSearchForm(forms.Form):
    """Which rows of the access log an administrator wants to see."""

    since = forms.DateField(label=_("From"), required=False, widget=DATE)
    until = forms.DateField(label=_("To"), required=False, widget=DATE)
    person = forms.ModelChoiceField(Practitioner.objects.none(), label=_("Person"), required=False)
    reference = forms.CharField(label=_("Reference"), required=False, max_length=60)

    def __init__(self, *args, by: Practitioner, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = Practitioner.objects.visible_to(by).order_by("name")
