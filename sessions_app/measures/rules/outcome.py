"""The rules on the outcome (ORS, CORS); all numbers are in tenths.

x is the intake (first total), y the total at a session, c the cut-off, R the reliable change."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from sessions_app.measures.marks import rounded_up
from sessions_app.measures.provenance import Confidence, gettext_noop
from sessions_app.measures.rules.base import (
    CHANGE,
    CONVENTION,
    CUTOFF,
    PERCENT,
    POINTS,
    SESSION,
    STATE,
    TIMES,
    TWO_LOOKS,
    Finding,
    Judged,
    Level,
    OutcomeRule,
    OutcomeSeriesRule,
    Threshold,
)
from sessions_app.measures.state_filter import is_worse

if TYPE_CHECKING:
    from sessions_app.measures.series import Series

COMPARED = 4  # scores before a drop, whose median it is compared with


@dataclass(frozen=True)
class BelowStart(OutcomeRule):
    """O1: y - x <= -R; confirmed where the filter says so too."""

    key = "O1"
    usual_level = Level.AMBER
    source = CONVENTION
    condition = gettext_noop(
        "The ORS is below the first one by the reliable change or more. Red when several measurements together "
        "confirm it."
    )
    sentences = {
        "below_start": gettext_noop("%(outcome)s is %(score)s, %(fall)s below the start (%(intake)s)."),
        "worse_confirmed": gettext_noop(
            "%(outcome)s is %(score)s, %(fall)s below the start (%(intake)s). The measurements together confirm it."
        ),
    }
    turns_red = has_red_condition = True
    reads = (CHANGE, STATE)
    false_alarms = {Level.AMBER: 0.44, Level.RED: 0.05}

    def finds(self, series: "Series", totals: list[int]) -> Finding | None:
        """Compare the latest total with the first."""
        change = totals[-1] - totals[0]
        if change > -series.reliable_change:
            return None
        numbers = {"score": totals[-1], "intake": totals[0], "change": change, "threshold": series.reliable_change}
        if is_worse(series.state, totals):
            return Finding("worse_confirmed", numbers, self.stronger, counts_as_red=True)
        return Finding("below_start", numbers)


@dataclass(frozen=True)
class SuddenDrop(OutcomeRule):
    """O2: y less the score before it <= -R; information unless y is also far below the median of those before it."""

    key = "O2"
    usual_level = Level.AMBER
    declared = (
        Threshold("fall", 70, POINTS, gettext_noop("Sudden drop to talk about: below the middle of the last four")),
    )
    source = TWO_LOOKS
    condition = gettext_noop(
        "The ORS is below the one before by the reliable change or more. For information until it is also far below "
        "the middle of the last four."
    )
    sentences = {"sudden_drop": gettext_noop("%(outcome)s fell from %(previous)s to %(score)s since last time.")}
    reads = (CHANGE,)
    begins_as_information = True
    false_alarms = {Level.INFO: 0.74, Level.AMBER: 0.20}

    def finds(self, series: "Series", totals: list[int]) -> Finding | None:
        """Compare the latest total with the one before it, and with the median of up to four before it."""
        if len(totals) < 2 or totals[-1] - totals[-2] > -series.reliable_change:
            return None
        change = totals[-1] - totals[-2]
        numbers = {"score": totals[-1], "previous": totals[-2], "change": change, "threshold": series.reliable_change}
        far = median(totals[-1 - COMPARED : -1]) - totals[-1] >= self.threshold("fall")
        return Finding("sudden_drop", numbers, None if far else self.weaker)


@dataclass(frozen=True)
class FallFromBest(OutcomeRule):
    """O3: y less the best score before it <= -R, unless O1 says it already; information unless two scores say so.

    Two scores: the mean of the last two against the best mean of two neighbours before them.
    """

    key = "O3"
    usual_level = Level.AMBER
    declared = (Threshold("fall", 60, POINTS, gettext_noop("Fall from the best to talk about: of two in a row")),)
    source = TWO_LOOKS
    condition = gettext_noop(
        "The ORS is below the best one before by the reliable change or more. For information until the last two "
        "together are far below the best two in a row."
    )
    sentences = {"fall_from_best": gettext_noop("%(outcome)s is %(score)s; the best was %(best)s.")}
    reads = (CHANGE,)
    begins_as_information = True
    false_alarms = {Level.INFO: 0.70, Level.AMBER: 0.15}

    def finds(self, series: "Series", totals: list[int]) -> Finding | None:
        """Compare the latest total with the best before it, and the latest two with the best two."""
        if len(totals) < 2 or totals[-1] - totals[0] <= -series.reliable_change:
            return None
        best = max(totals[:-1])
        change = totals[-1] - best
        if change > -series.reliable_change:
            return None
        numbers = {"score": totals[-1], "best": best, "change": change, "threshold": series.reliable_change}
        twos = [first + second for first, second in pairwise(totals)]
        far = max(twos[:-2], default=0) - twos[-1] >= 2 * self.threshold("fall")
        return Finding("fall_from_best", numbers, None if far else self.weaker)


@dataclass(frozen=True)
class BelowBand(OutcomeRule):
    """O4: y below the low band; amber at most while the trajectory is the design default."""

    key = "O4"
    says_no_gain = True
    usual_level = Level.RED
    declared = (
        Threshold("percentile", 10, PERCENT, gettext_noop("Clearly below the expected: the lowest")),
        Threshold("from_session", 2, SESSION, gettext_noop("Clearly below the expected: from measurement")),
    )
    condition = gettext_noop(
        "The ORS is below what nearly all clients still in treatment with the same start reach by then."
    )
    false_alarms = {Level.AMBER: 0.67}
    sentences = {
        "below_band": gettext_noop(
            "%(outcome)s %(score)s is below %(expected_at_least)s, which nine of ten still in treatment reach by "
            "measurement %(session_number)s."
        )
    }
    reads_trajectory = True

    def finds(self, series: "Series", totals: list[int]) -> Finding | None:
        """Compare the latest total with the band of its number."""
        number = len(totals)
        if series.model is None or number < max(2, self.threshold("from_session")):
            return None
        low = series.model.band(totals[0], number, self.threshold("percentile") / 100)
        if totals[-1] >= low:
            return None
        numbers = {"score": totals[-1], "expected_at_least": rounded_up(low), "session_number": number}
        return Finding("below_band", numbers, _capped(self, series))


@dataclass(frozen=True)
class UnderExpected(OutcomeRule):
    """O5: y below the middle band and not below the low one."""

    key = "O5"
    says_no_gain = True
    usual_level = Level.AMBER
    declared = (
        Threshold("percentile", 25, PERCENT, gettext_noop("Somewhat below the expected: the lowest")),
        Threshold("low_percentile", 10, PERCENT),  # where "clearly below" ends
        Threshold("from_session", 3, SESSION, gettext_noop("Somewhat below the expected: from measurement")),
    )
    condition = gettext_noop("The ORS is below the middle half of clients still in treatment with the same start.")
    false_alarms = {Level.AMBER: 0.88}
    sentences = {
        "under_expected": gettext_noop(
            "%(outcome)s %(score)s is below %(expected_at_least)s, where the middle half of those still in treatment "
            "begins at measurement %(session_number)s."
        )
    }
    reads_trajectory = True

    def finds(self, series: "Series", totals: list[int]) -> Finding | None:
        """Compare the latest total with both bands of its number."""
        number = len(totals)
        if series.model is None or number < max(2, self.threshold("from_session")):
            return None
        middle = series.model.band(totals[0], number, self.threshold("percentile") / 100)
        low = series.model.band(totals[0], number, self.threshold("low_percentile") / 100)
        if not low <= totals[-1] < middle:
            return None
        numbers = {"score": totals[-1], "expected_at_least": rounded_up(middle), "session_number": number}
        return Finding("under_expected", numbers, _capped(self, series))


def _capped(rule: OutcomeRule, series: "Series") -> Level | None:
    """Amber instead of red while the expected course rests on too few episodes."""
    few = series.model is not None and series.model.amber_at_most
    return Level.AMBER if rule.level is Level.RED and few else None


@dataclass(frozen=True)
class NoGain(OutcomeSeriesRule):
    """O6: y - x < R with x < c and y < c, at measurements 3 and 4 and from 8 on (more pressing); silent between."""

    key = "O6"
    says_no_gain = True
    usual_level = Level.AMBER
    declared = (
        Threshold("first_session", 3, SESSION, gettext_noop("No reliable change: first asked at measurement")),
        Threshold("last_session", 4, SESSION, gettext_noop("No reliable change: last asked at measurement")),
        Threshold("late_session", 8, SESSION, gettext_noop("No reliable change: red from measurement")),
    )
    source = gettext_noop("no reliable gain by session 3-4: review; by 8: change (PCOMS)")
    confidence = Confidence.MEDIUM
    condition = gettext_noop("Started below the cut-off, still below it, and no reliable gain by now.")
    false_alarms = {Level.AMBER: 0.80, Level.RED: 0.78}
    sentences = {
        "no_reliable_gain": gettext_noop(
            "No reliable change after %(session_number)s measurements: from %(intake)s to %(score)s."
        )
    }
    reads = (CHANGE, CUTOFF)
    ends_with_episode = turns_red = True

    def judge(self, series: "Series") -> Iterator[Judged]:
        """Yield each session with a total; between those asked about an open alert stays while nothing is gained."""
        first, last, from_late = (self.threshold(f"{name}_session") for name in ("first", "last", "late"))
        totals: list[int] = []
        for session, total in series.ors_totals():
            totals.append(total)
            number, change = len(totals), total - totals[0]
            holds = change < series.reliable_change and totals[0] < series.cutoff and total < series.cutoff
            late, early = number >= from_late, first <= number <= last
            found = None
            if holds and (early or late):
                numbers = {"score": total, "intake": totals[0], "change": change}
                numbers |= {"threshold": series.reliable_change, "session_number": number}
                found = Finding("no_reliable_gain", numbers, self.stronger if late else None)
            yield Judged(session, found, total, stays=holds)


@dataclass(frozen=True)
class StartedAbove(OutcomeRule):
    """O7: the intake is at or above the cut-off; said once, at the first session."""

    key = "O7"
    usual_level = Level.INFO
    source = gettext_noop("intake above the cut-off: general knowledge")
    condition = gettext_noop("The first ORS is at the cut-off or above.")
    false_alarms = {Level.INFO: 0.18}
    sentences = {
        "intake_above_cutoff": gettext_noop(
            "The first %(outcome)s, %(score)s, is at the cut-off or above: ask what led here."
        )
    }
    reads = (CUTOFF,)
    worse_by = 0

    def finds(self, series: "Series", totals: list[int]) -> Finding | None:
        """Compare the first total with the cut-off."""
        if len(totals) != 1 or totals[0] < series.cutoff:
            return None
        return Finding("intake_above_cutoff", {"score": totals[0], "threshold": series.cutoff})


@dataclass(frozen=True)
class TargetMet(OutcomeRule):
    """O8: y at or above both the service target and the cut-off at successive measured sessions."""

    key = "O8"
    usual_level = Level.INFO
    declared = (Threshold("successive", 2, TIMES, gettext_noop("Expected course reached")),)
    condition = gettext_noop("The ORS is at or above both the expected course and the cut-off, several times in a row.")
    sentences = {
        "target_met": gettext_noop(
            "%(outcome)s %(score)s: expected course reached %(successive)s times in a row. Talk about the next step."
        )
    }
    reads = (CUTOFF,)
    reads_trajectory = True
    worse_by = 0
    false_alarms = {Level.INFO: 0.08}

    def finds(self, series: "Series", totals: list[int]) -> Finding | None:
        """Compare the latest totals with the unrounded target."""
        target, successive = series.service_target(), self.threshold("successive")
        if target is None or len(totals) < successive:
            return None
        needed = max(target, series.cutoff)
        if min(totals[-successive:]) < needed:
            return None
        return Finding("target_met", {"score": totals[-1], "threshold": rounded_up(needed), "successive": successive})
