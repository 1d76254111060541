"""Goals and the marks that a client gives them."""

import datetime
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from organisations.edits.forms import VersionedForm
from organisations.edits.last_change import LastChange, last_change
from sessions_app.forms.session import DATE
from sessions_app.models import OPEN_STATES, Goal, Session
from sessions_app.services.goals import ENDING, TOP, WRITTEN, mark_row, marks_at, others_beside, rated_goals

OWN = {"autocomplete": "off", "autocorrect": "off", "spellcheck": "false", "dir": "auto"}
NO_MARK = ("", "–")


class GoalForm(VersionedForm, forms.ModelForm):
    """A goal, or a step of one: a step is not shown on the client's form and only rated if somebody wants it."""

    together = (ENDING,)

    class Meta:
        model = Goal
        fields = WRITTEN
        widgets = {
            "wording": forms.TextInput(attrs=OWN),
            "set_by": forms.RadioSelect,
            "state": forms.RadioSelect,
            **dict.fromkeys(("since", "until", "ended_on"), DATE),
        }
        help_texts = {
            "wording": _("As the client says it, such as: my own flat before summer."),
            "aim": _("As it stands in the plan, if that is another wording."),
            "ended_on": _("Empty: today."),
        }

    def __init__(self, *args: Any, goal: Goal, today: datetime.date, **kwargs: Any):
        super().__init__(*args, **kwargs | {"instance": goal})
        self.today = today
        self.fields["set_by"].choices = [choice for choice in self.fields["set_by"].choices if choice[0]]
        self.fields["state"].choices = [choice for choice in self.fields["state"].choices if choice[0]]
        self.fields["replaced_by"].queryset = others_beside(goal)
        if goal.parent is not None:
            for name in ("aim", "shown_to_client"):
                del self.fields[name]
        if goal._state.adding:
            for name in ("ended_on", "replaced_by"):
                del self.fields[name]
            self.fields["state"].choices = self.fields["state"].choices[:2]
        self.add_version_of_row()

    def clean(self) -> dict[str, Any]:
        """One that goes on has no end; one that has ended without a day ended today."""
        cleaned = super().clean() or self.cleaned_data
        if "ended_on" not in self.fields or "state" not in cleaned:
            return cleaned
        if cleaned["state"] in OPEN_STATES:
            return cleaned | {"ended_on": None, "replaced_by": None}
        return cleaned | {"ended_on": cleaned.get("ended_on") or self.today}


class GoalMarksForm(VersionedForm):
    """A mark from 0 to 10 for each goal of a session that is rated; empty is none."""

    def __init__(self, *args: Any, session: Session, **kwargs: Any):
        goals = list(rated_goals(session))
        self.session, stored = session, marks_at(session, goals)
        super().__init__(*args, **kwargs | {"initial": stored})
        choices = [NO_MARK, *((number, str(number)) for number in range(TOP + 1))]
        for goal in goals:
            self.fields[str(goal.pk)] = forms.TypedChoiceField(
                label=format_html("<bdi>{}</bdi>", goal.wording),
                choices=choices,
                coerce=int,
                empty_value=None,
                required=False,
            )
        self.add_version(session, stored)

    def last_change(self, name: str) -> LastChange | None:
        row = mark_row(self.session, name)
        return last_change(row, "mark") if row else None
