"""The filter of changes: six decimals from elsewhere, an exact normal computation, and what must hold of any course."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.measures.rules import alert_spans
from sessions_app.measures.rules.alert_spans import Level, Measured, Series
from sessions_app.measures.state_filter import (
    ADULT_VALUES,
    CHILD_VALUES,
    SOURCES,
    VALUES,
    StateValues,
    change,
    critical_for,
    interval,
    is_better,
    is_worse,
    return_to_mean,
    weights,
)
from tests.sessions_app.measures.builders import series_of


def exact(values, points):
    """The change of the state given all scores, and its SD, by conditioning one normal distribution on the scores."""
    count = len(points)
    at = np.arange(count)
    true = values.reliability * values.sd**2
    state = true + values.drift * np.minimum.outer(at, at)
    scores = state + (1 - values.reliability) * values.sd**2 * np.eye(count)
    contrast = np.zeros(count)
    contrast[-1], contrast[0] = 1, contrast[0] - 1
    gain = np.linalg.solve(scores, state @ contrast)
    variance = contrast @ state @ contrast - (state @ contrast) @ gain
    return gain @ (np.array(points) - values.mean), np.sqrt(max(variance, 0))


def test_the_change_of_six_scores_to_six_decimals():
    found = change(ADULT_VALUES, [300, 240, 250, 220, 230, 210])
    assert (round(found.points, 6), round(found.sd, 6)) == (-1.703585, 1.887740)
    assert round(found.z, 4) == -0.9024


courses = st.lists(st.integers(0, 400), min_size=2, max_size=14)
filters = st.builds(
    StateValues,
    sd=st.floats(3, 12),
    reliability=st.floats(0.3, 0.97),
    drift=st.floats(0, 4),
    mean=st.floats(5, 35),
    critical=st.just(1.32),
)


@given(filters, courses)
def test_it_is_the_exact_normal_computation(values, totals):
    points, sd = exact(values, [total / 10 for total in totals])
    found = change(values, totals)
    assert found.points == pytest.approx(points, abs=1e-8)
    assert found.sd == pytest.approx(sd, abs=1e-8)


@given(st.integers(0, 400), st.integers(1, 30))
def test_a_constant_course_confirms_nothing(total, count):
    totals = [total] * count
    assert not is_worse(ADULT_VALUES, totals)
    assert not is_better(ADULT_VALUES, totals)


@given(courses)
def test_the_mirrored_course_has_the_mirrored_change(totals):
    values = replace(ADULT_VALUES, mean=20.0)
    assert change(values, [400 - total for total in totals]).points == pytest.approx(-change(values, totals).points)


@given(courses, st.integers(0, 399))
def test_a_higher_latest_score_is_never_worse(totals, lower):
    totals[-1] = lower
    assert change(ADULT_VALUES, totals).z < change(ADULT_VALUES, [*totals[:-1], lower + 1]).z


def test_one_score_is_no_change_and_none_is_an_error():
    assert change(ADULT_VALUES, [120]).z == 0
    with pytest.raises(ValueError, match="first score"):
        weights(ADULT_VALUES, 0)


@pytest.mark.parametrize("wrong", [{"sd": 0}, {"reliability": 0}, {"reliability": 1}, {"drift": -0.1}, {"critical": 0}])
def test_values_without_a_meaning_are_refused(wrong):
    with pytest.raises(ValueError, match="no values"):
        replace(ADULT_VALUES, **wrong)


def test_small_values_have_a_meaning_too():
    assert StateValues(sd=0.5, reliability=0.5, drift=0.0, mean=0.0, critical=0.5).error == pytest.approx(
        0.3536, abs=1e-4
    )


def test_without_drift_the_state_never_moves():
    assert change(replace(ADULT_VALUES, drift=0.0), [300, 100, 100]).points == pytest.approx(0)


@pytest.mark.parametrize(
    ("reliability", "critical"),
    [
        *(
            (0.60, 1.09),
            (0.66, 1.14),
            (0.70, 1.18),
            (0.75, 1.23),
            (0.80, 1.30),
            (0.85, 1.38),
            (0.90, 1.48),
            (0.93, 1.52),
        ),
        *((0.95, 1.38), (0.63, 1.115), (0.94, 1.45), (0.3, 1.09), (0.99, 1.38)),
    ],
)
def test_the_z_of_a_reliability_is_linear_between_the_columns(reliability, critical):
    assert critical_for(reliability) == pytest.approx(critical)


def test_from_which_difference_on_two_scores_are_called_different():
    assert ADULT_VALUES.noticed == 55
    assert replace(ADULT_VALUES, reliability=0.93).noticed == 33


def test_the_interval_is_rounded_outwards():
    assert ADULT_VALUES.difference == pytest.approx(4.3007, abs=1e-4)
    assert interval(-60, ADULT_VALUES.difference) == (-145, 25)
    assert interval(0, 0.0) == (0, 0)


def test_every_value_of_every_measure_has_its_source():
    assert SOURCES.keys() == VALUES.keys()
    for instrument, values in VALUES.items():
        assert set(SOURCES[instrument]) == set(vars(values))
    assert StateValues(sd=7.5, reliability=0.8, drift=1.0, mean=24.0, critical=1.32) == CHILD_VALUES


# The rules that read it


def levels(ors, **values):
    return [hit.level for hit in alert_spans.evaluate(series_of(ors, **values)) if hit.rule == "O1"]


def test_a_fall_is_red_only_when_it_is_confirmed_too():
    assert levels([250, 200, 200, 200]) == [Level.AMBER] * 3
    fallen = [250, 160, 150, 140, 150, 130, 190]
    assert levels(fallen) == [Level.AMBER] * 4 + [Level.RED, Level.AMBER]
    # Confirmed, but less than the reliable change: the points rule stands before it.
    assert levels([*fallen[:-2], 201]) == [Level.AMBER] * 4


def test_it_is_confirmed_at_exactly_the_critical_value():
    totals = [250, 160, 150, 140, 150, 130]
    z = -change(ADULT_VALUES, totals).z
    assert levels(totals, state=replace(ADULT_VALUES, critical=z))[-1] is Level.RED
    assert levels(totals, state=replace(ADULT_VALUES, critical=z + 1e-9))[-1] is Level.AMBER
    gains = [400 - total for total in totals]
    z = change(ADULT_VALUES, gains).z
    assert is_better(replace(ADULT_VALUES, critical=z), gains)
    assert not is_better(replace(ADULT_VALUES, critical=z + 1e-9), gains)


def test_what_an_organisation_has_for_information_is_never_red_by_itself():
    totals = [250, 160, 150, 140, 150, 130]
    for chosen, found in (("info", Level.INFO), ("amber", Level.RED), ("red", Level.RED)):
        rules = alert_spans.DEFAULT_RULES.changed("x", {"O1": {"level": chosen}})
        assert levels(totals, rules=rules)[-1] is found


def test_sessions_without_a_score_are_no_measurements():
    totals = [250, 160, None, 150, 140, None, None, 150, 130]
    assert levels(totals) == levels([total for total in totals if total is not None])


def test_scores_of_one_day_are_read_in_their_order():
    day = date(2026, 1, 5)
    scores = [250, 160, 150, 140, 150, 130]
    sessions = [Measured(str(at), day, (f"{at:02}",), ors=total) for at, total in enumerate(scores)]
    found = alert_spans.evaluate(Series(tuple(reversed(sessions))))
    assert [hit.session for hit in found if hit.rule == "O1" and hit.level is Level.RED] == ["5"]


def test_an_alert_that_was_confirmed_stays_so_until_it_closes():
    (life,) = [
        one for one in alert_spans.alert_spans(series_of([250, 160, 150, 140, 150, 130, 190])) if one.rule == "O1"
    ][-1:]
    assert (life.level, life.sentence, life.numbers["score"]) == (Level.RED, "worse_confirmed", 190)


@pytest.mark.parametrize(
    ("totals", "tenths"),
    [
        ([80, 100], 22),  # 0.2 x (19 - 8)
        ([340, 320], -30),
        ([80, 85, 90], 22),
        ([80], 0),
        ([80, 80], 0),
        ([80, 70], 0),  # away from the mean: not what is to be expected
        ([340, 350], 0),
        ([122, 140], 14),  # one SD away
        ([123, 140], 0),
        ([258, 250], -14),
        ([257, 250], 0),
        ([80, 240, 260, 270], 0),  # confirmed: more than that
        ([340, 180, 170, 160], 0),
    ],
)
def test_what_a_start_far_from_the_mean_does_by_itself(totals, tenths):
    assert return_to_mean(ADULT_VALUES, totals) == tenths


def test_the_return_is_the_average_next_score_of_stable_people_with_that_start():
    rng = np.random.default_rng(7)
    state = 19 + 6.8 * np.sqrt(0.8) * rng.standard_normal(2_000_000)
    first, second = (state + ADULT_VALUES.error * rng.standard_normal(state.size) for _ in range(2))
    near = abs(first - 8) < 0.25
    assert (second - first)[near].mean() == pytest.approx(return_to_mean(ADULT_VALUES, [80, 100]) / 10, abs=0.1)
