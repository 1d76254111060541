"""The alert rules applied to a series: every session at which a rule holds, and the spans of the alerts.

An alert is a prompt to talk, never a diagnosis. ORS and SRS do not detect danger to life.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from sessions_app.measures.rules import DEFAULT_RULES, SENTENCES, Level, Rule, RuleSet
from sessions_app.measures.rules.base import Finding, Judged
from sessions_app.measures.series import Expected, Measured, Series

__all__ = [
    "DEFAULT_RULES",
    "SENTENCES",
    "AlertSpan",
    "Expected",
    "Level",
    "Measured",
    "Rule",
    "RuleMatch",
    "RuleSet",
    "Series",
    "alert_spans",
    "closed_with_episode",
    "evaluate",
    "overdue_days",
]


class RuleMatch(NamedTuple):
    """A rule that holds at a session, with the numbers of its sentence (tenths; session numbers; counts).

    `counts_as_red` as in `Finding`: what an import counts, not the level of an alert.
    """

    rule: str
    level: Level
    session: str
    held_on: date
    numbers: dict[str, int]
    sentence: str
    counts_as_red: bool = False


@dataclass(frozen=True)
class AlertSpan:
    """One alert from the session that raised it to the one that closed it.

    `level` is the highest it reached; `numbers` and `sentence` are those of its last hit. `closed_by` is
    "condition" (no longer holds), "superseded" (raised again because it got worse), "ended" (the episode
    ended; O6 only, dated at the last session) or "" while the alert is open. `raised` and `last` are "" where no
    session raised it (M2).
    """

    rule: str
    level: Level
    raised: str
    raised_on: date
    last: str
    closed: str | None
    closed_on: date | None
    numbers: dict[str, int]
    sentence: str
    closed_by: str = ""

    @property
    def is_open(self) -> bool:
        """Whether nothing has closed the alert."""
        return self.closed is None


def evaluate(series: Series, rules: RuleSet | None = None) -> tuple[RuleMatch, ...]:
    """Return every session at which each rule that is on holds: by session, then by rule.

    The rules are the series' own unless others are given.
    The answer is the same for any order of the sessions. Repeats are not suppressed: `alert_spans` does that.
    """
    place = _places(series)
    judgements = _judged(series, rules or series.rules)
    hits = [_match(rule, judged.session, judged.found) for rule, judged in judgements if judged.found]
    return tuple(sorted(hits, key=lambda match: place(match.held_on, match.session)))


def alert_spans(series: Series, rules: RuleSet | None = None) -> tuple[AlertSpan, ...]:
    """Return the alerts of a series, closed and open, by the date they were raised.

    While an alert is open its rule does not raise it again: its last session moves on. Only when the total
    is `worse_by` lower than at the raising (ORS: the reliable change; SRS: a point) is the alert closed as
    superseded and a new one raised at that session. It closes at the next session where the rule can be
    judged and does not hold. O6, silent at sessions 5 to 7, stays open until a reliable gain or the end of
    the episode.
    """
    found: list[AlertSpan] = []
    for rule in (rules or series.rules).rules:
        if rule.on:
            found.extend(_spans_of(rule, series))
    place = _places(series)
    return tuple(sorted(found, key=lambda span: place(span.raised_on, span.raised)))


def closed_with_episode(spans: Iterable[AlertSpan], ended_on: date | None) -> tuple[AlertSpan, ...]:
    """The alerts of an episode as they are stored: once it has ended, those still open close on that day.

    `ended_on` is None while the episode goes on.
    """
    return tuple(replace(span, closed_on=span.closed_on or ended_on) for span in spans)


def overdue_days(last_held_on: date, interval_days: int, today: date) -> int:
    """Return by how many days the agreed interval is exceeded (as M2 counts them), else 0."""
    return max(0, (today - last_held_on).days - interval_days)


def _places(series: Series) -> Callable[[date, str], tuple[date, int]]:
    """What sorts by session; a periodic form of an earlier series of the episode comes before those of its day."""
    position = {session.key: number for number, session in enumerate(series.sorted())}
    return lambda held_on, key: (held_on, position.get(key, -1))


def _judged(series: Series, rules: RuleSet) -> Iterable[tuple[Rule, Judged]]:
    for rule in rules.rules:
        if rule.on:
            for judged in rule.judge(series):
                yield rule, judged


def _match(rule: Rule, session: Measured, finding: Finding) -> RuleMatch:
    level = finding.level or rule.level
    numbers, sentence = finding.numbers, finding.sentence
    return RuleMatch(rule.key, level, session.key, session.held_on, numbers, sentence, finding.counts_as_red)


@dataclass(slots=True)
class _OpenAlert:
    """An alert while the sessions are gone through: changed at each further hit, written down once as it ends."""

    rule: Rule
    first: Judged
    last: Judged
    numbers: dict[str, int]
    level: Level
    sentence: str

    @classmethod
    def raised(cls, rule: Rule, judged: Judged, found: Finding) -> "_OpenAlert":
        """The alert that begins with a hit."""
        return cls(rule, judged, judged, found.numbers, found.level or rule.level, found.sentence)

    def is_worse(self, judged: Judged, found: Finding, worse_by: int) -> bool:
        """Whether a hit raises it anew: by a total so much lower, or by a higher level where the rule says so."""
        if self.rule.worse_by_level:
            return (found.level or self.rule.level).rank > self.level.rank
        return bool(worse_by) and self.first.score - judged.score >= worse_by

    def move(self, judged: Judged, found: Finding) -> None:
        """Move on to another hit.

        The level never falls. Where a lower level has a sentence of its own (O1 once confirmed), the higher one's
        stays.
        """
        level = found.level or self.rule.level
        if level.rank >= self.level.rank or self.rule.worse_by_level:
            self.sentence = found.sentence
        self.level = max(self.level, level, key=lambda level: level.rank)
        self.last, self.numbers = judged, found.numbers

    def span(self, closed: Measured | None = None, by: str = "") -> AlertSpan:
        """The alert as it is when this session closes it; open without one."""
        return AlertSpan(
            rule=self.rule.key,
            level=self.level,
            raised=self.first.session.key,
            raised_on=self.first.session.held_on,
            last=self.last.session.key,
            closed=closed.key if closed else None,
            closed_on=closed.held_on if closed else None,
            numbers=self.numbers,
            sentence=self.sentence,
            closed_by=by,
        )


def _spans_of(rule: Rule, series: Series) -> Iterator[AlertSpan]:
    worse_by = series.reliable_change if rule.worse_by is None else rule.worse_by
    current: _OpenAlert | None = None
    for judged in rule.judge(series):
        found = judged.found
        if found is None:
            if current is not None and not judged.stays:
                yield current.span(judged.session, "condition")
                current = None
        elif current is None:
            current = _OpenAlert.raised(rule, judged, found)
        elif current.is_worse(judged, found, worse_by):
            yield current.span(judged.session, "superseded")
            current = _OpenAlert.raised(rule, judged, found)
        else:
            current.move(judged, found)
    if current is not None:
        ended = series.ended and rule.ends_with_episode
        yield current.span(series.sorted()[-1], "ended") if ended else current.span()
