"""The languages that the application speaks: the one list, from which settings and apps take what they need.

A new language is an entry here, its words for the forms (sessions_app/texts/wording/<code>.json) and its translations
(locale/<code>, gathered by `make messages`). The apps read the list as settings.MEDSPIL_LANGUAGES.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Alphabet:
    """Where letters stand that the Latin alphabet has no place for.

    As in the collations of the Unicode CLDR, release 48, at the level of whole letters. `after_z` are letters of their
    own, in their order; `same_as` are letters that stand where another one does; `double_a` where "aa" is an
    older spelling of å (Aage, Aalborg).
    """

    after_z: tuple[str, ...] = ()
    same_as: Mapping[str, str] = field(default_factory=dict)
    double_a: bool = False


@dataclass(frozen=True)
class ImportWords:
    """What the columns of a file of past sessions may be called, the words in two of them, by what they mean, and what
    stands in the sample file as service, team and words.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    attendance: Mapping[str, str] = field(default_factory=dict)
    endings: Mapping[str, str] = field(default_factory=dict)
    sample: tuple[str, str, str] = ("Floating support", "Red team", "I sleep better now")


@dataclass(frozen=True)
class Language:
    """One language: its code, its name, the country whose organisations begin with it, how it sorts and imports."""

    code: str
    name: str | Promise
    country: str = ""  # a value of organisations.models.Country
    alphabet: Alphabet = Alphabet()
    imports: ImportWords = ImportWords()


DANISH = Language(
    "da",
    _("Danish"),
    country="DK",
    alphabet=Alphabet(("æ", "ø", "å"), {"ä": "æ", "ö": "ø", "ő": "ø", "ü": "y", "ű": "y"}, double_a=True),
    imports=ImportWords(
        columns={
            "client_reference": "borger",
            "episode": "forløb",
            "birth_year": "fødselsår",
            "service": "tilbud",
            "practitioner": "behandler",
            "held_on": "dato",
            "attendance": "fremmøde",
            "episode_end": "afsluttet",
            "ending": "afslutning",
            "words": "egne ord",
        },
        attendance={"attended": "mødt", "no_show": "udeblevet", "cancelled": "aflyst"},
        endings={"planned": "planlagt", "unplanned": "ikke planlagt", "referred": "henvist"},
        sample=("Bostøtte", "Rødt team", "Jeg sover bedre nu"),
    ),
)
SWEDISH = Language(
    "sv",
    _("Swedish"),
    country="SE",
    alphabet=Alphabet(
        ("å", "ä", "ö"),
        {"æ": "ä", "ę": "ä", "ő": "ö", "ø": "ö", "œ": "ö", "ô": "ö", "ü": "y", "ű": "y"},
    ),
    imports=ImportWords(
        columns={
            "client_reference": "brukare",
            "episode": "insats",
            "birth_year": "födelseår",
            "service": "verksamhet",
            "practitioner": "behandlare",
            "held_on": "datum",
            "attendance": "närvaro",
            "episode_end": "avslutad",
            "ending": "avslut",
            "words": "egna ord",
        },
        attendance={"attended": "kom", "no_show": "uteblev", "cancelled": "avbokad"},
        endings={"planned": "planerat", "unplanned": "oplanerat", "referred": "remitterad"},
        sample=("Boendestöd", "Röda teamet", "Jag sover bättre nu"),
    ),
)
NORWEGIAN = Language(
    "nb",
    _("Norwegian"),
    country="NO",
    alphabet=Alphabet(
        ("æ", "ø", "å"),
        {"ä": "æ", "ę": "æ", "ö": "ø", "ő": "ø", "œ": "ø", "ü": "y", "ű": "y"},
        double_a=True,
    ),
    imports=ImportWords(
        columns={
            "client_reference": "bruker",
            "episode": "forløp",
            "birth_year": "fødselsår",
            "service": "tjeneste",
            "practitioner": "behandler",
            "held_on": "dato",
            "attendance": "oppmøte",
            "episode_end": "avsluttet",
            "ending": "avslutning",
            "words": "egne ord",
        },
        attendance={"attended": "møtt", "no_show": "ikke møtt", "cancelled": "avlyst"},
        endings={"planned": "planlagt", "unplanned": "ikke planlagt", "referred": "henvist"},
        sample=("Bostøtte", "Rødt team", "Jeg sover bedre nå"),
    ),
)
# The language of the sources: it needs no translation, and stands in for every language that is not spoken here. Its
# words in a file are the columns' own names.
ENGLISH = Language("en", _("English"))

# In the order in which they are offered.
LANGUAGES = (DANISH, SWEDISH, NORWEGIAN, ENGLISH)
