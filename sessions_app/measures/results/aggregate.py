"""The indices of a service over its episodes: each with its n, what was left out and why.

Eligible for pre-post figures are episodes with two scores or more by one rater. Two denominators are kept
apart: reliable change over all eligible, clinically significant change over those that started below the
cut-off.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from sessions_app.measures.results.change import ChangeKind, classify
from sessions_app.measures.results.intervals import EffectSize, Proportion, effect_size, proportion

NO_SCORE, ONE_SCORE, RATER_CHANGED, OPEN = "no_score", "one_score", "rater_changed", "open"
NO_INTAKE, NO_DATES, STARTED_FUNCTIONAL = "missing_at_intake", "no_dates", "started_functional"
UNPLANNED = "unplanned"

Pair = tuple[int, int, int]  # first, last, cut-off


@dataclass(frozen=True)
class EpisodeScores:
    """One episode as the indices see it; scores in tenths, `days` from opening to closing or last session.

    `at_intake` is whether the first session was measured; `target` (tenths) is the service target for its
    intake.
    """

    first: int | None
    last: int | None
    scores: int
    sessions: int
    closed: bool
    ending: str | None = None
    cutoff: int = 250
    target: float | None = None
    days: int | None = None
    at_intake: bool = True
    rater_changed: bool = False

    @property
    def in_green(self) -> bool:
        """Whether the last score is at or above both the service target and the cut-off."""
        needed = max(self.cutoff, self.target or 0)
        return self.last is not None and self.last >= needed

    @property
    def dropped_out(self) -> bool:
        """An ending that nobody agreed on, with the last score outside the green."""
        return self.ending == UNPLANNED and not self.in_green


@dataclass(frozen=True)
class Mean:
    """A mean with its n; None where n is 0."""

    value: float | None
    n: int
    excluded: Mapping[str, int]


@dataclass(frozen=True)
class GroupChange:
    """Reliable change over all eligible episodes; the last two over those that started below the cut-off."""

    improved: Proportion
    deteriorated: Proportion
    clinically_significant: Proportion
    crossed: Proportion


@dataclass(frozen=True)
class Endings:
    """How closed episodes ended: all unplanned endings, drop-outs among them, and those with a last score."""

    unplanned: Proportion
    dropped_out: Proportion
    with_last_score: Proportion


@dataclass(frozen=True)
class Indices:
    """The list of indices; what their denominators are stands in each one's n and `excluded`."""

    episodes: int
    eligible: int
    excluded: Mapping[str, int]
    mean_intake: Mean
    mean_last: Mean
    mean_sessions: Mean
    mean_days: Mean
    effect: EffectSize | None
    target_reached: Proportion
    change: GroupChange
    endings: Endings


def why_excluded(episode: EpisodeScores, closed_only: bool) -> str | None:
    """Return why an episode has no part in pre-post figures, the first reason that holds, or None."""
    if closed_only and not episode.closed:
        return OPEN
    if not episode.scores or episode.first is None or episode.last is None:
        return NO_SCORE
    if episode.scores < 2:
        return ONE_SCORE
    if not episode.at_intake:
        return NO_INTAKE
    return RATER_CHANGED if episode.rater_changed else None


def indices(episodes: Iterable[EpisodeScores], *, reliable_change: int = 50, closed_only: bool = True) -> Indices:
    """Return the indices of a set of episodes.

    Drop-out is an unplanned ending with the last score outside the green, over closed episodes; all unplanned
    endings stand beside it. Improved and deteriorated are by the points rule (>= reliable_change, tenths).
    """
    listed = list(episodes)
    reasons = Counter(reason for one in listed if (reason := why_excluded(one, closed_only)))
    used = [one for one in listed if why_excluded(one, closed_only) is None]
    pairs = [(one.first, one.last, one.cutoff) for one in used if one.first is not None and one.last is not None]
    change = _change(pairs, reliable_change, reasons)
    endings = _endings([one for one in listed if one.closed], {OPEN: sum(not one.closed for one in listed)})
    days = [one.days for one in listed if one.days is not None]
    return Indices(
        episodes=len(listed),
        eligible=len(used),
        excluded=dict(reasons),
        mean_intake=_mean([first for first, _, _ in pairs], reasons),
        mean_last=_mean([last for _, last, _ in pairs], reasons),
        mean_sessions=_mean([one.sessions for one in listed], {}),
        mean_days=_mean(days, {NO_DATES: len(listed) - len(days)}),
        effect=_effect(pairs),
        target_reached=proportion(sum(one.in_green for one in used), len(used), reasons),
        change=change,
        endings=endings,
    )


def _change(pairs: Sequence[Pair], reliable_change: int, reasons: Mapping[str, int]) -> GroupChange:
    """Count the classes: reliable change over all pairs, crossing and recovery over those that started below."""
    classes = [classify(first, last, cutoff=cutoff, reliable_change=reliable_change) for first, last, cutoff in pairs]
    clinical = [one for one in classes if not one.started_functional]
    above = {**reasons, STARTED_FUNCTIONAL: len(classes) - len(clinical)}
    recovered = sum(one.outcome is ChangeKind.RECOVERED for one in clinical)
    crossed = recovered + sum(one.crossed_without_reliable_change for one in clinical)
    better = sum(one.outcome in (ChangeKind.RECOVERED, ChangeKind.IMPROVED) for one in classes)
    worse = sum(one.outcome in (ChangeKind.HARMED, ChangeKind.DETERIORATED) for one in classes)
    return GroupChange(
        improved=proportion(better, len(classes), reasons),
        deteriorated=proportion(worse, len(classes), reasons),
        clinically_significant=proportion(recovered, len(clinical), above),
        crossed=proportion(crossed, len(clinical), above),
    )


def _endings(closed: Sequence[EpisodeScores], still_open: Mapping[str, int]) -> Endings:
    unplanned = [one for one in closed if one.ending == UNPLANNED]
    dropped_out = sum(one.dropped_out for one in unplanned)
    return Endings(
        unplanned=proportion(len(unplanned), len(closed), still_open),
        dropped_out=proportion(dropped_out, len(closed), still_open),
        with_last_score=proportion(sum(one.last is not None for one in closed), len(closed), still_open),
    )


def _mean(values: Sequence[float], excluded: Mapping[str, int]) -> Mean:
    return Mean(fmean(values) if values else None, len(values), dict(excluded))


def _effect(pairs: Sequence[Pair]) -> EffectSize | None:
    """Return the effect size, or None where it cannot be computed: under two pairs, or intakes all alike."""
    if len({first for first, _, _ in pairs}) < 2:
        return None
    return effect_size([first for first, _, _ in pairs], [last for _, last, _ in pairs])
