"""Who has looked: for a client to be told, and for an administrator to search."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from clients.forms import LookSearchForm
from clients.models import Client
from clients.services import access_log as log
from clients.services.merged_records import keys_of_all_records
from organisations.access import requires
from organisations.audit import texts
from organisations.audit.record import record_access
from organisations.audit.visits import PAUSE, Visits
from organisations.database.client_accesses import about_clients
from organisations.models import AccessEvent
from organisations.roles import Can
from organisations.services.local_day import today_in

PAGE = 50  # visits
PAUSE_MINUTES = int(PAUSE.total_seconds() // 60)
UNREADABLE = 422


@requires(Can.VIEW_CLIENT)
def client_looks(request, client_id):
    """All looks at one client by visits; `all` puts them on one page, to be printed."""
    by = request.practitioner
    client = get_object_or_404(Client.objects.visible_to(by), pk=client_id)
    record_access("client.looks", [client.pk])
    events = AccessEvent.objects.visible_to(by).filter(about_clients(keys_of_all_records(client)))
    events = events.select_related("practitioner").prefetch_related("practitioner__teams")
    visits = Visits(events, by.organisation.time_zone, of_client=True)
    whole = "all" in request.GET
    page = visits.all() if whole else visits.page(request.GET.get("page"), PAGE)
    context = {
        "client": client,
        "page": page,
        "rows": [texts.visit_row(visit, by.organisation) for visit in page.visits],
        "names": by.organisation.country in texts.NAMES_ARE_TOLD,
        "whole": whole,
        "minutes": PAUSE_MINUTES,
    }
    return TemplateResponse(request, "clients/client_access_log.html", context)


@requires(Can.MANAGE_PEOPLE)
def access_log(request):
    """The organisation's log by day, person and reference, a line a visit; of a client the reference only."""
    by = request.practitioner
    form = LookSearchForm(request.GET or None, by=by)
    asked = form.cleaned_data if form.is_valid() else {}
    page = Visits(log.events_asked(asked, by), by.organisation.time_zone).page(request.GET.get("page"), PAGE)
    references = log.references_in([visit.last for visit in page.visits], by)
    record_access("access.search", references, typed=log.typed(asked))
    told = [texts.visit_row(visit, by.organisation) | log.clients_of(visit.last, references) for visit in page.visits]
    rows = [row | log.searches(visit, references) for row, visit in zip(told, page.visits, strict=True)]
    query = urlencode({key: value for key, value in request.GET.items() if key != "page"})
    context = {"form": form, "page": page, "rows": rows, "query": query, "minutes": PAUSE_MINUTES}
    return TemplateResponse(request, "clients/access_log.html", context)


@requires(Can.MANAGE_PEOPLE)
def access_log_export(request):
    """The events that the search finds, as CSV; a search that finds too many is refused beside its form."""
    by = request.practitioner
    form = LookSearchForm(request.GET or None, by=by)
    if form.is_bound and not form.is_valid():
        return TemplateResponse(request, "clients/access_log.html", {"form": form}, status=UNREADABLE)
    asked = form.cleaned_data if form.is_bound else {}
    try:
        content = log.as_csv(asked, by)
    except log.TooMany:
        too_many = _("These are more than %(most)s rows. Choose a shorter time.") % {"most": f"{log.MOST:,}"}
        return TemplateResponse(
            request, "clients/access_log.html", {"form": form, "too_many": too_many}, status=UNREADABLE
        )
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="access-log-{today_in(by.organisation)}.csv"'
    return response
