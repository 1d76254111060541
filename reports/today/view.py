"""The start page: sessions today, who needs attention, everybody's curve in small."""

from urllib.parse import urlencode

from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from clients.services.labels import labels_in_use
from organisations.access import PAGE_METHODS, for_any_user, requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.services.invitations import JUST_INVITED
from organisations.services.local_day import today_in
from organisations.tokens.confirming import requests_for
from reports.first_steps.steps import first_steps_of
from reports.today.asides import read_asides
from reports.today.page import Asked, headline, read_page


@for_any_user
@require_http_methods(PAGE_METHODS)
def home(request):
    """Where each role starts; a new colleague with the first steps, until they have been on Today."""
    if request.practitioner is None:
        # Somebody who works in two places chooses first.
        return redirect("operator-organisations" if request.user.is_operator else "organisation-choose")
    if request.practitioner.can(Can.READ_OPENED_CASES):
        return redirect("consultant-cases")
    if not request.practitioner.can(Can.SEE_TODAY):
        return redirect("people")
    is_new = JUST_INVITED in request.session and first_steps_of(request.practitioner, request.user).next is not None
    return redirect("first-steps" if is_new else "today")


@requires(Can.SEE_TODAY)
def today(request):
    """`whose` (mine) and `label` choose whose clients, `need` one part of them, `q` finds; `drafts` pages drafts."""
    request.session.pop(JUST_INVITED, None)
    by, day, asked = request.practitioner, today_in(request.practitioner.organisation), Asked.read(request.GET)
    shown, asides = read_page(by, day, asked), read_asides(by, request.GET.get("drafts"))
    clients = sorted({row.client.pk for row in shown.rows} | shown.lead.clients | asides.clients)
    record_access("today", clients, purpose="mine" if asked.only_mine else "teams", typed=asked.words)
    context = {
        "today": day,
        "covered": "covered" in request.GET,  # the client still sits beside the screen
        "first_steps": first_steps_of(by, request.user),
        "headline": headline(shown),
        "shown": shown,
        "asked": asked,
        "asides": asides,
        "labels": labels_in_use(by),
        "token_requests": requests_for(by),
        **_addresses(asked),
    }
    return TemplateResponse(request, "reports/today.html", context)


def _addresses(asked: Asked) -> dict[str, str]:
    """What links of the page ask for: whose clients, and that with what narrows it."""
    label = {"label": str(asked.label)} if asked.label else {}
    return {
        "whose": urlencode(asked.whose),
        "query": urlencode(asked.whose | asked.narrowed),
        "everybody": urlencode(label),
        "mine": urlencode({"whose": "mine"} | label),
    }
