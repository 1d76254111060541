"""The results of an organisation as a workbook: the rows of the other file, with numbers as numbers."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organisations.access import requires
from organisations.roles import Can
from reports.record.file_names import attachment
from reports.results.file_name import results_file_name
from reports.results.read import ResultsRead, read_results
from reports.results.table import HEADER_ROWS, about_rows, table_rows
from reports.results.view import record_results


@require_safe
@requires(Can.EXPORT_RESULTS)
def results_xlsx(request):
    """The same choices as on the page; a choice that cannot be shown is answered with 422 and an empty workbook."""
    from organisations.services.xlsx_files import MEDIA_TYPE

    read = read_results(request.practitioner, request.GET, to_keep=True)
    record_results("results.export", read)
    status = 422 if read.form.errors else 200
    answer = HttpResponse(_content(read), content_type=MEDIA_TYPE, status=status)
    return attachment(answer, results_file_name(read.day, "xlsx"))


def _content(read: ResultsRead) -> bytes:
    from organisations.services.xlsx_files import (
        Rows,
        xlsx_file,
    )  # loads openpyxl: only where somebody takes a workbook

    if read.form.errors:
        return xlsx_file([(_("Results"), [])])
    sheets: list[tuple[str, Rows]] = [
        (_("Results"), list(table_rows(read))),
        (_("How to read it"), list(about_rows(read))),
    ]
    return xlsx_file(sheets, header_rows=HEADER_ROWS)
