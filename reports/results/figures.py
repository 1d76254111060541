"""What is worked out of the episodes chosen: counts that may be shown, means, effect sizes, the time to an ending."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from reports.results.rows import ResultRow
from reports.results.selection import Selection
from reports.results.small_numbers import (
    ABOVE,
    BANDS,
    BEGUN,
    BELOW,
    BETTER,
    USED,
    ChangeLimits,
    K,
    Shown,
    counts_of,
)
from sessions_app.measures.results.intervals import EffectSize, Proportion, effect_size, proportion
from sessions_app.measures.results.no_change import expected_without_change
from sessions_app.measures.results.resampling import RESAMPLED_BELOW, MeanChange, bca_effect_size, mean_change
from sessions_app.measures.results.survival import MedianTime, SurvivalStep, coarse, kaplan_meier, median_time
from sessions_app.services.attendance_counts import NONE_YET, AttendanceCounts


@dataclass(frozen=True)
class GroupResult:
    """A group by first score: means of first and last in tenths, the change, and what it would be without any."""

    name: str
    first: float
    last: float
    change: MeanChange
    expected: float


@dataclass(frozen=True)
class Duration:
    """How long something takes, in days or sessions: the curve as far as it may be shown, its median, its number."""

    steps: tuple[SurvivalStep, ...]
    median: MedianTime
    n: int


@dataclass(frozen=True)
class ResultLine:
    """One line of a table: a year, an age group or an ending. None is hidden; no change where nobody is counted."""

    name: str
    begun: int | None
    used: int | None
    better: Proportion | None
    change: MeanChange | None


@dataclass(frozen=True)
class Figures:
    """Everything of one page. A figure is None where it may not be shown or cannot be worked out."""

    chosen: Selection
    shown: Shown
    counts: Counter[str]
    change: MeanChange | None
    effect: EffectSize | None
    resampled: bool
    first: float | None
    last: float | None
    groups: tuple[GroupResult, ...]
    halves: tuple[GroupResult, ...]
    duration: Duration | None
    sessions: float | None
    days: float | None
    alliance: float | None
    clients: int | None
    attendance: AttendanceCounts | None

    def count(self, name: str) -> int | None:
        """A count of the page; None where it is hidden."""
        return self.counts[name] if self.shown.may_show(self.chosen, name) else None

    def share(self, name: str, of: str) -> Proportion | None:
        """A share with its Wilson interval; None unless both counts may be shown, or where nobody is counted."""
        part, whole = self.count(name), self.count(of)
        return proportion(part, whole) if part is not None and whole else None


def figures_of(
    rows: Sequence[ResultRow], chosen: Selection, shown: Shown, limits: ChangeLimits, reliability: float
) -> Figures:
    """The figures of the episodes that `chosen` takes; `limits` and `reliability` are those of their form."""
    taken = [row for row in rows if chosen.takes(row)]
    named = [(row, counts_of(row, limits)) for row in taken]
    counts = Counter(name for _row, names in named for name in names)
    used = [row for row, names in named if USED in names]
    whole = shown.may_show(chosen, BEGUN)
    pairs = pairs_of(used) if shown.may_show(chosen, USED) else []
    mean = fmean(first for first, _last in pairs) if pairs else 0.0

    def groups(names: Iterable[str]) -> tuple[GroupResult, ...]:
        return tuple(
            group_of(name, [row for row, of in named if name in of], mean, reliability)
            for name in names
            if pairs and counts[name] and shown.may_show(chosen, name)
        )

    effect, resampled = effect_of(pairs)
    return Figures(
        chosen=chosen,
        shown=shown,
        counts=counts,
        change=mean_change(pairs),
        effect=effect,
        resampled=resampled,
        first=mean if pairs else None,
        last=fmean(last for _first, last in pairs) if pairs else None,
        groups=groups(BANDS),
        halves=groups((BELOW, ABOVE)),
        duration=duration_of([(row.length, row.scores.closed) for row in taken], shown) if whole else None,
        sessions=_mean([row.scores.sessions for row in taken]) if whole else None,
        days=_mean([row.scores.days for row in taken if row.scores.days is not None]) if whole else None,
        alliance=_mean([row.alliance_first for row in taken if row.alliance_first is not None]) if whole else None,
        clients=len({row.client for row in taken}) if not shown.hides else None,
        # Appointments of a few episodes would tell who came: whoever may see no client is told of episodes only.
        attendance=sum((row.attendance for row in taken), NONE_YET) if not shown.hides else None,
    )


def line_of(name: str, rows: Sequence[ResultRow], chosen: Selection, shown: Shown, limits: ChangeLimits) -> ResultLine:
    """The line of those that `chosen` takes."""
    taken = [(row, counts_of(row, limits)) for row in rows if chosen.takes(row)]
    counts = Counter(one for _row, names in taken for one in names)

    def count(of: str) -> int | None:
        return counts[of] if shown.may_show(chosen, of) else None

    begun, used, better = count(BEGUN), count(USED), count(BETTER)
    return ResultLine(
        name=name,
        begun=begun,
        used=used,
        better=proportion(better, used) if better is not None and used else None,
        change=mean_change(pairs_of(row for row, names in taken if USED in names)) if used else None,
    )


def pairs_of(rows: Iterable[ResultRow]) -> list[tuple[int, int]]:
    """First and last score of each, in tenths."""
    scores = (row.scores for row in rows)
    return [(one.first, one.last) for one in scores if one.first is not None and one.last is not None]


def effect_of(pairs: Sequence[tuple[int, int]]) -> tuple[EffectSize | None, bool]:
    """The effect size and whether its interval is BCa's; None under two pairs, or where all began alike."""
    if len({first for first, _last in pairs}) < 2:
        return None, False
    found = effect_size([first for first, _last in pairs], [last for _first, last in pairs])
    if len(pairs) >= RESAMPLED_BELOW:
        return found, False
    low, high = bca_effect_size(pairs)
    return replace(found, low=low, high=high), True


def group_of(name: str, rows: Iterable[ResultRow], mean: float, reliability: float) -> GroupResult:
    """The means of a group with somebody in it; `mean` is the mean first score of all."""
    pairs = pairs_of(rows)
    change = mean_change(pairs)
    if change is None:
        raise ValueError("a group needs somebody in it")
    first = fmean(start for start, _last in pairs)
    return GroupResult(name, first, first + change.value, change, expected_without_change(first, mean, reliability))


def duration_of(times: Sequence[tuple[int, bool]], shown: Shown) -> Duration | None:
    """The curve of (time, whether it happened then); None where it has not happened to anybody."""
    steps = kaplan_meier(times)
    if not steps:
        return None
    drawn = coarse(steps, K) if shown.hides else steps
    # A median on which the curve is hidden would tell when it happened to one episode.
    median = median_time(drawn) if shown.hides else median_time(steps)
    return Duration(drawn, median, len(times))


def _mean(values: Sequence[int]) -> float | None:
    return fmean(values) if values else None
