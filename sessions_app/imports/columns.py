"""The columns of a file of past sessions, and the words that may stand in them, in four languages (pure)."""

import unicodedata
from collections.abc import Sequence

ORS_MARKS = ("ors_1", "ors_2", "ors_3", "ors_4")
SRS_MARKS = ("srs_1", "srs_2", "srs_3", "srs_4")

# In the order in which a line's first fault is told.
COLUMNS = (
    "client_reference",
    "episode",
    "birth_year",
    "service",
    "team",
    "practitioner",
    "held_on",
    "attendance",
    *ORS_MARKS,
    "ors_total",
    *SRS_MARKS,
    "srs_total",
    "episode_end",
    "ending",
    "words",
)
ORDER = {column: place for place, column in enumerate(COLUMNS)}
REQUIRED = ("client_reference", "held_on")

# Danish, Swedish, Norwegian; the English name is the column's own.
NAMES = {
    "client_reference": ("borger", "brukare", "bruker"),
    "episode": ("forløb", "insats", "forløp"),
    "birth_year": ("fødselsår", "födelseår"),
    "service": ("tilbud", "verksamhet", "tjeneste"),
    "practitioner": ("behandler", "behandlare"),
    "held_on": ("dato", "datum"),
    "attendance": ("fremmøde", "närvaro", "oppmøte"),
    "episode_end": ("afsluttet", "avslutad", "avsluttet"),
    "ending": ("afslutning", "avslut", "avslutning"),
    "words": ("egne ord", "egna ord"),
}

ATTENDED, NO_SHOW, CANCELLED = "attended", "no_show", "cancelled"
ATTENDANCE = {
    "": ATTENDED,
    **dict.fromkeys(("attended", "mødt", "kom"), ATTENDED),
    **dict.fromkeys(("no_show", "udeblevet", "uteblev"), NO_SHOW),
    **dict.fromkeys(("cancelled", "aflyst", "avbokad"), CANCELLED),
}
ENDINGS = {
    **dict.fromkeys(("planned", "planlagt", "planerat"), "planned"),
    **dict.fromkeys(("unplanned", "ikke planlagt", "oplanerat"), "unplanned"),
    **dict.fromkeys(("referred", "henvist", "remitterad"), "referred"),
}

# The longest text that fits, in characters.
LONGEST = {
    "client_reference": 60,
    "episode": 60,
    "service": 120,
    "team": 120,
    "practitioner": 120,
    "words": 4000,
}


def plain_name(text: str) -> str:
    """A header's name or a listed word without case, outer blanks and way of composing letters."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _known_names() -> dict[str, str]:
    known = {column: column for column in COLUMNS}
    known |= {column.replace("_", " "): column for column in COLUMNS}
    known |= {plain_name(name): column for column, names in NAMES.items() for name in names}
    return known | {name.replace(" ", "_"): column for name, column in known.items()}


_KNOWN = _known_names()


def column_named(text: str) -> str | None:
    """The column that a header's name means in English, Danish, Swedish or Norwegian, else None."""
    return _KNOWN.get(plain_name(text))


def columns_of(header: Sequence[str]) -> list[str | None]:
    """What each field of a header means; None where the name is not known."""
    return [column_named(name) for name in header]
