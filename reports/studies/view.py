"""One study: its protocol, its arms, how many came how far, and whom lots were drawn for."""

from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from organisations.access import requires
from organisations.audit.record import record_access
from organisations.roles import Can
from reports.studies.page import study_context
from sessions_app.models import Study


@require_safe
@requires(Can.READ_STUDIES)
def study(request, study_id):
    """Of clients only those whom one sees are named; the look at them is on record."""
    by = request.practitioner
    rows = Study.objects.visible_to(by).select_related("created_by", "opened_by", "closed_by")
    found = get_object_or_404(rows, pk=study_id)
    context = study_context(found, by)
    record_access("study.view", [row.client_id for row, _arm in context["people"]])
    return TemplateResponse(request, "reports/study.html", context)
