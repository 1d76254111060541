"""What else could make "the alliance has fallen" (S4) red, beside what was chosen: printed by `make calibrate`.

All shapes need what the convention needs: three totals strictly falling, by four points in all, to below 36.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from sessions_app.measures.rules import Level
from sessions_app.measures.simulation.false_alarms import (
    MEASUREMENTS,
    STABLE_ALLIANCE,
    Found,
    Named,
    Totals,
    World,
    alliances,
    found_by,
    z_of,
)
from sessions_app.measures.state_filter import StateValues

Held = npt.NDArray[np.bool_]
FILTER = StateValues(sd=2.4, reliability=0.64, drift=0.25, mean=37.4, critical=0.7)
LOW, FALL = 360, 40
NAMED: Named = ("S4", Level.RED)
# A fall of four points from the second, the fourth and the sixth measurement on; a slow one; a larger one.
CHANGES: tuple[tuple[str, World, int], ...] = (
    ("-4 from 2nd", replace(STABLE_ALLIANCE, fall=-4.0, fall_at=2), 2),
    ("-4 from 4th", replace(STABLE_ALLIANCE, fall=-4.0, fall_at=4), 4),
    ("-4 from 6th", replace(STABLE_ALLIANCE, fall=-4.0, fall_at=6), 6),
    ("-1 each", replace(STABLE_ALLIANCE, slope=-1.0), 2),
    ("-6 from 4th", replace(STABLE_ALLIANCE, fall=-6.0, fall_at=4), 4),
)


def convention(totals: Totals, fall: int = FALL) -> Held:
    """Return where the convention's condition holds, by person and measurement; `fall` in tenths, in all."""
    held = np.zeros(totals.shape, bool)
    first, second, third = totals[:, :-2], totals[:, 1:-1], totals[:, 2:]
    held[:, 2:] = (second < first) & (third < second) & (first - third >= fall) & (third < LOW)
    return held


def pairs(totals: Totals) -> npt.NDArray[np.int64]:
    """Return the sum of each total and the one before it; that of the first is its double."""
    return totals + np.concatenate([totals[:, :1], totals[:, :-1]], axis=1)


def pair_against_first(totals: Totals) -> Held:
    """Return where the chosen condition holds: the mean of the last two is two points below that of the first two."""
    return convention(totals) & (pairs(totals)[:, 1:2] - pairs(totals) >= 2 * 20)


def _pair_against_best(totals: Totals) -> Held:
    """The mean of the last two is 2.5 points below the best of two neighbours before them, from the fourth on."""
    sums, held = pairs(totals), convention(totals)
    held[:, :3] = False
    for at in range(3, MEASUREMENTS):
        held[:, at] &= sums[:, 1 : at - 1].max(axis=1) - sums[:, at] >= 2 * 25
    return held


def _twice_low(totals: Totals) -> Held:
    held = convention(totals)
    held[:, 1:] &= totals[:, :-1] < LOW
    return held


SHAPES: Mapping[str, Callable[[Totals], Held]] = {
    "the convention": convention,
    "4.6 in all": lambda totals: convention(totals, 46),
    "low twice": _twice_low,
    "2 below best 2": _pair_against_best,
    "2 below first 2": pair_against_first,
    "filter, z -0.7": lambda totals: convention(totals) & (z_of(totals, FILTER) <= -FILTER.critical),
}


def shapes(people: int) -> Iterator[str]:
    """Yield the printed table: who is stable by reliability, then how each true change is found."""
    yield "S4 red, shapes that were tried: per cent of people with a stable alliance; a true fall: ever/soon"
    worlds = [replace(STABLE_ALLIANCE, reliability=reliability) for reliability in (0.50, 0.64, 0.88)]
    stable = [alliances(people, 8, world).sum(axis=2) for world in worlds]
    changed = [alliances(people, 9, world).sum(axis=2) for _, world, _ in CHANGES]
    heads = [f"r {world.reliability:.2f}" for world in worlds] + [name for name, _, _ in CHANGES]
    yield f"{'':16}" + "".join(f"{head:>13}" for head in heads)
    for name, shape in SHAPES.items():
        cells = [f"{100 * shape(totals).any(axis=1).mean():.1f}" for totals in stable]
        for totals, (_, _, since) in zip(changed, CHANGES, strict=True):
            found = found_from(shape(totals), since)
            cells.append(f"{100 * found.ever:.1f}/{100 * found.soon:.1f}")
        yield f"{name:16}" + "".join(f"{cell:>13}" for cell in cells)


def found_from(held: Held, since: int) -> Found:
    """Return how a true change is found from the measurement on at which it begins."""
    late = held[:, since - 1 :]
    return found_by([{NAMED: int(row.argmax()) + since} if row.any() else {} for row in late], NAMED, since)
