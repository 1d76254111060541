"""Small numbers stay hidden from somebody who subtracts, and from somebody who solves equations."""

import random

import numpy as np
import pytest
import scipy.optimize
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sessions_app.measures.results.suppression import EXPORT, INSIDE, Disclosed, is_small, rounded, suppress


def test_one_to_seven_are_hidden():
    assert (INSIDE, EXPORT) == (8, 10)
    assert [is_small(n) for n in (0, 1, 7, 8)] == [False, True, True, False]
    assert [is_small(n, 10) for n in (9, 10)] == [True, False]
    assert [rounded(n) for n in (0, 7, 8, 12, 13, 100)] == [0, None, 10, 10, 15, 100]
    with pytest.raises(ValueError, match="negative"):
        rounded(-1)


def table(*rows):
    return {(r, c): count for r, row in enumerate(rows) for c, count in enumerate(row)}


def test_a_single_small_cell_takes_others_with_it():
    shown = suppress(table([3, 20, 30], [40, 25, 60], [70, 80, 90]))
    hidden = {cell for cell, count in shown.cells.items() if count is None}
    assert (0, 0) in hidden
    assert hidden == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert shown.total == sum([3, 20, 30, 40, 25, 60, 70, 80, 90])
    named = suppress(
        {(f"row {r}", f"column {c}"): n for (r, c), n in table([3, 20, 30], [40, 25, 60], [70, 80, 90]).items()}
    )
    assert list(named.cells.values()) == list(shown.cells.values())


def test_a_single_person_is_hidden_and_the_totals_stay():
    """That nobody can be taken from a cell of one does not matter where one can be added."""
    counts = table([1, 20, 30], [40, 25, 60], [70, 80, 90])
    shown = suppress(counts)
    assert {cell for cell, count in shown.cells.items() if count is None} == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert shown.total == sum(counts.values())


def test_two_and_one_in_a_row_may_be_the_other_way_round_and_hide_no_more():
    counts = table([2, 1, 30], [3, 3, 40], [4, 4, 50], [60, 70, 80])
    shown = suppress(counts)
    assert {cell for cell, count in shown.cells.items() if count is None} == {(r, c) for r in range(3) for c in (0, 1)}
    assert shown.total == sum(counts.values())


def test_one_row_has_no_totals():
    shown = suppress(table([3, 20, 30]))
    assert shown.cells == {(0, 0): None, (0, 1): 20, (0, 2): 30}
    assert shown.total is None
    assert set(shown.row_totals.values()) | set(shown.column_totals.values()) == {None}


@pytest.mark.parametrize("below", [[[20, 30, 40], [50, 60, 70]], [[3, 3, 40], [4, 4, 50], [60, 70, 80]]])
def test_two_ones_in_a_row_are_not_told_by_their_sum(below):
    """A hidden cell is known not to be empty, so a sum of two says one and one."""
    shown = suppress(table([1, 1, 30], *below))
    assert sum(shown.cells[0, column] is None for column in range(3)) == 3 or shown.total is None


def test_nothing_small_nothing_hidden():
    counts = table([0, 8], [9, 10])
    assert suppress(counts).cells == counts
    with pytest.raises(ValueError, match="negative"):
        suppress({("a", "b"): -1})


def test_a_table_without_some_of_its_cells_is_one_where_nobody_is():
    shown = suppress({("a", "x"): 3, ("a", "y"): 20, ("b", "x"): 30})
    assert (shown.cells["a", "x"], shown.total) == (None, None)
    assert shown.cells["a", "y"] == 20


def possible_values(shown, cell):
    """Return the least and most a hidden cell can be, for one who knows the totals and that it is not empty."""
    hidden = sorted(one for one, count in shown.cells.items() if count is None)
    equations, sums = [], []
    for axis, totals in ((0, shown.row_totals), (1, shown.column_totals)):
        for line, total in totals.items():
            known = sum(count or 0 for one, count in shown.cells.items() if one[axis] == line)
            equations.append([float(one[axis] == line) for one in hidden])
            sums.append(total - known)
    objective = [float(one == cell) for one in hidden]
    options = {"A_eq": equations, "b_eq": sums, "bounds": [(1, None)] * len(hidden)}
    least = scipy.optimize.linprog(objective, **options)
    most = scipy.optimize.linprog([-value for value in objective], **options)
    return least.fun, -most.fun


