"""The spread of FIT: a map of municipalities and a table, by year; everybody who works here may read it."""

from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from organisations.access import requires
from organisations.roles import Can
from reports.spread.page import read_spread, spread_context


@require_safe
@requires(Can.SEE_RESULTS)
def spread(request):
    """`year` and `of` choose; 422 where there is no such choice."""
    read = read_spread(request.practitioner, request.GET)
    status = 422 if read.form.errors else 200
    return TemplateResponse(request, "reports/spread.html", spread_context(read, request.practitioner), status=status)
