"""The totals of several raters of one day, read together."""

import pytest

from sessions_app.measures.raters import RaterTotal, Together, read_together

CLIENT, MOTHER, FATHER = "client", "mother", "father"


def said(*totals):
    """(who is lowest, who is highest) where they lie apart, and who is low; cut-offs as an adult has them."""
    found = read_together([RaterTotal(who, total, 250 if who == CLIENT else 280) for who, total in totals])
    return found.apart and tuple(one.rater for one in found.apart), found.low and found.low.rater


@pytest.mark.parametrize(
    ("totals", "expected"),
    [
        ([(CLIENT, 300), (MOTHER, 400)], ((CLIENT, MOTHER), None)),
        ([(CLIENT, 300), (MOTHER, 399)], (None, None)),
        ([(MOTHER, 400), (CLIENT, 300), (FATHER, 310)], ((CLIENT, MOTHER), None)),
        ([(CLIENT, 250), (MOTHER, 280)], (None, None)),  # at the cut-off is not below
        ([(CLIENT, 260), (MOTHER, 279)], (None, None)),  # the weakest is at its own cut-off or above
        ([(CLIENT, 249), (MOTHER, 280)], (None, CLIENT)),
        ([(CLIENT, 240), (MOTHER, 240)], (None, MOTHER)),  # further below its own
        ([(MOTHER, 240), (CLIENT, 240)], (None, MOTHER)),
        ([(CLIENT, 330), (MOTHER, 120), (FATHER, 150)], ((MOTHER, CLIENT), MOTHER)),
    ],
)
def test_a_gap_of_ten_points_and_the_weakest_below_the_cutoff_are_found(totals, expected):
    assert said(*totals) == expected


@pytest.mark.parametrize("totals", [[], [RaterTotal(CLIENT, 100, 250)]])
def test_one_rater_alone_has_no_gap_and_no_weakest(totals):
    assert read_together(totals) == Together(None, None)
