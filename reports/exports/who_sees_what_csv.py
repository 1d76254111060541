"""Who can see what, as a file for a spreadsheet: what the page shows an administrator, and no more."""

from collections.abc import Iterator, Sequence

from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organisations.access import requires
from organisations.audit.record import record_access
from organisations.roles import Can
from organisations.services.csv_files import csv_file, text_cell
from reports.who_sees_what.rows import SeesWhat, rows_for


@require_safe
@requires(Can.MANAGE_PEOPLE)
def who_sees_what_csv(request):
    """A line for everybody with access or an invitation."""
    rows = rows_for(request.practitioner)
    record_access("who_sees_what.export", [], typed=f"people={len(rows)}")
    content = csv_file(csv_rows(rows))
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="who-can-see-what.csv"'
    return answer


def csv_rows(rows: Sequence[SeesWhat]) -> Iterator[list[str]]:
    """Words and whole numbers; days as the reader's language writes them."""
    yield [
        *(_("Name"), _("E-mail"), _("Role"), _("Teams"), _("Clients"), _("Archived clients")),
        *(_("Contact person of"), _("Opened cases"), _("API"), _("Last log-in"), _("Second factor"), _("Access until")),
    ]
    for row in rows:
        person = row.person
        yield [
            *(text_cell(person.name), text_cell(person.email), _("Other system") if row.is_system else _role(row)),
            *(text_cell(", ".join(row.teams)), str(row.reach.current), str(row.reach.archived)),
            *(str(row.contact_of), str(row.opened_cases)),
            text_cell("; ".join(f"{one.name} ({', '.join(map(str, one.kinds))})" for one in row.tokens)),
            date_format(row.last_log_in, "SHORT_DATE_FORMAT") if row.last_log_in else "",
            _("yes") if row.has_second_factor else _("no"),
            date_format(person.access_until, "SHORT_DATE_FORMAT") if person.access_until else "",
        ]


def _role(row: SeesWhat) -> str:
    return str(row.person.get_role_display())
