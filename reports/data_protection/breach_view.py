"""Whose data a breach touched, for an administrator: references of clients, never their names."""

from operator import attrgetter
from typing import Any

from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from organisations.access import requires
from organisations.audit.record import record_access
from organisations.audit.texts import describe
from organisations.models import Practitioner
from organisations.roles import Can
from reports.data_protection.breach import Trace, references_of, teams_of, trace_breach
from reports.data_protection.form import BreachForm

SHOWN = 200  # clients, log-ins and addresses on the page; the file has all of them
UNREADABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Can.MANAGE_PEOPLE)
def breach(request):
    """Asked by POST: what was typed stands in no address, and in no log of a server in between."""
    by = request.practitioner
    form = BreachForm(request.POST or None, by=by)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        trace = trace_breach(form.cleaned_data, by)
        record_access("breach.trace", trace.clients, typed=form.in_words())
        context |= breach_context(trace, by)
    status = UNREADABLE if form.errors else 200
    return TemplateResponse(request, "reports/breach.html", context, status=status)


def breach_context(trace: Trace, by: Practitioner) -> dict[str, Any]:
    """What the page shows of a trace: the clients in the order in which they were touched first."""
    order = sorted(trace.clients, key=lambda client: trace.clients[client].first)[:SHOWN]
    references, teams = references_of(order, by), teams_of(order, by)
    names = dict(Practitioner.objects.visible_to(by).filter(pk__in=trace.people).values_list("pk", "name"))
    log_ins = sorted(trace.log_ins.items(), key=lambda pair: pair[1].first)[:SHOWN]
    return {
        "trace": trace,
        "clients": [
            {
                "reference": references.get(client, ""),
                "teams": teams.get(client, []),
                "seen": trace.clients[client],
                "what": sorted({describe(action) for action in trace.clients[client].actions}),
            }
            for client in order
        ],
        "more_clients": len(trace.clients) - len(order),
        "people": sorted((names.get(person, ""), seen) for person, seen in _by_first(trace.people)),
        "addresses": _by_first(trace.addresses)[:SHOWN],
        "log_ins": [(key, names.get(used.person, ""), used) for key, used in log_ins],
    }


def _by_first(seen: dict[Any, Any]) -> list[tuple[Any, Any]]:
    return sorted(seen.items(), key=lambda pair: attrgetter("first")(pair[1]))
