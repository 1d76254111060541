"""An alert in words: which rule, the numbers. A prompt to talk, never a diagnosis."""

from django.utils.translation import gettext_lazy as lazy

from sessions_app.form_names import short_name
from sessions_app.measures.instruments import FAMILY
from sessions_app.measures.series import Rated
from sessions_app.sentences import ITEMS, points, signed

# By the sentence key of measures.conditions; a test compares the lists.
ALERTS = {
    "deteriorated": lazy("%(outcome)s has fallen from %(intake)s to %(score)s: %(change)s since the start."),
    "sudden_drop": lazy("%(outcome)s fell from %(previous)s to %(score)s since last time."),
    "fall_from_best": lazy("%(outcome)s is %(score)s; the best was %(best)s."),
    "below_band": lazy("%(outcome)s %(score)s is below what nine of ten reach by session %(session_number)s."),
    "under_expected": lazy("%(outcome)s %(score)s is below the expected middle half at session %(session_number)s."),
    "no_reliable_gain": lazy("No reliable change after %(session_number)s marks: from %(intake)s to %(score)s."),
    "intake_above_cutoff": lazy("The first %(outcome)s, %(score)s, lies above the cut-off: ask what led here."),
    "target_met": lazy("%(outcome)s %(score)s: the target is met %(successive)s times in a row. Plan the ending."),
    "low_alliance": lazy("%(alliance)s %(score)s is below %(threshold)s: ask what could be better."),
    "low_item": lazy("“%(item)s” was marked at %(mark)s: ask about it."),
    "alliance_drop": lazy("%(alliance)s fell from %(previous)s to %(score)s since last time."),
    "alliance_falling": lazy("%(alliance)s has fallen %(successive)s times in a row, from %(from)s to %(score)s."),
    "ceiling": lazy("%(alliance)s was full %(successive)s times in a row: ask for the small things too."),
    "missing_ors": lazy("The %(outcome)s is missing at an attended session."),
    "missing_srs": lazy("The %(alliance)s is missing at an attended session."),
    "missing_both": lazy("%(outcome)s and %(alliance)s are missing at an attended session."),
}
COUNTS = ("session_number", "successive", "low_items")


def alert_sentence(key: str, numbers: dict[str, int], of: Rated) -> str:
    """The sentence of a hit or a life of measures.alerts in the active language; `of` is its series'."""
    values: dict[str, object] = {name: value if name in COUNTS else points(value) for name, value in numbers.items()}
    if "change" in numbers:
        values["change"] = signed(numbers["change"])
    if "item" in numbers:
        values["item"] = ITEMS[FAMILY[of.alliance].items[numbers["item"]]]
    values |= {"outcome": short_name(of.outcome), "alliance": short_name(of.alliance)}
    return str(ALERTS[key]) % values
