"""The rules on the alliance (SRS and its family); all in tenths."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from sessions_app.measures.provenance import Confidence, gettext_noop
from sessions_app.measures.rules.base import (
    ALLIANCE_CUTOFF,
    POINTS,
    TIMES,
    AllianceRule,
    AllianceSeriesRule,
    Finding,
    Judged,
    Level,
    Threshold,
)

if TYPE_CHECKING:
    from sessions_app.measures.series import Series

# How many totals before the latest one S3 compares it with, and the fewest of them.
COMPARED, COMPARED_AT_LEAST = 4, 2


@dataclass(frozen=True)
class LowAlliance(AllianceRule):
    """S1: the total below its cut-off; information the first time, so that a low start which rises stays quiet."""

    key = "S1"
    usual_level = Level.AMBER
    declared = (Threshold("total", 360, POINTS),)  # chosen as the cut-off of the SRS
    source = gettext_noop("SRS cut-off 36 (OpenFIT)")
    condition = gettext_noop("The SRS is below its cut-off. For information until it is so twice in a row.")
    sentences = {
        "low_alliance": gettext_noop("%(alliance)s %(score)s is below %(threshold)s: ask what could be better.")
    }
    reads = (ALLIANCE_CUTOFF,)
    begins_as_information = True
    false_alarms = {Level.INFO: 0.64, Level.AMBER: 0.37}

    def finds(self, series: "Series", totals: list[int]) -> Finding | None:
        """Compare the latest total with the cut-off."""
        least = self.threshold("total")
        if totals[-1] >= least:
            return None
        numbers = {"score": totals[-1], "threshold": least}
        again = len(totals) > 1 and totals[-2] < least
        return Finding("low_alliance", numbers, None if again else self.weaker)


@dataclass(frozen=True)
class LowLine(AllianceSeriesRule):
    """S2: any line below the threshold; names the lowest line by its index from 0."""

    key = "S2"
    usual_level = Level.INFO
    declared = (Threshold("mark", 90, POINTS, gettext_noop("SRS line of concern below")),)
    source = gettext_noop("any line below 9 (SRS manual)")
    confidence = Confidence.SOURCED
    condition = gettext_noop("A line of the SRS is marked low.")
    false_alarms = {Level.INFO: 0.85}
    sentences = {"low_item": gettext_noop("“%(item)s” was marked at %(mark)s: ask about it.")}

    def judge(self, series: "Series") -> Iterator[Judged]:
        """Yield each session with marks, and one with a total alone that no line so low could give."""
        least = self.threshold("mark")
        for session, total in series.srs_totals():
            if session.srs_marks is None:
                if total >= 300 + least + 5:
                    yield Judged(session, None, total)
                continue
            lowest = min(session.srs_marks)
            found = None
            if lowest < least:
                numbers = {"mark": lowest, "item": session.srs_marks.index(lowest)}
                low = sum(mark < least for mark in session.srs_marks)
                found = Finding("low_item", numbers | {"low_items": low, "threshold": least})
            yield Judged(session, found, total)


@dataclass(frozen=True)
class AllianceDrop(AllianceRule):
    """S3: the total three points or more below the median of the four before it, of those there are two at least."""

    key = "S3"
    usual_level = Level.AMBER
    declared = (Threshold("fall", 30, POINTS, gettext_noop("SRS fall below the middle of the last four")),)
    source = gettext_noop("OpenFIT: a fall of a point; ours: three points below the middle of the last four")
    condition = gettext_noop("The SRS is clearly lower than the middle of the last four before it.")
    sentences = {
        "alliance_drop": gettext_noop(
            "%(alliance)s is %(score)s; the middle of the measurements before it was %(middle)s."
        )
    }
    false_alarms = {Level.AMBER: 0.23}

    def finds(self, series: "Series", totals: list[int]) -> Finding | None:
        """Compare the latest total with the median of those before it."""
        before, fall = totals[-1 - COMPARED : -1], self.threshold("fall")
        if len(before) < COMPARED_AT_LEAST or median(before) - totals[-1] < fall:
            return None
        middle = round(median(before))
        numbers = {"score": totals[-1], "middle": middle, "change": totals[-1] - middle}
        return Finding("alliance_drop", numbers | {"threshold": fall})


@dataclass(frozen=True)
class AllianceFalling(AllianceRule):
    """S4: the last totals strictly falling; information until by three points in all.

    Red far below, under the cut-off, and only when the mean of the last two is clearly lower than that of the first
    two: one high score and one low one look like a fall. `make calibrate` prints the shapes that were tried.
    """

    key = "S4"
    usual_level = Level.AMBER
    declared = (
        Threshold("successive", 3, TIMES, gettext_noop("SRS falling")),
        Threshold("fall", 20, POINTS, gettext_noop("SRS falling, in all")),
        Threshold("talk_fall", 30, POINTS, gettext_noop("SRS falling, to talk about: in all")),
        Threshold("red_fall", 40, POINTS, gettext_noop("SRS falling, red: in all")),
        Threshold(
            "red_pair_fall", 20, POINTS, gettext_noop("SRS falling, red: mean of two, from the first to the last")
        ),
    )
    condition = gettext_noop(
        "The SRS has fallen over the last measurements. For information while it has fallen little; red when it has "
        "fallen far, is below its cut-off, and the last two together are clearly lower than the first two."
    )
    sentences = {
        "alliance_falling": gettext_noop(
            "%(alliance)s has fallen over the last %(successive)s measurements, from %(from)s to %(score)s."
        )
    }
    turns_red = has_red_condition = begins_as_information = True
    reads = (ALLIANCE_CUTOFF,)
    false_alarms = {Level.INFO: 0.50, Level.AMBER: 0.28, Level.RED: 0.05}

    def finds(self, series: "Series", totals: list[int]) -> Finding | None:
        """Look at the last totals together."""
        successive = self.threshold("successive")
        recent = totals[-successive:]
        if len(recent) < successive:
            return None
        strictly, fall = all(later < earlier for earlier, later in pairwise(recent)), recent[0] - recent[-1]
        if not strictly or fall < self.threshold("fall"):
            return None
        numbers = {"score": recent[-1], "from": recent[0], "change": -fall}
        numbers |= {"successive": len(recent), "threshold": self.threshold("fall")}
        # Half a tenth is left out, so that the number that is shown is the one that is compared.
        lower = (sum(totals[:2]) - sum(totals[-2:])) // 2
        numbers["pair_change"] = -lower
        far = fall >= self.threshold("red_fall") and recent[-1] < series.alliance_cutoff
        if far and lower >= self.threshold("red_pair_fall"):
            return Finding("alliance_falling", numbers, self.stronger, counts_as_red=True)
        small = fall < self.threshold("talk_fall")
        return Finding("alliance_falling", numbers, self.weaker if small else None, counts_as_red=far)


@dataclass(frozen=True)
class Ceiling(AllianceRule):
    """S5: the highest possible total at successive measured sessions."""

    key = "S5"
    usual_level = Level.INFO
    declared = (
        Threshold("successive", 3, TIMES, gettext_noop("SRS at its highest")),
        Threshold("total", 400, POINTS),
    )
    source = gettext_noop("SRS manual, perfect scores")
    confidence = Confidence.HIGH
    condition = gettext_noop("The SRS was full several times in a row.")
    false_alarms = {Level.INFO: 0.11}
    sentences = {
        "ceiling": gettext_noop("%(alliance)s was full %(successive)s times in a row: ask for the small things too.")
    }
    worse_by = 0

    def finds(self, series: "Series", totals: list[int]) -> Finding | None:
        """Look at the last totals together."""
        successive = self.threshold("successive")
        recent = totals[-successive:]
        if len(recent) < successive or min(recent) < self.threshold("total"):
            return None
        return Finding("ceiling", {"score": recent[-1], "successive": len(recent)})
