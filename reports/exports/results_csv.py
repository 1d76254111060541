"""The results of an organisation as a file for a spreadsheet: what its page shows an administrator, and no more."""

from collections.abc import Iterator, Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clients.models import Ending
from organisations.access import requires
from organisations.roles import Can
from organisations.services.csv_files import csv_file, text_cell
from reports.results.figures import ResultLine
from reports.results.page import HIDDEN, REASONS
from reports.results.read import ResultsRead, read_results
from reports.results.selection import age_name
from reports.results.small_numbers import BEGUN, BETTER, USED
from reports.results.view import record_results
from sessions_app.measures.marks import POINT


@require_safe
@requires(Can.EXPORT_RESULTS)
def results_csv(request):
    """The same choices as on the page; a choice that cannot be shown is answered with 422 and an empty file."""
    read = read_results(request.practitioner, request.GET)
    record_results("results.export", read)
    content = csv_file([] if read.form.errors else csv_rows(read))
    status = 422 if read.form.errors else 200
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8", status=status)
    answer["Content-Disposition"] = 'attachment; filename="results.csv"'
    return answer


def csv_rows(read: ResultsRead) -> Iterator[list[str]]:
    """A line a row of the page's tables; numbers with a point, changes in points, "*" for what is hidden."""
    scope = dict(read.form.offered["of"])[read.chosen.scope]
    yield [text_cell(str(scope))]
    columns = (_("Begun"), _("Counted"), _("Progress"), _("Change"), _("Lower limit"), _("Upper limit"))
    yield ["", *map(text_cell, columns)]
    figures = read.figures
    counts = [figures.count(name) for name in (BEGUN, USED, BETTER)]
    yield [text_cell(_("all")), *map(_count, counts), *_limits(figures.change)]
    for reason, words in REASONS:
        yield [text_cell(str(words)), _count(figures.count(reason))]
    yield from _lines(read.by_year, {line.name: line.name for line in read.by_year})
    yield from _lines(read.by_age, {line.name: age_name(line.name) for line in read.by_age})
    yield from _lines(read.by_ending, {str(key): str(name) for key, name in Ending.choices})


def _lines(lines: Sequence[ResultLine], names: dict[str, str]) -> Iterator[list[str]]:
    for line in lines:
        better = None if line.better is None and line.used else line.better.successes if line.better else 0
        yield [text_cell(names[line.name]), *map(_count, (line.begun, line.used, better)), *_limits(line.change)]


def _count(count: int | None) -> str:
    return HIDDEN if count is None else str(count)


def _limits(change) -> list[str]:
    return [] if change is None else [f"{one / float(POINT):.1f}" for one in (change.value, change.low, change.high)]
