"""Sessions to progress: which session counts, who counts, and the median where packages disagree."""

import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.measures.results.progress import sessions_to_progress
from sessions_app.measures.results.survival import kaplan_meier, median_time


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([(1, 150), (2, 199), (3, 200), (4, 260)], (3, True)),  # five points are enough
        ([(1, 150), (2, 140), (4, 210), (5, 150)], (4, True)),  # the number of the session, not of the score
        ([(1, 150), (2, 199)], (2, False)),
        ([(1, 150), (6, 100)], (6, False)),
        ([(1, 150)], None),
        ([], None),
    ],
)
def test_progress_is_the_first_score_so_far_above_the_first(scores, expected):
    assert sessions_to_progress(scores, limit=50) == expected


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([(1, 150), (2, 210), (3, 250)], (3, True)),  # at the cut-off is past it
        ([(1, 230), (2, 260), (3, 280)], (3, True)),  # past it is not enough
        ([(1, 150), (2, 249)], (2, False)),
        ([(1, 250), (2, 400)], None),  # did not begin below it
    ],
)
def test_with_a_cut_off_the_score_has_to_be_there_too(scores, expected):
    assert sessions_to_progress(scores, limit=50, cutoff=250) == expected


def _median(times):
    return median_time(kaplan_meier(times)).value


def test_on_a_plateau_at_one_half_the_median_is_where_it_begins():
    """R takes the middle (7), statsmodels the end (8), lifelines and we the start: nobody has seven sessions here."""
    assert _median([(2, True), (6, True), (8, True), (9, False)]) == 6


def test_a_curve_that_ends_at_exactly_one_half_has_its_last_step_as_median():
    """R prints 5 and its quantile() 7, statsmodels none, lifelines and we 5."""
    assert _median([(3, True), (5, True), (7, False), (9, False)]) == 5


@given(st.lists(st.tuples(st.integers(2, 12), st.booleans()), min_size=1, max_size=40))
def test_the_median_is_the_first_session_at_which_scipys_curve_is_at_most_one_half(times):
    ended, going = [t for t, over in times if over], [t for t, over in times if not over]
    if not ended:
        assert _median(times) is None
        return
    curve = scipy.stats.ecdf(scipy.stats.CensoredData(uncensored=ended, right=going)).sf
    steps = zip(curve.quantiles, curve.probabilities, strict=True)
    assert _median(times) == next((int(at) for at, share in steps if share <= 0.5 + 1e-9), None)
