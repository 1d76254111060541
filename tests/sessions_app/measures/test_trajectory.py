"""The expected trajectory: the documented default, least squares, shrinking, and calibration on what it never saw."""

import json
import math
import random
from dataclasses import replace
from itertools import chain

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions_app.measures.simulation.calibrate import as_rows, report, shares_below, simulated
from sessions_app.measures.trajectory import fit as fitting
from sessions_app.measures.trajectory.fit import DEFAULT, Model, fit
from sessions_app.measures.trajectory.model import QUANTILES, bucket

# Intake: q25/q50/q75 at sessions 2, 3, 4, 6, 8, 12, in points, as documented with the default.
DOCUMENTED = {
    8: "9.9/13.0/16.0 11.2/14.7/18.2 12.2/15.9/19.6 12.5/16.7/20.9 12.3/16.8/21.3 10.4/15.1/19.9",
    19: "18.5/21.5/24.4 19.3/22.7/26.1 19.9/23.5/27.1 19.7/23.7/27.9 19.4/23.7/28.1 17.5/22.1/26.8",
    25: "23.3/26.1/29.0 23.8/27.1/30.4 24.1/27.6/31.2 23.7/27.7/31.8 23.4/27.7/32.0 21.6/26.1/30.7",
    32: "28.8/31.6/34.3 28.9/32.2/35.5 29.0/32.5/36.0 28.5/32.5/36.5 28.3/32.5/36.7 26.5/30.9/35.5",
}


@pytest.fixture(scope="module")
def episodes():
    return simulated(3, 400)


@pytest.mark.parametrize("intake", DOCUMENTED)
def test_the_default_is_the_documented_table(intake):
    for session, values in zip((2, 3, 4, 6, 8, 12), DOCUMENTED[intake].split(), strict=True):
        bands = [DEFAULT.band(intake * 10, session, quantile) / 10 for quantile in (0.25, 0.50, 0.75)]
        assert bands == pytest.approx([float(value) for value in values.split("/")], abs=0.11)


def test_the_default_says_what_it_is():
    assert "not from clients" in DEFAULT.source
    assert DEFAULT.is_design_default
    assert DEFAULT.amber_at_most
    assert DEFAULT.tier == "design_default"
    assert fitting.SURVIVOR_NOTE == "clients_still_in_treatment"


def test_the_target_is_the_fitted_last_score_and_may_lie_below_a_high_intake():
    assert DEFAULT.target(190) == pytest.approx(245.4)
    assert DEFAULT.target(100) == pytest.approx((24.54 + 0.669 * -9) * 10)
    assert DEFAULT.target(390) == pytest.approx((24.54 + 0.669 * 20) * 10)
    assert replace(DEFAULT, alpha=(100.0, 1.0)).target(400) == 400
    assert replace(DEFAULT, alpha=(-50.0, 1.0)).target(0) == 0


@pytest.mark.parametrize(
    ("intake", "session", "quantile"), [(190, 1, 0.5), (190, 0, 0.5), (-1, 2, 0.5), (401, 2, 0.5), (190, 2, 0.05)]
)
def test_there_is_no_band_outside(intake, session, quantile):
    with pytest.raises(ValueError, match=r"band|intake|quantile"):
        DEFAULT.band(intake, session, quantile)


def test_no_upper_band_near_the_ceiling():
    assert DEFAULT.shows_upper_band(299)
    assert not DEFAULT.shows_upper_band(300)


@given(st.integers(0, 400), st.integers(2, 60), st.lists(st.floats(0.1, 0.9), min_size=2, max_size=5))
def test_bands_are_in_order_and_on_the_scale(intake, session, quantiles):
    bands = [DEFAULT.band(intake, session, quantile) for quantile in sorted(quantiles)]
    assert bands == sorted(bands)
    assert 0 <= bands[0] <= bands[-1] <= 400


@given(st.integers(0, 400), st.integers(2, 60))
def test_the_middle_never_falls(intake, session):
    assert DEFAULT.middle(intake, session + 1) >= DEFAULT.middle(intake, session)


def test_buckets():
    assert [bucket(session) for session in (2, 3, 4, 5, 6, 9, 10, 40)] == [0, 1, 2, 2, 3, 3, 4, 4]


