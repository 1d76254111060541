"""The columns of a file of past sessions, and the words that may stand in them, in every language of the settings."""

import unicodedata
from collections.abc import Iterable, Sequence

from django.conf import settings

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
ATTENDANCE = {"": ATTENDED} | _meanings("attendance", ATTENDED, NO_SHOW, CANCELLED)
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
    """The column that a header's name means in one of our languages, else None."""
    return _KNOWN.get(plain_name(text))


def columns_of(header: Sequence[str]) -> list[str | None]:
    """What each field of a header means; None where the name is not known."""
    return [column_named(name) for name in header]
