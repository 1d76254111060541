"""A kept report of results, as it was on its day."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from organisations.access import requires
from organisations.audit.record import record_access
from organisations.roles import Can
from reports.record.file_names import attachment
from sessions_app.models import ResultsReport


@require_safe
@requires(Can.REPORT_RESULTS)
def results_report(request, results_report_id):
    """To whoever it was made for, while it is kept."""
    report = get_object_or_404(ResultsReport.objects.visible_to(request.practitioner).kept(), pk=results_report_id)
    record_access("results.report_taken", [], typed=report.file_name)
    return attachment(HttpResponse(bytes(report.content), content_type="application/pdf"), report.file_name)
