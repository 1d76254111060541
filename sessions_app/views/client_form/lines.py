"""The lines (or rows) of a form: what was posted, what is wrong with it, and how they are shown again."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from itertools import zip_longest
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from sessions_app.measures.instruments.registry import Instrument
from sessions_app.measures.marks import EMPTY, MarkError, in_points, parse_mark, parse_step, with_tenths
from sessions_app.texts.form_wording import Wording
from sessions_app.texts.marks import mark_error


def posted_marks(posted: QueryDict, keys: Iterable[str]) -> dict[str, str]:
    """The text of each line by item key; without JavaScript a number and its tenths come apart."""
    return {key: with_tenths(posted.get(key, ""), posted.get(f"{key}.tenths", "")) for key in keys}


def parsed_marks(texts: dict[str, str], instrument: Instrument) -> tuple[dict[str, int], dict[str, str]]:
    """Marks (tenths of a line, or the numbers of chosen answers) and what is wrong with the others, by item key."""
    marks, errors = {}, {}
    for key, text in texts.items():
        try:
            marks[key] = parse_step(text, instrument.mark_max) if instrument.is_choice else parse_mark(text)
        except MarkError as error:
            errors[key] = missing_words(instrument) if error.code == EMPTY else mark_error(error.code, instrument)
    return marks, errors


def texts_of(marks: Mapping[str, int], instrument: Instrument) -> dict[str, str]:
    """Marks as a form would have posted them."""
    if instrument.is_choice:
        return {key: str(step) for key, step in marks.items()}
    return {key: str(in_points(mark)) for key, mark in marks.items()}


def missing_words(instrument: Instrument) -> str:
    """What is said at a line without a mark, or a row without an answer."""
    if instrument.is_choice:
        return _("This row has no answer yet. Choose the one that fits best.")
    return _("This line has no mark yet. Tap it where it fits.")


def lines_of(
    words: Wording, instrument: Instrument, texts: dict[str, str], errors: dict[str, str]
) -> list[dict[str, Any]]:
    """Each line with its words, its mark (None without one), the unreadable text, and what is wrong with it."""
    marks, _wrong = parsed_marks(texts, instrument)
    return [
        {
            **asdict(item),
            "answers": [
                (step, said, marks.get(item.key) == step, image)
                for step, (said, image) in enumerate(zip_longest(words.answers, words.answer_images, fillvalue=""))
            ],
            "value": marks.get(item.key),
            "raw": "" if item.key in marks else texts.get(item.key, "")[:20],
            "error": errors.get(item.key, ""),
        }
        for item in words.items
    ]
