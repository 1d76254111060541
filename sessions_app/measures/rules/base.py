"""What an alert rule is: one class with its key, level, thresholds, source, condition and sentences."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Self

from sessions_app.measures.provenance import Confidence, gettext_noop

if TYPE_CHECKING:
    from sessions_app.measures.series import Measured, Series

OUTCOME, ALLIANCE, ATTENDANCE = "ors", "srs", "session"  # else the key of a periodic instrument
# What a threshold counts; points are tenths.
POINTS, SESSION, TIMES, PERCENT = "points", "session", "times", "percent"
LIMITS = {POINTS: (1, 400), SESSION: (2, 40), TIMES: (2, 10), PERCENT: (10, 50)}
# Values of a measure that a rule reads beside its own thresholds.
CHANGE, CUTOFF, ALLIANCE_CUTOFF, STATE = "reliable-change", "cutoff", "srs-cutoff", "state"

NO_SOURCE = gettext_noop("no published source")
CONVENTION = gettext_noop("FIT convention: fall of the reliable change")
TWO_LOOKS = gettext_noop("FIT convention: fall of the reliable change; when to talk about it: simulated, ours")


class Level(StrEnum):
    """How much an alert asks for: to know, to talk about, to act on."""

    INFO = "info"
    AMBER = "amber"
    RED = "red"

    @property
    def rank(self) -> int:
        """0 for info, 1 for amber, 2 for red."""
        return ("info", "amber", "red").index(self.value)


@dataclass(frozen=True)
class Threshold:
    """A number that a rule reads: its default, what it counts and between which limits it may be chosen.

    `label` is what people call it; without one it is another value's and nobody chooses it here. `line` is what stands
    at it where a chart draws it: "low %(limit)s".
    """

    name: str
    value: int
    unit: str
    label: str = ""
    limits: tuple[int, int] | None = None
    line: str = ""

    @property
    def least(self) -> int:
        """The lowest number that may be chosen."""
        return (self.limits or LIMITS[self.unit])[0]

    @property
    def most(self) -> int:
        """The highest number that may be chosen."""
        return (self.limits or LIMITS[self.unit])[1]


class Finding(NamedTuple):
    """What a rule says at one session; `level` only where it differs from the rule's own.

    `counts_as_red`: the convention's condition for red holds, whatever the level (`has_red_condition`).
    """

    sentence: str
    numbers: dict[str, int]
    level: Level | None = None
    counts_as_red: bool = False


class Judged(NamedTuple):
    """A session at which a rule could be judged, what was found, and the total that tells what is worse."""

    session: "Measured"
    found: Finding | None
    score: int = 0
    stays: bool = False  # nothing found, but an open alert stays open (O6 at sessions 5 to 7)


@dataclass(frozen=True)
class Rule(ABC):
    """One rule as an organisation has it: its level, its thresholds by name, and whether it is on.

    All else belongs to the class. `worse_by` (tenths) raises an open alert again when the total is that much lower
    than when it was raised: None is the series' reliable change, 0 never. `false_alarms` is the share of people whose
    state never changes who get the alert at a level or a higher one within ten weekly measurements, as
    `make calibrate` finds it with the default values; empty where the rule says nothing untrue of them.
    """

    key: ClassVar[str]
    measure: ClassVar[str]
    usual_level: ClassVar[Level]
    declared: ClassVar[tuple[Threshold, ...]] = ()
    source: ClassVar[str] = NO_SOURCE
    confidence: ClassVar[Confidence] = Confidence.PROPOSAL
    condition: ClassVar[str]
    sentences: ClassVar[Mapping[str, str]]
    reads: ClassVar[tuple[str, ...]] = ()
    reads_trajectory: ClassVar[bool] = False
    worse_by: ClassVar[int | None] = 0
    worse_by_level: ClassVar[bool] = False  # a higher level is another alert, not the same one moved on
    ends_with_episode: ClassVar[bool] = False
    turns_red: ClassVar[bool] = False  # an amber one becomes red by itself
    begins_as_information: ClassVar[bool] = False  # an amber one is information until more than one score says so
    has_red_condition: ClassVar[bool] = False  # red has a condition by convention, which an import counts apart
    false_alarms: ClassVar[Mapping[Level, float]] = {}
    of_session: ClassVar[bool] = True  # raised by a session; else by a day, and its session's key is ""
    says_no_gain: ClassVar[bool] = False  # of people whose state does not change it says what is true

    level: Level
    thresholds: Mapping[str, int]
    on: bool = True

    @classmethod
    def usual(cls) -> Self:
        """Return the rule with its defaults."""
        return cls(cls.usual_level, {one.name: one.value for one in cls.declared})

    def threshold(self, name: str) -> int:
        """Return a threshold by name; KeyError for an unknown one."""
        return self.thresholds[name]

    @property
    def stronger(self) -> Level:
        """The level of what asks for more than the rule itself: red, or as the organisation has it for information."""
        return Level.RED if self.level is Level.AMBER else self.level

    @property
    def weaker(self) -> Level:
        """The level of what may well be the scatter of one score: information, or as the organisation has it."""
        return Level.INFO if self.level is Level.AMBER else self.level

    @abstractmethod
    def judge(self, series: "Series") -> Iterator[Judged]:
        """Yield every session of a series at which the rule could be judged, in order."""


@dataclass(frozen=True)
class OutcomeSeriesRule(Rule):
    """A rule on the outcome forms that looks through the whole series itself."""

    measure = OUTCOME
    worse_by: ClassVar[int | None] = None


@dataclass(frozen=True)
class OutcomeRule(OutcomeSeriesRule):
    """A rule on the outcome totals so far, the last one being the session's own."""

    @abstractmethod
    def finds(self, series: "Series", totals: list[int]) -> Finding | None:
        """Return what the rule says at the last of these totals (tenths), None where it does not hold."""

    def judge(self, series: "Series") -> Iterator[Judged]:
        """Yield each session with an outcome total."""
        totals: list[int] = []
        for session, total in series.ors_totals():
            totals.append(total)
            yield Judged(session, self.finds(series, totals), total)


