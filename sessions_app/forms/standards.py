"""Forms of the measures page."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from organisations.edits.forms import VersionedForm
from organisations.edits.last_change import LastChange
from organisations.models import Organisation, Practitioner
from sessions_app.measures.marks import MarkError, in_points, parse_hundredths, parse_tenths
from sessions_app.services.explanations import in_unit
from sessions_app.services.standards import value_now
from sessions_app.standards.values import SCALE, Unit, Value


class ValueForm(VersionedForm):
    """A new value with its reason; `cleaned_data["value"]` is as it is stored (points: tenths)."""

    value = forms.CharField(
        label=_("New value"),
        max_length=6,
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "decimal", "autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=400, help_text=_("For example the manual or the decision that says so.")
    )
    # What the effects were shown for: a value is saved only after they were looked at.
    seen = forms.CharField(required=False, max_length=6, widget=forms.HiddenInput)

    def __init__(self, *args, about: Value, by: Practitioner, **kwargs):
        super().__init__(*args, **kwargs)
        self.about = about
        now, self.chosen = value_now(about.key, by)
        self.fields["value"].help_text = str(about.hint or about.unit.label)
        if about.options:
            self.fields["value"] = forms.ChoiceField(
                label=_("How"),
                choices=[(str(number), name) for number, name in enumerate(about.options)],
                widget=forms.RadioSelect,
                help_text=str(about.hint),
            )
        self.add_version(by.organisation, {"value": now})

    def sent(self, name, value):
        if self.about.options:
            return [str(value)]
        if self.about.unit == Unit.NUMBER:
            return [str(Decimal(value) / SCALE[Unit.NUMBER])]
        return [str(in_points(value)) if self.about.unit == Unit.POINTS else str(value)]

    def in_words(self, name, value):
        return in_unit(self.about, value) if name == "value" else super().in_words(name, value)

    def last_change(self, name):
        return self.chosen and LastChange(self.chosen.by, self.chosen.at)

    def clean_value(self) -> int:
        """Points with at most one decimal as tenths; the others whole; a choice is the option's number."""
        text = self.cleaned_data["value"]
        if self.about.options:
            return int(text)
        if self.about.unit == Unit.NUMBER:
            return _hundredths(text)
        try:
            tenths = parse_tenths(text, 9999)
        except MarkError as error:
            raise ValidationError(_("Write a number with at most one decimal.")) from error
        if self.about.unit == Unit.POINTS:
            return tenths
        if tenths % 10:
            raise ValidationError(_("Write a whole number."))
        return tenths // 10

    @property
    def was_seen(self) -> bool:
        """Whether the effects of exactly this value were on the page before."""
        return self.is_valid() and self.cleaned_data["seen"] == self.seen_mark

    @property
    def seen_mark(self) -> str:
        """What `seen` must say to save this value."""
        return str(self.cleaned_data["value"])


def _hundredths(text: str) -> int:
    try:
        return parse_hundredths(text)
    except MarkError as error:
        raise ValidationError(_("Write a number with at most two decimals.")) from error


class EmergencyForm(VersionedForm, forms.ModelForm):
    class Meta:
        model = Organisation
        fields = ["emergency_text"]
        labels = {"emergency_text": _("What to do when somebody is in danger")}
        help_texts = {"emergency_text": _("Whom to call, and where to go, in your own words.")}
        widgets = {"emergency_text": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.add_version_of_row()
