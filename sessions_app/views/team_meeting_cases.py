"""The cases of a team meeting: their order, their minutes, the question, and what is written while the team speaks."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organisations.access import keeps_typed, requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.views.form_pages import merge_page, tell_saved
from organisations.views.undo import tell_done
from sessions_app.forms.team_meeting import CaseMinutesForm, CaseQuestionForm
from sessions_app.models import TeamMeetingCase
from sessions_app.services import team_meeting_cases as service
from sessions_app.views.shared import attempt, form_page, posted, saved_as_json
from sessions_app.views.team_meetings import case_of, meeting_of

STEPS: dict[str, tuple[Callable[..., Any], dict[str, int]]] = {
    "up": (service.move_case, {"places": -1}),
    "down": (service.move_case, {"places": 1}),
    "more": (service.give_minutes, {"more": 1}),
    "less": (service.give_minutes, {"more": -1}),
    "remove": (service.remove_case, {}),
    "restore": (service.restore_case, {}),
}


@require_POST
@requires(Can.RECORD_SESSION)
def meeting_case_step(request, meeting_case_id, step):
    """One of STEPS; back to the agenda, at that case."""
    case = case_of(request, meeting_case_id, "team_meeting.case")
    if case.removed_at is not None and step != "restore":
        raise Http404
    carry_out, how = STEPS[step]
    page = reverse("team-meeting", args=[case.meeting_id])
    try:
        carry_out(case=case, by=request.practitioner, **how)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(page)
    if step == "remove":
        said = _("%(reference)s is off the agenda.") % {"reference": case.episode.client.reference}
        tell_done(request, said, undo=reverse("meeting-case-restore", args=[case.pk]))
        return redirect(page)
    return redirect(f"{page}#case-{case.pk}")


@require_POST
@requires(Can.RECORD_SESSION)
def team_meeting_order(request, team_meeting_id):
    """The cases in the order of `cases`, as they were dragged; 204 for the script, else the agenda."""
    meeting = meeting_of(request, team_meeting_id)
    seen = TeamMeetingCase.objects.visible_to(request.practitioner).standing().filter(meeting=meeting)
    known = {str(key): key for key in seen.values_list("pk", flat=True)}
    keys: list[UUID] = [known[key] for key in request.POST.getlist("cases") if key in known]
    record_access("team_meeting.case", seen.values_list("episode__client", flat=True))
    service.order_cases(meeting=meeting, keys=keys, by=request.practitioner)
    if request.accepts("text/html"):
        return redirect("team-meeting", meeting.pk)
    return HttpResponse(status=204)


@keeps_typed
@requires(Can.RECORD_SESSION)
def meeting_case_question(request, meeting_case_id):
    """What one asks the team about a case."""
    case = case_of(request, meeting_case_id, "team_meeting.case")
    form = CaseQuestionForm(posted(request), case=case)
    if request.method == "POST" and form.carry_out(service.ask_question, case=case, by=request.practitioner):
        tell_saved(request, form, _("The question stands on the agenda."))
        return redirect("team-meeting", case.meeting_id)
    return form_page(request, "sessions_app/team_meeting_question.html", form, case=case)


@keeps_typed
@require_POST
@requires(Can.RECORD_SESSION)
def meeting_case_minutes(request, meeting_case_id):
    """As `decision_save`: JSON for the script (200, 409, 422), pages for the button."""
    case = case_of(request, meeting_case_id, "team_meeting.minutes")
    form = CaseMinutesForm(request.POST, case=case, by=request.practitioner)
    saved = None
    if form.is_valid():
        saved = attempt(form, service.save_minutes, case=case, by=request.practitioner, **form.cleaned_data)
    if request.accepts("application/json") and not request.accepts("text/html"):
        stored = service.stored_minutes(saved) if saved else None
        return saved_as_json(form, saved, request.practitioner.organisation.time_zone, stored)
    return _as_page(request, case, form, saved)


def _as_page(request, case, form, saved):
    back = reverse("team-meeting-follow", args=[case.meeting_id])
    if saved is not None:
        tell_saved(request, form, _("The minutes are saved."))
        return redirect(back)
    if form.meanwhile is not None:
        return merge_page(request, form, back=back)
    return form_page(request, "sessions_app/team_meeting_minutes_refused.html", form, case=case)
