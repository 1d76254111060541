"""Change between two scores: Jacobson and Truax (1991) exactly, and the points rule of FIT.

The points rule counts a change that equals the reliable change (>=); the statistic is tested with a strict
> 1.96, as its authors and later packages do. Below the cut-off is clinical, at the cut-off is functional.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

# Two-sided 95 % point of the normal distribution, rounded as Jacobson and Truax print it.
CRITICAL = 1.96


@dataclass(frozen=True)
class JacobsonTruax:
    """Error of measurement, error of a difference, and the smallest reliable change, in the unit of `sd`."""

    sem: float
    s_diff: float
    rci: float


@dataclass(frozen=True)
class Cutoffs:
    """The three cut-offs of Jacobson and Truax: a clinical only, b functional only, c between the two."""

    a: float
    b: float
    c: float


class ChangeKind(StrEnum):
    """Mutually exclusive classes of change, in the order in which they are tried."""

    RECOVERED = "recovered"
    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    DETERIORATED = "deteriorated"
    HARMED = "harmed"


@dataclass(frozen=True)
class Classification:
    """One class, and two facts that no class has a word for."""

    outcome: ChangeKind
    crossed_without_reliable_change: bool
    started_functional: bool

    def __str__(self) -> str:
        return self.outcome.value


def jacobson_truax(sd: float, reliability: float) -> JacobsonTruax:
    """Return SEM = sd·√(1-r), S_diff = √2·SEM and RCI = 1.96·S_diff, in the unit of `sd` (points or tenths).

    `sd` is the sample deviation (n-1) of the clinical or intake sample. ValueError for sd <= 0, r < 0, r > 1.
    """
    if not sd > 0 or not math.isfinite(sd):
        raise ValueError("sd must be positive")
    if not 0 <= reliability <= 1:
        raise ValueError("reliability must be from 0 to 1")
    sem = sd * math.sqrt(1 - reliability)
    s_diff = math.sqrt(2) * sem
    return JacobsonTruax(sem=sem, s_diff=s_diff, rci=CRITICAL * s_diff)


def cutoffs(
    clinical_mean: float,
    clinical_sd: float,
    functional_mean: float,
    functional_sd: float,
    higher_is_better: bool = True,
) -> Cutoffs:
    """Return a = M₁ + δ·2s₁, b = M₀ - δ·2s₀ (with the functional SD) and c = (s₁M₀ + s₀M₁)/(s₁ + s₀).

    1 is clinical, 0 functional, δ is +1 if higher is better. ValueError unless both deviations are positive.
    """
    if not (clinical_sd > 0 and functional_sd > 0):
        raise ValueError("deviations must be positive")
    direction = 1 if higher_is_better else -1
    return Cutoffs(
        a=clinical_mean + direction * 2 * clinical_sd,
        b=functional_mean - direction * 2 * functional_sd,
        c=(clinical_sd * functional_mean + functional_sd * clinical_mean) / (clinical_sd + functional_sd),
    )


def reliable_change_statistic(first: float, last: float, s_diff: float) -> float:
    """Return RC = (last - first) / S_diff, all in one unit. ValueError unless S_diff > 0."""
    if not s_diff > 0:
        raise ValueError("s_diff must be positive")
    return (last - first) / s_diff


def is_reliable_statistic(statistic: float) -> bool:
    """Whether a reliable change statistic is beyond chance: strictly more than 1.96 in either direction."""
    return abs(statistic) > CRITICAL


def classify(
    first: int, last: int, *, cutoff: int, reliable_change: int, higher_is_better: bool = True
) -> Classification:
    """Return the class of the change from `first` to `last` (tenths), by the points rule.

    Harmed is a reliable worsening from the functional to the clinical side, taken out of deteriorated.
    ValueError unless reliable_change > 0.
    """
    if not reliable_change > 0:
        raise ValueError("reliable_change must be positive")
    direction = 1 if higher_is_better else -1
    gain = direction * (last - first)
    clinical_before = direction * first < direction * cutoff
    functional_after = direction * last >= direction * cutoff
    if gain >= reliable_change:
        outcome = ChangeKind.RECOVERED if clinical_before and functional_after else ChangeKind.IMPROVED
    elif gain <= -reliable_change:
        harmed = not clinical_before and not functional_after
        outcome = ChangeKind.HARMED if harmed else ChangeKind.DETERIORATED
    else:
        outcome = ChangeKind.UNCHANGED
    return Classification(
        outcome=outcome,
        crossed_without_reliable_change=clinical_before and functional_after and gain < reliable_change,
        started_functional=not clinical_before,
    )
