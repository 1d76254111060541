"""What a client asks for by law: written down, handed over, extended, answered."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import ObjectedUse, RequestDecision, RequestKind, SubjectRequest
from organisations.edits.forms import ServedForm
from organisations.models import Practitioner
from organisations.services.local_day import today_in

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _text(name: str, label: Any, *, required: bool = True, rows: int = 4, **more: Any) -> forms.CharField:
    longest = SubjectRequest._meta.get_field(name).max_length
    area = forms.Textarea(attrs={"rows": rows, "maxlength": longest})
    return forms.CharField(label=label, max_length=longest, required=required, widget=area, **more)


def _people(by: Practitioner) -> Any:
    return Practitioner.objects.visible_to(by).contacts().order_by("name")


class SubjectRequestForm(ServedForm):
    """What the client asks for, and when that came: the month to answer begins with that day."""

    kind = forms.ChoiceField(label=_("What the client asks for"), choices=RequestKind)
    objects_to = forms.ChoiceField(
        label=_("If it is an objection: to what"),
        choices=[("", _("No objection")), *ObjectedUse.choices],
        required=False,
    )
    wish = _text("wish", _("In the client's own words"), required=False)
    arrived_on = forms.DateField(
        label=_("Arrived on"), widget=DATE, help_text=_("The month to answer begins with this day.")
    )
    handler: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label=_("Who handles it"), required=False, empty_label=_("Nobody yet")
    )

    def __init__(self, data: Any = None, *, by: Practitioner):
        super().__init__(data, initial={"arrived_on": today_in(by.organisation)})
        self.fields["handler"].queryset = _people(by)


class RequestHandlerForm(ServedForm):
    """Who handles it."""

    handler: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label=_("Who handles it"), required=False, empty_label=_("Nobody yet")
    )

    def __init__(self, data: Any = None, *, by: Practitioner, handler: Practitioner | None):
        super().__init__(data, initial={"handler": handler}, prefix="hand")
        self.fields["handler"].queryset = _people(by)


class RequestExtensionForm(ServedForm):
    """Why it takes longer than a month, and when the client was told so."""

    extension_reason = _text("extension_reason", _("Why it takes longer"), rows=2)
    told_extension_on = forms.DateField(label=_("The client was told on"), widget=DATE)

    def __init__(self, data: Any = None, *, by: Practitioner):
        super().__init__(data, initial={"told_extension_on": today_in(by.organisation)}, prefix="extend")


class RequestAnswerForm(ServedForm):
    """The decision and why; where something is not put right, what the client says to it."""

    decision = forms.ChoiceField(label=_("Decision"), choices=RequestDecision, widget=forms.RadioSelect)
    reason = _text("reason", _("Why"), help_text=_("The client reads this in the letter."))
    statement = _text(
        "statement",
        _("What the client says to it"),
        required=False,
        help_text=_("Where something is not put right, the client's own words are kept beside it."),
    )
    answered_on = forms.DateField(label=_("Answered on"), widget=DATE)

    def __init__(self, data: Any = None, *, by: Practitioner):
        super().__init__(data, initial={"answered_on": today_in(by.organisation)}, prefix="answer")


OPEN, LATE, ANSWERED = "open", "late", "answered"


class RequestFilterForm(forms.Form):
    """Which requests the list shows."""

    state = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("All")), (OPEN, _("Waiting")), (LATE, _("Too late")), (ANSWERED, _("Answered"))],
    )
    kind = forms.ChoiceField(
        label=_("What is asked for"), required=False, choices=[("", _("Everything")), *RequestKind.choices]
    )