counts_of = st.integers(2, 4).flatmap(
    lambda rows: st.integers(2, 4).flatmap(
        lambda columns: st.lists(
            st.lists(st.one_of(st.integers(0, 12), st.integers(0, 60)), min_size=columns, max_size=columns),
            min_size=rows,
            max_size=rows,
        )
    )
)


@settings(max_examples=60, deadline=None)
@given(counts_of)
@example([[0, 0, 2, 8], [8, 0, 6, 0]])  # nothing but empty cells could be hidden beside the others
def test_no_hidden_cell_follows_from_the_totals(rows):
    counts = table(*rows)
    shown = suppress(counts)
    for cell, count in counts.items():
        if is_small(count):
            assert shown.cells[cell] is None
        assert shown.cells[cell] == 0 or count, "an empty cell is shown, or nobody could count on it"
        if shown.cells[cell] is None and shown.total is not None:
            least, most = possible_values(shown, cell)
            assert most - least > 0.5


# Of 24 drawn tables: how many cells are hidden, what the others add up to, and whether the totals are shown.
HIDDEN = [
    (13, 378, True), (2, 87, False), (3, 45, False), (6, 40, True), (5, 142, False), (6, 270, True),
    (4, 159, True), (4, 82, False), (6, 133, False), (9, 235, True), (6, 48, True), (11, 383, True),
    (9, 277, True), (9, 237, True), (4, 90, False), (2, 57, False), (12, 189, True), (10, 335, True),
    (4, 39, True), (4, 0, True), (6, 96, False), (8, 276, True), (4, 104, True), (4, 40, True),
]  # fmt: skip


@pytest.mark.parametrize(("seed", "hidden"), list(enumerate(HIDDEN)))
def test_no_more_is_hidden_than_was(seed, hidden):
    """Safe is tested above; this says what safety costs, so that nobody makes it dearer unseen."""
    rng = random.Random(seed)
    rows, columns = rng.randint(2, 5), rng.randint(2, 5)
    sizes = [0, 1, 2, 3, 5, 7, 8, 9, 12, 20, 30, 45, 60]
    shown = suppress({(f"r{r}", f"c{c}"): rng.choice(sizes) for r in range(rows) for c in range(columns)})
    left = [count for count in shown.cells.values() if count is not None]
    assert (len(shown.cells) - len(left), sum(left), shown.total is not None) == hidden


def test_an_attacker_who_subtracts_ten_thousand_pairs_and_solves_equations_learns_of_nobody():
    """Sixty persons, random filters: every pair of shown counts is subtracted, then all are solved together."""
    rng = random.Random(8)
    persons = list(range(60))
    disclosed, shown, tried = Disclosed(), [], 0
    while tried < 10_000:
        tried += 1
        size = rng.choice([8, 15, 20, 30, 40, 52, 59, 60])
        asked = frozenset(rng.sample(persons, size) if rng.random() < 0.5 else persons[:size])
        after = disclosed.with_shown(asked)
        if after is not None:
            disclosed = after
            shown.append(asked)
    assert len(set(shown)) >= 3
    for first in set(shown):
        for second in set(shown):
            assert not 0 < len(first - second) < 8
            assert not 0 < len(first & second) < 8
    matrix = np.array([[float(person in members) for person in persons] for members in set(shown)])
    secret = np.array([rng.random() < 0.3 for _ in persons], dtype=float)
    for size in range(1, 8):
        for _ in range(100):
            group = np.zeros(60)
            group[rng.sample(persons, size)] = 1.0
            combined = np.linalg.lstsq(matrix.T, group, rcond=None)[0]
            assert not np.allclose(matrix.T @ combined, group)
    assert secret.sum() > 0


def test_a_filter_that_differs_by_few_is_refused():
    first = Disclosed().with_shown(range(30))
    assert first.with_shown(range(29)) is None
    assert first.with_shown(range(22)) is not None
    assert first.with_shown(range(23)) is None
    assert first.with_shown(range(37)) is None
    assert first.with_shown(range(38)) is not None
    assert first.with_shown(range(30)) == first
    assert Disclosed().with_shown(range(7)) is None


def test_three_filters_together_are_seen_through():
    """No pair differs by fewer than eight, but the three together would tell about four."""
    a, b = frozenset(range(20)), frozenset(range(10, 30))
    c = frozenset(range(6)) | frozenset(range(14, 30))
    both = Disclosed().with_shown(a).with_shown(b)
    assert both is not None
    assert both.with_shown(c) is None
