"""What an import did or would do: counts, refusals and rule hits of one file."""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from sessions_app.imports.columns import NO_SHOW
from sessions_app.imports.line_memory import ATTENDANCES, NONE, Ledger
from sessions_app.imports.look_alikes import LookAlike
from sessions_app.imports.planning import NEW, Decisions
from sessions_app.imports.rows import RowRefusal
from sessions_app.measures.instruments.registry import cutoff_for
from sessions_app.measures.rules.alert_spans import DEFAULT_RULES, RuleMatch, RuleSet, Series, evaluate
from sessions_app.measures.rules.base import ALLIANCE, OUTCOME

RED = "_red"  # a rule whose red has a condition by convention is counted as itself, and its red ones once more
COUNTS = (
    "lines",
    "imported",
    "unchanged",
    "refused",
    "clients",
    "episodes",
    "sessions",
    "ors",
    "srs",
    "no_show",
)
MOST_ASKED = 30  # different names or words of a file that somebody is asked about
# As the published conventions have them, whatever an organisation has changed for itself: the rules that a file alone
# can tell, without an expected course.
_FILE_RULES = RuleSet(
    DEFAULT_RULES.version,
    tuple(rule for rule in DEFAULT_RULES.rules if rule.measure in (OUTCOME, ALLIANCE) and not rule.reads_trajectory),
)
RULES = tuple(
    key for rule in _FILE_RULES.rules for key in ((rule.key, rule.key + RED) if rule.has_red_condition else (rule.key,))
)


@dataclass
class Creations:
    """Names that would be new, as the file spells them, in its order; a team as "service: team"."""

    services: list[str] = field(default_factory=list)
    teams: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    clients: list[str] = field(default_factory=list)
    look_alikes: list[LookAlike] = field(default_factory=list)


@dataclass
class Written:
    """Ids of the rows that an import made, and what stood before in those it changed; as JSON can hold them."""

    sessions: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    clients: list[str] = field(default_factory=list)
    episodes: list[str] = field(default_factory=list)
    teams: list[str] = field(default_factory=list)
    memberships: list[list[str]] = field(default_factory=list)  # client and team, where the client was there before
    years: list[str] = field(default_factory=list)  # clients who got their year of birth
    restored: list[str] = field(default_factory=list)  # clients who were archived
    changed: list[dict[str, str]] = field(default_factory=list)  # episodes that were there before


@dataclass
class ImportReport:
    """All counts are of what the file holds and was accepted; `imported` is what was, or would be, new."""

    lines: int = 0
    imported: int = 0
    unchanged: int = 0
    refused: int = 0
    clients: int = 0
    episodes: int = 0
    sessions: int = 0
    ors: int = 0
    srs: int = 0
    no_show: int = 0
    refusals: list[RowRefusal] = field(default_factory=list)
    rule_hits: dict[str, int] = field(default_factory=lambda: dict.fromkeys(RULES, 0))
    creations: Creations = field(default_factory=Creations)  # what was, or would be, created
    refused_fields: dict[int, list[str]] = field(default_factory=dict)  # what the first refused lines hold
    written: Written = field(default_factory=Written)
    landed: bool = False  # whether it was written

    def add(self, other: "ImportReport") -> None:
        """Count another part of the same file with this one; a client's lines are all in one part."""
        for name in COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.refusals = sorted([*self.refusals, *other.refusals], key=lambda refusal: refusal.line)
        for rule, hits in other.rule_hits.items():
            self.rule_hits[rule] += hits

    def questions(self) -> dict[str, Any]:
        """What somebody could say so that lines which are refused land: whose names, which words, which day."""
        found: dict[str, dict[str, None]] = {"practitioner": {}, "attendance": {}, "date_order": {}}
        for refusal in self.refusals:
            if refusal.code in found and not str(refusal.params["text"]).endswith("…"):
                found[refusal.code][refusal.params["text"]] = None
        return {code: list(texts)[:MOST_ASKED] for code, texts in found.items() if texts}

    def as_json(self, reason: Callable[[RowRefusal], str]) -> dict[str, Any]:
        """Return the report as plain data; `reason` gives a refusal's sentence."""
        refusals = [
            {"line": refusal.line, "column": refusal.column, "reason": reason(refusal)} for refusal in self.refusals
        ]
        counts = {name: getattr(self, name) for name in COUNTS}
        found = [asdict(one) for one in self.creations.look_alikes]
        told = {"look_alikes": found} if found else {}
        return {**counts, "refusals": refusals, "rule_hits": self.rule_hits, **told}


def report_of(ledger: Ledger, decided: Decisions) -> ImportReport:
    """Count what was decided."""
    report = ImportReport(lines=ledger.lines, refused=len(decided.refusals), refusals=decided.refusals)
    clients = set()
    hits: Counter[str] = Counter()
    for number, places in decided.by_episode(ledger.held):
        new = sum(decided.states[place] == NEW for place in places)
        report.imported += new
        report.unchanged += len(places) - new
        report.episodes += 1
        clients.add(decided.episodes[number].client)
        sessions = _distinct(ledger, places)
        _count(report, ledger, sessions)
        hits.update(_hits(ledger, sessions, decided.birth_years.get(decided.episodes[number].client)))
    report.clients = len(clients)
    report.rule_hits |= hits
    return report


def _distinct(ledger: Ledger, places: list[int]) -> list[int]:
    """One place for each session: an identical second line is not another one."""
    return list({(ledger.held[place], ledger.values[place]): place for place in reversed(places)}.values())


def _count(report: ImportReport, ledger: Ledger, sessions: list[int]) -> None:
    report.sessions += len(sessions)
    report.ors += sum(ledger.ors[place] != NONE for place in sessions)
    report.srs += sum(ledger.srs[place] != NONE for place in sessions)
    report.no_show += sum(ATTENDANCES[ledger.attendance[place]] == NO_SHOW for place in sessions)


def _hits(ledger: Ledger, sessions: list[int], birth_year: int | None) -> Counter[str]:
    """At how many of an episode's sessions each rule's condition holds; its first ORS is the intake."""
    intake = min((ledger.held[place] for place in sessions if ledger.ors[place] != NONE), default=0)
    age = date.fromordinal(intake).year - birth_year if intake and birth_year else None
    cutoff = cutoff_for("ors", age)
    assert cutoff is not None  # noqa: S101  # the client's own ORS always has one
    series = Series(tuple(ledger.measured(place, str(place)) for place in sessions), cutoff=cutoff)
    return Counter(key for match in evaluate(series, _FILE_RULES) for key in _counted_as(match))


def _counted_as(match: RuleMatch) -> tuple[str, ...]:
    return (match.rule, match.rule + RED) if match.counts_as_red else (match.rule,)
