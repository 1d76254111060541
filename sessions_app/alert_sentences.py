"""An alert in words: which rule, the numbers. A prompt to talk, never a diagnosis."""

from django.utils.translation import gettext_lazy as lazy

from sessions_app.measures import instruments
from sessions_app.sentences import ITEMS, points, signed

# By the sentence key of measures.conditions; a test compares the lists.
ALERTS = {
    "deteriorated": lazy("ORS has fallen from %(intake)s to %(score)s: %(change)s since the start."),
    "sudden_drop": lazy("ORS fell from %(previous)s to %(score)s since last time."),
    "fall_from_best": lazy("ORS is %(score)s; the best was %(best)s."),
    "below_band": lazy("ORS %(score)s is below what nine of ten reach by session %(session_number)s."),
    "under_expected": lazy("ORS %(score)s is below the expected middle half at session %(session_number)s."),
    "no_reliable_gain": lazy("No reliable change after %(session_number)s marks: from %(intake)s to %(score)s."),
    "intake_above_cutoff": lazy("The first ORS, %(score)s, lies above the cut-off: ask what led here."),
    "target_met": lazy("ORS %(score)s: the target is met %(successive)s times in a row. Plan the ending."),
    "low_alliance": lazy("SRS %(score)s is below %(threshold)s: ask what could be better."),
    "low_item": lazy("“%(item)s” was marked at %(mark)s: ask about it."),
    "alliance_drop": lazy("SRS fell from %(previous)s to %(score)s since last time."),
    "alliance_falling": lazy("SRS has fallen %(successive)s times in a row, from %(from)s to %(score)s."),
    "ceiling": lazy("SRS was full %(successive)s times in a row: ask for the small things too."),
    "missing_ors": lazy("The ORS is missing at an attended session."),
    "missing_srs": lazy("The SRS is missing at an attended session."),
    "missing_both": lazy("ORS and SRS are missing at an attended session."),
}
COUNTS = ("session_number", "successive", "low_items")


def alert_sentence(key: str, numbers: dict[str, int]) -> str:
    """The sentence of a hit or a life of measures.alerts in the active language."""
    values: dict[str, object] = {name: value if name in COUNTS else points(value) for name, value in numbers.items()}
    if "change" in numbers:
        values["change"] = signed(numbers["change"])
    if "item" in numbers:
        values["item"] = ITEMS[instruments.SRS.items[numbers["item"]]]
    return str(ALERTS[key]) % values
