"""The rule on WHO-5, on its percentage scale from 0 to 100."""

from dataclasses import dataclass

from sessions_app.measures.instruments.who5 import Who5
from sessions_app.measures.provenance import Confidence, gettext_noop
from sessions_app.measures.rules.base import PERCENT, Finding, Level, PeriodicRule, Threshold

_OF_100 = (1, 100)
LOW, VERY_LOW = gettext_noop("low %(limit)s"), gettext_noop("very low %(limit)s")


@dataclass(frozen=True)
class LowWellbeing(PeriodicRule):
    """W1: very low, else a fall since the last, else low. Very low and a fall ask for more than low.

    It reads answers to the text of WHO-5 alone: its limits hold for no other five questions.
    """

    key = "W1"
    measure = Who5.key
    usual_level = Level.INFO
    declared = (
        Threshold("low", 50, PERCENT, gettext_noop("WHO-5 low: at this or below"), _OF_100, LOW),
        Threshold("very_low", 28, PERCENT, gettext_noop("WHO-5 very low: at this or below"), _OF_100, VERY_LOW),
        Threshold("fall", 10, PERCENT, gettext_noop("WHO-5 fall since last time"), _OF_100),
    )
    source = gettext_noop("Topp et al. 2015: 50 and 28 on the percentage scale; a change of 10 (general knowledge)")
    confidence = Confidence.SOURCED
    condition = gettext_noop(
        "The WHO-5 is low, very low, or clearly lower than the one before; only answers to its licensed text count."
    )
    sentences = {
        "who5_low": gettext_noop("WHO-5 is %(percentage)s of 100: low. Ask how the days are."),
        "who5_very_low": gettext_noop(
            "WHO-5 is %(percentage)s of 100: very low. Ask how the days are, and what help is needed."
        ),
        "who5_fall": gettext_noop(
            "WHO-5 fell from %(previous)s to %(percentage)s since last time: ask what has happened."
        ),
    }
    worse_by_level = True

    def finds(self, now: int, before: int | None) -> Finding | None:
        """Return what a percentage says after the one before it (None: it is the first)."""
        numbers = {"percentage": now}
        if before is not None:
            numbers |= {"previous": before, "change": now - before}
        pressing = max(self.level, Level.AMBER, key=lambda level: level.rank)
        if now <= self.threshold("very_low"):
            return Finding("who5_very_low", numbers, pressing)
        if before is not None and before - now >= self.threshold("fall"):
            return Finding("who5_fall", numbers, pressing)
        return Finding("who5_low", numbers) if now <= self.threshold("low") else None
