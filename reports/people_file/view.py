"""Invite many from a file: upload, look at the lines, send."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from organisations.access import requires
from organisations.roles import Can
from organisations.web.input_guard import takes_body
from reports.people_file.columns import COLUMNS, LABELS
from reports.people_file.form import LARGEST, PeopleFileForm
from reports.people_file.lines import MOST_LINES, read_people
from reports.people_file.sample import sample_csv, sample_xlsx
from reports.people_file.sending import invite_lines, signed, signed_lines


@takes_body(LARGEST + 64 * 1024)  # a little more than is taken, which the page then says itself
@requires(Can.MANAGE_PEOPLE)
def people_file(request):
    """Upload a file; its lines are shown, and nobody is invited by that."""
    form = PeopleFileForm(request.POST if request.method == "POST" else None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return _preview(request, form.cleaned_data["file"])
    columns = [(LABELS[one], ", ".join((one, *words))) for one, words in COLUMNS.items()]
    context = {"form": form, "columns": columns, "most": MOST_LINES}
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "reports/people_file.html", context, status=status)


@require_POST
@requires(Can.MANAGE_PEOPLE)
def people_file_send(request):
    """Invite those whom the page showed."""
    by = request.practitioner
    try:
        invited, refused = invite_lines(rows=signed_lines(request.POST.get("lines", ""), by), by=by)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("people-file")
    if invited:
        said = ngettext("%(count)d person is invited.", "%(count)d people are invited.", len(invited))
        messages.success(request, said % {"count": len(invited)})
    for sentence in refused:
        messages.error(request, sentence)
    return redirect("people")


@require_safe
@requires(Can.MANAGE_PEOPLE)
def people_file_sample(request, kind):
    """A file as it should be, with made-up people."""
    from organisations.services.xlsx_files import MEDIA_TYPE

    make, media = (sample_xlsx, MEDIA_TYPE) if kind == "xlsx" else (sample_csv, "text/csv; charset=utf-8")
    answer = HttpResponse(make(request.practitioner), content_type=media)
    answer["Content-Disposition"] = f'attachment; filename="people.{kind}"'
    return answer


def _preview(request, file):
    by = request.practitioner
    read = read_people(file.read(), by=by)
    context = {
        "read": read,
        "file_name": file.name,
        "faults": [(number, LABELS[fault.column], fault.sentence) for number, fault in read.faults],
        "signed": signed([line for _number, line in read.lines], by) if read.lines else "",
    }
    return TemplateResponse(request, "reports/people_file_lines.html", context, status=422 if read.fault else 200)
