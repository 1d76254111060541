"""Admins import past sessions: upload, look at what would be, confirm."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST

from organisations.access import requires
from organisations.roles import Can
from organisations.web.input_guard import takes_body
from sessions_app.forms.import_file import ConfirmForm, UploadForm
from sessions_app.imports import uploads
from sessions_app.imports.columns import COLUMNS, NAMES, REQUIRED
from sessions_app.imports.texts import stored_file_reason, stored_reason
from sessions_app.models import SessionImport
from sessions_app.views.shared import posted

SHOWN = 10


@takes_body(uploads.LARGEST + 1024 * 1024)  # a little more than is taken, which the page then says itself
@requires(Can.IMPORT_SESSIONS)
def import_sessions(request):
    """Upload a file; below it the last ones."""
    form = UploadForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            upload = uploads.start_import(file=file, name=file.name, size=file.size, by=request.practitioner)
            return redirect("import-detail", upload.pk)
        except ValidationError as error:
            form.add_error("file", error)
    uploaded = SessionImport.objects.visible_to(request.practitioner).newest_first().defer("content")
    recent = Paginator(uploaded, SHOWN).get_page(request.GET.get("page"))
    columns = [(column, ", ".join(NAMES.get(column, ())), column in REQUIRED) for column in COLUMNS]
    context = {"form": form, "recent": recent, "columns": columns}
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "sessions_app/import_list.html", context, status=status)


@requires(Can.IMPORT_SESSIONS)
def import_detail(request, import_id):
    """How far a file is, what is in it, and which lines are refused."""
    upload = _upload(request, import_id)
    refusals = [
        {**one, "reason": stored_reason(one["code"], one["params"])} for one in upload.report.get("refusals", [])
    ]
    context = {
        "upload": upload,
        "refusals": refusals,
        "more": upload.counts.get("refused", 0) - len(refusals),
        "fault": stored_file_reason(upload.report["fault"]) if "fault" in upload.report else "",
        "percent": uploads.percent_done(upload),
        "form": ConfirmForm(),
    }
    return TemplateResponse(request, "sessions_app/import_detail.html", context)


@require_POST
@requires(Can.IMPORT_SESSIONS)
def import_confirm(request, import_id):
    form = ConfirmForm(request.POST)
    upload = _upload(request, import_id)
    try:
        all_or_nothing = form.is_valid() and form.cleaned_data["all_or_nothing"]
        uploads.confirm_import(upload=upload, all_or_nothing=all_or_nothing, by=request.practitioner)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("import-detail", import_id)


@require_POST
@requires(Can.IMPORT_SESSIONS)
def import_discard(request, import_id):
    uploads.discard_import(upload=_upload(request, import_id), by=request.practitioner)
    return redirect("import-sessions")


def _upload(request, import_id):
    uploads_of = SessionImport.objects.visible_to(request.practitioner).defer("content")
    return get_object_or_404(uploads_of, pk=import_id)
