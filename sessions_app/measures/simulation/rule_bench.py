"""The table of false alarms and delays of every rule, printed by `make calibrate`: `python -m ...measures.bench`."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sessions_app.measures.rules import RULES, Level
from sessions_app.measures.rules.base import ALLIANCE, OUTCOME
from sessions_app.measures.simulation.alliance_shapes import shapes
from sessions_app.measures.simulation.false_alarms import (
    CUTOFF,
    RELIABLE_CHANGE,
    STABLE_ALLIANCE,
    Found,
    Named,
    Totals,
    World,
    alliances,
    courses,
    critical,
    dropped_out,
    first_hits,
    found_by,
    is_red,
    outcomes,
    rules_of,
    shares,
    z_of,
)
from sessions_app.measures.state_filter import ADULT_VALUES, CRITICAL_BY_RELIABILITY, StateValues, critical_for

PEOPLE = 10_000
MANY = 50_000  # where only the filter is asked
SINCE = 4  # the measurement from which a simulated change is true
FILTER_NOTE = "(the filter as it is by default: r .80, z 1.32)"


@dataclass(frozen=True)
class Column:
    """A world of people whose state does not change, under one heading."""

    name: str
    world: World
    drop_out: bool = False


COLUMNS: tuple[Column, ...] = (
    Column("r .80", World()),
    Column("r .66", World(0.66)),
    Column("r .93", World(0.93)),
    Column("AR .3", World(autocorrelation=0.3)),
    Column("walk 1.1", World(walk=1.1)),
    Column("no clip", World(clipped=False)),
    Column("drop-out", World(), drop_out=True),
)
ALLIANCE_COLUMNS: tuple[Column, ...] = (
    Column("r .64", STABLE_ALLIANCE),
    Column("r .88", replace(STABLE_ALLIANCE, reliability=0.88)),
)
ALLIANCE_CHANGES: tuple[tuple[str, World], ...] = (
    ("-4 from the 4th", replace(STABLE_ALLIANCE, fall=-4.0, fall_at=SINCE)),
    ("-1 each time", replace(STABLE_ALLIANCE, slope=-1.0)),
)
CHANGES: tuple[tuple[str, World], ...] = (
    ("-8 from the 4th", World(fall=-8.0, fall_at=SINCE)),
    ("-1 each time", World(slope=-1.0)),
)


def report(people: int = PEOPLE, many: int = MANY) -> list[str]:
    """Return the printed lines."""
    return [
        *_stable_outcomes(people),
        "",
        *_stable_alliances(people),
        "",
        *_true_changes(OUTCOME, CHANGES, people),
        "",
        *_true_changes(ALLIANCE, ALLIANCE_CHANGES, people),
        "",
        *shapes(many),
        "",
        *_progress(many),
        "",
        *_critical_values(many),
    ]


def levels_of(measure: str) -> list[Named]:
    """Return each rule of a measure with the levels at which it can speak, the lowest first."""
    named = []
    for rule in RULES:
        if rule.measure == measure:
            lowest = Level.INFO if rule.begins_as_information else rule.usual_level
            if rule.usual_level is Level.RED:  # amber at most while the expected course is the design default
                lowest = Level.AMBER
            highest = Level.RED if rule.turns_red else rule.usual_level
            named += [(rule.key, level) for level in Level if lowest.rank <= level.rank <= highest.rank]
    return named


def stable_shares(column: Column, people: int, seed: int = 1) -> tuple[dict[Named, float], ...]:
    """Return the shares of all, of those who start below the cut-off, and of those who start at it or above."""
    totals = outcomes(column.world, people, seed)
    marks = alliances(people, seed + 1)
    lengths = dropped_out(totals, marks.sum(axis=2), seed + 2) if column.drop_out else None
    hits = first_hits(courses(totals, None, ADULT_VALUES, lengths), rules_of([OUTCOME]))
    below = totals[:, 0] < CUTOFF
    parts = (hits, _chosen(hits, below), _chosen(hits, ~below))
    return tuple(shares(part) for part in parts)


def _chosen(hits: Sequence[dict[Named, int]], wanted: Iterable[bool]) -> list[dict[Named, int]]:
    return [first for first, is_wanted in zip(hits, wanted, strict=True) if is_wanted]


def _stable_outcomes(people: int) -> Iterator[str]:
    yield f"Stable people, ten measurements: per cent who ever get it {FILTER_NOTE}"
    found = [stable_shares(column, people) for column in COLUMNS]
    names = [column.name for column in COLUMNS]
    yield _row("rule, level", [*names[:1], "<25", ">=25", *names[1:]])
    for key, level in levels_of(OUTCOME):
        columns = [*found[0], *(all_of_them for all_of_them, _, _ in found[1:])]
        yield _row(f"{key} {level}", [_percent(column.get((key, level), 0.0)) for column in columns])


def _stable_alliances(people: int) -> Iterator[str]:
    yield "Stable alliance: per cent who ever get it"
    columns = [shares(_hits(ALLIANCE, column.world, people, 2)) for column in ALLIANCE_COLUMNS]
    yield _row("rule, level", [column.name for column in ALLIANCE_COLUMNS])
    for named in levels_of(ALLIANCE):
        yield _row(" ".join(named), [_percent(column.get(named, 0.0)) for column in columns])


def _hits(measure: str, world: World, people: int, seed: int) -> list[dict[Named, int]]:
    """What the rules of a measure say of people of this world; those of the alliance have stable outcomes."""
    if measure == OUTCOME:
        found = courses(outcomes(world, people, seed), None, ADULT_VALUES)
    else:
        found = courses(outcomes(World(), people, 1), alliances(people, seed, world), ADULT_VALUES)
    return first_hits(found, rules_of([measure]))


def _true_changes(measure: str, changes: Sequence[tuple[str, World]], people: int) -> Iterator[str]:
    of = "outcome" if measure == OUTCOME else "alliance"
    yield f"A true fall of the {of}: per cent found ever, within three measurements after it began; median measurement"
    yield _row("rule, level", [f"{name} (ever/soon/median)" for name, _ in changes], width=30)
    hits = [_hits(measure, world, people, 3) for _, world in changes]
    for key, level in levels_of(measure):
        cells = []
        for first in hits:
            found = found_by(first, (key, level), SINCE)
            cells.append(f"{_percent(found.ever)}/{_percent(found.soon)}/{found.median:.0f}")
        yield _row(f"{key} {level}", cells, width=30)


def _progress(many: int) -> Iterator[str]:
    yield "A gain of five points, and progress (confirmed), in per cent who ever have it"
    stable, risen = outcomes(World(), many, 4), outcomes(World(fall=8.0, fall_at=SINCE), many, 5)
    yield _row("", ["stable", "+8: ever", "+8: soon"])
    for name, confirmed in (("five points", False), ("progress", True)):
        cells = []
        for totals, until in ((stable, None), (risen, None), (risen, SINCE + 3)):
            has = gains(totals, ADULT_VALUES, confirmed=confirmed)[:, :until]
            cells.append(_percent(float(has.any(axis=1).mean())))
        yield _row(name, cells)


def gains(totals: Totals, state: StateValues, *, confirmed: bool) -> np.ndarray:
    """Return where a gain of five points stands, by person and measurement; with `confirmed` only as progress."""
    has = totals - totals[:, :1] >= RELIABLE_CHANGE
    return has & (z_of(totals, state) >= state.critical) if confirmed else has


def _critical_values(many: int) -> Iterator[str]:
    yield "O1 red where the filter's r is the true one: the z that calls 5 % of stable people worse, found and used;"
    yield "per cent of stable people called worse; a true -8 from the 4th: ever, within three after, median"
    yield _row("r", ["found", "used", "stable", "ever", "soon", "median"])
    for reliability, _ in CRITICAL_BY_RELIABILITY:
        simulated, used = critical(reliability, many, 6), critical_for(reliability)
        stable, found = red_of_own_filter(reliability, many)
        cells = [_percent(stable), _percent(found.ever), _percent(found.soon), f"{found.median:.0f}"]
        yield _row(f"{reliability:.2f}", [f"-{simulated:.2f}", f"-{used:.2f}", *cells])


def red_of_own_filter(reliability: float, people: int, seed: int = 7) -> tuple[float, Found]:
    """Return the share of stable people whom O1 calls worse, and how it finds a true -8, with the filter of this r."""
    state, fallen = own_filter(reliability), World(reliability, fall=-8.0, fall_at=SINCE)
    stable = is_red(outcomes(World(reliability), people, seed), state).any(axis=1).mean()
    red = is_red(outcomes(fallen, people, seed + 1), state)
    named: Named = ("O1", Level.RED)
    first = [{named: int(row.argmax()) + 1} if row.any() else {} for row in red]
    return float(stable), found_by(first, named, SINCE)


def own_filter(reliability: float) -> StateValues:
    """Return the filter of people of this reliability with the z that belongs to it."""
    return replace(ADULT_VALUES, reliability=reliability, critical=critical_for(reliability))


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _row(name: str, cells: Iterable[str], *, width: int = 9) -> str:
    return f"{name:12}" + "".join(f"{cell:>{width}}" for cell in cells)


if __name__ == "__main__":
    sys.stdout.write("\n".join(report()) + "\n")