def terms_of(episodes):
    rows, scores = [], []
    for totals in episodes:
        for session, total in enumerate(totals[1:], start=2):
            x, log = (totals[0] - 190) / 10, math.log(session)
            rows.append([1, x, log, x * log, log**2])
            scores.append(total / 10)
    return np.array(rows), np.array(scores)


def test_without_a_prior_it_is_plain_least_squares(episodes):
    terms, scores = terms_of(episodes)
    second_opinion = scipy.linalg.lstsq(terms, scores)[0]
    assert fit(as_rows(episodes)).beta == pytest.approx(second_opinion, rel=1e-8)


def test_with_a_prior_it_is_the_ridge_solution(episodes):
    terms, scores = terms_of(episodes)
    gram = np.array(DEFAULT.gram)
    left, right = terms.T @ terms + 120 * gram, terms.T @ scores + 120 * gram @ np.array(DEFAULT.beta)
    assert fit(as_rows(episodes), DEFAULT, 120).beta == pytest.approx(scipy.linalg.solve(left, right), rel=1e-8)


def test_quantiles_are_the_quantiles_of_standardised_residuals(episodes):
    model = fit(as_rows(episodes))
    residuals = [[] for _ in range(5)]
    for totals in episodes:
        for session, total in enumerate(totals[1:], start=2):
            value = (total / 10 - model.middle(totals[0], session)) / model.spread(totals[0], session)
            residuals[bucket(session)].append(value)
    pooled = scipy.stats.mstats.mquantiles(list(chain(*residuals)), QUANTILES, alphap=1, betap=1)
    for own, learnt in zip(residuals, model.quantiles, strict=True):
        mine = scipy.stats.mstats.mquantiles(own, QUANTILES, alphap=1, betap=1)
        assert learnt == pytest.approx((len(own) * mine + 100 * pooled) / (len(own) + 100))


def test_the_order_of_the_rows_does_not_matter(episodes):
    rows = as_rows(episodes)
    shuffled = random.Random(1).sample(rows, len(rows))
    assert fit(shuffled) == fit(rows)


def test_shrinking_lies_between_the_own_fit_and_the_prior(episodes):
    rows = as_rows(episodes[:40])
    own, gram = fit(rows), np.array(DEFAULT.gram)

    def distance(first, second):
        apart = np.array(first) - np.array(second)
        return float(apart @ gram @ apart)

    apart = distance(own.beta, DEFAULT.beta)
    before = 0.0
    for prior_rows in (1, 30, 120, 1000, 10**7):
        shrunk = fit(rows, DEFAULT, prior_rows)
        from_own = distance(shrunk.beta, own.beta)
        assert before <= from_own <= apart * (1 + 1e-9)
        assert distance(shrunk.beta, DEFAULT.beta) <= apart
        before = from_own
    assert fit(rows, DEFAULT, 10**9).beta == pytest.approx(DEFAULT.beta, abs=1e-4)
    assert fit(rows, DEFAULT, 0).beta == own.beta


def test_a_prior_alone_is_the_prior():
    model = fit([("a", 1, 190)], DEFAULT, 120)
    assert model.beta == pytest.approx(DEFAULT.beta)
    assert model.alpha == pytest.approx(DEFAULT.alpha)
    assert (model.gamma, model.quantiles) == (DEFAULT.gamma, DEFAULT.quantiles)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [("a", 1, 100), ("a", 2, 120)],
        [("a", 1, 100), ("a", 2, 120), ("a", 2, 130)],
        [("a", 0, 100)],
        [("a", 1, 401)],
    ],
)
def test_rows_that_cannot_be_fitted_are_refused(rows):
    with pytest.raises(ValueError, match=r"too few|twice|not a session"):
        fit(rows)


def test_episodes_without_an_intake_are_left_out(episodes):
    rows = as_rows(episodes)
    assert fit([*rows, ("late", 2, 100), ("late", 3, 110)]).beta == fit(rows).beta


