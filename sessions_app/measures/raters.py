"""What several raters of one client say on one day, read together: how far apart, and how low the lowest."""

from collections.abc import Sequence
from dataclasses import dataclass

# From this many tenths on two raters are said to lie apart (own proposal: twice the reliable change).
APART = 100


@dataclass(frozen=True)
class RaterTotal:
    """One rater's total of a day and the cut-off that holds for it, both in tenths."""

    rater: str
    total: int
    cutoff: int


@dataclass(frozen=True)
class Together:
    """`apart` are the lowest and the highest, where they lie at least `APART` apart; `low` is the weakest, where it
    is below its own cut-off. Either may be None."""

    apart: tuple[RaterTotal, RaterTotal] | None
    low: RaterTotal | None


def read_together(totals: Sequence[RaterTotal]) -> Together:
    """Return what the totals of one day say together; of fewer than two raters nothing.

    The weakest is the lowest total; of two equal ones the one that lies further below its own cut-off.
    """
    if len(totals) < 2:
        return Together(None, None)
    lowest = min(totals, key=lambda one: (one.total, one.total - one.cutoff))
    highest = max(totals, key=lambda one: one.total)
    return Together(
        apart=(lowest, highest) if highest.total - lowest.total >= APART else None,
        low=lowest if lowest.total < lowest.cutoff else None,
    )
