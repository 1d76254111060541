"""The alphabet of each language, for sort keys computed in Python: the database has C order only.

It would sort Å Æ Ø, which is wrong in all Nordic languages. Their letters stand in settings.MEDSPIL_LANGUAGES.
"""

import unicodedata
from collections.abc import Mapping
from functools import cache

from django.conf import settings

# Letters that are no other letter with a mark on it, in all languages. "~" sorts after every letter of a key:
# the Sámi ŋ and ŧ come between n and o, and between t and u.
_LATIN = {"đ": "d", "ð": "d", "ħ": "h", "ł": "l", "þ": "th", "œ": "oe", "ŋ": "n~", "ŧ": "t~"}


def sort_key(text: str, language: str) -> str:
    """A string whose code-point order is the alphabetical order of `text` in `language`.

    In a language that is not spoken here it is the Latin one. Numbers inside the text sort by value ("A-9" before
    "A-10").
    """
    letters, same_as, double_a = alphabet_of(language)
    text = unicodedata.normalize("NFC", text).casefold()
    if double_a:
        text = text.replace("aa", "å")
    parts: list[str] = []
    digits = ""
    for char in text:
        if char.isascii() and char.isdigit():
            digits += char
            continue
        if digits:
            parts.append(digits.lstrip("0").rjust(12, "0"))
            digits = ""
        parts.append(_letter(char, letters, same_as))
    if digits:
        parts.append(digits.lstrip("0").rjust(12, "0"))
    return "".join(parts)[:400]


@cache
def alphabet_of(language: str) -> tuple[Mapping[str, str], Mapping[str, str], bool]:
    """The places of a language's own letters after z, which letters stand with which, and whether aa is å."""
    found = [one.alphabet for one in settings.MEDSPIL_LANGUAGES if one.code == language]
    if not found:
        return {}, {}, False
    places = {letter: chr(ord("z") + 1 + place) for place, letter in enumerate(found[0].after_z)}
    return places, found[0].same_as, found[0].double_a


def _letter(char: str, letters: Mapping[str, str], same_as: Mapping[str, str]) -> str:
    """The place of one letter: its own, that of the letter it stands with, or that of the letter without its mark."""
    plain = _without_marks(char)
    for candidate in (char, plain):
        same = same_as.get(candidate, candidate)
        if same != candidate or same in letters:
            return letters.get(same, same)
    return _LATIN.get(plain, plain)


def _without_marks(char: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", char) if not unicodedata.combining(c)) or char
