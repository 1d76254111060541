"""The condition of each rule: at which sessions it holds, in which words, with which numbers.

x is the intake (first ORS), y the ORS at a session, c the cut-off, R the reliable change; all in tenths.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from sessions_app.measures.rules import Level, Rule
from sessions_app.measures.series import Measured, Series


@dataclass(frozen=True)
class Finding:
    """What a rule says at one session; `level` only where it differs from the rule's own."""

    sentence: str
    numbers: dict[str, int]
    level: Level | None = None


@dataclass(frozen=True)
class Judged:
    """A session at which a rule could be judged, what was found, and the total that tells what is worse."""

    session: Measured
    found: Finding | None
    score: int = 0
    stays: bool = False  # nothing found, but an open alert stays open (O6 at sessions 5 to 7)


Judge = Callable[[Rule, Series], Iterator[Judged]]
OrsCondition = Callable[[Rule, Series, list[int]], Finding | None]
SrsCondition = Callable[[Rule, list[int]], Finding | None]


def _on_ors(condition: OrsCondition) -> Judge:
    """Make a judge of a condition on the ORS totals so far, the last one being the session's own."""

    def judge(rule: Rule, series: Series) -> Iterator[Judged]:
        totals: list[int] = []
        for session, total in series.ors_totals():
            totals.append(total)
            yield Judged(session, condition(rule, series, totals), total)

    return judge


def _on_srs(condition: SrsCondition) -> Judge:
    """Make a judge of a condition on the SRS totals so far."""

    def judge(rule: Rule, series: Series) -> Iterator[Judged]:
        totals: list[int] = []
        for session, total in series.srs_totals():
            totals.append(total)
            yield Judged(session, condition(rule, totals), total)

    return judge


def _deteriorated(rule: Rule, series: Series, totals: list[int]) -> Finding | None:
    """O1: y - x <= -R."""
    change = totals[-1] - totals[0]
    if change > -series.reliable_change:
        return None
    numbers = {
        "score": totals[-1],
        "intake": totals[0],
        "change": change,
        "threshold": series.reliable_change,
    }
    return Finding("deteriorated", numbers)


def _sudden_drop(rule: Rule, series: Series, totals: list[int]) -> Finding | None:
    """O2: y less the score before it <= -R."""
    if len(totals) < 2 or totals[-1] - totals[-2] > -series.reliable_change:
        return None
    change = totals[-1] - totals[-2]
    numbers = {
        "score": totals[-1],
        "previous": totals[-2],
        "change": change,
        "threshold": series.reliable_change,
    }
    return Finding("sudden_drop", numbers)


def _fall_from_best(rule: Rule, series: Series, totals: list[int]) -> Finding | None:
    """O3: y less the best score before it <= -R, unless O1 says it already."""
    if len(totals) < 2 or totals[-1] - totals[0] <= -series.reliable_change:
        return None
    best = max(totals[:-1])
    change = totals[-1] - best
    if change > -series.reliable_change:
        return None
    numbers = {"score": totals[-1], "best": best, "change": change, "threshold": series.reliable_change}
    return Finding("fall_from_best", numbers)


def _below_band(rule: Rule, series: Series, totals: list[int]) -> Finding | None:
    """O4: y below the low band; amber at most while the trajectory is the design default."""
    number = len(totals)
    if series.model is None or number < max(2, rule.threshold("from_session")):
        return None
    low = series.model.band(totals[0], number, rule.threshold("percentile") / 100)
    if totals[-1] >= low:
        return None
    numbers = {"score": totals[-1], "expected_at_least": round(low), "session_number": number}
    capped = rule.level is Level.RED and series.model.amber_at_most
    return Finding("below_band", numbers, Level.AMBER if capped else None)


def _under_expected(rule: Rule, series: Series, totals: list[int]) -> Finding | None:
    """O5: y below the middle band and not below the low one."""
    number = len(totals)
    if series.model is None or number < max(2, rule.threshold("from_session")):
        return None
    middle = series.model.band(totals[0], number, rule.threshold("percentile") / 100)
    low = series.model.band(totals[0], number, rule.threshold("low_percentile") / 100)
    if not low <= totals[-1] < middle:
        return None
    numbers = {"score": totals[-1], "expected_at_least": round(middle), "session_number": number}
    capped = rule.level is Level.RED and series.model.amber_at_most
    return Finding("under_expected", numbers, Level.AMBER if capped else None)


def _no_gain(rule: Rule, series: Series) -> Iterator[Judged]:
    """O6: y - x < R with x < c at sessions 3 and 4 (amber) and from 8 on (red); silent between."""
    totals: list[int] = []
    for session, total in series.ors_totals():
        totals.append(total)
        number, change = len(totals), total - totals[0]
        holds = change < series.reliable_change and totals[0] < series.cutoff
        late = number >= rule.threshold("late_session")
        early = rule.threshold("first_session") <= number <= rule.threshold("last_session")
        found = None
        if holds and (early or late):
            numbers = {"score": total, "intake": totals[0], "change": change}
            numbers |= {"threshold": series.reliable_change, "session_number": number}
            found = Finding("no_reliable_gain", numbers, Level.RED if late else None)
        yield Judged(session, found, total, stays=change < series.reliable_change)


