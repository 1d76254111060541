"""The data of a study: what was taken out, a new request, and the page of one export with its report."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from organisations.access import requires
from organisations.roles import Can
from reports.research.form import ExportDecisionForm, ExportForm
from reports.research.page import column_name, report_context
from sessions_app.models import ExportStep, Study, StudyExport
from sessions_app.services import study_exports

WHO = (Can.MANAGE_STUDIES, Can.CONFIRM_EXPORTS)


@require_safe
@requires(*WHO)
def exports_of_study(request: HttpRequest, study_id) -> HttpResponse:
    """What was taken out of a study, or asked for; whoever makes studies asks for more."""
    study = _study(request, study_id)
    may_ask = request.practitioner.can(Can.MANAGE_STUDIES) and study.opened_at is not None
    return _list_page(request, study, ExportForm(request=request) if may_ask else None)


@requires(Can.MANAGE_STUDIES)
def export_of_study_new(request: HttpRequest, study_id) -> HttpResponse:
    """Ask for the data of a study; refused, the list with the form says why (422)."""
    by, study = request.practitioner, _study(request, study_id)
    form = ExportForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_bound and form.carry_out(study_exports.ask_for_export, study=study, by=by):
        messages.success(request, _("Asked for. A second person has to agree before anything leaves."))
        return redirect("study-export", form.outcome.pk)
    return _list_page(request, study, form)


@requires(*WHO)
def export_of_study(request: HttpRequest, study_export_id) -> HttpResponse:
    """One export: what it is for, who agreed, how far it is, its report; a second person decides here."""
    by, export = request.practitioner, _found(request, study_export_id)
    deciding = study_exports.may_decide(export, by)
    sent = request.POST if request.method == "POST" else None
    form = ExportDecisionForm(sent, request=request) if deciding or sent is not None else None
    if form and form.is_bound and form.carry_out(study_exports.decide_export, export=export, by=by):
        agreed = form.cleaned_data["agrees"]
        messages.success(request, _("The file is being made.") if agreed else _("Nothing leaves."))
        return redirect("study-export", export.pk)
    context = {
        "study": export.study,
        "form": form,
        "export": export,
        "deciding": deciding,
        "goes_at": study_exports.goes_at(export),
        "is_open": study_exports.is_open(export),
        "running": export.step == ExportStep.MAKING,
        "asked_columns": [column_name(name) for name in export.columns],
    }
    status = 422 if form and form.is_bound else 200
    context |= report_context(export.report)
    return TemplateResponse(request, "reports/study_export.html", context, status=status)


@require_POST
@requires(Can.MANAGE_STUDIES)
def export_of_study_remove(request: HttpRequest, study_export_id) -> HttpResponse:
    """Delete a file before its days are over, or take back what one asked for."""
    export = _found(request, study_export_id)
    study_exports.remove_export(export=export, by=request.practitioner)
    messages.success(request, _("The file is deleted. What it was for, and who agreed, stays here."))
    return redirect("study-export", export.pk)


def _list_page(request: HttpRequest, study: Study, form: ExportForm | None) -> TemplateResponse:
    rows = StudyExport.objects.visible_to(request.practitioner).defer("report", "content").filter(study=study)
    exports = rows.select_related("asked_by").order_by("-asked_at", "pk")
    status = 422 if form and form.is_bound else 200
    context = {"study": study, "form": form, "exports": exports}
    return TemplateResponse(request, "reports/study_exports.html", context, status=status)


def _study(request: HttpRequest, key) -> Study:
    return get_object_or_404(Study.objects.visible_to(request.practitioner), pk=key)


def _found(request: HttpRequest, key) -> StudyExport:
    rows = StudyExport.objects.visible_to(request.practitioner).without_content()
    return get_object_or_404(rows.select_related("study", "asked_by", "decided_by"), pk=key)
