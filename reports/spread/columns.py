"""The columns of a file of a register and the words that may stand in them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisations.models import RegisteredKind, normal_form
from sessions_app.imports.columns import YES

YEAR, MUNICIPALITY, MUNICIPALITY_CODE, NAME, KIND, FIT, METHODS, NUMBER = (
    *("year", "municipality", "municipality_code", "name", "kind"),
    *("uses_fit", "methods", "services"),
)
LABELS: dict[str, Promise | str] = {
    YEAR: _("Year"),
    MUNICIPALITY: _("Municipality"),
    MUNICIPALITY_CODE: _("Municipality code"),
    NAME: _("Service"),
    KIND: _("For whom"),
    FIT: _("Uses FIT"),
    METHODS: _("Methods"),
    NUMBER: _("Number of services"),
}
# In the order of the page and of the sample; what each may be called besides.
COLUMNS: dict[str, tuple[str, ...]] = {
    YEAR: ("år", "aar"),
    MUNICIPALITY: ("kommune", "kommun", "kommunenavn", "kommunnamn", "beliggenhedskommune"),
    MUNICIPALITY_CODE: ("kommunekode", "kommunkod", "kommunenummer", "kommunenr"),
    NAME: ("tilbud", "tilbudsnavn", "navn", "verksamhet", "namn", "tjeneste", "service"),
    KIND: ("for", "målgruppe", "målgrupp", "område", "target group"),
    FIT: ("fit", "bruger fit", "använder fit", "bruker fit", "uses fit"),
    METHODS: ("metoder", "metode", "metod", "method"),
    NUMBER: ("antal", "antall", "antal tilbud", "antal verksamheter", "antall tjenester", "number"),
}
# What other systems say of whom a service is for, in the four languages.
KINDS: dict[str, tuple[str, ...]] = {
    RegisteredKind.ADULTS: ("adult", "voksen", "voksne", "voksenområdet", "vuxen", "vuxna", "voksenområde"),
    RegisteredKind.CHILDREN: (
        *("children and young people", "child and youth", "child", "youth", "børn og unge", "børn", "unge"),
        *("børn- og ungeområdet", "barn och unga", "barn och ungdomar", "barn", "unga", "barn og unge"),
    ),
    RegisteredKind.BOTH: (
        *("adults, children and young people", "voksne, børn og unge", "børn, unge og voksne", "begge", "båda"),
        *("vuxna, barn och unga", "voksne, barn og unge"),
    ),
}
NO = ("n", "no", "0", "false", "nej", "nei", "falsk", "falskt", "usann")
_COLUMN = {normal_form(word): column for column, words in COLUMNS.items() for word in (column, *words)}
_KIND = {normal_form(word): str(kind) for kind, words in KINDS.items() for word in (kind, *words)} | {"": ""}
_FIT = dict.fromkeys(map(normal_form, (*YES, "x")), True) | dict.fromkeys(map(normal_form, NO), False)


@dataclass(frozen=True)
class RegisterColumns:
    """What a reader of files asks: which columns a header names, and which sheet of a workbook is meant."""

    sheet: str = ""

    def columns_of(self, header: Sequence[str]) -> list[str | None]:
        """What each field of a header means; None where the name is not known."""
        return [_COLUMN.get(normal_form(name)) for name in header]


def kind_called(text: str) -> str | None:
    """Whom a service is for; "" where nothing stands, None for a word that is not known."""
    return _KIND.get(normal_form(text))


def fit_called(text: str) -> bool | None:
    """Whether a word says yes or no; None for any other."""
    return _FIT.get(normal_form(text))


def names_fit(methods: str) -> bool:
    """Whether FIT is among the methods that a service names."""
    words = normal_form(methods)
    alone = "".join(sign if sign.isalnum() else " " for sign in words).split()
    return "fit" in alone or "feedback informed treatment" in words or "feedback-informed treatment" in words
