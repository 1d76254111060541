"""What is changed of roles: one right of one role, and the hours of an emergency access."""

from django import forms
from django.utils.translation import gettext_lazy as _

from organisations.edits.forms import ServedForm
from organisations.models import EMERGENCY_HOURS
from organisations.roles import NARROWABLE, Role


class RightForm(ServedForm):
    """Whether a role may do something; an unticked box is a no."""

    role = forms.ChoiceField(choices=[(role.value, role.value) for role in Role])
    verb = forms.ChoiceField(choices=[(verb.value, verb.value) for verb in NARROWABLE])
    is_allowed = forms.BooleanField(required=False)


class EmergencyHoursForm(ServedForm):
    """For how long a client stays open in an emergency."""

    emergency_hours = forms.IntegerField(
        label=_("Hours"), min_value=EMERGENCY_HOURS[0], max_value=EMERGENCY_HOURS[1], widget=forms.NumberInput()
    )
