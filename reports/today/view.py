"""The start page: sessions today, who needs attention, everybody's curve in small."""

from collections.abc import Iterable
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from clients.models import Episode
from organisations.access import requires
from organisations.audit.record import record_access
from organisations.models import Practitioner
from organisations.roles import Can, Role
from organisations.services.invitations import JUST_INVITED
from organisations.services.local_day import today_in
from organisations.tokens.confirming import requests_for
from reports.first_steps.steps import first_steps_of
from reports.today.page import Asked, headline, read_page
from sessions_app.models import Alert, Session
from sessions_app.services.alert_escalation import unseen_red
from sessions_app.services.alert_steps import asked_of
from sessions_app.services.decisions import follow_ups_of
from sessions_app.services.draft_rows import draft_rows, unfinished_drafts

DRAFTS = 10
UNSEEN = 10
FOLLOW_UPS = 50
"""The most pressing decisions that somebody has yet to see to; whoever has more than these sees the rest afterwards."""


@requires()
def home(request):
    """Where each role starts; a new colleague with the first steps, until they have been on Today."""
    if not request.practitioner.can(Can.SEE_TODAY):
        return redirect("people")
    is_new = JUST_INVITED in request.session and first_steps_of(request.practitioner, request.user).next is not None
    return redirect("first-steps" if is_new else "today")


@requires(Can.SEE_TODAY)
def today(request):
    """`whose` is mine or nothing, `need` one part of the page, `q` finds; `drafts` pages the unfinished forms."""
    request.session.pop(JUST_INVITED, None)
    by, day, asked = request.practitioner, today_in(request.practitioner.organisation), Asked.read(request.GET)
    shown = read_page(by, day, asked)
    draft_page = Paginator(unfinished_drafts(by), DRAFTS).get_page(request.GET.get("drafts"))
    drafts, follow_ups = draft_rows(draft_page, by.organisation), list(follow_ups_of(by)[:FOLLOW_UPS])
    questions, unseen = asked_of(by), _unseen_by_all(by)
    about = _with_client(drafts, follow_ups, [*(step.alert for step in questions), *unseen])
    clients = sorted({row.client.pk for row in shown.rows} | {row.client_id for row in about})
    record_access("today", clients, purpose="mine" if asked.only_mine else "teams", typed=asked.words)
    context = {
        "today": day,
        "covered": "covered" in request.GET,  # the client still sits beside the screen
        "first_steps": first_steps_of(by, request.user),
        "headline": headline(shown.counts),
        "shown": shown,
        "asked": asked,
        "drafts": drafts,
        "follow_ups": follow_ups,
        "token_requests": requests_for(by),
        "draft_page": draft_page,
        **_addresses(asked) | {"questions": questions, "unseen": unseen},
    }
    return TemplateResponse(request, "reports/today.html", context)


def _with_client(drafts: Iterable, follow_ups: Iterable, alerts: Iterable) -> list[Session | Episode]:
    """The sessions and episodes that the page names outside its rows: each says whose it is."""
    sessions = [*(row.draft.session for row in drafts), *(decision.session for decision in follow_ups)]
    return [*sessions, *(alert.episode for alert in alerts)]


def _addresses(asked: Asked) -> dict[str, str]:
    """What links of the page ask for: whose clients, and that with what narrows it."""
    whose = {"whose": "mine"} if asked.only_mine else {}
    return {"whose": urlencode(whose), "query": urlencode(whose | asked.narrowed)}


def _unseen_by_all(by: Practitioner) -> list[Alert]:
    """For a team lead: the red alerts of their teams that nobody has seen for too long, the oldest first."""
    if by.role != Role.TEAM_LEAD:
        return []
    found = unseen_red(by.organisation, timezone.now()).filter(episode__client__is_practice=False)
    visible = found.filter(pk__in=Alert.objects.visible_to(by).values("pk"))
    return list(visible.select_related("episode__client__contact").order_by("created_at", "pk")[:UNSEEN])
