"""The papers of data protection as files: record of processing and impact assessment for Word, map of data as CSV."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organisations.access import requires
from organisations.history.privacy import marks
from organisations.roles import Can
from organisations.services.csv_files import csv_file, text_cell
from reports.data_protection.activities import activity_of
from reports.data_protection.impact_assessment import impact_assessment
from reports.data_protection.processing_record import processing_record
from reports.data_protection.word_file import word_file
from reports.record.file_names import attachment

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
@requires(Can.MANAGE_PEOPLE)
def processing_record_docx(request):
    parts = processing_record(request.practitioner.organisation)
    made = word_file(_("Record of processing activities"), get_language() or "en", parts)
    return attachment(HttpResponse(made, content_type=WORD), "record-of-processing.docx")


@require_safe
@requires(Can.MANAGE_PEOPLE)
def impact_assessment_docx(request):
    parts = impact_assessment(request.practitioner.organisation)
    made = word_file(_("Data protection impact assessment"), get_language() or "en", parts)
    return attachment(HttpResponse(made, content_type=WORD), "impact-assessment.docx")


@require_safe
@requires(Can.MANAGE_PEOPLE)
def data_map_csv(request):
    answer = HttpResponse(csv_file(data_map()), content_type="text/csv; charset=utf-8")
    return attachment(answer, "data-map.csv")


def data_map() -> Iterator[list[str]]:
    """A line a column of each table: what it holds, and what for."""
    activities = activity_of()
    yield [_("Table"), _("Column"), _("Kind"), _("Activity")]
    for label, columns in sorted(marks().items()):
        for name, holds in sorted(columns.items()):
            yield [label, name, holds.value, text_cell(str(activities[label].name))]
