"""The time to an ending: the curve against scipy, and the median where packages disagree."""

import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.measures.results.survival import coarse, kaplan_meier, median_time

# Ended at 2, 4, 6, 8 with two still going on between: level at one half from 6 on.
TIMES = st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=1, max_size=60)


@given(TIMES)
def test_the_curve_and_its_limits_are_those_of_scipy(times):
    ended, going = [t for t, over in times if over], [t for t, over in times if not over]
    steps = kaplan_meier(times)
    if not ended:
        assert steps == ()
        return
    found = scipy.stats.ecdf(scipy.stats.CensoredData(uncensored=ended, right=going))
    low, high = (side for side in found.sf.confidence_interval(method="log-log"))
    sides = zip(found.sf.probabilities, low.probabilities, high.probabilities, strict=True)
    expected = dict(zip(found.sf.quantiles, sides, strict=True))
    for step in steps:
        share, least, most = expected[step.at]
        assert step.share == pytest.approx(share, abs=1e-12)
        if 0 < step.share < 1 and step.share > 1e-9:
            assert (step.low, step.high) == pytest.approx((least, most), abs=1e-9)


def test_a_curve_that_is_level_at_one_half_has_its_median_where_that_begins():
    """R: 7, the middle; statsmodels: 8, the end; lifelines, and we: 6, the start."""
    steps = kaplan_meier([(2, True), (6, True), (8, True), (10, True)])
    assert [round(step.share, 2) for step in steps] == [0.75, 0.5, 0.25, 0.0]
    assert median_time(steps).value == 6


def test_a_curve_that_ends_at_one_half_has_a_median():
    """R prints 5 and its quantile() 7, statsmodels none; lifelines, and we: 5."""
    steps = kaplan_meier([(3, True), (5, True), (7, False), (9, False)])
    assert steps[-1].share == 0.5
    assert median_time(steps).value == 5


def test_a_curve_that_stays_above_one_half_has_no_median():
    found = median_time(kaplan_meier([(3, True), (5, False), (7, False)]))
    assert (found.value, found.high) == (None, None)


def test_a_half_that_floats_miss_is_a_half():
    times = [(number, True) for number in range(1, 8)] + [(number, False) for number in (20,) * 7]
    steps = kaplan_meier(times)
    assert steps[-1].share == pytest.approx(0.5)
    assert median_time(steps).value == 7


def test_a_coarse_curve_has_no_step_of_fewer_endings_and_stops_where_few_are_left():
    steps = kaplan_meier([(number, True) for number in range(1, 41)])
    kept = coarse(steps, 10)
    assert [step.at for step in kept] == [10, 20, 30]
    assert [step.share for step in kept] == pytest.approx([0.75, 0.5, 0.25])


def test_a_negative_time_is_refused():
    with pytest.raises(ValueError, match="not negative"):
        kaplan_meier([(-1, True)])
