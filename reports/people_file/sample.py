"""A file as the page takes it, with made-up people and the organisation's first team."""

from django.utils.translation import gettext as _

from organisations.models import Practitioner, Team
from organisations.services.csv_files import csv_file, text_cell
from reports.people_file.columns import COLUMNS, LABELS


def sample_rows(by: Practitioner) -> list[list[str]]:
    """The names of the columns in the reader's language, and two people."""
    team = Team.objects.visible_to(by).order_by("name").first()
    name, language = team.name if team else "", by.organisation.language
    roles = dict(Practitioner._meta.get_field("role").choices or [])
    return [
        [str(LABELS[column]) for column in COLUMNS],
        ["Anna Example", "anna@example.org", str(roles["practitioner"]), name, language, "", ""],
        ["Bo Example", "bo@example.org", str(roles["team_lead"]), name, language, "2027-01-04", "2027-12-31"],
    ]


def sample_csv(by: Practitioner) -> bytes:
    """The sample for any spreadsheet."""
    return csv_file([text_cell(cell) for cell in row] for row in sample_rows(by))


def sample_xlsx(by: Practitioner) -> bytes:
    """The sample as a workbook."""
    from organisations.services.xlsx_files import xlsx_file  # loads openpyxl: only where somebody takes a workbook

    return xlsx_file([(_("People"), sample_rows(by))], header_rows=1)
