"""Forms of a team meeting: when it is, which cases, what is asked, heard and decided, who was there."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import Episode
from organisations.edits.forms import ServedForm, VersionedForm
from organisations.edits.last_change import LastChange, last_change
from organisations.edits.versions import values_of
from organisations.models import Practitioner, Team
from sessions_app.forms.decision import AREA
from sessions_app.forms.session import DATE
from sessions_app.models import CaseReason, TeamMeeting, TeamMeetingCase
from sessions_app.models.team_meeting import LONGEST, SHORTEST
from sessions_app.services.team_meeting_cases import stored_minutes
from sessions_app.services.team_meetings import FACTS, stored_attendance, who_may_attend

TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class TeamMeetingForm(VersionedForm, forms.ModelForm):
    """A new meeting, or another day, time or length of one."""

    class Meta:
        model = TeamMeeting
        fields = ("team", *FACTS)
        widgets = {"held_on": DATE, "starts_at": TIME}

    def __init__(self, *args: Any, by: Practitioner, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["minutes"].widget.attrs |= {"min": SHORTEST, "max": LONGEST, "step": 5}
        if self.instance._state.adding:
            own = Team.objects.visible_to(by).filter(memberships__practitioner=by.pk).order_by("name")
            self.fields["team"].queryset = own
            self.fields["team"].empty_label = None
        else:
            del self.fields["team"]
            self.add_version(self.instance, values_of(self.instance, FACTS))


class BringCaseForm(ServedForm):
    """A case for the agenda, with what somebody asks about it."""

    episode: forms.ModelChoiceField = forms.ModelChoiceField(
        queryset=None, label=_("Case"), empty_label=_("Choose a case")
    )
    question = forms.CharField(
        label=_("Your question to the team"), max_length=400, required=False, widget=forms.Textarea(AREA)
    )
    reason = forms.ChoiceField(
        choices=CaseReason.choices, initial=CaseReason.BROUGHT, required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, meeting: TeamMeeting, by: Practitioner, **kwargs: Any):
        super().__init__(*args, **kwargs)
        here = Episode.objects.visible_to(by).counting().filter(client__teams=meeting.team_id)
        field = self.fields["episode"]
        field.queryset = here.select_related("client__contact").order_by("client__sort_key", "pk")
        field.label_from_instance = _case_name

    def clean_reason(self) -> str:
        return self.cleaned_data["reason"] or CaseReason.BROUGHT


class CaseQuestionForm(VersionedForm):
    """What somebody asks the team about a case."""

    question = forms.CharField(
        label=_("Your question to the team"), max_length=400, required=False, widget=forms.Textarea(AREA)
    )

    def __init__(self, *args: Any, case: TeamMeetingCase, **kwargs: Any):
        stored = {"question": case.question}
        super().__init__(*args, **kwargs | {"initial": stored})
        self.add_version(case, stored)


class CaseMinutesForm(VersionedForm):
    """What was heard of a case, what was decided, who does it by when, and when it is looked at again."""

    heard = forms.CharField(label=_("What we heard"), max_length=2000, required=False, widget=forms.Textarea(AREA))
    text = forms.CharField(label=_("We decide"), max_length=2000, required=False, widget=forms.Textarea(AREA))
    responsible: forms.ModelChoiceField = forms.ModelChoiceField(queryset=None, label=_("Who"), required=False)
    follow_up_on = forms.DateField(label=_("By when"), required=False, widget=DATE)
    review_on = forms.DateField(label=_("The team looks again on"), required=False, widget=DATE)

    def __init__(self, *args: Any, case: TeamMeetingCase, by: Practitioner, **kwargs: Any):
        stored = stored_minutes(case)
        given = {"initial": stored, "auto_id": f"case-{case.pk}-%s"}
        super().__init__(*args, **kwargs | given)
        colleagues = Practitioner.objects.visible_to(by)
        named = [one.pk for one in (stored["responsible"], case.episode.client.contact) if one]
        standing = colleagues.filter(pk__in=named)
        members = colleagues.contacts().filter(memberships__team=case.meeting.team_id)
        self.fields["responsible"].queryset = (members | standing).distinct().order_by("name")
        self.case = case
        self.add_version(case, stored)

    def last_change(self, name: str) -> LastChange | None:
        """The decision's own columns have their own history."""
        of = self.case.decision if name in ("text", "responsible", "follow_up_on") else self.case
        return last_change(of, name) if of else None


class AttendanceForm(VersionedForm):
    """Who was there. Nobody who came while the page was open is taken out by it."""

    practitioners: forms.ModelMultipleChoiceField = forms.ModelMultipleChoiceField(
        queryset=None, label=_("Who was there"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, meeting: TeamMeeting, **kwargs: Any):
        stored = stored_attendance(meeting)
        super().__init__(*args, **kwargs | {"initial": stored})
        self.fields["practitioners"].queryset = who_may_attend(meeting)
        self.add_version(meeting, stored)

    def last_change(self, name: str) -> LastChange | None:
        """Who was there has no history."""
        return None


def _case_name(episode: Episode) -> str:
    """The reference, and whom to ask."""
    contact = episode.client.contact
    return f"{episode.client.reference} · {contact}" if contact else episode.client.reference
