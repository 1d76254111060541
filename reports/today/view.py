"""The start page: sessions today, who needs attention, everybody's curve in small."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from organisations.access import requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.services.local_day import today_in
from organisations.tokens.confirming import requests_for
from reports.today.page import Asked, headline, read_page
from sessions_app.services.decisions import follow_ups_of
from sessions_app.services.draft_rows import draft_rows, unfinished_drafts

DRAFTS = 10
FOLLOW_UPS = 50
"""The most pressing decisions that somebody has yet to see to; whoever has more than these sees the rest afterwards."""


@requires()
def home(request):
    """Where each role starts."""
    return redirect("today" if request.practitioner.can(Can.SEE_TODAY) else "people")


@requires(Can.SEE_TODAY)
def today(request):
    """`whose` is mine or nothing, `need` one part of the page, `q` finds; `drafts` pages the unfinished forms."""
    by, day, asked = request.practitioner, today_in(request.practitioner.organisation), Asked.read(request.GET)
    shown = read_page(by, day, asked)
    draft_page = Paginator(unfinished_drafts(by), DRAFTS).get_page(request.GET.get("drafts"))
    drafts, follow_ups = draft_rows(draft_page, by.organisation), list(follow_ups_of(by)[:FOLLOW_UPS])
    sessions = [row.draft.session for row in drafts] + [decision.session for decision in follow_ups]
    clients = {row.client.pk for row in shown.rows} | {session.client_id for session in sessions}
    record_access("today", sorted(clients), purpose="mine" if asked.only_mine else "teams", typed=asked.words)
    whose = {"whose": "mine"} if asked.only_mine else {}
    context = {
        "today": day,
        "covered": "covered" in request.GET,  # the client still sits beside the screen
        "headline": headline(shown.counts),
        "shown": shown,
        "asked": asked,
        "drafts": drafts,
        "follow_ups": follow_ups,
        "token_requests": requests_for(by),
        "draft_page": draft_page,
        "whose": urlencode(whose),
        "query": urlencode(whose | asked.narrowed),
        "team_name": ", ".join(by.teams.order_by("name").values_list("name", flat=True)),
    }
    return TemplateResponse(request, "reports/today.html", context)
