"""To whom a client is transferred, from when, and a word for whoever takes over."""

import datetime
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from clients.models import Client, Episode
from clients.services.moved_clients import Destination, destinations, state_of
from organisations.edits.forms import ServedForm
from organisations.models import Practitioner


class TransferForm(ServedForm):
    """Every team with its people is one choice. `episodes` are the client's open ones; of several one is chosen."""

    to = forms.ChoiceField(label=lazy("Who takes over?"), error_messages={"required": lazy("Choose who takes over.")})
    episode = forms.ChoiceField(label=lazy("Which episode?"), widget=forms.RadioSelect)
    on = forms.DateField(label=lazy("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    keeps = forms.BooleanField(label=lazy("The team of now goes on seeing the client"), required=False)
    note = forms.CharField(
        label=lazy("For whoever takes over"),
        required=False,
        max_length=400,
        help_text=lazy("What matters now, and what was promised. Stands on the client's page."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.CharField(widget=forms.HiddenInput, strip=False)

    def __init__(
        self,
        *args: Any,
        client: Client,
        episodes: Sequence[Episode],
        today: datetime.date,
        by: Practitioner,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.offered = {
            _key(one): one for one in destinations(by) if one.contact is None or one.contact != client.contact
        }
        groups = groupby(self.offered.values(), key=lambda one: one.team)
        choices = [(_group(team), [(_key(one), _name(one)) for one in ones]) for team, ones in groups]
        self.fields["to"].choices = [("", _("Choose")), *choices]
        self.fields["on"].initial = today
        self.fields["seen"].initial = " ".join(state_of(client))
        self.episodes = {str(one.pk): one for one in episodes}
        if len(episodes) < 2:
            del self.fields["episode"]
        else:
            self.fields["episode"].choices = [(key, _told(one)) for key, one in self.episodes.items()]
            self.fields["episode"].initial = next(iter(self.episodes))

    def clean(self) -> dict[str, Any]:
        """What the service takes: the destination and the episode themselves."""
        given = super().clean() or {}
        if "to" in given:
            given["to"] = self.offered[given["to"]]
        if "episode" in given or len(self.episodes) < 2:
            chosen = given.get("episode", next(iter(self.episodes), ""))
            given["episode"] = self.episodes.get(chosen)
        # Two contact persons stand first, each "" where there is none.
        given["seen"] = given.get("seen", "").split(" ")
        return given


def _key(one: Destination) -> str:
    return f"{one.team.pk}:{one.contact.pk if one.contact else ''}"


def _name(one: Destination) -> str:
    return (
        f"{one.contact.name} · {one.team.name}"
        if one.contact
        else _("%(team)s decides itself") % {"team": one.team.name}
    )


def _group(team: Any) -> str:
    return f"{team.service.name}: {team.name}"


def _told(episode: Episode) -> str:
    since = _("since %(day)s") % {"day": date_format(episode.started_on, "DATE_FORMAT")}
    return f"{episode}, {since}"
