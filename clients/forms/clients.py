"""Forms of clients and episodes."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from clients.models import Client, ClientLabel, Ending, Episode, Rater, Relation
from clients.models.form_languages import languages_of
from clients.services.clients import agreed_with, own_teams
from clients.services.episodes import ENDING
from clients.services.merged_records import once_named
from organisations.edits.forms import ServedForm, VersionedForm
from organisations.edits.versions import values_of
from organisations.models import Practitioner, Service

MINE = "mine"
FEW, OFFERED = 60, 25
"""So many clients are offered as one list; of more, so many at a time."""
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _languages_for(client: Client, by: Practitioner) -> list[tuple[str, str]]:
    """What there are words in; the client's own also when its licence has ended meanwhile."""
    offered = languages_of(by.organisation_id)
    if client.form_language and client.form_language not in dict(offered):
        offered.append((client.form_language, client.form_language_name))
    return offered


class ClientForm(VersionedForm, forms.ModelForm):
    """All that is agreed with a client. `by` decides which teams can be chosen."""

    together = (("next_on", "next_at"), ("contact", "second_contact", "next_contact"))

    class Meta:
        model = Client
        fields = [
            "reference",
            "first_name",
            "birth_year",
            "birth_month",
            "form_language",
            "teams",
            "labels",
            "contact",
            "second_contact",
            "outcome_rhythm",
            "alliance_rhythm",
            "who5_weeks",
            "next_on",
            "next_at",
            "next_contact",
            "is_practice",
        ]
        widgets = {
            "teams": forms.CheckboxSelectMultiple,
            "labels": forms.CheckboxSelectMultiple,
            "next_on": DATE,
            "next_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "reference": forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            "first_name": forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            "birth_year": forms.NumberInput(attrs={"inputmode": "numeric"}),
        }
        help_texts = {
            "reference": _("Your own reference, such as N-014. Never a national identity number."),
            "birth_year": _("Decides which form and which limits fit. Empty counts as an adult."),
            "birth_month": _("Only needed in the year somebody turns 6, 13 or 18. Empty: the whole year counts."),
            "who5_weeks": _("Five questions beside the ORS: WHO-5 where you have its licensed text, else our own."),
            "outcome_rhythm": _("How often the client marks how things are."),
            "alliance_rhythm": _("How often the client marks how the meeting was."),
            "next_contact": _("One of the two contact persons."),
            "is_practice": _("For practising: never counted, never an alert."),
        }

    def __init__(self, *args, by: Practitioner, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.organisation = by.organisation
        teams = own_teams(by)
        self.fields["teams"].queryset = teams
        self.fields["teams"].error_messages["required"] = _("Choose at least one team.")
        self.fields["teams"].required = True
        labels = ClientLabel.objects.visible_to(by).in_use().alphabetical()
        self.fields["labels"].queryset = labels
        if not labels:
            del self.fields["labels"]
        colleagues = Practitioner.objects.visible_to(by)
        for name in ("contact", "second_contact", "next_contact"):
            # One that stands from before stays a choice: somebody else is chosen, never nobody by itself.
            standing = colleagues.filter(pk=getattr(self.instance, f"{name}_id"))
            self.fields[name].queryset = (colleagues.contacts() | standing).order_by("name")
            self.fields[name].empty_label = _("Nobody yet") if name != "next_contact" else _("Not agreed")
        self.fields["form_language"] = forms.ChoiceField(
            label=self.fields["form_language"].label, choices=_languages_for(self.instance, by)
        )
        usual = ("", _("As your organisation does it"))
        self.fields["who5_weeks"].choices = [usual, *Client._meta.get_field("who5_weeks").flatchoices]
        months = Client._meta.get_field("birth_month").flatchoices
        self.fields["birth_month"].choices = [("", _("Not given")), *months]
        if not by.organisation.uses_first_names:
            del self.fields["first_name"]
        if self.instance._state.adding:
            self.initial.setdefault("form_language", by.organisation.language)
            self.initial.setdefault("contact", by)
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
    """How and when an episode ended, and where to. `proposed` is chosen already where nothing else is."""

    together = (ENDING,)

    ended_on = forms.DateField(label=_("End"), widget=DATE)
    ending = forms.ChoiceField(label=_("Ending"), choices=Ending, widget=forms.RadioSelect)
    referred_to = forms.CharField(
        label=_("Where to, if referred on"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"list": "places", "autocomplete": "off"}),
    )

    def __init__(self, *args, episode: Episode, today, proposed: str = "", **kwargs):
        stored = values_of(episode, ENDING)
        usual = {"ended_on": today, "ending": proposed}
        super().__init__(*args, **kwargs | {"initial": stored if episode.ended_on else usual})
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


class ClientSearchForm(forms.Form):
    """A form in which somebody chooses among clients: where there are many, those found and those chosen already.

    `chooses` names the field. Sent with `find` (the number of a page) it is not judged: the page comes again, with
    what was typed and chosen.
    """

    chooses = ""

    whose = forms.ChoiceField(label=_("Whose clients"), required=False)
    q = forms.CharField(
        label=_("Reference or name"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args, by: Practitioner, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        self.teams: dict[str, str] = {}
        self.page: Page | None = None
        self.offered: list[Any] = []

    @property
    def is_searching(self) -> bool:
        return bool(self.data.get("find"))

    @property
    def typed(self) -> str:
        """What was searched for, for the access log, whichever button sent it; nothing where all are offered."""
        return "" if self.page is None else self.data.get("q", "")

    @property
    def narrows(self) -> bool:
        """Whether somebody said whose clients, or a part of a reference or name."""
        return any(self.data.get(name, "").strip() for name in ("whose", "q"))

    @property
    def given(self) -> dict:
        """What was filled in, without what was searched for."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("whose", "q")}

    def full_clean(self):
        super().full_clean()
        if self.is_searching:
            self._errors = ErrorDict()

    def is_valid(self):
        return not self.is_searching and super().is_valid()

    def offer(self, rows: QuerySet, *, of_client: str = "", chosen: Collection[str] = ()) -> None:
        """Fill `offered` from `rows`; `of_client` is the path from a row to its client, `chosen` are keys of rows."""
        self.offered = list(rows[: FEW + 1])
        if len(self.offered) <= FEW:
            del self.fields["whose"], self.fields["q"]
            return
        self.teams = {str(team.pk): team.name for team in own_teams(self.by)}
        self.fields["whose"].choices = [("", _("My teams")), (MINE, _("I am the contact person")), *self.teams.items()]
        kept = list(rows.filter(pk__in=[key for key in chosen if _is_key(key)]))
        others = self._found(rows, of_client).exclude(pk__in=[row.pk for row in kept])
        self.page = Paginator(others, OFFERED).get_page(self.data.get("find"))
        self.offered = [*kept, *self.page]

    def _found(self, rows: QuerySet, of_client: str) -> QuerySet:
        whose = self.data.get("whose", "")
        if whose == MINE:
            rows = rows.filter(Q(**{f"{of_client}contact": self.by}) | Q(**{f"{of_client}second_contact": self.by}))
        elif whose in self.teams:
            rows = rows.filter(**{f"{of_client}client_teams__team": whose})
        for word in self.data.get("q", "")[:60].split():
            names = Q(**{f"{of_client}first_name__icontains": word}) | Q(**{f"{of_client}pk__in": once_named(word)})
            rows = rows.filter(names | Q(**{f"{of_client}reference__icontains": word}))
        return rows


def _is_key(text: str) -> bool:
    try:
        return bool(UUID(str(text)))
    except ValueError:
        return False
