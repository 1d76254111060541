"""What `make bench AGAINST=` says of figures that two commits have."""

from bench.against import said_of_both

SPEED, SHIFT, NEW = ("B1", "answers a second"), ("B10", "layout shift"), ("B20", "tests")


def test_both_medians_and_their_ratio_with_its_spread_are_said():
    turns = [({SPEED: here}, {SPEED: there}) for here, there in ((3.0, 1.0), (4.0, 2.0), (5.0, 2.0))]
    assert list(said_of_both(turns, "abc")) == [
        "B1 answers a second: here 4, abc 2; here / abc: median 2.50 (min 2.00, max 3.00), 3 turns"
    ]


def test_what_is_nought_in_that_commit_is_said_and_not_divided_by():
    turns = [({SPEED: 1.0, SHIFT: 0.0}, {SPEED: 1.0, SHIFT: 0.0})]
    assert list(said_of_both(turns, "abc"))[1] == "B10 layout shift: here 0, abc 0, 1 turns"


def test_a_figure_that_only_one_commit_has_is_left_out():
    assert list(said_of_both([({NEW: 1.0}, {SPEED: 1.0})], "abc")) == []
