"""The form of what an organisation lets its IT department do by SCIM."""

from django import forms
from django.utils.translation import gettext_lazy as _

from organisations.edits.forms import VersionedForm
from organisations.edits.versions import values_of
from organisations.models import Practitioner, Provisioning, Service, SignOnBy
from organisations.services.provisioning import GIVEN

NAMES = dict(Practitioner._meta.get_field("role").choices or [])


class ProvisioningForm(VersionedForm):
    """Off until it is switched on here; a practitioner is the only role that can be given unless more are chosen."""

    is_on = forms.BooleanField(label=_("The IT department may make, change and end log-ins"), required=False)
    roles = forms.MultipleChoiceField(
        label=_("Which roles may it give?"),
        choices=[(role.value, NAMES[role.value]) for role in GIVEN],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Whoever may give the role of an administrator decides in the end about everything here."),
    )
    service = forms.ModelChoiceField(
        Service.objects.none(),
        label=_("Where do new groups become teams?"),
        required=False,
        empty_label=_("Nowhere: teams are made here, and it only fills them"),
    )
    invites = forms.BooleanField(
        label=_("Whoever is new gets an invitation by mail"),
        required=False,
        help_text=_("With it they choose a password, or log in with the organisation's own log-in."),
    )
    sign_on_by = forms.ChoiceField(
        label=_("How does the organisation's own log-in know who is new?"),
        choices=SignOnBy.choices,
        required=False,
        help_text=_(
            "Choose a value only if your identity provider sends the same one as its lasting id. It counts for new "
            "accounts; whoever has one keeps it."
        ),
    )
    keeps_other = forms.BooleanField(
        label=_("Keep what has no use here too, such as telephone, title and address"),
        required=False,
        help_text=_("Nobody sees it here. Without it what comes is left out, and what was kept is deleted."),
    )

    def __init__(self, data, *, by: Practitioner, provisioning: Provisioning):
        stored = values_of(provisioning, list(self.base_fields))
        super().__init__(data, initial=stored)
        self.fields["service"].queryset = Service.objects.visible_to(by).order_by("name")
        self.add_version(provisioning, stored)
