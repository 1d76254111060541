"""In which languages a client's forms can be: the application's own, and those that other apps bring words for."""

import re
from collections.abc import Callable, Iterable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from organisations.models import language_choices

CODE = re.compile(r"[a-z]{2,3}", re.ASCII)

_registered: list[Callable[[UUID], Iterable[str]]] = []


def validate_form_language(code: str) -> None:
    """ValidationError for what is no language's code; whether there are words in it is `languages_of`."""
    if not CODE.fullmatch(code):
        raise ValidationError(_("A language is two or three small letters, such as da or ar."), code="language")


def register_form_languages(languages: Callable[[UUID], Iterable[str]]) -> None:
    """Called once by an app that has words: `languages(organisation_id)` are the codes it can show forms in."""
    _registered.append(languages)


def languages_of(organisation_id: UUID) -> list[tuple[str, str]]:
    """(code, name) of every language that a client of the organisation can be given: our own first, then by name."""
    own = [code for code, _name in language_choices()]
    more = {code for languages in _registered for code in languages(organisation_id)} - set(own)
    named = sorted(((code, language_name(code)) for code in more), key=lambda pair: pair[1])
    return [(code, language_name(code)) for code in own] + named


def language_name(code: str) -> str:
    """One of our own in the reader's language, any other as its speakers call it; else the code."""
    own = dict(language_choices())
    if code in own:
        return str(own[code])
    try:
        return str(get_language_info(code)["name_local"]).capitalize()
    except KeyError:
        return code