def test_the_target_is_learnt_from_closed_episodes(episodes):
    rows = as_rows(episodes)
    closed = {number for number, totals in enumerate(episodes) if number % 2 and len(totals) > 1}
    pairs = [(episodes[number][0], episodes[number][-1]) for number in sorted(closed)]
    line = scipy.stats.linregress([(x - 190) / 10 for x, _ in pairs], [y / 10 for _, y in pairs])
    model = fit(rows, closed=closed)
    assert model.alpha == pytest.approx((line.intercept, line.slope))
    assert model.closed_episodes == len(closed)
    higher = fit(rows, closed=closed, successful=lambda first, last: last - first >= 50 or last >= 250)
    assert higher.target(150) > model.target(150)
    with pytest.raises(ValueError, match="no closed episode"):
        fit(rows, closed=set())


def test_tiers(episodes):
    assert [fitting.tier(n) for n in (0, 29, 30, 199, 200, 399, 400)] == [
        "design_default",
        "design_default",
        "shrunk",
        "shrunk",
        "calibrated",
        "calibrated",
        "splittable",
    ]
    with_two = [number for number, totals in enumerate(episodes) if len(totals) > 1]
    rows = as_rows(episodes)
    assert fitting.choose(rows, set(with_two[:29])) is DEFAULT
    assert fitting.choose(rows, set(with_two[:29]), default=None) is None
    own = fitting.choose(rows, set(with_two[:30]))
    assert (own.tier, own.prior, own.prior_rows, own.amber_at_most) == ("shrunk", DEFAULT.version, 120, False)
    assert fitting.choose(rows, set(with_two[:30]), default=None).prior == ""


def test_a_model_is_read_back_exactly(episodes):
    model = fit(as_rows(episodes), DEFAULT, 120, version="7", window=("2026-01-01", "2026-06-30"))
    again = Model.from_json(json.loads(json.dumps(model.as_json())))
    assert again == model
    assert (again.version, again.window, again.episodes) == ("7", ("2026-01-01", "2026-06-30"), model.episodes)
    broken = model.as_json() | {"beta": [1, 2]}
    with pytest.raises(ValueError, match="beta"):
        Model.from_json(broken)


def test_another_centre_needs_a_prior_of_that_centre(episodes):
    rows = as_rows(episodes)
    moved = fit(rows, centre=240)
    assert moved.band(200, 3, 0.5) == pytest.approx(fit(rows).band(200, 3, 0.5), abs=0.01)
    with pytest.raises(ValueError, match="centre"):
        fit(rows, DEFAULT, 120, centre=240)


def test_bands_are_calibrated_on_episodes_they_never_saw():
    found = []
    for seed in (100, 102, 104, 106):
        model = fit(as_rows(simulated(seed, 1200)), DEFAULT, 120)
        found.append([one.shares for one in shares_below(model, simulated(seed + 1, 800))])
    *everywhere, highest = np.mean(found, axis=0)
    for shares in everywhere:
        assert shares == pytest.approx(QUANTILES, abs=0.05)
    # Whoever starts at 30 or above meets the end of the scale.
    assert highest[:3] == pytest.approx(QUANTILES[:3], abs=0.05)
    assert highest[4] < 0.88


def test_a_curve_without_its_bend_is_not_calibrated():
    """The check above can fail: bands moved by three points are told apart."""
    model = fit(as_rows(simulated(100, 600)), DEFAULT, 120)
    moved = Model.from_json(model.as_json() | {"beta": [model.beta[0] + 3, *model.beta[1:]]})
    assert shares_below(moved, simulated(101, 600))[0].shares[2] > 0.6


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_any_rows_with_a_prior_give_bands_on_the_scale(data):
    totals = data.draw(st.lists(st.lists(st.integers(0, 400), min_size=1, max_size=6), min_size=1, max_size=12))
    model = fit(as_rows(totals), DEFAULT, 120)
    for session in (2, 5, 12):
        bands = [model.band(150, session, quantile) for quantile in QUANTILES]
        assert bands == sorted(bands)
        assert 0 <= bands[0] <= bands[-1] <= 400


def test_the_report_names_its_signals():
    lines = "\n".join(report())
    for word in ("red", "amber", "O1 alone", "O6 alone", "sensitivity"):
        assert word in lines
