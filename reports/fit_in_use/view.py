"""Is FIT really done? A team and a month: of one's own teams, or of every team without its clients."""

from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from organisations.access import requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.services.local_day import clock_of
from reports.fit_in_use.page import UseRead, read_page, use_context
from sessions_app.measures.results.suppression import INSIDE


@require_safe
@requires(Can.SEE_RESULTS)
def fit_in_use(request):
    """`of` and `month` choose; 422 where there is no such choice."""
    read = read_page(request.practitioner, request.GET)
    record_use("fit_in_use", read)
    context = use_context(read) | {"query": request.GET.urlencode()}
    context["as_of"] = clock_of(read.as_of, request.practitioner.organisation)
    status = 422 if read.form.errors else 200
    return TemplateResponse(request, "reports/fit_in_use.html", context, status=status)


def record_use(action: str, read: UseRead) -> None:
    """Put on record which figures were looked at; with the clients only where so few tell about each of them."""
    clients = read.figures.clients[read.scope]
    few = clients if not read.hides and len(clients) < INSIDE else ()
    record_access(action, sorted(few), typed=read.words)
