"""A file as it should be, to begin from: made-up clients, in the words of a language of the settings."""

import csv
import io

from django.conf import settings

COLUMNS = (
    *("client_reference", "episode", "birth_year", "service", "team", "practitioner", "held_on", "attendance"),
    *("ors_1", "ors_2", "ors_3", "ors_4", "ors_total", "srs_total", "episode_end", "ending", "words"),
)


def sample_file(language: str) -> bytes:
    """Four sessions of two clients as CSV, with semicolons and the mark by which spreadsheets know UTF-8.

    A language that is not spoken here has the last one of the settings.
    """
    spoken = {one.code: one.imports for one in settings.MEDSPIL_LANGUAGES}
    own = spoken.get(language) or settings.MEDSPIL_LANGUAGES[-1].imports
    came, stayed_away, cancelled = (own.attendance.get(kind, kind) for kind in ("attended", "no_show", "cancelled"))
    planned = own.endings.get("planned", "planned")
    service, team, words = own.sample
    place, person = (service, team), "anna@example.org"
    rows = [
        ["A-101", "", "1988", *place, person, "2025-09-01", came, "4,2", "5", "3,8", "5,1", "", "33,5", "", "", words],
        ["A-101", "", "", *place, person, "2025-09-15", stayed_away, *[""] * 9],
        ["A-101", "", "", *place, person, "2025-09-29", came, "", "", "", "", "24,5", "36", "2025-10-06", planned, ""],
        ["A-102", "", "2009", *place, person, "2025-09-03", cancelled, *[""] * 9],
    ]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow([own.columns.get(column, column) for column in COLUMNS])
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")
