"""Tables that share their totals: nothing hidden follows from what is shown, one sum at a time or all together."""

from itertools import combinations
from random import Random

import numpy
import pytest
import scipy.optimize

from sessions_app.measures.results.linked_tables import LinkedCell, LinkedSum, derivable, hidden_cells

K = 8


def cells_of(counts):
    return {key: LinkedCell(count, {(key, place) for place in range(min(count, K))}) for key, count in counts.items()}


def hidden_of(counts, sums, **more):
    return hidden_cells(cells_of(counts), [LinkedSum(total, parts) for total, parts in sums], k=K, **more)


def test_a_small_cell_takes_the_next_smallest_with_it():
    counts = {"all": 60, "a": 30, "b": 20, "c": 7, "d": 3}
    assert hidden_of(counts, [("all", ("a", "b", "c", "d"))]) == {"c", "d"}
    assert hidden_of({**counts, "all": 57, "c": 4}, [("all", ("a", "b", "c", "d"))]) == {"b", "c", "d"}, "4 + 3 is 7"


def test_nought_is_shown_and_hides_nothing():
    counts = {"all": 40, "a": 40, "b": 0}
    assert hidden_of(counts, [("all", ("a", "b"))]) == set()


def test_where_nothing_beside_can_be_hidden_the_total_is():
    assert hidden_of({"all": 3, "a": 3}, [("all", ("a",))]) == {"all", "a"}
    counts = {"all": 20, "a": 17, "b": 3}
    assert hidden_of(counts, [("all", ("a", "b"))]) == {"a", "b"}


def test_a_hidden_total_hides_a_part():
    counts = {"all": 40, "a": 25, "b": 15}
    assert hidden_of(counts, [("all", ("a", "b"))], also={"all"}) == {"all", "b"}


def test_no_hidden_count_is_known_to_within_fewer_than_3():
    """Of eight ones and a one each must be one; a total with room for three more leaves them open."""
    parts = tuple("abcdefgh")
    counts = {"all": 58, "big": 50, **dict.fromkeys(parts, 1)}
    hidden = hidden_of(counts, [("all", (*parts, "big"))])
    assert hidden == {*parts, "big"}
    counts = {"all": 61, "big": 50, **dict.fromkeys(parts, 1), "a": 4}
    assert hidden_of(counts, [("all", (*parts, "big"))]) == set(parts)


def test_persons_count_not_their_episodes():
    cells = {"all": LinkedCell(40, set(range(K))), "a": LinkedCell(20, {1}), "b": LinkedCell(20, set(range(K)))}
    assert hidden_cells(cells, [LinkedSum("all", ("a", "b"))], k=K) == {"a", "b"}


def test_what_follows_from_several_sums_is_found():
    """Two squares and a bridge: in each row and column two are hidden, and the bridge follows all the same."""
    sums = [LinkedSum(f"row{r}", tuple((r, c) for c in range(4))) for r in range(4)]
    sums += [LinkedSum(f"column{c}", tuple((r, c) for r in range(4))) for c in range(4)]
    squares = {(r, c) for r in (0, 1) for c in (0, 1)} | {(r, c) for r in (2, 3) for c in (2, 3)}
    assert derivable(squares, sums) == set()
    assert derivable(squares | {(0, 2)}, sums) == {(0, 2)}
    counts = {(r, c): 5 if (r, c) in squares else 20 for r in range(4) for c in range(4)} | {(0, 2): 3}
    counts |= {f"row{r}": sum(counts[r, c] for c in range(4)) for r in range(4)}
    counts |= {f"column{c}": sum(counts[r, c] for r in range(4)) for c in range(4)}
    hidden = hidden_cells(cells_of(counts), sums, k=K)
    assert derivable(hidden, sums) == set()


def random_tables(seed):
    """A cross table of unequal rows and columns with a third way of dividing, all with their totals."""
    rng = Random(seed)
    shape = rng.randint(2, 5), rng.randint(2, 5), rng.randint(2, 3)
    counts, sums = {}, []
    for place in numpy.ndindex(*shape):
        counts[place] = rng.choice([0, 1, 2, 3, 5, 9, 14, 30])
    for axes in [one for size in (1, 2, 3) for one in combinations(range(3), size)]:
        for place in numpy.ndindex(*shape):
            total = tuple(None if axis in axes else at for axis, at in enumerate(place))
            if total not in counts:
                whole = [
                    key for key in numpy.ndindex(*shape) if all(t in (None, k) for t, k in zip(total, key, strict=True))
                ]
                counts[total] = sum(counts[key] for key in whole)
    for total in counts:
        for axis in range(3):
            if total[axis] is None:
                parts = tuple((*total[:axis], at, *total[axis + 1 :]) for at in range(shape[axis]))
                sums.append(LinkedSum(total, parts))
    return counts, sums


@pytest.mark.parametrize("seed", range(12))
def test_a_linear_programme_finds_no_hidden_count(seed):
    """What a cell can be at least and at most, over all tables that agree with everything shown."""
    counts, sums = random_tables(seed)
    hidden = sorted(hidden_cells(cells_of(counts), sums, k=K), key=repr)
    place = {key: at for at, key in enumerate(hidden)}
    left, right = [], []
    for one in sums:
        row = numpy.zeros(len(hidden))
        known = counts[one.total] if one.total not in place else 0
        if one.total in place:
            row[place[one.total]] -= 1
        for part in one.parts:
            if part in place:
                row[place[part]] += 1
            else:
                known -= counts[part]
        if row.any():
            left.append(row)
            right.append(known)
    narrow = []
    for key in hidden if left else []:
        ends = []
        for way in (1, -1):
            wanted = numpy.zeros(len(hidden))
            wanted[place[key]] = way
            found = scipy.optimize.linprog(wanted, A_eq=numpy.array(left), b_eq=right, bounds=(1, None))
            ends.append(way * found.fun if found.status == 0 else way * -numpy.inf)
        if ends[1] - ends[0] < 1:
            narrow.append((key, counts[key], ends))
    assert narrow == []
