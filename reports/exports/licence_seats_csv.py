"""Licences and their seats, as a file for a spreadsheet: what the page shows an administrator."""

from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organisations.access import requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.services.csv_files import csv_file, text_cell
from sessions_app.wording.seats import LicenceSeats, seats_of_licences


@require_safe
@requires(Can.MANAGE_PACKS)
def licence_seats_csv(request):
    """A line for each confirmed licence of a pack in use."""
    rows = seats_of_licences(request.practitioner)
    record_access("licence_seats.export", [], typed=f"licences={len(rows)}")
    head = [_("Pack"), _("Form"), _("Licence number"), _("Seats"), _("Seats taken"), _("Seats free")]
    content = csv_file([[*head, _("Licence until"), _("Days left")], *(_cells(row) for row in rows)])
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="licences.csv"'
    return answer


def _cells(row: LicenceSeats) -> list[str]:
    licence = row.licence
    numbers = (licence.seats, row.used, row.free)
    until = date_format(licence.valid_until, "SHORT_DATE_FORMAT") if licence.valid_until else ""
    return [
        *(text_cell(str(licence.pack)), licence.pack.instrument.upper(), text_cell(licence.number)),
        *("" if number is None else str(number) for number in numbers),
        *(until, "" if row.days_left is None else str(row.days_left)),
    ]
