"""The pages of a team meeting: the agenda, the big screen, the same on one's own device, the minutes on paper."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organisations.access import keeps_typed, requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.services.local_day import today_in
from organisations.views.form_pages import form_page
from reports.team_meetings.agenda_bar import agenda_bar
from reports.team_meetings.minutes import minutes_document
from reports.team_meetings.rows import cases_of, headline, read_rows
from reports.team_meetings.screen import follow_of, read_screen
from sessions_app.forms.team_meeting import BringCaseForm
from sessions_app.models import TeamMeeting
from sessions_app.services.questions import topics_of
from sessions_app.services.team_meeting_agenda import share_discussed
from sessions_app.services.team_meeting_cases import add_case
from sessions_app.services.team_meetings import attendances_of
from sessions_app.views.shared import posted

PROPOSED = 6


@keeps_typed
@requires(Can.RECORD_SESSION)
def team_meeting(request, team_meeting_id):
    """The agenda by need, and the form that brings a case; after its end what was heard and decided."""
    meeting, by = _meeting(request, team_meeting_id), request.practitioner
    form = BringCaseForm(posted(request), meeting=meeting, by=by)
    if request.method == "POST" and form.carry_out(add_case, meeting=meeting, by=by):
        messages.success(request, _("The case is on the agenda."))
        return redirect(f"{request.path}#case-{form.outcome.pk}")
    rows = read_rows(meeting, by)
    record_access("team_meeting.agenda", rows.clients)
    topics = topics_of(meeting, by)
    spoken, courses = share_discussed(meeting.team, by, meeting.held_on)
    context = {
        "meeting": meeting,
        "today": today_in(by.organisation),
        "rows": rows,
        "proposed": rows.proposed[:PROPOSED],
        "headline": headline(rows),
        "bar": agenda_bar(meeting, rows, topics=len(topics)),
        "topics": topics,
        "there": [one.practitioner for one in attendances_of(meeting)],
        "spoken": spoken,
        "courses": courses,
    }
    return form_page(request, "reports/team_meeting.html", form, **context)


@require_safe
@requires(Can.RECORD_SESSION)
def team_meeting_present(request, team_meeting_id):
    """The big screen; its buttons are there for whoever presents."""
    return _screen(request, team_meeting_id, "reports/team_meeting_present.html", big_screen=True)


@require_safe
@requires(Can.RECORD_SESSION)
def team_meeting_follow(request, team_meeting_id):
    """The same on one's own device, with the minutes to write in."""
    return _screen(request, team_meeting_id, "reports/team_meeting_follow.html")


@require_safe
@requires(Can.RECORD_SESSION)
def team_meeting_minutes(request, team_meeting_id):
    """The minutes as PDF, without references and names of clients."""
    meeting, by = _meeting(request, team_meeting_id), request.practitioner
    cases = list(cases_of(meeting, by))
    record_access("team_meeting.minutes", {case.episode.client_id for case in cases})
    response = HttpResponse(
        minutes_document(meeting, cases, topics_of(meeting, by), by), content_type="application/pdf"
    )
    response["Content-Disposition"] = f'inline; filename="{meeting.held_on.isoformat()}.pdf"'
    return response


def _meeting(request, team_meeting_id):
    rows = TeamMeeting.objects.visible_to(request.practitioner)
    return get_object_or_404(rows.select_related("team", "presenter", "shown"), pk=team_meeting_id)


def _screen(request, team_meeting_id, template, **more):
    meeting, by = _meeting(request, team_meeting_id), request.practitioner
    if not meeting.is_running:
        return redirect("team-meeting", meeting.pk)
    follow, screen = follow_of(meeting), read_screen(meeting, by)
    rows = read_rows(meeting, by) if meeting.shown_id is None else None
    clients = {screen.case.episode.client_id} if screen else rows.clients if rows else ()
    record_access("team_meeting.screen", clients)
    context = {"meeting": meeting, "follow": follow, "screen": screen, "rows": rows, **more}
    context["next"] = screen.follows if screen else rows.first_case if rows else None
    context["presents"] = meeting.presenter_id == by.pk
    return TemplateResponse(request, template, context)
