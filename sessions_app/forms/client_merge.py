"""Which record is of the same person, and what of the two stays."""

from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import MONTHS
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext_lazy as _

from clients.forms import ClientSearchForm
from clients.models import Client, Rater
from organisations.edits.forms import ServedForm
from organisations.models import Practitioner
from sessions_app.imports.look_alikes import references_like
from sessions_app.services.client_merge_preview import CONTACTS, MergePreview, given_by
from sessions_app.services.client_merges import ONE, OTHER

LABELS = {
    "first_name": _("First name or label"),
    "birth_year": _("Year of birth"),
    "form_language": _("Language of the forms"),
    "contact": _("Contact persons"),
    "outcome_rhythm": _("How often ORS"),
    "alliance_rhythm": _("How often SRS"),
    "who5_weeks": _("Well-being over two weeks"),
    "next_on": _("Next appointment"),
}


class ClientMergeSearchForm(ClientSearchForm):
    """Choose the other record of the same person, archived ones too; `look_alikes` are proposed first."""

    chooses = "other"
    other: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None,
        label=_("The other record"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose the other record.")},
    )
    field_order = ["whose", "q", "other"]

    def __init__(self, *args, by: Practitioner, client: Client, **kwargs):
        super().__init__(*args, by=by, **kwargs)
        rows = Client.objects.visible_to(by).exclude(pk=client.pk).filter(is_practice=client.is_practice)
        field = self.fields["other"]
        field.queryset = rows
        field.label_from_instance = name_of
        self.offer(rows.alphabetical(), chosen=[self.data.get("other", "")])
        field.choices = [(one.pk, name_of(one)) for one in self.offered]
        alike = references_like(client.reference, dict(rows.values_list("pk", "reference")))
        self.look_alikes = list(rows.filter(pk__in=alike).alphabetical())


def name_of(client: Client) -> str:
    """How a record is told apart from another one of the same person."""
    name = f"{client.reference} · {client.first_name}" if client.first_name else client.reference
    return name if client.archived_at is None else f"{name} ({_('archived')})"


class ClientMergeForm(ServedForm):
    """Which reference stays, and of each field that differs which value. `seen` says what the page showed."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, preview: MergePreview, by: Practitioner, **kwargs):
        super().__init__(*args, **kwargs)
        one, other = preview.one, preview.other
        self.fields["seen"].initial = preview.seen
        self._ask("reference", _("Which reference stays?"), one.reference, other.reference)
        for unit in preview.units:
            if unit[0] != "first_name" or by.organisation.uses_first_names:
                self._ask(unit[0], LABELS[unit[0]], *(in_words(each, unit) for each in (one, other)))
                self.initial[unit[0]] = _only_given(preview, unit)
        for first, second in preview.raters:
            self._ask(f"rater-{first.key}", rater_label(first), str(first), str(second))

    def _ask(self, name: str, label: object, *values: str) -> None:
        self.fields[name] = forms.ChoiceField(
            label=label,
            choices=list(zip((ONE, OTHER), values, strict=True)),
            widget=forms.RadioSelect,
            error_messages={"required": _("Choose which one is right.")},
        )

    def clean(self):
        cleaned = super().clean() or {}
        if self.errors.get("seen"):
            raise ValidationError(_("Something was changed meanwhile. Look again at what will happen."))
        seen = cleaned.pop("seen", "")
        return {"seen": seen, "chosen": cleaned}


def rater_label(rater: Rater) -> str:
    """What the rater is to the client."""
    return str(rater.get_relation_display())


def _only_given(preview: MergePreview, unit: Iterable[str]) -> str | None:
    """The side that says something where the other one says nothing."""
    sides = [name for name, client in ((ONE, preview.one), (OTHER, preview.other)) if given_by(client, unit)]
    return sides[0] if len(sides) == 1 else None


def in_words(client: Client, unit: tuple[str, ...]) -> str:
    """What a record says in the fields of a unit."""
    if unit == CONTACTS:
        said = ", ".join(str(one) for one in (client.contact, client.second_contact) if one)
    elif unit[0] == "birth_year":
        month = str(MONTHS[client.birth_month]) if client.birth_month else ""
        said = f"{month} {client.birth_year or ''}".strip()
    elif unit[0] == "next_on":
        at = time_format(client.next_at) if client.next_at else ""
        said = f"{date_format(client.next_on)} {at}".strip() if client.next_on else ""
    elif unit[0] == "form_language":
        said = client.form_language_name
    elif unit[0] == "who5_weeks":
        said = client.get_who5_weeks_display() if client.who5_weeks is not None else _("as your organisation does it")
    else:
        shown = getattr(client, f"get_{unit[0]}_display", None)
        said = str(shown() if shown else getattr(client, unit[0]))
    return str(said) or str(_("nothing"))
