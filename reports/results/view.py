"""What came of the help: of one's own clients, of one's teams, or of the whole organisation without its clients."""

from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from organisations.access import requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.services.local_day import clock_of
from reports.results.context import results_context
from reports.results.read import ResultsRead, read_results
from sessions_app.measures.results.suppression import INSIDE


@require_safe
@requires(Can.SEE_RESULTS)
def results(request):
    """`of`, `year`, `age`, `kind`, `ending` and `form` choose the episodes; 422 where a choice cannot be shown."""
    read = read_results(request.practitioner, request.GET)
    record_results("results", read)
    status = 422 if read.form.errors else 200
    others = request.GET.copy()
    others.pop("progress", None)
    context = results_context(read) | {"query": request.GET.urlencode(), "other_query": others.urlencode()}
    context["as_of"] = clock_of(read.as_of, request.practitioner.organisation)
    context["reports"] = request.practitioner.can(Can.REPORT_RESULTS)
    return TemplateResponse(request, "reports/results.html", context, status=status)


@require_safe
@requires(Can.SEE_RESULTS)
def results_evidence(request):
    """What research says of the method, and how the figures are worked out; shows nobody's data."""
    return TemplateResponse(request, "reports/results_evidence.html")


def record_results(action: str, read: ResultsRead) -> None:
    """Put on record which results were looked at; with the clients only where so few tell about each of them."""
    clients = {row.client for row in read.taken}
    few = clients if not read.figures.shown.hides and len(clients) < INSIDE else ()
    record_access(action, sorted(few), typed=read.chosen.words)
