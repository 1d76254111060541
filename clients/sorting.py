"""The alphabet of each language, for sort keys computed in Python: the database has C order only."""

import unicodedata

# Letters after z, in their order; the database would sort Å Æ Ø, which is wrong in all three languages.
_AFTER_Z = {
    "da": ("æ", "ø", "å"),
    "nb": ("æ", "ø", "å"),
    "sv": ("å", "ä", "ö"),
}
_SAME_AS = {
    "da": {"ä": "æ", "ö": "ø"},
    "nb": {"ä": "æ", "ö": "ø"},
    "sv": {"æ": "ä", "ø": "ö"},
}


def sort_key(text: str, language: str) -> str:
    """A string whose code-point order is the alphabetical order of `text` in `language` (da, sv, nb, else Latin).

    Numbers inside the text sort by value ("A-9" before "A-10").
    """
    letters = {letter: chr(ord("z") + 1 + place) for place, letter in enumerate(_AFTER_Z.get(language, ()))}
    same = _SAME_AS.get(language, {})
    parts: list[str] = []
    digits = ""
    for char in unicodedata.normalize("NFC", text).casefold():
        if char.isascii() and char.isdigit():
            digits += char
            continue
        if digits:
            parts.append(digits.lstrip("0").rjust(12, "0"))
            digits = ""
        char = same.get(char, char)
        parts.append(letters.get(char) or _plain(char))
    if digits:
        parts.append(digits.lstrip("0").rjust(12, "0"))
    return "".join(parts)[:400]


def _plain(char: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", char) if not unicodedata.combining(c)) or char
