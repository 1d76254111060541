"""Team meetings: planned, begun, presented by one after the other, ended, and who was there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from organisations.access import requires
from organisations.audit.record import record_access
from organisations.models import Team
from organisations.roles import Can
from organisations.services.local_day import today_in
from organisations.views.form_pages import tell_saved
from organisations.views.undo import tell_done
from sessions_app.forms.team_meeting import AttendanceForm, TeamMeetingForm
from sessions_app.models import TeamMeeting, TeamMeetingCase
from sessions_app.services import team_meetings as service
from sessions_app.views.shared import form_page, posted

PAGE = 12


@dataclass(frozen=True)
class MeetingStep:
    """What a button of a meeting does, the page that it leads to, what is said, and the step that takes it back."""

    carry_out: Callable[..., Any]
    leads_to: str
    said: Promise | str = ""
    undo: str = ""


STEPS = {
    "start": MeetingStep(service.start_meeting, "team-meeting-present"),
    "take-over": MeetingStep(service.take_over, "team-meeting-present"),
    "join": MeetingStep(service.attend, "team-meeting-follow"),
    "end": MeetingStep(service.end_meeting, "team-meeting", lazy("The meeting is over."), "start"),
    "cancel": MeetingStep(service.cancel_meeting, "team-meetings", lazy("The meeting is called off."), "restore"),
    "restore": MeetingStep(service.restore_meeting, "team-meeting"),
}


@require_safe
@requires(Can.RECORD_SESSION)
def team_meetings(request):
    """The meetings of one's own teams: those to come, and a page of those that were."""
    by = request.practitioner
    own = TeamMeeting.objects.visible_to(by).standing().select_related("team")
    today = today_in(by.organisation)
    coming = own.filter(held_on__gte=today, ended_at=None).order_by("held_on", "starts_at", "team__name")
    past = own.exclude(pk__in=coming.values("pk")).newest_first()
    context = {
        "today": today,
        "coming": list(coming),
        "past": Paginator(past, PAGE).get_page(request.GET.get("page")),
        "teams": list(Team.objects.visible_to(by).filter(memberships__practitioner=by.pk).order_by("name")),
    }
    return TemplateResponse(request, "sessions_app/team_meetings.html", context)


@requires(Can.RECORD_SESSION)
def team_meeting_new(request):
    """Plan a meeting; `team` of the address is chosen already."""
    by = request.practitioner
    first = {"held_on": today_in(by.organisation), "team": request.GET.get("team", ""), "starts_at": "09:00"}
    form = TeamMeetingForm(posted(request), by=by, initial=first)
    if request.method == "POST" and form.carry_out(service.plan_meeting, by=by):
        messages.success(request, _("The meeting is planned. The agenda is a proposal: put it right."))
        return redirect("team-meeting", form.outcome.pk)
    return form_page(request, "sessions_app/team_meeting_form.html", form)


@requires(Can.RECORD_SESSION)
def team_meeting_edit(request, team_meeting_id):
    """Another day, time or length."""
    meeting = meeting_of(request, team_meeting_id)
    form = TeamMeetingForm(posted(request), by=request.practitioner, instance=meeting)
    if request.method == "POST" and form.carry_out(service.change_meeting, meeting=meeting, by=request.practitioner):
        tell_saved(request, form, _("Saved."))
        return redirect("team-meeting", meeting.pk)
    return form_page(request, "sessions_app/team_meeting_form.html", form, meeting=meeting)


@require_POST
@requires(Can.RECORD_SESSION)
def team_meeting_step(request, team_meeting_id, step):
    """One of STEPS; what is refused is said on the meeting's page."""
    meeting, what = meeting_of(request, team_meeting_id), STEPS[step]
    record_access("team_meeting.run", _clients_of(request, meeting))
    try:
        what.carry_out(meeting=meeting, by=request.practitioner)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("team-meeting", meeting.pk)
    if what.undo:
        tell_done(request, str(what.said), undo=reverse(f"team-meeting-{what.undo}", args=[meeting.pk]))
    arguments = [] if what.leads_to == "team-meetings" else [meeting.pk]
    return redirect(what.leads_to, *arguments)


@require_POST
@requires(Can.RECORD_SESSION)
def team_meeting_show(request, team_meeting_id):
    """Put the case of `case` on the screen, or without one all of them."""
    meeting, case = meeting_of(request, team_meeting_id), None
    if key := request.POST.get("case"):
        case = case_of(request, key, "team_meeting.show")
        if case.meeting_id != meeting.pk or case.removed_at is not None:
            raise Http404
    try:
        service.show_case(meeting=meeting, case=case, by=request.practitioner)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("team-meeting-present", meeting.pk)


@requires(Can.RECORD_SESSION)
def team_meeting_attendance(request, team_meeting_id):
    """Put right who was there."""
    meeting = meeting_of(request, team_meeting_id)
    form = AttendanceForm(posted(request), meeting=meeting)
    if request.method == "POST" and form.carry_out(service.set_attendance, meeting=meeting, by=request.practitioner):
        tell_saved(request, form, _("Saved."))
        return redirect("team-meeting", meeting.pk)
    return form_page(request, "sessions_app/team_meeting_attendance.html", form, meeting=meeting)


def meeting_of(request, team_meeting_id) -> TeamMeeting:
    """A meeting of one's own teams, else 404."""
    rows = TeamMeeting.objects.visible_to(request.practitioner).select_related("team", "presenter")
    return get_object_or_404(rows, pk=team_meeting_id)


def case_of(request, meeting_case_id, action) -> TeamMeetingCase:
    """A case that somebody may see, else 404; the access is recorded as `action`."""
    about = ("meeting__team", "episode__client__contact", "asked_by", "session")
    rows = TeamMeetingCase.objects.visible_to(request.practitioner).select_related(*about, "decision__responsible")
    try:
        case = get_object_or_404(rows, pk=meeting_case_id)
    except ValidationError as error:  # no id at all
        raise Http404 from error
    record_access(action, [case.episode.client_id])
    return case


def _clients_of(request, meeting):
    cases = TeamMeetingCase.objects.visible_to(request.practitioner).standing().filter(meeting=meeting)
    return cases.values_list("episode__client", flat=True)
