"""The columns of a file of past sessions, and the words that may stand in them, in four languages."""

from collections.abc import Sequence

from organisations.models.labels import normal_form

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

# Of other systems' files: a yes in them says that the form was not filled in, whatever its marks are. No names of ours.
SKIPS = {"ors_skip": "ors", "srs_skip": "srs"}
YES = ("y", "yes", "1", "true", "ja", "j", "sand", "sann", "sant")

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
# As they stand on the page; the first of each is the file's own. What a spreadsheet makes of a ticked box comes last.
ATTENDANCE_WORDS = {
    ATTENDED: (
        *("attended", "mødt", "kom", "fremmødt", "mødte", "mødte op", "mødt op", "deltog", "til stede", "gennemført"),
        *("närvarande", "deltagit", "genomförd", "genomfört", "på plats", "møtt", "møtte", "møtt opp", "møtte opp"),
        *("oppmøtt", "gjennomført", "present", "came", "completed", "yes", "ja", "x", "true", "sand", "sann", "sant"),
    ),
    NO_SHOW: (
        *("no_show", "udeblevet", "uteblev", "udeblev", "udeblivelse", "ikke mødt", "mødte ikke", "kom ikke"),
        *("ej mødt", "uteblivit", "utebliven", "kom inte", "kom ej", "uteble", "uteblitt", "ikke møtt", "møtte ikke"),
        *("no show", "no-show", "noshow", "did not come", "did not attend", "dna", "no", "nej", "nei"),
        *("false", "falsk", "falskt", "usann"),
    ),
    CANCELLED: (
        *("cancelled", "aflyst", "avbokad", "afbud", "meldt afbud", "afmeldt", "avbokat", "återbud", "inställd"),
        *("inställt", "avlyst", "avbestilt", "avmeldt", "canceled", "cancellation"),
    ),
}
ATTENDANCE = {"": ATTENDED} | {word: kind for kind, words in ATTENDANCE_WORDS.items() for word in words}
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


def _known_names() -> dict[str, str]:
    known = {column: column for column in COLUMNS}
    known |= {column.replace("_", " "): column for column in COLUMNS}
    known |= {normal_form(name): column for column, names in NAMES.items() for name in names}
    return known | {name.replace(" ", "_"): column for name, column in known.items()}


_KNOWN = _known_names()


def column_named(text: str) -> str | None:
    """The column that a header's name means in English, Danish, Swedish or Norwegian, else None."""
    return _KNOWN.get(normal_form(text))


def columns_of(header: Sequence[str]) -> list[str | None]:
    """What each field of a header means; None where the name is not known."""
    return [column_named(name) for name in header]
