"""Group meetings: start one, see who has answered, pass the tablet round."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from organisations.access import capability, requires
from organisations.audit.record import record_access
from organisations.models import CapabilityKind
from organisations.roles import Can
from organisations.tokens import capabilities
from sessions_app.forms.group import JoinForm, MeetingForm
from sessions_app.measures.instruments.form_key import ALLIANCE, OUTCOME
from sessions_app.models import Attendance, GroupMeeting, GroupMember
from sessions_app.services import group_codes, group_meetings, handover
from sessions_app.texts.form_wording import known
from sessions_app.views.client_form.form import unlock_here
from sessions_app.views.client_form.kiosk_pages import kiosk_page, private
from sessions_app.views.polling import answer_of, tag_of
from sessions_app.views.shared import attempt, form_page, posted

MEETINGS = 20
CAME = {"yes": Attendance.ATTENDED, "no": Attendance.NO_SHOW}


@requires(Can.RECORD_SESSION)
def groups(request):
    """The latest meetings, and a form for today's; `again` names one to meet like."""
    by = request.practitioner
    form = MeetingForm(posted(request), by=by, initial=_as_last_time(request))
    if request.method == "POST" and form.is_valid():
        meeting = attempt(form, group_meetings.start_meeting, by=by, **form.given)
        if meeting is not None:
            return redirect("group", meeting.pk)
    record_access("group.list", [client.pk for client in form.offered], typed=form.typed)
    meetings = Paginator(GroupMeeting.objects.visible_to(by).newest_first(), MEETINGS).get_page(request.GET.get("page"))
    return form_page(request, "sessions_app/groups.html", form, meetings=meetings)


@requires(Can.RECORD_SESSION)
def group(request, meeting_id):
    """Who takes part, what each has answered, and the tablet's next round."""
    meeting, parts = meeting_of(request, meeting_id, "group.view")
    here = [part.client.pk for part in parts]
    form = JoinForm(posted(request), by=request.practitioner, here=here)
    if request.method == "POST" and form.is_valid():
        given = {"meeting": meeting, "by": request.practitioner, **form.given}
        if attempt(form, group_meetings.add_member, **given) is not None:
            return redirect("group", meeting.pk)
    record_access("client.choices", [client.pk for client in form.offered], typed=form.typed)
    states = _states(parts)
    context = {
        "meeting": meeting,
        "rows": [(part, states[f"{part.member.pk}-ors"], states[f"{part.member.pk}-srs"]) for part in parts],
        "waiting": _waiting(parts),
        "expected": sum(part.presence == Attendance.EXPECTED for part in parts),
        "lead": states["lead"],
        "tag": tag_of(states),
        "codes": group_codes.doors_of(meeting),
    }
    return form_page(request, "sessions_app/group.html", form, **context)


@require_http_methods(["GET", "HEAD"])
@requires(Can.RECORD_SESSION)
def group_state(request, meeting_id):
    """How far each participant is, in words: for the page to ask again; 304 while nothing changed.

    As with a client's links, an answer that tells no more than the page shows already is no look.
    """
    meeting = get_object_or_404(GroupMeeting.objects.visible_to(request.practitioner), pk=meeting_id)
    parts = group_meetings.parts_of(GroupMember.objects.visible_to(request.practitioner).filter(meeting=meeting))
    return answer_of(request, _states(parts), action="group.state", clients=[part.client.pk for part in parts])


@require_POST
@requires(Can.RECORD_SESSION)
def group_round(request, meeting_id, part):
    """Hand the device over: it goes from participant to participant with one form each."""
    meeting, _parts = meeting_of(request, meeting_id, "group.round")
    refuse_other(part)
    here = handover.handover_of(request)
    token = group_meetings.open_for_next(meeting, part, by=request.practitioner, handover=here)
    page = reverse("group", args=[meeting.pk])
    if token is None:
        messages.success(request, _("Everybody who is here has answered."))
        return redirect(page)
    handover.park_staff(request, opened=capabilities.opened_by(token), next_url=page)
    group_meetings.begin_round(request, meeting=meeting, part=part, token=token)
    response = redirect("group-turn", token)
    response["Clear-Site-Data"] = '"cache"'
    return response


@require_POST
@requires(Can.RECORD_SESSION)
def group_attendance(request, member_id):
    """`came` is "yes", "no" or "later"."""
    members = GroupMember.objects.visible_to(request.practitioner).select_related("session")
    member = get_object_or_404(members, pk=member_id)
    try:
        attendance = CAME.get(request.POST.get("came", ""), Attendance.EXPECTED)
        group_meetings.set_attendance(member=member, attendance=attendance, by=request.practitioner)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("group", member.meeting_id)


