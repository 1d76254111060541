"""Does a text hold what looks like a Danish, Swedish or Norwegian national identity number? (pure)"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date

CPR = "cpr"
PERSONNUMMER = "personnummer"
FODSELSNUMMER = "fodselsnummer"

LONGEST = 400  # a reference or a name is far shorter; a longer text is looked at in its first part only

# A number is bounded by anything that is not a digit: "CPR010190-1234" holds one, an invoice number of 14 digits none.
# The date's own parts are written together, or apart with one and the same sign.
DANISH = re.compile(r"(?<!\d)(\d\d)([-./ ]?)(\d\d)\2(\d\d)[- ]{0,3}\d{4}(?!\d)")
SWEDISH = re.compile(r"(?<!\d)(\d\d)?(\d\d)([-./ ]?)(\d\d)\3(\d\d)[-+ ]{0,3}\d{4}(?!\d)")
NORWEGIAN = re.compile(r"(?<!\d)(\d\d)([-./ ]?)(\d\d)\2(\d\d)[- ]{0,3}(?:\d{5}|\d{3} \d\d)(?!\d)")


def national_id_kind(text: str) -> str | None:
    """`CPR`, `PERSONNUMMER` or `FODSELSNUMMER` when the text holds what looks like one anywhere, else None.

    Only the date is checked, not the control digits: Danish numbers since 2007 and Norwegian ones from 2032 need
    not fit them, and a mistyped number still tells who a person is. Days may carry what the offices add for people
    without an ordinary number: 60 in Denmark and Sweden (replacement and coordination numbers), 40 in Norway
    (D-number; 40 or 80 on the month: help and test numbers). Ten digits that are a day in both
    countries' order are called Danish.
    """
    plain = _plain(text[:LONGEST])
    if _any(NORWEGIAN, plain, _is_norwegian):
        return FODSELSNUMMER
    if _any(DANISH, plain, _is_danish):
        return CPR
    if _any(SWEDISH, plain, _is_swedish):
        return PERSONNUMMER
    return CPR if _any(DANISH, plain, _is_danish_replacement) else None


def _any(shape: re.Pattern[str], plain: str, plausible: Callable[[re.Match[str]], bool]) -> bool:
    place = 0
    while found := shape.search(plain, place):
        if plausible(found):
            return True
        place = found.start() + 1
    return False


def _is_danish(found: re.Match[str]) -> bool:
    return _is_day(int(found[3]), int(found[1]))


def _is_danish_replacement(found: re.Match[str]) -> bool:
    return _is_day(int(found[3]), int(found[1]) - 60)


def _is_norwegian(found: re.Match[str]) -> bool:
    day, month = int(found[1]), int(found[3])
    return _is_day(month - month // 40 * 40, day - 40 if day > 40 else day)


def _is_swedish(found: re.Match[str]) -> bool:
    if found[1] not in (None, "18", "19", "20"):
        return False
    day = int(found[5])
    return _is_day(int(found[4]), day - 60 if day > 60 else day)


def _is_day(month: int, day: int) -> bool:
    """Is there such a day in some year? The century is not known, so 29 February always passes."""
    try:
        date(2000, month, day)
    except ValueError:
        return False
    return True


def _plain(text: str) -> str:
    """The same text with ASCII digits, one kind of dash and space, and no invisible characters."""
    plain = []
    for sign in unicodedata.normalize("NFKC", text):
        kind = unicodedata.category(sign)
        if kind == "Nd":
            plain.append(str(unicodedata.decimal(sign)))
        elif kind == "Pd" or sign == "−":
            plain.append("-")
        elif kind == "Zs":
            plain.append(" ")
        elif kind != "Cf":
            plain.append(sign)
    return "".join(plain)
