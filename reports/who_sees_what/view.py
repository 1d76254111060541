"""Who can see what, for whoever runs the organisation: names of people, numbers of clients."""

from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from organisations.access import requires
from organisations.roles import Can
from reports.who_sees_what.rows import rows_for, without_access


@require_safe
@requires(Can.MANAGE_PEOPLE)
def who_sees_what(request):
    by = request.practitioner
    context = {"rows": rows_for(by), "without_access": without_access(by)}
    return TemplateResponse(request, "reports/who_sees_what.html", context)
