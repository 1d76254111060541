"""The columns of a file of past sessions, and the words that may stand in them, in every language of the settings."""

from collections.abc import Iterable, Sequence

from django.conf import settings

from organisations.models.labels import normal_form

MOST_COLUMNS = 100  # of a file: what stands further to the right is not looked at
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

ATTENDED, NO_SHOW, CANCELLED = "attended", "no_show", "cancelled"


def in_every_language(kind: str, meanings: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """What each of `meanings` may be called in a file besides its own name, in the order of the languages."""
    tables = [getattr(language.imports, kind) for language in settings.MEDSPIL_LANGUAGES]
    called = {meaning: [table[meaning] for table in tables if meaning in table] for meaning in meanings}
    return {meaning: tuple(dict.fromkeys(words)) for meaning, words in called.items() if words}


def _meanings(kind: str, *meanings: str) -> dict[str, str]:
    """What each word that may stand in a field means."""
    called = in_every_language(kind, meanings)
    return {word: meaning for meaning in meanings for word in (meaning, *called.get(meaning, ()))}


NAMES = in_every_language("columns", COLUMNS)
# As they stand on the page, behind what each language calls them. What a spreadsheet makes of a ticked box comes last.
ALSO_CALLED = {
    ATTENDED: (
        *("fremmødt", "mødte", "mødte op", "mødt op", "deltog", "til stede", "gennemført"),
        *("närvarande", "deltagit", "genomförd", "genomfört", "på plats", "møtt", "møtte", "møtt opp", "møtte opp"),
        *("oppmøtt", "gjennomført", "present", "came", "completed", "yes", "ja", "x", "true", "sand", "sann", "sant"),
    ),
    NO_SHOW: (
        *("uteblev", "udeblev", "udeblivelse", "ikke mødt", "mødte ikke", "kom ikke"),
        *("ej mødt", "uteblivit", "utebliven", "kom inte", "kom ej", "uteble", "uteblitt", "ikke møtt", "møtte ikke"),
        *("no show", "no-show", "noshow", "did not come", "did not attend", "dna", "no", "nej", "nei"),
        *("false", "falsk", "falskt", "usann"),
    ),
    CANCELLED: (
        *("afbud", "meldt afbud", "afmeldt", "avbokat", "återbud", "inställd"),
        *("inställt", "avlyst", "avbestilt", "avmeldt", "canceled", "cancellation"),
    ),
}
CALLED = in_every_language("attendance", ALSO_CALLED)
ATTENDANCE_WORDS = {
    kind: tuple(dict.fromkeys((kind, *CALLED.get(kind, ()), *words))) for kind, words in ALSO_CALLED.items()
}
ATTENDANCE = {"": ATTENDED} | {word: kind for kind, words in ATTENDANCE_WORDS.items() for word in words}
ENDINGS = _meanings("endings", "planned", "unplanned", "referred")

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
    """The column that a header's name means in one of our languages, else None."""
    return _KNOWN.get(normal_form(text))


def columns_of(header: Sequence[str]) -> list[str | None]:
    """What each field of a header means; None where the name is not known."""
    return [column_named(name) for name in header]
