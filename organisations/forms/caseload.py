"""Who takes over what hangs on somebody: one for all, and others for some of it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from organisations.edits.forms import ServedForm
from organisations.models import Practitioner
from organisations.services.caseload import CaseloadClient, HandOver, TeamWork, WorkOf
from organisations.services.local_day import today_in


class SuccessorForm(ServedForm):
    """Who takes over the clients of somebody who leaves, and what they do for teams.

    Each client is offered those colleagues who may see that client, each work of a team those who could do it.
    """

    successor = forms.ModelChoiceField(
        Practitioner.objects.none(), label=_("Who takes over the clients?"), empty_label=_("Choose"), required=False
    )
    on = forms.DateField(
        label=_("From when?"),
        help_text=_("A day to come: until then everything stays as it is, and what is done for teams goes at once."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )
    message = forms.CharField(
        label=_("A word to those who take over"),
        help_text=_("It stands on the page of each client that has no word of its own."),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    later = forms.BooleanField(required=False, widget=forms.HiddenInput)  # the second button says it

    def __init__(self, *args, leaving: Practitioner, by: Practitioner, work: WorkOf, **kwargs):
        super().__init__(*args, **kwargs)
        self.work, self.today = work, today_in(by.organisation)
        colleagues = Practitioner.objects.visible_to(by)
        self.fields["successor"].queryset = colleagues.contacts().exclude(pk=leaving.pk).order_by("name")
        self.fields["on"].initial = self.today
        for client in work.clients:
            above = _("the contact person") if client.has_other else _("as chosen above")
            self.fields[f"taker-{client.id}"] = _choice(client.reference, client.takers, above)
            if not client.beyond:
                self.fields[f"note-{client.id}"] = _note(client.reference)
        for task in work.teams:
            self.fields[task.key] = _choice(task.words, task.takers, _("Choose"))
        if not work.clients:
            for name in ("successor", "on", "message"):
                del self.fields[name]

    def rows(self) -> list[tuple[CaseloadClient, forms.BoundField, forms.BoundField | None]]:
        """Each client with the field for somebody of its own, and the one for a word about it."""
        return [
            (client, self[f"taker-{client.id}"], None if client.beyond else self[f"note-{client.id}"])
            for client in self.work.clients
        ]

    def team_rows(self) -> list[tuple[TeamWork, forms.BoundField]]:
        """Each work of a team with its field."""
        return [(task, self[task.key]) for task in self.work.teams]

    def common(self) -> list[forms.BoundField]:
        """The fields that are about all clients."""
        return [self[name] for name in ("successor", "on", "message") if name in self.fields]

    def add_error(self, field, error):
        """What came up since the page was made has no field of its own: it is said above them all."""
        by_field = getattr(error, "error_dict", {})
        if any(name not in self.fields for name in by_field):
            error = ValidationError([one for errors in by_field.values() for one in errors])
        super().add_error(field, error)

    def clean(self):
        cleaned = super().clean() or {}
        if not self.work.any:
            return {"to": None}
        everybody = cleaned.get("successor")
        takers = {
            client.id: taker
            for client in self.work.clients
            if (taker := cleaned.get(f"taker-{client.id}") or (None if client.has_other else everybody))
        }
        teams = {task.key: taker for task in self.work.teams if (taker := cleaned.get(task.key))}
        on, note = cleaned.get("on") or self.today, cleaned.get("message", "")
        notes = {client.id: word for client in self.work.clients if (word := cleaned.get(f"note-{client.id}"))}
        return {"to": HandOver(takers, on, note, teams, bool(cleaned.get("later")), notes)}


class StandInForm(SuccessorForm):
    """From when and until when somebody is away, and who looks after the clients meanwhile."""

    since = forms.DateField(
        label=_("Away from"),
        help_text=_("On a day to come colleagues take over in the night before."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )
    until = forms.DateField(
        label=_("Away until"),
        help_text=_("The last day of an illness or a leave. The next day the clients go back by themselves."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args, leaving: Practitioner, **kwargs):
        super().__init__(*args, leaving=leaving, **kwargs)
        self.fields["since"].initial = leaving.leave_from or self.today
        self.fields["until"].initial = leaving.leave_until or leaving.away_until
        self.fields.pop("on", None)
        if "successor" in self.fields:
            self.fields["successor"].label = _("Who looks after the clients meanwhile?")

    def common(self):
        """The days first, then who and a word to them."""
        return [self["since"], self["until"], *super().common()]

    def clean(self):
        days = {"since": self.cleaned_data.get("since") or self.today, "until": self.cleaned_data.get("until")}
        return {**days, "to": super().clean()["to"] or HandOver({}, self.today)}


def _note(reference: str) -> forms.CharField:
    label = _("A word about %(reference)s") % {"reference": reference}
    return forms.CharField(label=label, max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2}))


def _choice(label: str, takers: Sequence[Practitioner], empty_label: Any) -> forms.TypedChoiceField:
    """One of these people, who are read already: a page of many choices asks for nobody again."""
    by_key = {str(taker.pk): taker for taker in takers}
    choices = [("", empty_label), *((key, taker.name) for key, taker in by_key.items())]
    return forms.TypedChoiceField(label=label, choices=choices, coerce=by_key.get, empty_value=None, required=False)
