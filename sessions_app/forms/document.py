"""Which fields the development document has."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from organisations.edits.forms import VersionedForm
from organisations.edits.last_change import last_change
from organisations.models import Organisation, Service
from sessions_app.services.document import LONGEST_LABEL, PART_OF, fields_of, template_choices, template_of

MOST = len(PART_OF)


class DocumentFieldsForm(VersionedForm):
    """For each field whether it is offered, what it is called, and its place; of a service also whether it has own."""

    def __init__(self, *args: Any, organisation: Organisation, service: Service | None, **kwargs: Any):
        stored = template_choices(organisation, service)
        super().__init__(*args, **kwargs | {"initial": stored})
        self.template = template_of(organisation, service)
        if service:
            label = _("This service has fields of its own")
            self.fields["own"] = forms.BooleanField(label=label, required=False)
        self.about = fields_of(organisation.pk, service.pk if service else None)
        for one in self.about:
            self.fields |= _of_field(one)
        self.add_version(service or organisation, stored)

    def rows(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Each field of the document with its three of the form."""
        return [(one, [self[f"{what}-{one.key}"] for what in ("on", "label", "place")]) for one in self.about]

    def last_change(self, name: str):
        return last_change(self.template, "fields") if self.template else None


def _of_field(one) -> dict[str, forms.Field]:
    named = {"own": one.own}
    hint = forms.TextInput(attrs={"placeholder": one.own})
    label = format_lazy(_("Own name of “{own}”"), **named)
    return {
        f"on-{one.key}": forms.BooleanField(label=format_lazy(_("Use “{own}”"), **named), required=False),
        f"label-{one.key}": forms.CharField(label=label, max_length=LONGEST_LABEL, required=False, widget=hint),
        f"place-{one.key}": forms.IntegerField(
            label=format_lazy(_("Place of “{own}”"), **named), min_value=1, max_value=MOST
        ),
    }
