"""The alert rules as data: levels, thresholds in tenths, on or off, with a version."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from sessions_app.measures.sourced import gettext_noop


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
class Rule:
    """One rule: its key, level, thresholds by name (tenths, session numbers, per cent) and whether it is on.

    `measure` is "ors", "srs" or "session". `worse_by` (tenths) raises an open alert again when the total is
    that much lower than when it was raised; None means the series' reliable change, 0 means never.
    """

    key: str
    measure: str
    level: Level
    thresholds: Mapping[str, int] = field(default_factory=dict)
    worse_by: int | None = 0
    on: bool = True
    source: str = ""

    def threshold(self, name: str) -> int:
        """Return a threshold by name; KeyError for an unknown one."""
        return self.thresholds[name]


@dataclass(frozen=True)
class RuleSet:
    """All rules with a version; two sets with other numbers have other versions."""

    version: str
    rules: tuple[Rule, ...]

    def get(self, key: str) -> Rule | None:
        """Return the rule with this key if the set has it and it is on."""
        return next((rule for rule in self.rules if rule.key == key and rule.on), None)

    def changed(self, version: str, changes: Mapping[str, Mapping[str, Any]]) -> "RuleSet":
        """Return a new set: `changes` = {"S1": {"level": "red", "on": False, "thresholds": {"total": 340}}}.

        ValueError for an unknown rule, threshold or level, so that a typing error cannot silence a rule.
        """
        known = {rule.key for rule in self.rules}
        if unknown := set(changes) - known:
            raise ValueError(f"unknown rules: {sorted(unknown)}")
        return RuleSet(version, tuple(_changed(rule, changes.get(rule.key, {})) for rule in self.rules))

    def as_json(self) -> dict[str, Any]:
        """Return the set as plain data that `from_json` reads back."""
        return {"version": self.version, "rules": [_rule_as_json(rule) for rule in self.rules]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "RuleSet":
        """Return the set that `as_json` wrote; KeyError, TypeError or ValueError when the data is not one."""
        rules: Iterable[Mapping[str, Any]] = data["rules"]
        return cls(str(data["version"]), tuple(Rule(**{**rule, "level": Level(rule["level"])}) for rule in rules))


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


def _rule_as_json(rule: Rule) -> dict[str, Any]:
    return {
        "key": rule.key,
        "measure": rule.measure,
        "level": rule.level.value,
        "thresholds": dict(rule.thresholds),
        "worse_by": rule.worse_by,
        "on": rule.on,
        "source": rule.source,
    }


_OWN = gettext_noop("no published source")
_CHANGE = gettext_noop("FIT convention: fall of the reliable change")
_ORS_SERIES = None  # worse by the series' own reliable change
_SRS_POINT = 10  # worse by one point of the total

DEFAULT_RULES = RuleSet(
    version="1",
    rules=(
        Rule("O1", "ors", Level.RED, {}, _ORS_SERIES, source=_CHANGE),
        Rule("O2", "ors", Level.AMBER, {}, _ORS_SERIES, source=_CHANGE),
        Rule("O3", "ors", Level.AMBER, {}, _ORS_SERIES, source=_CHANGE),
        Rule("O4", "ors", Level.RED, {"percentile": 10, "from_session": 2}, _ORS_SERIES, source=_OWN),
        Rule(
            "O5",
            "ors",
            Level.AMBER,
            {"percentile": 25, "low_percentile": 10, "from_session": 3},
            _ORS_SERIES,
            source=_OWN,
        ),
        Rule(
            "O6",
            "ors",
            Level.AMBER,
            {"first_session": 3, "last_session": 4, "late_session": 8},
            _ORS_SERIES,
            source=gettext_noop("no reliable gain by session 3-4: review; by 8: change (PCOMS)"),
        ),
        Rule("O7", "ors", Level.INFO, {}, source=gettext_noop("intake above the cut-off: general knowledge")),
        Rule("O8", "ors", Level.INFO, {"successive": 2}, source=_OWN),
        Rule("S1", "srs", Level.AMBER, {"total": 360}, _SRS_POINT, source=gettext_noop("SRS cut-off 36 (OpenFIT)")),
        Rule("S2", "srs", Level.AMBER, {"mark": 90}, _SRS_POINT, source=gettext_noop("any line below 9 (SRS manual)")),
        Rule("S3", "srs", Level.AMBER, {"fall": 10}, _SRS_POINT, source=gettext_noop("SRS fall of a point (OpenFIT)")),
        Rule("S4", "srs", Level.RED, {"successive": 3, "fall": 20}, _SRS_POINT, source=_OWN),
        Rule(
            "S5", "srs", Level.INFO, {"successive": 3, "total": 400}, source=gettext_noop("SRS manual, perfect scores")
        ),
        Rule("M1", "session", Level.INFO, {}, source=_OWN),
    ),
)
