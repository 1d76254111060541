"""The series of an episode as a file for a spreadsheet: a row a session, without what anybody said."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organisations.access import requires
from organisations.roles import Can
from organisations.services.csv_files import csv_file, text_cell
from reports.record.content import RecordContent, RecordCourse
from reports.record.file_names import attachment, file_name
from reports.record.read import read_asked
from reports.record.staff_document import head_of
from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.measures.marks import POINT
from sessions_app.texts.instruments import short_name
from sessions_app.texts.verdict import ITEMS


@require_safe
@requires(Can.EXPORT_RECORD)
def record_csv(request, episode_id):
    """The period that the address names, else the whole episode."""
    content = read_asked(request, episode_id, "record.numbers")
    answer = HttpResponse(csv_file(course_rows(content)), content_type="text/csv; charset=utf-8")
    return attachment(answer, file_name(head_of(content), "", "csv"))


def course_rows(content: RecordContent) -> Iterator[list[str]]:
    """For each period by age a header and its sessions; days as 2026-11-29, numbers with a point."""
    for course in content.courses:
        of = course.series.of
        kinds = (("ors", of.outcome), ("srs", of.alliance)) if course.with_srs else (("ors", of.outcome),)
        yield [*map(text_cell, _columns(kinds))]
        yield from _rows(course, [kind for kind, _instrument in kinds])
    for one in content.others:
        yield [text_cell(_("Date")), text_cell(one.title)]
        # As it is said on its own scale, whose comma is a point in this file.
        yield from ([day.isoformat(), words.replace(",", ".")] for day, _key, _value, words in one.measured)


def _columns(kinds) -> Iterator[str]:
    yield _("Date")
    for _kind, instrument in kinds:
        short = short_name(instrument)
        yield short
        yield from (f"{short} {ITEMS[key]}" for key in FAMILY[instrument].items)
    yield _("Other")


def _rows(course: RecordCourse, kinds: list[str]) -> Iterator[list[str]]:
    counts = {"ors": len(FAMILY[course.series.of.outcome].items), "srs": len(FAMILY[course.series.of.alliance].items)}
    for place, one in enumerate(course.series.sorted()):
        row = [one.held_on.isoformat()]
        for kind in kinds:
            marks = getattr(one, f"{kind}_marks") or (None,) * counts[kind]
            row += [_number(getattr(one, kind)), *map(_number, marks)]
        yield [*row, text_cell(course.chart.told(place))]


def _number(tenths: int | None) -> str:
    return "" if tenths is None else f"{tenths / POINT:.1f}"
