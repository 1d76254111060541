"""Administrators bring the register of services in: upload, look at the lines, import; and take it out again."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from organisations.access import requires
from organisations.models import RegisterImport
from organisations.roles import Can
from organisations.services import service_register
from organisations.views.undo import tell_done
from organisations.web.input_guard import takes_body
from reports.spread.columns import COLUMNS, LABELS
from reports.spread.form import LARGEST, RegisterFileForm
from reports.spread.own_services import own_services_file
from reports.spread.register_file import read_register
from reports.spread.sample import sample_file

SHOWN = 10  # files of a page
MOST_SHOWN = 100  # lines of a preview


@takes_body(LARGEST + 1024 * 1024)  # a little more than is taken, which the page then says itself
@requires(Can.EDIT_REGISTER)
def register_files(request):
    """Upload a file of a register; below it those that are there."""
    form = RegisterFileForm(request.POST if request.method == "POST" else None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        kept = service_register.keep_file(name=file.name, content=file.read(), by=request.practitioner)
        return redirect("register-file", kept.pk)
    files = RegisterImport.objects.visible_to(request.practitioner).defer("content").order_by("-created_at", "pk")
    page = Paginator(files, SHOWN).get_page(request.GET.get("page"))
    columns = [(LABELS[one], ", ".join((one, *words))) for one, words in COLUMNS.items()]
    context = {"form": form, "files": page, "columns": columns}
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "reports/register_files.html", context, status=status)


@require_safe
@requires(Can.EDIT_REGISTER)
def register_file(request, register_import_id):
    """What is in a file: its lines, or why they cannot be taken; nothing is imported by looking."""
    kept = _kept(request, register_import_id)
    read = read_register(bytes(kept.content), by=request.practitioner, is_in=kept.imported_at is not None)
    context = {
        "kept": kept,
        "read": read,
        "lines": read.lines[:MOST_SHOWN],
        "faults": [(number, LABELS[fault.column], fault.sentence) for number, fault in read.faults[:MOST_SHOWN]],
        "more_lines": max(0, len(read.lines) - MOST_SHOWN),
        "more_faults": max(0, len(read.faults) - MOST_SHOWN),
        "services": sum(line.services for _number, line in read.lines),
        "years": sorted({line.year for _number, line in read.lines}),
    }
    return TemplateResponse(request, "reports/register_file.html", context)


@require_POST
@requires(Can.EDIT_REGISTER)
def register_file_import(request, register_import_id):
    """Take all lines in; a file with a fault is shown again."""
    kept = _kept(request, register_import_id)
    read = read_register(bytes(kept.content), by=request.practitioner)
    if kept.imported_at is None and not read.can_be_imported:
        return redirect("register-file", kept.pk)
    lines = [line for _number, line in read.lines]
    try:
        service_register.import_lines(register_import=kept, lines=lines, by=request.practitioner)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("register-file", kept.pk)
    undo = reverse("register-file-take-out", args=[kept.pk])
    tell_done(request, _("“%(file)s” is in the register.") % {"file": kept.file_name}, undo=undo)
    return redirect("spread")


@require_POST
@requires(Can.EDIT_REGISTER)
def register_file_take_out(request, register_import_id):
    """Take all lines of a file out of the register."""
    kept = _kept(request, register_import_id)
    service_register.take_out(register_import=kept, by=request.practitioner)
    undo = reverse("register-file-import", args=[kept.pk])
    tell_done(request, _("“%(file)s” is out of the register.") % {"file": kept.file_name}, undo=undo)
    return redirect("register-file", kept.pk)


@require_POST
@requires(Can.EDIT_REGISTER)
def register_file_discard(request, register_import_id):
    """Forget a file whose lines are not in the register."""
    kept = _kept(request, register_import_id)
    try:
        service_register.discard(register_import=kept, by=request.practitioner)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("register-file", kept.pk)
    messages.success(request, _("“%(file)s” is discarded.") % {"file": kept.file_name})
    return redirect("register-files")


@require_POST
@requires(Can.EDIT_REGISTER)
def register_own_services(request):
    """Make a file of the organisation's own services; it is looked at and imported like any other."""
    by = request.practitioner
    kept = service_register.keep_file(name=_("own-services.csv"), content=own_services_file(by), by=by)
    return redirect("register-file", kept.pk)


@require_safe
@requires(Can.EDIT_REGISTER)
def register_sample(request):
    """A file as it should be, with made-up services."""
    answer = HttpResponse(sample_file(request.practitioner), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="service-register.csv"'
    return answer


def _kept(request, register_import_id):
    return get_object_or_404(RegisterImport.objects.visible_to(request.practitioner), pk=register_import_id)
