"""Our own plain wording of the forms, as data (wording/*.json): not the licensed scales, and the form's foot says so.

The areas have fixed names (the item's label); charts, tables and reports use them too. A form that others fill in
about the client has words of its own where the file has a "cors:others" beside "cors".
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from sessions_app.measures.instruments.form_key import FormKey

LANGUAGES = tuple(language.code for language in settings.MEDSPIL_LANGUAGES)
FALLBACK = settings.LANGUAGE_CODE
OTHERS = "others"
FOLDER = Path(__file__).with_name("wording")


@dataclass(frozen=True)
class Item:
    """One line of a form: its key in `measures.instruments`, its name and the sentence below it."""

    key: str
    label: str
    sentence: str
    left: str  # the low end
    right: str  # the high end
    left_image: str = ""  # data URI, only of packs
    right_image: str = ""


@dataclass(frozen=True)
class Wording:
    """All words of one form in one language; `foot` says whose they are.

    `answers` are the words to choose from in each row, the lowest first; only forms that are no lines have any.
    Where the form has no score they are the names of faces, the saddest first.
    """

    title: str
    instruction: str
    foot: str
    done_label: str
    items: tuple[Item, ...]
    answers: tuple[str, ...] = ()
    answer_images: tuple[str, ...] = ()  # data URIs, only of packs


def known(language: str) -> str:
    """The language whose words are shown: `language` ("da-dk" is "da"), or English."""
    short = language.split("-")[0].lower()
    return short if short in LANGUAGES else FALLBACK


def words_key(form: FormKey) -> str:
    """Which words a form has: "cors", or "cors:others" for whoever rates the client."""
    others = f"{form.instrument_key}:{OTHERS}"
    return others if not form.by_client and others in _forms(FALLBACK) else form.instrument_key


def wording_for(key: str, language: str) -> Wording:
    """All words of a form; `key` as `words_key` gives it. KeyError for a form without words."""
    language = known(language)
    said = _forms(language)[key]
    left, right = said.get("left", ""), said.get("right", "")
    items = tuple(Item(item, label, sentence, left, right) for item, (label, sentence) in said["lines"].items())
    answers = tuple(said.get("answers", ()))
    foot, done = _words(language)["foot"], done_label(language)
    return Wording(said["title"], said["instruction"], foot, done, items, answers)


def done_label(language: str) -> str:
    """What the form's button says."""
    return _words(known(language))["done"]


def handover_sentence(key: str, language: str) -> str:
    """What the practitioner may say while handing the tablet over."""
    return _forms(known(language))[key]["handover"]


def spoken_sentence(language: str, ends: tuple[str, str] | None) -> str:
    """What is said before the lines are read aloud (on the phone, or for a client who does not read).

    `ends` are the words at both ends of all lines, None where each line has its own.
    """
    words = _words(known(language))
    return words["spoken"].format(left=ends[0], right=ends[1]) if ends else words["spoken_each"]


def together_sentence(language: str) -> str:
    """What a couple or a family hears first: each answers alone."""
    return _words(known(language))["together"]


def _forms(language: str) -> dict[str, Any]:
    return _words(language)["forms"]


@cache
def _words(language: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
