"""k of a table by our own count, and a table made coarser until it holds."""

import random
from collections import defaultdict
from itertools import combinations

import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycanon import anonymity

from sessions_app.measures.results.k_anonymity import (
    QuasiIdentifier,
    k_of_subsets,
    protect,
    smallest_class,
)

AGE = QuasiIdentifier("age", (lambda age: age, lambda age: age // 10 * 10))
TOWN = QuasiIdentifier("town")
OVER = QuasiIdentifier("over", stays=True)
COLUMNS = (AGE, TOWN, OVER)
tables = st.lists(
    st.tuples(st.integers(20, 49), st.sampled_from("abc"), st.booleans(), st.integers(0, 30)), max_size=40
)


def test_a_withheld_value_is_a_value():
    """Ten rows of which two lack the age: their class is two, not what is left without them."""
    rows = [(30, "a")] * 8 + [(None, "a")] * 2
    assert smallest_class(rows) == 2
    assert k_of_subsets(("age", "town"), rows) == {("age",): 2, ("town",): 10, ("age", "town"): 2}


def test_two_rows_of_one_person_are_one_person():
    assert smallest_class([("a",)] * 5) == 5
    assert smallest_class([("a",)] * 5, ["x", "x", "x", "y", "y"]) == 2
    assert smallest_class([]) == 0


@given(tables)
def test_k_is_that_of_pycanon_where_nothing_is_withheld(table):
    rows = [row[:3] for row in table]
    names = ("age", "town", "over")
    frame = pandas.DataFrame(rows, columns=names)
    for size in (1, 2, 3) if rows else ():
        for some in combinations(names, size):
            assert k_of_subsets(names, rows)[some] == anonymity.k_anonymity(frame, list(some))


def test_pycanon_does_not_count_whom_a_value_is_withheld_from():
    """Why it is a second opinion on whole tables only: the two without an age are not there for it."""
    rows = [(30,)] * 10 + [(None,)] * 2
    assert anonymity.k_anonymity(pandas.DataFrame(rows, columns=["age"]), ["age"]) == 10
    assert smallest_class(rows) == 2


@given(tables, st.integers(1, 6))
def test_every_class_of_every_subset_has_k_persons(table, k):
    rows, persons = [row[:3] for row in table], [row[3] for row in table]
    found = protect(COLUMNS, rows, k, persons)
    left = [(row, person) for row, person in zip(found.rows, persons, strict=True) if row is not None]
    by_subset = k_of_subsets(("age", "town", "over"), [row for row, _p in left], [person for _row, person in left])
    assert all(smallest >= k for smallest in by_subset.values() if left)


@given(tables, st.integers(1, 6))
def test_a_value_is_only_ever_made_coarser_and_what_stays_stays(table, k):
    rows = [row[:3] for row in table]
    found = protect(COLUMNS, rows, k)
    for before, after in zip(rows, found.rows, strict=True):
        if after is not None:
            assert after[0] in (None, before[0], before[0] // 10 * 10)
            assert after[1] in (None, before[1])
            assert after[2] is before[2]
    levels = {row[0] for row in found.rows if row is not None and row[0] is not None}
    assert found.levels["age"] == 0 or levels <= {20, 30, 40}
    assert found == protect(COLUMNS, rows, k)


@given(tables, st.integers(1, 6))
def test_only_those_are_left_out_of_whom_too_few_agree_in_what_stays(table, k):
    rows, persons = [row[:3] for row in table], [row[3] for row in table]
    alike = defaultdict(set)
    for row, person in zip(rows, persons, strict=True):
        alike[row[2]].add(person)
    found = protect(COLUMNS, rows, k, persons)
    assert [row is None for row in found.rows] == [len(alike[row[2]]) < k for row in rows]


def test_nothing_is_lost_of_a_table_that_is_safe():
    rows = [(age, "a", False) for age in (20, 30) for _ in range(5)]
    found = protect(COLUMNS, rows, 5)
    assert found.rows == tuple(rows)
    assert found.levels == {"age": 0, "town": 0, "over": 0}
    assert found.withheld == {"age": 0, "town": 0, "over": 0}


def test_one_rare_value_is_withheld_and_the_others_stay():
    """Withholding it makes a class of one: four others lend it theirs, and the rest is as it was."""
    rows = [(age, "a", False) for age in (20, 21, 22, 23) for _ in range(40)] + [(49, "a", False)]
    found = protect((QuasiIdentifier("age"), TOWN, OVER), rows, 5)
    assert found.levels["age"] == 0
    assert found.withheld == {"age": 5, "town": 0, "over": 0}


def test_a_heavy_column_is_given_up_last():
    rng = random.Random(5)
    rows = [(rng.choice("ab"), rng.choice("vwxyz"), True) for _ in range(30)]
    columns = (QuasiIdentifier("arm", weight=5), QuasiIdentifier("town"), OVER)
    found = protect(columns, rows, 5)
    assert found.withheld["arm"] == 0 and found.levels["arm"] == 0


@pytest.mark.parametrize(("rows", "k"), [([(1,)], 5), ([(1, "a", True)], 0)])
def test_a_row_without_a_value_and_a_k_of_nobody_are_refused(rows, k):
    with pytest.raises(ValueError, match="k must be positive"):
        protect(COLUMNS, rows, k)
