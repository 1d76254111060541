"""Columns whose values are codes of the program, in words: rules, forms, who filled one in, languages."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from clients.models import rater_name
from clients.models.form_languages import language_name
from sessions_app.measures.instruments.base import CLIENT
from sessions_app.measures.verdict.keys import Tone
from sessions_app.models import EntryMode
from sessions_app.texts.instruments import instrument_name
from sessions_app.texts.rules import RULES


def _rater(code: str) -> str:
    return _("Client") if code == CLIENT else rater_name(code)


def _tone(code: str) -> str:
    said = {
        Tone.GOOD: _("It goes well."),
        Tone.WATCH: _("Something to keep an eye on."),
        Tone.ACT: _("Something to talk about soon."),
        Tone.QUIET: _("Nothing to remark."),
    }
    return said.get(code, code)  # type: ignore[call-overload]  # a code is a text


def _entry_mode(code: str) -> str:
    return str(EntryMode(code).label) if code in EntryMode else code


IN_WORDS: dict[str, Callable[[str], str]] = {
    "rule": lambda code: str(RULES.get(code, code)),
    "instrument": instrument_name,
    "rater": _rater,
    "key": _rater,
    "language": language_name,
    "form_language": language_name,
    "tone": _tone,
    "entry_mode": _entry_mode,
    "media_type": lambda code: code.rpartition("/")[2].upper(),
}
"""By column: what a value is called in the active language."""

NO_CODES = {"came_from": "names of a team and a service", "went_to": "as came_from", "device_time": "a time"}
"""Columns of text without a list of values that hold no code, and what they hold."""
