"""The words of the sheet that a client takes home: our own languages by their translations, others from a file each.

A language that the application does not speak is a file home_words/<code>.json with every key of TEXTS: only this sheet
is in it, no page is.
"""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language_info, override
from django.utils.translation import gettext_lazy as _

FOLDER = Path(__file__).with_name("home_words")
OWN = tuple(language.code for language in settings.MEDSPIL_LANGUAGES)

TEXTS: dict[str, Promise] = {
    "title": _("How it is going"),
    "foot": _("This sheet is yours. You decide who sees it."),
    "began": _("This is how it began."),
    "so_far": _("This is how it has gone so far."),
    "one_number": _("%(score)s on %(day)s."),
    "numbers": _("%(score)s on %(day)s. At the start %(intake)s."),
    "curve": _("Your curve"),
    "higher": _("The higher the curve, the better you said it was going."),
    "well_being": _("How you are"),
    "meetings": _("How our meetings were"),
    "cut_off": _("cut-off %(points)s"),
    "picture": _("A curve of how you said you were, from %(first)s to %(last)s on a scale up to 40."),
    "said": _("What you said"),
    "goals": _("What we work on"),
    "rated": _("You rated it %(first)s at first and %(last)s now, of 10."),
    "rated_once": _("You rated it %(last)s of 10."),
    "reached": _("Reached"),
    "decided": _("What we agreed on"),
    "next": _("Next time"),
    "next_at": _("%(day)s at %(time)s"),
    "missing": _("Signs that our fonts lack stand as □."),
}


def languages() -> frozenset[str]:
    """The languages that the sheet can be in."""
    return frozenset(OWN) | {path.stem for path in FOLDER.glob("*.json")}


def language_for(wanted: str, otherwise: str) -> str:
    """The wanted language where the sheet speaks it, else the other."""
    return wanted if wanted in languages() else otherwise


def is_mirrored(language: str) -> bool:
    """Whether it is read from the right."""
    return bool(get_language_info(language)["bidi"])


def texts_in(language: str) -> Callable[..., str]:
    """What says a key of TEXTS in a language, with its values."""
    if language in OWN:

        def own(key: str, **values: str) -> str:
            with override(language):
                return str(TEXTS[key]) % values

        return own
    words = _words(language)
    return lambda key, **values: words[key] % values


@cache
def _words(language: str) -> dict[str, str]:
    return json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
