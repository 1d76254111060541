"""The results as a report to publish, as PDF: with the small numbers hidden, whoever asks."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organisations.access import requires
from organisations.roles import Can
from reports.pdf.document import set_pdf
from reports.record.file_names import attachment
from reports.results.document import results_document
from reports.results.file_name import results_file_name
from reports.results.read import read_results
from reports.results.view import record_results
from sessions_app.pdf.child import CannotBeSet


@require_safe
@requires(Can.REPORT_RESULTS)
def results_pdf(request):
    """The choices of the page, of a lead's teams each alone; back to the page where a choice cannot be shown."""
    by = request.practitioner
    read = read_results(by, request.GET, to_publish=True)
    record_results("results.report", read)
    back = redirect(f"{reverse('results')}?{request.GET.urlencode()}")
    if read.form.errors:
        messages.error(request, _("This choice cannot be put into a report."))
        return back
    try:
        made = set_pdf(results_document(read, by.organisation.name))
    except CannotBeSet:
        messages.error(request, _("The PDF could not be made. Try once more."))
        return back
    return attachment(HttpResponse(made, content_type="application/pdf"), results_file_name(read.day, "pdf"))
