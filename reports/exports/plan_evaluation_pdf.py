"""The evaluation of the action plan as PDF, for the case worker."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organisations.access import requires
from organisations.roles import Can
from reports.pdf.document import set_pdf
from reports.plan_evaluation.document import evaluation_document
from reports.plan_evaluation.going_out import read_going_out
from reports.plan_evaluation.view import evaluation_asked
from reports.record.file_names import attachment, file_name
from sessions_app.pdf.child import CannotBeSet


@require_safe
@requires(Can.RECORD_SESSION)
def plan_evaluation_pdf(request, plan_evaluation_id):
    """As its page shows it; back to that page where nothing may go out, or no PDF can be made of it."""
    evaluation = evaluation_asked(request, plan_evaluation_id, "plan_evaluation.document")
    out = read_going_out(evaluation, request.practitioner)
    if out is None:
        return redirect("plan-evaluation-document", evaluation.pk)
    try:
        made = set_pdf(evaluation_document(out))
    except CannotBeSet:
        messages.error(request, _("The PDF could not be made. Try once more."))
        return redirect("plan-evaluation-document", evaluation.pk)
    return attachment(HttpResponse(made, content_type="application/pdf"), file_name(out.record, _("evaluation"), "pdf"))
