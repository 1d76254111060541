"""The start page: sessions today, who needs attention, everybody's curve in small."""

from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organisations.access import requires
from organisations.audit import record_access
from organisations.days import today_in
from organisations.roles import Can
from organisations.tokens.confirming import requests_for
from reports.summaries import today_rows
from sessions_app.unfinished import unfinished_of


@requires()
def home(request):
    """Where each role starts."""
    return redirect("today" if request.practitioner.can(Can.SEE_TODAY) else "people")


@requires(Can.SEE_TODAY)
def today(request):
    by, day = request.practitioner, today_in(request.practitioner.organisation)
    only_mine = request.GET.get("whose") == "mine"
    rows = today_rows(by, day, only_mine=only_mine)
    begun = unfinished_of(by)
    shown = {row.client.pk for row in rows} | {row.draft.session.client_id for row in begun}
    record_access("today", sorted(shown), purpose="mine" if only_mine else "teams")
    context = {
        "today": day,
        "headline": _headline(rows),
        "rows": rows,
        "only_mine": only_mine,
        "unfinished": begun,
        "token_requests": requests_for(by),
        "team_name": ", ".join(by.teams.order_by("name").values_list("name", flat=True)),
    }
    return TemplateResponse(request, "reports/today.html", context)


def _headline(rows) -> str:
    """The page's answer in one sentence."""
    sessions = sum(row.due.kind == "today" for row in rows)
    pressing = sum(row.needs_attention for row in rows)
    first = (
        ngettext("%d session today", "%d sessions today", sessions) % sessions if sessions else _("No sessions today")
    )
    if not pressing:
        return first
    second = ngettext("%d client needs you", "%d clients need you", pressing) % pressing
    return _("%(sessions)s, %(pressing)s") % {"sessions": first, "pressing": second}
