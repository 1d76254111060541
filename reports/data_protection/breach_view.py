"""Whose data a breach touched, for an administrator: references of clients, never their names."""

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

SHOWN = 200  # clients on the page; the file has all of them
UNREADABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Can.MANAGE_PEOPLE)
def breach(request):
    """Asked by POST: what was typed stands in no address, and in no log of a server in between."""
    by = request.practitioner
    form = BreachForm(request.POST if request.method == "POST" else None, by=by)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        trace = trace_breach(form.cleaned_data, by)
        record_access("breach.trace", trace.clients, typed=form.in_words())
        context |= breach_context(trace, by)
    status = UNREADABLE if form.errors else 200
    return TemplateResponse(request, "reports/breach.html", context, status=status)


def breach_context(trace: Trace, by: Practitioner) -> dict[str, Any]:
    """What the page shows of a trace: the clients in the order in which they were touched first."""
    order = list(trace.clients)[:SHOWN]
    references, teams = references_of(order, by), teams_of(order, by)
    names = dict(Practitioner.objects.visible_to(by).filter(pk__in=trace.people).values_list("pk", "name"))
    return {
        "trace": trace,
        "clients": [
            {
                "reference": references[client],
                "teams": teams.get(client, []),
                "seen": trace.clients[client],
                "what": sorted({describe(action) for action in trace.clients[client].actions}),
            }
            for client in order
        ],
        "more_clients": len(trace.clients) - len(order),
        "people": [(names.get(person, ""), seen) for person, seen in trace.people.items()],
        "addresses": list(trace.addresses.items()),
        "log_ins": [(key, names.get(used.person, ""), used) for key, used in trace.log_ins.items()],
    }