@dataclass(frozen=True)
class AllianceSeriesRule(Rule):
    """A rule on the alliance forms that looks through the whole series itself."""

    measure = ALLIANCE
    worse_by: ClassVar[int | None] = 10


@dataclass(frozen=True)
class AllianceRule(AllianceSeriesRule):
    """A rule on the alliance totals so far, the last one being the session's own."""

    @abstractmethod
    def finds(self, series: "Series", totals: list[int]) -> Finding | None:
        """Return what the rule says at the last of these totals (tenths), None where it does not hold."""

    def judge(self, series: "Series") -> Iterator[Judged]:
        """Yield each session with an alliance total."""
        totals: list[int] = []
        for session, total in series.srs_totals():
            totals.append(total)
            yield Judged(session, self.finds(series, totals), total)


@dataclass(frozen=True)
class PeriodicRule(Rule):
    """A rule on the scores of a periodic instrument, whose key is its `measure`; each is compared with the last."""

    @abstractmethod
    def finds(self, now: int, before: int | None) -> Finding | None:
        """Return what a score says after the one before it (None: it is the first)."""

    def judge(self, series: "Series") -> Iterator[Judged]:
        """Yield each answer to the instrument."""
        before: int | None = None
        for session, score in series.periodic_scores(self.measure):
            yield Judged(session, self.finds(score, before))
            before = score


@dataclass(frozen=True)
class RuleSet:
    """All rules with a version; two sets with other numbers have other versions."""

    version: str
    rules: tuple[Rule, ...]

    def get(self, key: str) -> Rule | None:
        """Return the rule with this key if the set has it and it is on."""
        return next((rule for rule in self.rules if rule.key == key and rule.on), None)

    def rule(self, key: str) -> Rule:
        """Return the rule with this key, on or off. KeyError for an unknown one."""
        for rule in self.rules:
            if rule.key == key:
                return rule
        raise KeyError(key)

    def changed(self, version: str, changes: Mapping[str, Mapping[str, Any]]) -> "RuleSet":
        """Return a new set: `changes` = {"S1": {"level": "red", "on": False, "thresholds": {"total": 340}}}.

        ValueError for an unknown rule, threshold or level, so that a typing error cannot silence a rule.
        """
        known = {rule.key for rule in self.rules}
        if unknown := set(changes) - known:
            raise ValueError(f"unknown rules: {sorted(unknown)}")
        return RuleSet(version, tuple(_changed(rule, changes.get(rule.key, {})) for rule in self.rules))


def _changed(rule: Rule, change: Mapping[str, Any]) -> Rule:
    if unknown := set(change) - {"level", "on", "thresholds"}:
        raise ValueError(f"{rule.key}: cannot change {sorted(unknown)}")
    thresholds = dict(change.get("thresholds", {}))
    if unknown := set(thresholds) - set(rule.thresholds):
        raise ValueError(f"{rule.key}: unknown thresholds {sorted(unknown)}")
    return replace(
        rule,
        level=Level(change.get("level", rule.level)),
        on=bool(change.get("on", rule.on)),
        thresholds={**rule.thresholds, **thresholds},
    )
