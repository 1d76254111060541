"""After how many months a client is asked how it goes, and whether the link may be mailed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organisations.edits.forms import ServedForm
from organisations.models import Organisation
from sessions_app.services.follow_up_measures import MONTHS

MONTH_CHOICES = {3: _("After 3 months"), 6: _("After 6 months")}


def months_field(*, required: bool) -> forms.TypedMultipleChoiceField:
    """The choice of months."""
    return forms.TypedMultipleChoiceField(
        label=_("Ask how it goes"),
        choices=[(number, MONTH_CHOICES[number]) for number in MONTHS],
        coerce=int,
        required=required,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The ORS once more, on the client's own device. It counts in no curve and in no result."),
        error_messages={"required": _("Choose when.")},
    )


def email_field() -> forms.EmailField:
    """The address that the link goes to by itself."""
    return forms.EmailField(
        label=_("E-mail address, if the client wants the link by mail"),
        required=False,
        help_text=_("Kept for this alone, and deleted when the mail has left. Without it you send the link yourself."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class FollowUpPlanForm(ServedForm):
    """Plan measures of an episode that has ended."""

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["months"] = months_field(required=True)
        if organisation.mails_follow_ups:
            self.fields["email"] = email_field()

    def clean(self) -> dict[str, Any]:
        """The service takes an address always."""
        return {"email": "", **(super().clean() or {})}
