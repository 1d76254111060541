"""What is hidden in a table of small numbers, beside τ-ARGUS, the program that statistical offices use for it."""

import contextlib
import random
from collections import defaultdict

import pytest
from pytauargus import protect

from sessions_app.measures.results.suppression import INSIDE, is_small, suppress

COUNTS = (0, 0, 1, 2, 3, 5, 7, 8, 9, 12, 15, 20, 30, 40, 60)
TABLES = 120


def random_tables():
    rng = random.Random(3)
    for _ in range(TABLES):
        rows, columns = rng.randint(2, 5), rng.randint(2, 5)
        counts = {(f"row {r}", f"column {c}"): rng.choice(COUNTS) for r in range(rows) for c in range(columns)}
        if any(counts.values()):
            yield counts


def by_tauargus(counts, folder):
    """The cells and totals that it hides as (small ones, others), with the fewest persons hidden that are enough."""
    people = [cell for cell, count in counts.items() for _ in range(count)]
    micro = {
        "row": [row for row, _ in people],
        "column": [column for _, column in people],
        "person": [1.0] * len(people),
    }
    made = protect(
        micro,
        ["row", "column"],
        response="person",
        safety_rules=f"FREQ({INSIDE},0)",
        suppress="OPT(1)",
        workdir=str(folder),
    )
    found = defaultdict(set)
    for cell in made.tables[0].rows:
        found[cell["status"]].add((cell["row"], cell["column"]))
    return found["U"], found["M"]


def is_total(cell) -> bool:
    return "Total" in cell


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """Of each table: the counts, as we show it, and the (small, other) cells that τ-ARGUS hides."""
    # Its solver writes into the folder that it is started from, whatever `workdir` says.
    with contextlib.chdir(tmp_path_factory.mktemp("solver")):
        return [
            (counts, suppress(counts), *by_tauargus(counts, tmp_path_factory.mktemp("table")))
            for counts in random_tables()
        ]


def test_the_same_cells_are_small(compared):
    for counts, shown, small, _others in compared:
        assert {cell for cell in small if not is_total(cell)} == {c for c, count in counts.items() if is_small(count)}
        assert all(shown.cells[cell] is None for cell in small if not is_total(cell))


def test_no_fewer_persons_are_hidden_than_it_takes(compared):
    """The least that is enough is worked out by an exact solver: whoever hides less gives a number away."""
    with_totals = 0
    for counts, shown, small, others in compared:
        if shown.total is None or any(map(is_total, small | others)):
            continue
        with_totals += 1
        ours = sum(counts[cell] for cell, count in shown.cells.items() if count is None)
        assert ours >= sum(counts.get(cell, 0) for cell in small | others)
    assert with_totals > TABLES / 2


def test_where_we_show_no_totals_it_hides_one_too(compared):
    without = [small | others for _counts, shown, small, others in compared if shown.total is None]
    assert len(without) > 10
    assert all(any(map(is_total, hidden)) for hidden in without)
