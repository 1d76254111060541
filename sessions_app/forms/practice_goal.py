"""Forms of one's own learning: a goal for one's practice, and a case that one brings to supervision."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import Episode
from organisations.edits.forms import ServedForm, VersionedForm
from organisations.edits.versions import values_of
from organisations.models import Practitioner
from sessions_app.forms.session import DATE
from sessions_app.models import SupervisionCase
from sessions_app.services.supervision_cases import WRITTEN

WORDS_NEEDED = {"required": _("Write a few words.")}


class PracticeGoalForm(ServedForm):
    """What somebody wants to practise, from when on, and with whom it is agreed."""

    wording = forms.CharField(
        label=_("What do you want to practise?"),
        max_length=200,
        help_text=_("Small enough for the next weeks. Never a client's name."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages=WORDS_NEEDED,
    )
    agreed_with = forms.CharField(
        label=_("Agreed with"), max_length=80, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    set_on = forms.DateField(label=_("From"), widget=DATE)

    def __init__(self, *args: Any, today: date, **kwargs: Any):
        super().__init__(*args, **{"initial": {"set_on": today}} | kwargs)


class BringToSupervisionForm(ServedForm):
    """A case, and what one wants to ask about it."""

    episode: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label=_("Case"), empty_label=_("Choose a case")
    )
    question = forms.CharField(
        label=_("Your question"), max_length=400, widget=forms.Textarea({"rows": 3}), error_messages=WORDS_NEEDED
    )

    def __init__(self, *args: Any, by: Practitioner, **kwargs: Any):
        super().__init__(*args, **kwargs)
        here = Episode.objects.visible_to(by).counting().filter(last_session_on__isnull=False)
        field = self.fields["episode"]
        field.queryset = here.select_related("client").order_by("client__sort_key", "pk")
        field.label_from_instance = lambda episode: episode.client.reference

    @property
    def offered(self) -> list:
        """The clients whose cases can be chosen."""
        return [episode.client_id for episode in self.fields["episode"].queryset]


class SupervisionCaseForm(VersionedForm, forms.ModelForm):
    """The question, the day on which it was there, and what one took home."""

    class Meta:
        model = SupervisionCase
        fields = WRITTEN
        widgets = {
            "question": forms.Textarea({"rows": 3}),
            "brought_on": DATE,
            "taken_home": forms.Textarea({"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.add_version(self.instance, values_of(self.instance, WRITTEN))

    def clean(self) -> dict[str, Any]:
        """What was taken home was taken home from a day; the database says so too, without a field."""
        given = super().clean() or self.cleaned_data
        if given.get("taken_home") and not given.get("brought_on") and "brought_on" not in self.errors:
            self.add_error("brought_on", _("Say on which day you brought it."))
        return given
