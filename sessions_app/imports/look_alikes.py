"""Finds names of a file that may be another spelling of one that is there: told, never put together (pure)."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from organisations.models.labels import normal_form

CLIENT, SERVICE, TEAM = "client", "service", "team"
_NUMBER = re.compile(r"0+(?=[0-9])")
ALIKE = 0.88  # of the letters of two names in common: one letter in eight may differ
SHORTEST = 6  # letters: of shorter names one letter is too much of a difference
MOST_COMPARED = 500  # names on either side that are compared letter by letter


@dataclass(frozen=True)
class LookAlike:
    """A name of the file that would be new, and one that it looks like: stored, or in the file as well."""

    kind: str
    name: str
    other: str
    is_stored: bool


def look_alikes(kind: str, new: Sequence[str], stored: Iterable[str]) -> list[LookAlike]:
    """Each of the `new` names that looks like a stored one, or like another new one, with the first such name.

    References are alike when only zeros in front of a number, marks and accents tell them apart; of services and
    teams a few letters may differ as well, but no number.
    """
    there: dict[str, tuple[str, bool]] = {}
    for name in stored:
        there.setdefault(_skeleton(name), (name, True))
    names = [name for name, _ in there.values()][:MOST_COMPARED]
    found = []
    for place, name in enumerate(new):
        skeleton = _skeleton(name)
        other = there.get(skeleton)
        if other is None and kind != CLIENT and place < MOST_COMPARED:
            other = next(((one, True) for one in names if _nearly(skeleton, _skeleton(one))), None)
        if other is not None and skeleton:
            found.append(LookAlike(kind, name, *other))
        there.setdefault(skeleton, (name, False))
    return found


def references_like(reference: str, others: Mapping[Any, str]) -> list[Any]:
    """The keys of the `others` whose references only zeros in front, marks and accents tell apart from this one."""
    skeleton = _skeleton(reference)
    return [key for key, other in others.items() if skeleton and _skeleton(other) == skeleton]


def _skeleton(name: str) -> str:
    """A name without accents, marks, blanks, and zeros in front of its numbers."""
    letters = unicodedata.normalize("NFD", normal_form(name))
    bare = "".join(char if char.isalnum() else " " for char in letters if not unicodedata.combining(char))
    return "".join(_NUMBER.sub("", word) for word in bare.split())


def _nearly(one: str, other: str) -> bool:
    if min(len(one), len(other)) < SHORTEST or _digits(one) != _digits(other):
        return False
    return SequenceMatcher(None, one, other).ratio() >= ALIKE


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))
