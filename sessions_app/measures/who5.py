"""WHO-5: five items of 0-5, raw 0-25, percentage raw × 4, and rule W1. Another scale: never in one curve with ORS."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sessions_app.measures.alerts import Hit, Life, moved, raised
from sessions_app.measures.rules import Level, Rule
from sessions_app.measures.sourced import gettext_noop

W1 = Rule(
    "W1",
    "who5",
    Level.INFO,
    {"low": 50, "very_low": 28, "fall": 10},
    source=gettext_noop("Topp et al. 2015: 50 and 28 on the percentage scale; a change of 10 (general knowledge)"),
)
SENTENCES: tuple[str, ...] = ("who5_low", "who5_very_low", "who5_fall")


@dataclass(frozen=True)
class Wellbeing:
    """One WHO-5: the percentage, 0 to 100 in steps of 4."""

    key: str
    held_on: date
    percentage: int


def percentage(marks: Sequence[int]) -> int:
    """Return the percentage, 4 × the raw sum, of five marks of 0-5. ValueError for anything else."""
    if len(marks) != 5 or not all(0 <= mark <= 5 for mark in marks):
        raise ValueError("five marks of 0 to 5 are needed")
    return 4 * sum(marks)


def evaluate(measured: Iterable[Wellbeing], rule: Rule = W1) -> tuple[Hit, ...]:
    """Return W1 where it holds, one hit a measurement: very low, else a fall since the last, else low.

    Very low and a fall are amber, low is the rule's own level. The order of `measured` does not matter.
    """
    if not rule.on:
        return ()
    hits = []
    before: int | None = None
    for one in sorted(measured, key=lambda one: (one.held_on, one.key)):
        sentence, level = _finding(rule, one.percentage, before)
        if sentence:
            numbers = {"percentage": one.percentage}
            if before is not None:
                numbers |= {"previous": before, "change": one.percentage - before}
            hits.append(Hit(rule.key, level, one.key, one.held_on, numbers, sentence))
        before = one.percentage
    return tuple(hits)


def _finding(rule: Rule, now: int, before: int | None) -> tuple[str, Level]:
    if now <= rule.threshold("very_low"):
        return "who5_very_low", Level.AMBER
    if before is not None and before - now >= rule.threshold("fall"):
        return "who5_fall", Level.AMBER
    return ("who5_low" if now <= rule.threshold("low") else ""), rule.level


def lives_of(measured: Iterable[Wellbeing], rule: Rule = W1) -> tuple[Life, ...]:
    """Return W1 as alerts with a beginning and an end, oldest first, as `alerts.lives` does for the other rules.

    An alert moves on while the rule holds, and closes at the first measurement where it does not. It is raised anew
    where a low one has become very low, or has fallen clearly once more.
    """
    series = sorted(measured, key=lambda one: (one.held_on, one.key))
    hits = {hit.session: hit for hit in evaluate(series, rule)}
    done: list[Life] = []
    current: Life | None = None
    for one in series:
        hit = hits.get(one.key)
        worse = hit is not None and current is not None and hit.level.rank > current.level.rank
        if current is not None and (hit is None or worse):
            by = "superseded" if worse else "condition"
            done.append(replace(current, closed=one.key, closed_on=one.held_on, closed_by=by))
            current = None
        if hit is not None:
            current = raised(hit) if current is None else moved(current, hit)
    return (*done, current) if current is not None else tuple(done)