@require_POST
@requires(Can.RECORD_SESSION)
def group_all_here(request, meeting_id):
    """One tap for a group that is complete."""
    meeting, _parts = meeting_of(request, meeting_id, "group.attendance")
    try:
        group_meetings.all_are_here(meeting=meeting, by=request.practitioner)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("group", meeting.pk)


@require_http_methods(["GET", "HEAD"])
@capability(CapabilityKind.HANDOVER)
def group_turn(request, token):
    """Between two forms: to whom the tablet goes. The form itself names nobody."""
    found = group_meetings.round_of(request, request.capability)
    if found is None or request.capability.used_at is not None or not capabilities.is_open(request.capability):
        return redirect("rating-form", token)
    member, _part = found
    client = member.session.client
    record_access("group.turn", [client.pk])
    return _between(request, "group_turn.html", client.form_language, client=client, token=token)


@csrf_exempt  # as the form itself: the token in the path is the authority
@require_http_methods(["GET", "HEAD", "POST"])
@capability(CapabilityKind.HANDOVER)
def group_next(request, token):
    """On to the next participant; when all have had it, the tablet goes back."""
    found = group_meetings.round_of(request, request.capability)
    if found is None:
        return redirect("rating-form", token)
    member, part = found
    record_access("group.turn", [member.session.client_id])
    if request.method == "POST":
        here = handover.handover_of(request)
        following = group_meetings.pass_on(request, member=member, part=part, handover=here)
        return redirect("group-turn", following) if following else redirect("group-next", token)
    return _between(request, "group_done.html", member.organisation.language, **unlock_here(request))


def _between(request, template, language, **context):
    """A page of the handed-over device: the language is not that of the staff's pages."""
    with translation.override(known(language)):
        return private(kiosk_page(request, language, template, **context))


def meeting_of(request, meeting_id, action):
    """A meeting that the practitioner may see, with the participants that they may see."""
    meeting = get_object_or_404(GroupMeeting.objects.visible_to(request.practitioner), pk=meeting_id)
    parts = group_meetings.parts_of(GroupMember.objects.visible_to(request.practitioner).filter(meeting=meeting))
    record_access(action, [part.client.pk for part in parts])
    return meeting, parts


def refuse_other(part):
    """404 for what is neither the outcome nor the alliance part of a meeting."""
    if part not in (OUTCOME, ALLIANCE):
        raise Http404


def _states(parts) -> dict[str, dict]:
    """What of the page can change while somebody looks: how far each is with each form, and all together."""
    progress = group_codes.progress_of(parts)
    states = {
        f"{part.member.pk}-{key}": _state(part, key, progress.get((part.member.pk, key), group_codes.Progress()))
        for part in parts
        for key in (OUTCOME, ALLIANCE)
    }
    waiting = _waiting(parts)
    return states | {"lead": {"words": _lead(waiting), "open": any(waiting.values())}}


def _waiting(parts) -> dict[str, int]:
    """How many are still asked, by part."""
    return {key: sum(part.waits_for(key) for part in parts) for key in (OUTCOME, ALLIANCE)}


def _state(part, key, progress) -> dict:
    if part.rating(key):
        return {"words": _("answered"), "open": False, "done": True}
    if not part.waits_for(key):
        return {"words": "–", "open": False}
    if progress.started_at:
        words = _("marking now")
    elif progress.opened_at:
        words = _("opened")
    else:
        words = _("has a number") if progress.has_number else _("not yet")
    return {"words": words, "open": True}


def _lead(waiting: dict[str, int]) -> str:
    if count := waiting[OUTCOME]:
        words = ngettext(
            "%(waiting)s has not marked how things are.", "%(waiting)s have not marked how things are.", count
        )
    elif count := waiting[ALLIANCE]:
        words = ngettext(
            "All have marked how things are. Before you part: %(waiting)s has not said how the meeting was.",
            "All have marked how things are. Before you part: %(waiting)s have not said how the meeting was.",
            count,
        )
    else:
        return _("Everybody who is here has answered.")
    return words % {"waiting": count}


def _as_last_time(request) -> dict:
    """Name and participants of the meeting that `again` names, as far as they are visible."""
    members = GroupMember.objects.visible_to(request.practitioner).select_related("meeting", "session").in_turn()
    again = request.GET.get("again", "")
    try:
        rows = list(members.filter(meeting=UUID(again)))
    except ValueError:
        return {}
    return {"name": rows[0].meeting.name, "clients": [member.session.client_id for member in rows]} if rows else {}