def _started_above(rule: Rule, series: Series, totals: list[int]) -> Finding | None:
    """O7: the intake is at or above the cut-off; said once, at the first session."""
    if len(totals) != 1 or totals[0] < series.cutoff:
        return None
    return Finding("intake_above_cutoff", {"score": totals[0], "threshold": series.cutoff})


def _target_met(rule: Rule, series: Series, totals: list[int]) -> Finding | None:
    """O8: y at or above both the service target and the cut-off at successive measured sessions."""
    target = series.service_target()
    successive = rule.threshold("successive")
    if target is None or len(totals) < successive:
        return None
    needed = max(target, series.cutoff)
    if min(totals[-successive:]) < needed:
        return None
    return Finding("target_met", {"score": totals[-1], "threshold": needed, "successive": successive})


def _low_alliance(rule: Rule, totals: list[int]) -> Finding | None:
    """S1: the SRS total below its cut-off."""
    if totals[-1] >= rule.threshold("total"):
        return None
    return Finding("low_alliance", {"score": totals[-1], "threshold": rule.threshold("total")})


def _low_marks(rule: Rule, series: Series) -> Iterator[Judged]:
    """S2: any line below the threshold; names the lowest line by its index from 0."""
    for session, total in series.srs_totals():
        if session.srs_marks is None:
            continue
        lowest = min(session.srs_marks)
        found = None
        if lowest < rule.threshold("mark"):
            numbers = {"mark": lowest, "item": session.srs_marks.index(lowest)}
            low = sum(mark < rule.threshold("mark") for mark in session.srs_marks)
            found = Finding("low_item", numbers | {"low_items": low, "threshold": rule.threshold("mark")})
        yield Judged(session, found, total)


def _alliance_drop(rule: Rule, totals: list[int]) -> Finding | None:
    """S3: the SRS total at least a point below the one before it."""
    if len(totals) < 2 or totals[-2] - totals[-1] < rule.threshold("fall"):
        return None
    numbers = {"score": totals[-1], "previous": totals[-2], "change": totals[-1] - totals[-2]}
    return Finding("alliance_drop", numbers | {"threshold": rule.threshold("fall")})


def _alliance_falling(rule: Rule, totals: list[int]) -> Finding | None:
    """S4: the last SRS totals strictly falling, by two points or more in all."""
    recent = totals[-rule.threshold("successive") :]
    if len(recent) < rule.threshold("successive"):
        return None
    strictly = all(later < earlier for earlier, later in pairwise(recent))
    if not strictly or recent[0] - recent[-1] < rule.threshold("fall"):
        return None
    numbers = {"score": recent[-1], "from": recent[0], "change": recent[-1] - recent[0]}
    return Finding("alliance_falling", numbers | {"successive": len(recent), "threshold": rule.threshold("fall")})


def _ceiling(rule: Rule, totals: list[int]) -> Finding | None:
    """S5: the highest possible SRS total at successive measured sessions."""
    recent = totals[-rule.threshold("successive") :]
    if len(recent) < rule.threshold("successive") or min(recent) < rule.threshold("total"):
        return None
    return Finding("ceiling", {"score": recent[-1], "successive": len(recent)})


def _missing(rule: Rule, series: Series) -> Iterator[Judged]:
    """M1: attended, and a measure that was due is not there."""
    for session in series.sorted():
        if not session.attended or not (session.ors_due or session.srs_due):
            continue
        no_ors = session.ors_due and session.ors is None
        no_srs = session.srs_due and session.srs is None
        found = None
        if no_ors or no_srs:
            which = "both" if no_ors and no_srs else "ors" if no_ors else "srs"
            found = Finding(f"missing_{which}", {"ors_missing": int(no_ors), "srs_missing": int(no_srs)})
        yield Judged(session, found)


CONDITIONS: dict[str, Judge] = {
    "O1": _on_ors(_deteriorated),
    "O2": _on_ors(_sudden_drop),
    "O3": _on_ors(_fall_from_best),
    "O4": _on_ors(_below_band),
    "O5": _on_ors(_under_expected),
    "O6": _no_gain,
    "O7": _on_ors(_started_above),
    "O8": _on_ors(_target_met),
    "S1": _on_srs(_low_alliance),
    "S2": _low_marks,
    "S3": _on_srs(_alliance_drop),
    "S4": _on_srs(_alliance_falling),
    "S5": _on_srs(_ceiling),
    "M1": _missing,
}

# Every sentence a rule can say; the application translates each.
SENTENCES: tuple[str, ...] = (
    "deteriorated",
    "sudden_drop",
    "fall_from_best",
    "below_band",
    "under_expected",
    "no_reliable_gain",
    "intake_above_cutoff",
    "target_met",
    "low_alliance",
    "low_item",
    "alliance_drop",
    "alliance_falling",
    "ceiling",
    "missing_ors",
    "missing_srs",
    "missing_both",
)
