"""A file as it should be, to begin from: made-up clients, in the words of a language (pure)."""

import csv
import io

from sessions_app.imports.columns import NAMES

LANGUAGES = ("da", "sv", "nb")  # in the order of columns.NAMES
COLUMNS = (
    *("client_reference", "episode", "birth_year", "service", "team", "practitioner", "held_on", "attendance"),
    *("ors_1", "ors_2", "ors_3", "ors_4", "ors_total", "srs_total", "episode_end", "ending", "words"),
)
WORDS = {
    "da": ("mødt", "udeblevet", "aflyst", "planlagt", "Bostøtte", "Rødt team", "Jeg sover bedre nu"),
    "sv": ("kom", "uteblev", "avbokad", "planerat", "Boendestöd", "Röda teamet", "Jag sover bättre nu"),
    "nb": ("møtt", "ikke møtt", "avlyst", "planlagt", "Bostøtte", "Rødt team", "Jeg sover bedre nå"),
    "en": ("attended", "no_show", "cancelled", "planned", "Floating support", "Red team", "I sleep better now"),
}


def sample_file(language: str) -> bytes:
    """Four sessions of two clients as CSV, with semicolons and the mark by which spreadsheets know UTF-8."""
    known = language if language in WORDS else "en"
    came, stayed_away, cancelled, planned, service, team, words = WORDS[known]
    place, person = (service, team), "anna@example.org"
    rows = [
        ["A-101", "", "1988", *place, person, "2025-09-01", came, "4,2", "5", "3,8", "5,1", "", "33,5", "", "", words],
        ["A-101", "", "", *place, person, "2025-09-15", stayed_away, *[""] * 9],
        ["A-101", "", "", *place, person, "2025-09-29", came, "", "", "", "", "24,5", "36", "2025-10-06", planned, ""],
        ["A-102", "", "2009", *place, person, "2025-09-03", cancelled, *[""] * 9],
    ]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow([_name(column, known) for column in COLUMNS])
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def _name(column: str, language: str) -> str:
    """A column's name in a language; where Norwegian has none of its own it is as in Danish."""
    names = NAMES.get(column, ())
    if language not in LANGUAGES or not names:
        return column
    place = LANGUAGES.index(language)
    return names[place if place < len(names) else 0]
