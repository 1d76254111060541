"""Forms of people, teams, invitations and one's own account."""

from django import forms
from django.utils.translation import gettext_lazy as _

from organisations.edits.forms import VersionedForm
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


class TeamForm(VersionedForm, forms.ModelForm):
    class Meta:
        model = Team
        fields = ["name", "service"]

    def __init__(self, *args, by: Practitioner, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = Service.objects.visible_to(by).order_by("name")
        self.add_version_of_row()
