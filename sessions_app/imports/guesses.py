"""What the columns of a file probably mean: names that are known, chosen last time, or guessed (pure)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from organisations.models.labels import normal_form
from sessions_app.imports.choices import UNUSED
from sessions_app.imports.columns import ORS_MARKS, SRS_MARKS, column_named

KNOWN, REMEMBERED, GUESSED, CHOSEN, LEFT_OUT = "known", "remembered", "guessed", "chosen", "left_out"
_MARKS_OF_A_NAME = re.compile(r"[\W_]+")

# Names that people give their columns, without their signs. Those of the import format that OpenFIT publishes are
# among them (Client_ID, Session_Date, ORSQ1, Total_ORS, ORS_Skip ...); none was tried on a real export.
NAMES: dict[str, tuple[str, ...]] = {
    "client_reference": (
        *("borgernr", "borgernummer", "borger nr", "borger id", "borgerid", "borgerens nummer", "klient", "klientnr"),
        *("klientnummer", "klient nr", "klient id", "client", "client id", "client number", "client no", "clientid"),
        *("brukarnr", "brukar id", "brukarnummer", "brukernr", "bruker id", "brukernummer", "reference", "referens"),
        *("referanse", "sagsnr", "sagsnummer", "journalnr", "løbenr", "löpnr", "løpenr", "id", "nr", "patient id"),
    ),
    "episode": ("case", "case id", "caseid", "sag", "forløbsnr", "ärende", "episode id"),
    "birth_year": ("født", "född", "årgang", "årgång", "year of birth", "birthyear", "født år", "född år"),
    "service": (
        *("afdeling", "avdelning", "avdeling", "enhed", "enhet", "institution", "program", "location"),
        *("service location",),
    ),
    "team": ("gruppe", "grupp", "group"),
    "practitioner": (
        *("medarb", "medarbejder", "medarbetare", "medarbeider", "kontaktperson", "terapeut", "handläggare"),
        *("saksbehandler", "sagsbehandler", "therapist", "clinician", "provider", "provider email", "ansatt"),
    ),
    "held_on": (
        *("date", "session date", "sessiondate", "dag", "samtaledato", "samtalens dato", "mødedato", "samtalsdatum"),
        *("samtaledag", "møtedato", "besøgsdato", "besöksdatum", "dato for samtale"),
    ),
    "attendance": (
        "fremmødt",
        "fremmøde status",
        "mødt",
        "status",
        "deltog",
        "närvarande",
        "møtt",
        "oppmøtt",
        "attended",
    ),
    "episode_end": ("slutdato", "slutdatum", "sluttdato", "slut", "slutt", "end date", "afsluttet den"),
    "ending": ("slutårsag", "afslutningsmåde", "afslutningsårsag", "avslutsorsak", "sluttårsak", "end reason"),
    "words": ("borgerens ord", "brukarens ord", "brukerens ord", "citat", "sitat", "clients words", "client s words"),
    "ors_skip": ("ors skip",),
    "srs_skip": ("srs skip",),
}
_TOTALS = (
    "{0}",
    "{0} sum",
    "sum {0}",
    "{0}sum",
    "{0} tot",
    "{0}tot",
    "{0} total",
    "{0}total",
    "total {0}",
    "{0} score",
)
_MARKS = ("{0}{1}", "{0}q{1}", "{0} q{1}", "{0} {1}", "{0} spørgsmål {1}", "{0} linje {1}", "{0} fråga {1}")
NAMES |= {f"{key}_total": tuple(pattern.format(key) for pattern in _TOTALS) for key in ("ors", "srs")}
NAMES |= {
    column: tuple(pattern.format(column[:3], column[-1]) for pattern in _MARKS) for column in (*ORS_MARKS, *SRS_MARKS)
}
_GUESSES = {name: column for column, names in NAMES.items() for name in names}
SUM = ("sum", "total", "i alt")  # of the only instrument whose marks the file has


@dataclass(frozen=True)
class Guess:
    """What a column of a file means (UNUSED: left out), and how that is known: KNOWN, REMEMBERED, GUESSED ..."""

    column: str
    how: str


def guesses(header: Sequence[str], remembered: Mapping[str, str]) -> list[Guess]:
    """What each field of a header means; no column twice. `remembered`: normal forms of headers to columns."""
    found: dict[int, Guess] = {}
    for how, means in (
        (KNOWN, column_named),
        (REMEMBERED, lambda name: remembered.get(normal_form(name))),
        (GUESSED, lambda name: _GUESSES.get(_bare(name))),
    ):
        for place, name in enumerate(header):
            column = means(name)
            taken = {guess.column for guess in found.values()} - {UNUSED}
            if place not in found and column is not None and column not in taken:
                found[place] = Guess(column, how)
    _guess_sum(header, found)
    return [found.get(place, Guess(UNUSED, LEFT_OUT)) for place in range(len(header))]


def _guess_sum(header: Sequence[str], found: dict[int, Guess]) -> None:
    columns = {guess.column for guess in found.values()}
    only = [key for key, marks in (("ors", ORS_MARKS), ("srs", SRS_MARKS)) if set(marks) <= columns]
    if len(only) == 1 and f"{only[0]}_total" not in columns:
        for place, name in enumerate(header):
            if place not in found and _bare(name) in SUM:
                found[place] = Guess(f"{only[0]}_total", GUESSED)
                return


def _bare(name: str) -> str:
    """A header without its signs: "Medarb." is "medarb", "ORS-sum" is "ors sum"."""
    return _MARKS_OF_A_NAME.sub(" ", normal_form(name)).strip()
