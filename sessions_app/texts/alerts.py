"""An alert in words: which rule, the numbers. A prompt to talk, never a diagnosis."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from sessions_app.measures.instruments.registry import FAMILY
from sessions_app.measures.rules import SENTENCES
from sessions_app.measures.series import Rated
from sessions_app.texts.instruments import short_name
from sessions_app.texts.verdict import ITEMS, points, signed

ALERTS: dict[str, Promise] = {key: lazy(words) for key, words in SENTENCES.items()}
COUNTS = ("session_number", "successive", "low_items", "overdue_days")
PERCENTAGES = "percentage"  # a rule whose numbers hold one speaks of a periodic form: none of its numbers is tenths


def alert_sentence(key: str, numbers: dict[str, int], of: Rated) -> str:
    """The sentence of a hit or a life of measures.alerts in the active language; `of` is its series'."""
    if PERCENTAGES in numbers:
        return str(ALERTS[key]) % numbers
    values: dict[str, object] = {name: value if name in COUNTS else points(value) for name, value in numbers.items()}
    if "change" in numbers:
        values |= {"change": signed(numbers["change"]), "fall": points(abs(numbers["change"]))}
    if "item" in numbers:
        values["item"] = ITEMS[FAMILY[of.alliance].items[numbers["item"]]]
    values |= {"outcome": short_name(of.outcome), "alliance": short_name(of.alliance)}
    return str(ALERTS[key]) % values
