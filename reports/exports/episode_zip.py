"""Everything of an episode in one file: the document, the curve, the numbers, and the whole as JSON."""

import io
import zipfile
from collections.abc import Callable

from django.utils.translation import gettext as _

from organisations.services.csv_files import csv_file
from reports.exports.course_csv import course_rows
from reports.exports.curve_picture import curve_svg
from reports.exports.episode_json import episode_json
from reports.exports.record_pdf import record_pdf
from reports.record.content import RecordContent
from reports.record.file_names import file_name
from reports.record.staff_document import head_of


def episode_zip(content: RecordContent, going_on: Callable[[int], None]) -> bytes:
    """The files as ZIP; `going_on` is told how many percent are done. CannotBeSet where the PDF could not be made."""
    head = head_of(content)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(file_name(head, "", "json"), episode_json(content))
        going_on(20)
        if content.courses:
            archive.writestr(file_name(head, "", "csv"), csv_file(course_rows(content)))
            archive.writestr(file_name(head, "", "svg"), curve_svg(content))
        going_on(40)
        archive.writestr(file_name(head, _("record"), "pdf"), record_pdf(content))
        going_on(100)
    return out.getvalue()
