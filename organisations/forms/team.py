"""Forms of people, teams, invitations and one's own account."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from organisations.edits.forms import ServedForm, VersionedForm
from organisations.models import Practitioner, Service, Team


class ServiceForm(VersionedForm, forms.ModelForm):
    class Meta:
        model = Service
        fields = ["name", "kind", "municipality_code"]
        help_texts = {"kind": _("Decides which forms and which limits fit.")}
        widgets = {"municipality_code": forms.TextInput(attrs={"inputmode": "numeric"})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.add_version_of_row()


class MergeIntoForm(ServedForm):
    """The other team or service, of which one becomes a part."""

    into: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label=_("The other one"), error_messages={"required": _("Choose the other one.")}
    )

    def __init__(self, *args, rows: QuerySet, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = rows.order_by("name")
        self.fields["into"].label_from_instance = _name_of
        self.fields["into"].empty_label = _("Choose")


def _name_of(row: Service | Team) -> str:
    return f"{row.name} · {row.service.name}" if isinstance(row, Team) else row.name


class TeamForm(VersionedForm, forms.ModelForm):
    class Meta:
        model = Team
        fields = ["name", "service"]

    def __init__(self, *args, by: Practitioner, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = Service.objects.visible_to(by).order_by("name")
        self.add_version_of_row()
