"""The statistics of the results page on 10,000 simulated episodes, against statsmodels, scipy and numpy.

Each figure is worked out once more by a package that knows nothing of ours, from the same integers.
"""

from random import Random

import numpy
import pytest
import scipy.stats
import statsmodels.api as sm
from statsmodels.stats.proportion import proportion_confint

from sessions_app.measures.results.aggregate import EpisodeScores, indices
from sessions_app.measures.results.funnel import variances
from sessions_app.measures.results.intervals import effect_size, reference, severity_adjusted
from sessions_app.measures.results.no_change import expected_without_change
from sessions_app.measures.results.progress import sessions_to_progress
from sessions_app.measures.results.resampling import mean_change
from sessions_app.measures.results.survival import kaplan_meier, median_time
from sessions_app.measures.simulation.simulator import simulate_episode

EPISODES, PRACTITIONERS = 10_000, 80
CUTOFF, LIMIT = 250, 50


@pytest.fixture(scope="module")
def simulated():
    """Episodes with drop-outs, no-shows and skipped measures, of 80 practitioners who differ."""
    rng = Random(16)
    skill = [rng.gauss(0, 0.5) for _ in range(PRACTITIONERS)]
    return [simulate_episode(rng, therapist=skill[at % PRACTITIONERS], gaps=True) for at in range(EPISODES)]


@pytest.fixture(scope="module")
def scores(simulated):
    found = []
    for one in simulated:
        totals = one.ors_totals()
        found.append(
            EpisodeScores(
                first=totals[0] if totals else None,
                last=totals[-1] if totals else None,
                scores=len(totals),
                sessions=sum(session.attended for session in one.sessions),
                closed=one.ending is not None,
                ending=one.ending,
                at_intake=one.sessions[0].ors is not None,
            )
        )
    return found


@pytest.fixture(scope="module")
def pairs(scores):
    """First and last in tenths of the closed episodes with two scores, the first of them at the first session."""
    used = [one for one in scores if one.closed and one.scores > 1 and one.at_intake]
    return numpy.array([(one.first, one.last) for one in used])


def test_there_is_enough_to_compare(simulated, pairs):
    assert len(simulated) == EPISODES
    assert len(pairs) > 5_000


def test_means_and_shares_are_those_of_numpy_and_statsmodels(scores, pairs):
    found = indices(scores, reliable_change=LIMIT)
    first, last = pairs.T
    assert found.eligible == len(pairs)
    assert found.mean_intake.value == pytest.approx(first.mean(), rel=1e-12)
    assert found.mean_last.value == pytest.approx(last.mean(), rel=1e-12)
    below = first < CUTOFF
    crossing = last >= CUTOFF
    counted = [
        (found.change.improved, last - first >= LIMIT),
        (found.change.deteriorated, last - first <= -LIMIT),
        (found.change.clinically_significant, below & crossing & (last - first >= LIMIT)),
        (found.change.crossed, below & crossing),
        (found.target_reached, crossing),
    ]
    for ours, successes in ((ours, counts.sum()) for ours, counts in counted):
        assert ours.successes == successes
        low, high = proportion_confint(ours.successes, ours.n, method="wilson")
        assert (ours.low, ours.high) == pytest.approx((low, high), abs=1e-9)


def test_the_effect_size_is_that_of_numpy_and_its_error_that_of_the_formula(pairs):
    first, last = pairs.T.astype(float)
    found = effect_size(list(first), list(last))
    assert found.d == pytest.approx((last.mean() - first.mean()) / first.std(ddof=1), rel=1e-12)
    assert found.correlation == pytest.approx(scipy.stats.pearsonr(first, last).statistic, rel=1e-12)
    error = numpy.sqrt(2 * (1 - found.correlation) / len(first) + found.d**2 / (2 * len(first)))
    z = scipy.stats.norm.ppf(0.975)
    assert (found.low, found.high) == pytest.approx((found.d - z * error, found.d + z * error), rel=1e-6)


