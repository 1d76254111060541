"""How much each organisation uses, by month, without identities: as a page and as a file."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organisations.access import for_operators
from organisations.services.csv_files import csv_file, text_cell
from organisations.services.operator import use_of

MONTHS = 13
HIDDEN = "*"  # too few to be told; it was not stored either
COUNTS = ("people", "sessions", "forms", "mails", "megabytes")


@require_safe
@for_operators
def operator_use(request):
    return TemplateResponse(request, "organisations/operator_use.html", {"rows": use_of(MONTHS)})


@require_safe
@for_operators
def operator_use_csv(request):
    heads = [_("Month"), _("Organisation"), _("Short name"), _("People"), _("Sessions"), _("Forms"), _("Mails"), "MB"]
    lines = [[text_cell(head) for head in heads]]
    for row in use_of(MONTHS):
        counts = [getattr(row, name) for name in COUNTS]
        cells = [HIDDEN if count is None else str(count) for count in counts]
        lines.append([f"{row.month:%Y-%m}", text_cell(row.organisation.name), row.organisation.slug, *cells])
    answer = HttpResponse(csv_file(lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="use.csv"'
    return answer
