"""Forms of the supervision pages."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from organisations.models import Practitioner


class SupervisionForm(forms.Form):
    """When and by whom; the marks stand on lines of their own."""

    held_on = forms.DateField(label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    supervisor = forms.CharField(
        label=_("Supervisor"),
        required=False,
        max_length=80,
        help_text=_("As you tell them apart. Never a client's name."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    submission_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean_submission_id(self):
        return self.cleaned_data["submission_id"] or uuid.uuid4()


class ShareForm(forms.Form):
    """With whom one shares."""

    shared_with: forms.ModelChoiceField = forms.ModelChoiceField(queryset=None, label=_("Colleague"))

    def __init__(self, *args, by: Practitioner, **kwargs):
        super().__init__(*args, **kwargs)
        colleagues = Practitioner.objects.visible_to(by).filter(is_active=True).exclude(pk=by.pk)
        self.fields["shared_with"].queryset = colleagues.order_by("name")
        self.fields["shared_with"].empty_label = _("Nobody yet")
