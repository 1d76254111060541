"""A pytest plugin: a rule and an instrument of five items that stand in the registries before anything has read them.

What a newcomer would write: two classes, and the words of the form. Nothing else of the application knows of them.
"""

from dataclasses import dataclass

from sessions_app.measures import rules
from sessions_app.measures.instruments import registry as instruments
from sessions_app.measures.instruments.base import NOW_AND_THEN, PERIODIC, RAW, Instrument, PeriodicWords
from sessions_app.measures.provenance import Confidence, Provenance
from sessions_app.measures.rules import registry
from sessions_app.measures.rules.base import PERCENT, POINTS, Finding, Level, OutcomeRule, PeriodicRule, Threshold
from sessions_app.texts import form_wording


class Sleep(Instrument):
    """Five rows about sleep, of 0 to 4."""

    key, part, timing = "sleep5", PERIODIC, NOW_AND_THEN
    items = ("asleep", "through", "early", "deep", "awake")
    mark_max, total_max, unit, percent = 4, 20, RAW, 5
    ages, interval_days = (13, None), 28
    rhythm = Provenance("made up for a test", Confidence.PROPOSAL)
    provenance = Provenance("made up for a test", Confidence.PROPOSAL)
    words = PeriodicWords(
        name="Sleep over a month",
        asked="Now and then: sleep",
        hint="Five rows about the nights.",
        hand_over="Hand over: sleep",
        today="Sleep too",
        rhythm="Sleep is asked for",
    )


@dataclass(frozen=True)
class PoorSleep(PeriodicRule):
    """X8: the sleep is poor."""

    key = "X8"
    measure = Sleep.key
    usual_level = Level.AMBER
    declared = (Threshold("low", 40, PERCENT, "Sleep poor: at this or below", (1, 100), "poor %(limit)s"),)
    condition = "The sleep is poor."
    sentences = {"poor_sleep": "The sleep is %(percentage)s of 100: poor."}

    def finds(self, now, before):
        return Finding("poor_sleep", {"percentage": now}) if now <= self.threshold("low") else None


@dataclass(frozen=True)
class VeryLow(OutcomeRule):
    """X9: the outcome below ten."""

    key = "X9"
    usual_level = Level.RED
    declared = (Threshold("total", 100, POINTS, "Very low below"),)
    condition = "The ORS is very low."
    sentences = {"very_low_outcome": "%(outcome)s %(score)s is very low."}
    false_alarms = {Level.RED: 0.1}

    def finds(self, series, totals):
        return Finding("very_low_outcome", {"score": totals[-1]}) if totals[-1] < self.threshold("total") else None


instruments.FAMILY[Sleep.key] = Sleep()
ADDED = (PoorSleep, VeryLow)
registry.RULES = rules.RULES = (*registry.RULES, *ADDED)
for rule in ADDED:
    registry.BY_KEY[rule.key] = rule
    registry.SENTENCES.update(rule.sentences)
registry.DEFAULT_RULES = rules.DEFAULT_RULES = rules.RuleSet("2", tuple(rule.usual() for rule in registry.RULES))
for language in form_wording.LANGUAGES:
    form_wording._words(language)["forms"][Sleep.key] = {
        "title": "How do you sleep?",
        "instruction": "Choose one answer in each row.",
        "handover": "I would like to know how you sleep.",
        "lines": {key: [f"Row {key}", f"about {key}"] for key in Sleep.items},
        "answers": ["never", "seldom", "now and then", "often", "always"],
    }
