"""How FIT is used, as a file for a spreadsheet: what the page shows an administrator, and no more."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organisations.access import requires
from organisations.roles import Can
from organisations.services.csv_files import csv_file, text_cell
from reports.fit_in_use.definitions import MEASURES
from reports.fit_in_use.page import UseRead, month_key, read_page
from reports.fit_in_use.view import record_use
from sessions_app.measures.results.suppression import HIDDEN


@require_safe
@requires(Can.EXPORT_RESULTS)
def fit_in_use_csv(request):
    """All months of the chosen team; a choice that there is not is answered with 422 and an empty file."""
    read = read_page(request.practitioner, request.GET, to_keep=True)
    record_use("fit_in_use.export", read)
    content = csv_file([] if read.form.errors else csv_rows(read))
    status = 422 if read.form.errors else 200
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8", status=status)
    answer["Content-Disposition"] = 'attachment; filename="fit-in-use.csv"'
    return answer


def csv_rows(read: UseRead) -> Iterator[list[str]]:
    """A line a month, the oldest first: of each number the part and the whole; "*" for what is hidden."""
    yield [text_cell(str(dict(read.form.offered["of"])[read.scope]))]
    yield [text_cell(_("Month")), *(text_cell(words) for one in MEASURES for words in (str(one.name), _("of")))]
    for place, period in enumerate(read.figures.periods):
        shares = [read.figures.share(read.scope, place, one) for one in MEASURES]
        yield [month_key(period), *(_cell(count) for one in shares for count in (one.part, one.whole))]


def _cell(count: int | None) -> str:
    return HIDDEN if count is None else str(count)
