"""Whose data a breach touched, as a file: a line a client, to go through and to tell them."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organisations.access import requires
from organisations.audit.record import record_access
from organisations.audit.texts import describe
from organisations.models import Practitioner
from organisations.roles import Can
from organisations.services.csv_files import csv_file, text_cell
from organisations.services.local_day import today_in
from reports.data_protection.breach import Trace, references_of, teams_of, trace_breach
from reports.data_protection.breach_view import UNREADABLE
from reports.data_protection.form import BreachForm
from reports.record.file_names import attachment


@require_POST
@requires(Can.MANAGE_PEOPLE)
def breach_csv(request):
    """What the page shows, of all clients; back to the form where it cannot be read."""
    by = request.practitioner
    form = BreachForm(request.POST, by=by)
    if not form.is_valid():
        return TemplateResponse(request, "reports/breach.html", {"form": form}, status=UNREADABLE)
    trace = trace_breach(form.cleaned_data, by)
    record_access("breach.export", trace.clients, typed=form.in_words())
    answer = HttpResponse(csv_file(csv_rows(trace, by)), content_type="text/csv; charset=utf-8")
    return attachment(answer, f"breach-{today_in(by.organisation)}.csv")


def csv_rows(trace: Trace, by: Practitioner) -> Iterator[list[str]]:
    """The clients in the order in which they were touched first; times of the organisation."""
    references, teams = references_of(trace.clients, by), teams_of(trace.clients, by)
    yield [_("Client"), _("Teams"), _("First time"), _("Last time"), _("Times"), _("What for")]
    for client, seen in trace.clients.items():
        yield [
            text_cell(references[client]),
            text_cell(", ".join(teams.get(client, []))),
            *(at.isoformat(sep=" ", timespec="seconds") for at in (seen.first, seen.last)),
            str(seen.times),
            text_cell("; ".join(sorted({describe(action) for action in seen.actions}))),
        ]
