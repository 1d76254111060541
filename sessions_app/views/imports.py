"""Admins import past sessions: upload, say what the columns mean, look at what would be, confirm; and take it back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organisations.access import requires
from organisations.roles import Can
from organisations.web.input_guard import takes_body
from sessions_app.forms.import_file import ChoicesForm, ConfirmForm, UploadForm
from sessions_app.imports import uploads
from sessions_app.imports.columns import ATTENDANCE_WORDS, COLUMNS, NAMES, REQUIRED
from sessions_app.imports.sample import sample_file
from sessions_app.imports.texts import ATTENDANCE_NAMES, COLUMN_NAMES, CREATED, stored_file_reason, stored_reason
from sessions_app.models import ImportStep, SessionImport
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
    uploaded = SessionImport.objects.visible_to(request.practitioner).newest_first().defer("content", "created")
    recent = Paginator(uploaded, SHOWN).get_page(request.GET.get("page"))
    columns = [(COLUMN_NAMES[one], ", ".join((one, *NAMES.get(one, ()))), one in REQUIRED) for one in COLUMNS]
    attendance = [(ATTENDANCE_NAMES[kind], ", ".join(words)) for kind, words in ATTENDANCE_WORDS.items()]
    context = {"form": form, "recent": recent, "columns": columns, "attendance": attendance}
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "sessions_app/import_list.html", context, status=status)


@requires(Can.IMPORT_SESSIONS)
def import_sample(request):
    """A file as it should be, with made-up clients, in the words of the page's language."""
    response = HttpResponse(sample_file(request.LANGUAGE_CODE), content_type="text/csv; charset=utf-8")
    name = _("past-sessions")  # of a file
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


@requires(Can.IMPORT_SESSIONS)
def import_detail(request, import_id):
    """How far a file is, what its columns mean, what is in it, and which lines are refused."""
    return _detail(request, _upload(request, import_id))


def _detail(request, upload, choices=None):
    report = upload.report
    refusals = _refusals(report)
    if choices is None and upload.is_waiting and ("outline" in report or "sheets" in report):
        choices = ChoicesForm(upload=upload, by=request.practitioner)
    created = report.get("creations", {})
    context = {
        "upload": upload,
        "choices": choices,
        "guessed": sum(how in ("guessed", "remembered") for how in report.get("outline", {}).get("how", ())),
        "refusals": refusals,
        "more": upload.counts.get("refused", 0) - len(refusals),
        "creations": [(called, created[kind]) for kind, called in CREATED.items() if kind in created],
        "fault": stored_file_reason(report["fault"]) if "fault" in report else "",
        "percent": uploads.percent_done(upload),
        "can_undo": upload.step == ImportStep.DONE and bool(upload.created.get("sessions")),
        "built_on": uploads.built_on(upload.created) if upload.step == ImportStep.DONE else "",
        "form": ConfirmForm(of="choices" if choices else ""),
    }
    status = 422 if choices is not None and choices.is_bound else 200
    return TemplateResponse(request, "sessions_app/import_detail.html", context, status=status)


def _refusals(report):
    """The refused lines of a stored report: number, column, sentence, and what stands in the line."""
    header = report.get("outline", {}).get("header", ())
    fields = report.get("fields", {})
    return [
        {
            "line": one["line"],
            "called": COLUMN_NAMES[one["column"]],
            "reason": stored_reason(one["code"], one["params"]),
            "fields": list(zip(header, fields.get(str(one["line"]), ()), strict=False)),
        }
        for one in report.get("refusals", [])
    ]


@require_POST
@requires(Can.IMPORT_SESSIONS)
def import_choices(request, import_id):
    """Read the file as somebody says."""
    upload = _upload(request, import_id)
    form = ChoicesForm(request.POST, upload=upload, by=request.practitioner)
    if not form.is_valid():
        return _detail(request, upload, form)
    remember = form.cleaned_data["remember"]
    return _carry_out(
        request, upload, uploads.choose, choices=form.chosen(), remember=remember, by=request.practitioner
    )


@require_POST
@requires(Can.IMPORT_SESSIONS)
def import_confirm(request, import_id):
    """Import a checked file; where the page was left with other choices than it was checked with, check it again."""
    upload = _upload(request, import_id)
    choices = ChoicesForm(request.POST, upload=upload, by=request.practitioner)
    if choices.was_changed():
        if choices.is_valid():
            messages.warning(request, _("You have changed what the columns mean: look at what it gives, then import."))
        return import_choices(request, import_id)
    form = ConfirmForm(request.POST)
    all_or_nothing = form.is_valid() and form.cleaned_data["all_or_nothing"]
    return _carry_out(request, upload, uploads.confirm_import, all_or_nothing=all_or_nothing, by=request.practitioner)


@require_POST
@requires(Can.IMPORT_SESSIONS)
def import_undo(request, import_id):
    """Take a whole import back."""
    return _carry_out(request, _upload(request, import_id), uploads.undo_import, by=request.practitioner)


def _carry_out(request, upload, action, **said):
    """Do something to an upload and show it; what is refused becomes a message."""
    try:
        action(upload=upload, **said)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("import-detail", upload.pk)


@require_POST
@requires(Can.IMPORT_SESSIONS)
def import_discard(request, import_id):
    uploads.discard_import(upload=_upload(request, import_id), by=request.practitioner)
    return redirect("import-sessions")


def _upload(request, import_id):
    uploads_of = SessionImport.objects.visible_to(request.practitioner).defer("content")
    return get_object_or_404(uploads_of, pk=import_id)
