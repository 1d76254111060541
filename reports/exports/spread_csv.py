"""The spread of FIT as a file for a spreadsheet: every year and municipality, as the page shows them."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organisations.access import requires
from organisations.roles import Can
from organisations.services.csv_files import csv_file, text_cell
from reports.spread.page import SCOPES, SpreadRead, read_spread


@require_safe
@requires(Can.SEE_RESULTS)
def spread_csv(request):
    """All years for whom was chosen; a choice that there is not is answered with 422 and an empty file."""
    read = read_spread(request.practitioner, request.GET)
    content = csv_file([] if read.form.errors else csv_rows(read))
    status = 422 if read.form.errors else 200
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8", status=status)
    answer["Content-Disposition"] = 'attachment; filename="spread-of-fit.csv"'
    return answer


def csv_rows(read: SpreadRead) -> Iterator[list[str]]:
    """A line a year and municipality; what is unknown is said, and never nought."""
    yield [text_cell(str(dict(SCOPES)[read.of]))]
    names = (_("Year"), _("Code"), _("Municipality"), _("Services with FIT"), _("Services in the register"))
    yield [text_cell(words) for words in names]
    for place, year in enumerate(read.years):
        for (code, name), found in read.rows(place):
            numbers = [_("unknown")] * 2 if found is None else [str(found.with_fit), str(found.services)]
            yield [str(year.year), text_cell(code), text_cell(name), *numbers]
        yield [str(year.year), "", text_cell(_("In all")), str(year.with_fit), str(year.services)]
