"""Which record is of the same person, and what of the two stays."""

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import date_format, time_format
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from clients.forms import ClientSearchForm
from clients.models import Client, Rater
from organisations.edits.forms import ServedForm
from organisations.models import Practitioner
from sessions_app.imports.look_alikes import references_like
from sessions_app.services.client_merge_preview import CONTACTS, MergePreview, given_by
from sessions_app.services.client_merges import ONE, OTHER


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
    name = beside(client.reference, client.first_name) if client.first_name else beside(client.reference)
    return name if client.archived_at is None else format_html("{} ({})", name, _("archived"))


def beside(*words: object) -> str:
    """Words in one line, each with the direction of its own letters."""
    return format_html_join(" · ", "<bdi>{}</bdi>", ((word,) for word in words))


class ClientMergeForm(ServedForm):
    """Which reference stays, and of each field that differs which value. `seen` says what the page showed."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, preview: MergePreview, by: Practitioner, **kwargs):
        super().__init__(*args, **kwargs)
        one, other = preview.one, preview.other
        self.fields["seen"].initial = preview.seen
        self._ask("reference", _("Which reference stays?"), beside(one.reference), beside(other.reference))
        for unit in preview.units:
            if unit[0] != "first_name" or by.organisation.uses_first_names:
                self._ask(
                    unit[0], label_of(unit), *(beside(in_words(each, unit), each.reference) for each in (one, other))
                )
                self.initial[unit[0]] = _only_given(preview, unit)
        for first, second in preview.raters:
            self._ask(
                f"rater-{first.key}",
                rater_label(first),
                *(beside(each, each.client.reference) for each in (first, second)),
            )

    def _ask(self, name: str, label: Any, *values: str) -> None:
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


def label_of(unit: tuple[str, ...]) -> str:
    """What the fields of a unit are called."""
    if unit == CONTACTS:
        return str(_("Contact persons"))
    name = "birth_year" if "birth_year" in unit else unit[0]
    return capfirst(_field(name).verbose_name)


def in_words(client: Client, unit: tuple[str, ...]) -> str:
    """What a record says in the fields of a unit."""
    if unit == CONTACTS:
        said = ", ".join(str(one) for one in (client.contact, client.second_contact) if one)
    else:
        said = " ".join(word for name in sorted(unit, key=_place) if (word := _word(client, name)))
    return said or str(_field(unit[0]).help_text) or str(_("nothing"))


def _word(client: Client, name: str) -> str:
    value = getattr(client, name)
    if isinstance(value, datetime.date):
        return date_format(value)
    if isinstance(value, datetime.time):
        return time_format(value)
    if name == "form_language":
        return client.form_language_name
    shown = getattr(client, f"get_{name}_display", None)
    return str((shown() if shown else value) or "")


def _field(name: str) -> Any:
    return Client._meta.get_field(name)


def _place(name: str) -> int:
    """The place of a field in the table: the month stands before its year, the day before its time."""
    return [field.name for field in Client._meta.local_fields].index(name)
