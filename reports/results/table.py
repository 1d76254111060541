"""The results of a page as the rows of a spreadsheet: what an administrator sees, and no more."""

import math
from collections.abc import Iterator, Mapping, Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clients.models import Ending
from reports.results.figures import ResultLine
from reports.results.page import REASONS
from reports.results.read import ResultsRead
from reports.results.selection import FORM_NAMES, age_name
from reports.results.small_numbers import BEGUN, BETTER, USED, K
from sessions_app.measures.marks import POINT
from sessions_app.measures.results.resampling import MeanChange
from sessions_app.measures.results.suppression import HIDDEN

Value = str | int | float
HEADER_ROWS = 2


def table_rows(read: ResultsRead) -> Iterator[list[Value]]:
    """A line a row of the page's tables; changes in points with one decimal, "*" for what is hidden."""
    yield [scope_name(read)]
    yield ["", _("Begun"), _("Counted"), _("Progress"), _("Change"), _("Lower limit"), _("Upper limit")]
    figures = read.figures
    counts = [figures.count(name) for name in (BEGUN, USED, BETTER)]
    yield [_("all"), *map(_count, counts), *_limits(figures.change)]
    for reason, words in REASONS:
        yield [str(words), _count(figures.count(reason))]
    yield from _lines(read.by_year, {line.name: line.name for line in read.by_year})
    yield from _lines(read.by_age, {line.name: age_name(line.name) for line in read.by_age})
    yield from _lines(read.by_ending, {str(key): str(name) for key, name in Ending.choices})


def about_rows(read: ResultsRead) -> Iterator[list[str]]:
    """What the table is of, and what has to be known to read it."""
    for name, value in chosen_words(read):
        yield [name, value]
    yield [_("The star"), star_words()]
    yield [_("Change"), _("In points; the interval is that of 95 per cent.")]
    yield ["", _("The figures do not show that it is because of the help.")]


def star_words() -> str:
    """Why some numbers are not there."""
    return _(
        "A star stands where fewer than %(least)s clients could be told about, also by subtracting one number from "
        "another. Nought is shown."
    ) % {"least": K}


def scope_name(read: ResultsRead) -> str:
    """Whose results they are."""
    return str(dict(read.form.offered["of"])[read.chosen.scope])


def chosen_words(read: ResultsRead) -> Iterator[tuple[str, str]]:
    """What was chosen, as (name, value), and the day on which it was counted."""
    yield str(read.form.fields["of"].label), scope_name(read)
    chosen = read.chosen
    begun = _("Begun in %(year)s") % {"year": chosen.year} if chosen.year else _("All that have begun so far")
    yield _("Period"), begun
    for name in ("age", "kind", "ending", "label"):
        value = getattr(chosen, name)
        if value:
            yield str(read.form.fields[name].label), str(dict(read.form.offered[name])[value])
    yield _("Answered on"), str(FORM_NAMES[chosen.form])
    yield _("Counted on"), date_format(read.day, "DATE_FORMAT")


def _lines(lines: Sequence[ResultLine], names: Mapping[str, str]) -> Iterator[list[Value]]:
    for line in lines:
        better = None if line.better is None and line.used else line.better.successes if line.better else 0
        yield [names[line.name], *map(_count, (line.begun, line.used, better)), *_limits(line.change)]


def _count(count: int | None) -> Value:
    return HIDDEN if count is None else count


def _limits(change: MeanChange | None) -> list[Value]:
    if change is None:
        return []
    ends = [one for one in (change.value, change.low, change.high) if math.isfinite(one)]
    return [round(one / float(POINT), 1) for one in ends]