def test_the_mean_change_and_its_limits_are_those_of_the_paired_t_test(pairs):
    found = mean_change([(int(first), int(last)) for first, last in pairs])
    test = scipy.stats.ttest_rel(pairs[:, 1], pairs[:, 0])
    interval = test.confidence_interval()
    assert found.value == pytest.approx((pairs[:, 1] - pairs[:, 0]).mean(), rel=1e-12)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high), rel=1e-7)


def test_the_reference_line_and_the_residuals_are_those_of_least_squares(pairs):
    first, last = ([int(value) for value in column] for column in pairs.T)
    line = reference(first, last)
    fitted = sm.OLS(last, sm.add_constant(first)).fit()
    assert (line.intercept, line.slope) == pytest.approx(tuple(fitted.params), rel=1e-9)
    adjusted = severity_adjusted(first, last, line)
    assert adjusted.residuals == pytest.approx(tuple(fitted.resid / numpy.std(first, ddof=1)), abs=1e-9)
    assert adjusted.centred == pytest.approx(0, abs=1e-9)


def test_without_change_a_second_score_goes_back_as_a_regression_on_the_first_says():
    """Two scores of one true state: the slope of the second on the first is the reliability."""
    rng = numpy.random.default_rng(4)
    state = rng.normal(190, 55, EPISODES)
    first, second = (state + rng.normal(0, 30, EPISODES) for _ in range(2))
    reliability = numpy.corrcoef(first, second)[0, 1]
    slope, intercept = numpy.polyfit(first, second, 1)
    for intake in (90, 150, 250, 330):
        ours = expected_without_change(intake, first.mean(), reliability)
        assert ours == pytest.approx(intercept + slope * intake - intake, abs=4)


@pytest.mark.parametrize("cutoff", [None, CUTOFF])
def test_sessions_to_progress_are_the_curve_of_statsmodels(simulated, cutoff):
    times = []
    for one in simulated:
        measured = [(number, session.ors) for number, session in enumerate(one.sessions, 1) if session.ors is not None]
        found = sessions_to_progress(measured, limit=LIMIT, cutoff=cutoff)
        if found is not None:
            times.append(found)
    steps = kaplan_meier(times)
    curve = sm.SurvfuncRight([time for time, _ in times], [over for _, over in times])
    assert [step.at for step in steps] == [int(at) for at in curve.surv_times]
    assert [step.at_risk for step in steps] == [int(number) for number in curve.n_risk]
    assert [step.share for step in steps] == pytest.approx(list(curve.surv_prob), abs=1e-12)
    # statsmodels gives Greenwood's error of the curve; log-log limits are worked out from it here.
    share, error = curve.surv_prob, curve.surv_prob_se
    inside = share > 0
    half = 1.959963984540054 * error[inside] / (share[inside] * numpy.log(share[inside]))
    low = share[inside] ** numpy.exp(-half)
    assert [step.low for step in steps][: inside.sum()] == pytest.approx(list(low), abs=1e-9)
    median = median_time(steps).value
    assert median == next((int(at) for at, left in zip(curve.surv_times, share, strict=True) if left <= 0.5), None)


def test_the_spread_between_practitioners_is_that_of_the_analysis_of_variance(scores):
    groups = [[] for _ in range(PRACTITIONERS)]
    for at, one in enumerate(scores):
        if one.scores > 1:
            groups[at % PRACTITIONERS].append(float(one.last - one.first))
    between, within = variances(groups)
    table = scipy.stats.f_oneway(*groups)
    sizes = numpy.array([len(group) for group in groups])
    pooled = sum((len(group) - 1) * numpy.var(group, ddof=1) for group in groups) / (sizes.sum() - len(groups))
    size = (sizes.sum() - (sizes**2).sum() / sizes.sum()) / (len(groups) - 1)
    assert within == pytest.approx(pooled, rel=1e-9)
    assert between == pytest.approx((table.statistic - 1) * pooled / size, rel=1e-6)
    mixed = sm.MixedLM(
        numpy.concatenate(groups) / 10,
        numpy.ones((sizes.sum(), 1)),
        groups=numpy.repeat(range(len(groups)), sizes),
    ).fit(method=["powell"])  # its default says "converged" at an infinite likelihood (findings)
    assert between == pytest.approx(100 * float(mixed.cov_re[0, 0]), rel=0.1), "restricted likelihood agrees roughly"
