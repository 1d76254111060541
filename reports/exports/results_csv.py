"""The results of an organisation as files for a spreadsheet: what its page shows an administrator, and no more."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from organisations.access import requires
from organisations.roles import Can
from organisations.services.csv_files import csv_file, text_cell
from reports.record.file_names import attachment
from reports.results.file_name import results_file_name
from reports.results.read import ResultsRead, read_results
from reports.results.table import Value, table_rows
from reports.results.view import record_results


@require_safe
@requires(Can.EXPORT_RESULTS)
def results_csv(request):
    """The same choices as on the page; a choice that cannot be shown is answered with 422 and an empty file."""
    read = read_results(request.practitioner, request.GET, to_keep=True)
    record_results("results.export", read)
    content = csv_file([] if read.form.errors else csv_rows(read))
    status = 422 if read.form.errors else 200
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8", status=status)
    return attachment(answer, results_file_name(read.day, "csv"))


def csv_rows(read: ResultsRead) -> Iterator[list[str]]:
    """The rows of the table; numbers with a point."""
    for row in table_rows(read):
        yield [_cell(one) for one in row]


def _cell(value: Value) -> str:
    if isinstance(value, str):
        return text_cell(value)
    return f"{value:.1f}" if isinstance(value, float) else str(value)
