"""How an episode ended, what becomes of what is open, and what is asked afterwards."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.forms import EndingForm
from clients.models import Episode
from organisations.models import Organisation
from sessions_app.forms.follow_up_measure import email_field, months_field
from sessions_app.models import SessionDecision
from sessions_app.services.episode_endings import OpenAtTheEnd, follow_ups_in


class CourseEndingForm(EndingForm):
    """The ending, with a box for each follow-up that is seen to now and for an appointment that stands all the same."""

    keeps_appointment = forms.BooleanField(label=_("Keep the appointment"), required=False)
    seen_to: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(
        SessionDecision.objects.none(),
        label=_("Followed up now"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What is not followed up stays on Today until somebody has done it."),
    )

    def __init__(
        self,
        *args: Any,
        episode: Episode,
        organisation: Organisation,
        left_open: OpenAtTheEnd,
        appointment: Any,
        can_follow_up: bool,
        **kwargs: Any,
    ):
        super().__init__(*args, episode=episode, **kwargs)
        if left_open.follow_ups:
            self.fields["seen_to"].queryset = follow_ups_in(episode)
        else:
            del self.fields["seen_to"]
        if appointment is None:
            del self.fields["keeps_appointment"]
        if can_follow_up:
            self.fields["months"] = months_field(required=False)
            if organisation.mails_follow_ups:
                self.fields["email"] = email_field()

    def clean(self) -> dict[str, Any]:
        """The service takes all of it, also what there was no field for."""
        nothing = {"keeps_appointment": False, "seen_to": [], "months": [], "email": ""}
        return {**nothing, **(super().clean() or {})}
