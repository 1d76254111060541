"""Intervals, effect sizes and funnels against scipy and published numbers."""

import math
import random
from statistics import fmean, stdev

import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.measures.results import funnel, intervals


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_scipys(counts):
    successes, n = counts
    second = scipy.stats.binomtest(successes, n).proportion_ci(method="wilson")
    assert intervals.wilson(successes, n) == pytest.approx((second.low, second.high), abs=1e-9)


@pytest.mark.parametrize(("successes", "n"), [(1, 0), (0, 0), (-1, 5), (6, 5)])
def test_impossible_proportions_are_refused(successes, n):
    with pytest.raises(ValueError, match="successes"):
        intervals.wilson(successes, n)


def test_a_small_proportion_is_counts_only_and_keeps_what_was_left_out():
    few = intervals.proportion(1, 4, {"open": 3})
    assert (few.counts_only, few.share, few.excluded) == (True, 0.25, {"open": 3})
    assert not intervals.proportion(1, 5).counts_only
    nothing = intervals.proportion(0, 0)
    assert (nothing.share, nothing.low, nothing.high) == (0.0, 0.0, 1.0)


def test_one_of_ten_is_more_than_none():
    assert intervals.wilson(1, 10) == pytest.approx((0.0179, 0.4042), abs=1e-4)
    assert intervals.wilson(0, 10)[0] == 0.0


def test_the_published_effect_size():
    """A private practice: intake 22.27, SD 6.14, last 29.79, n 38, published 1.22."""
    rng = random.Random(4)
    base = [rng.gauss(0, 1) for _ in range(38)]
    centre, spread = fmean(base), stdev(base)
    first = [22.27 + 6.14 * (value - centre) / spread for value in base]
    found = intervals.effect_size(first, [value + 7.52 for value in first])
    assert found.d == pytest.approx(1.2248, abs=1e-4)
    assert found.g == pytest.approx(found.d * (1 - 3 / (4 * 37 - 1)))
    assert found.correlation == pytest.approx(1)
    assert found.high - found.d == pytest.approx(1.959964 * found.d / math.sqrt(2 * 38), rel=1e-5)


def test_the_interval_covers_the_true_effect():
    rng, covered = random.Random(2), 0
    for _ in range(300):
        first = [rng.gauss(190, 70) for _ in range(80)]
        last = [190 + 0.6 * (x - 190) + 56 + rng.gauss(0, 56) for x in first]
        found = intervals.effect_size(first, last)
        covered += found.low <= 0.8 <= found.high
    assert 0.91 <= covered / 300 <= 0.98


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=3, max_size=40))
def test_the_correlation_is_scipys(pairs):
    first, last = [x for x, _ in pairs], [y for _, y in pairs]
    if len(set(first)) > 1 and len(set(last)) > 1:
        assert intervals.effect_size(first, last).correlation == pytest.approx(
            scipy.stats.pearsonr(first, last).statistic, abs=1e-6
        )


@pytest.mark.parametrize(("first", "last"), [([1], [2]), ([1, 2], [3]), ([5, 5, 5], [6, 7, 8])])
def test_an_effect_size_needs_pairs_that_vary(first, last):
    with pytest.raises(ValueError, match=r"pairs|vary"):
        intervals.effect_size(first, last)


def test_a_last_score_that_does_not_vary_has_no_correlation():
    assert intervals.effect_size([1, 2, 3], [5, 5, 5]).correlation == 0


FIRST = [100, 150, 180, 200, 240, 260, 300]
LAST = [180, 190, 240, 220, 260, 300, 290]


def test_the_reference_line_is_least_squares():
    found = intervals.reference(FIRST, LAST)
    second = scipy.stats.linregress(FIRST, LAST)
    assert (found.slope, found.intercept) == pytest.approx((second.slope, second.intercept))
    assert found.mean_change == pytest.approx(fmean(LAST) - fmean(FIRST))
    assert (found.intake_sd, found.n) == (pytest.approx(stdev(FIRST)), 7)
    assert intervals.reference(FIRST, LAST, cutoff=250).n == 5


def test_the_reference_against_itself_is_its_own_effect():
    against = intervals.reference(FIRST, LAST)
    found = intervals.severity_adjusted(FIRST, LAST, against)
    assert found.centred == pytest.approx(0, abs=1e-12)
    assert found.saes == pytest.approx(against.mean_change / against.intake_sd)
    assert found.low == pytest.approx(-found.high)


def test_the_severity_adjusted_effect_counts_clinical_intakes_only():
    against = intervals.reference(FIRST, LAST)
    better = [min(y + round(against.intake_sd), 400) for y in LAST]
    found = intervals.severity_adjusted(FIRST, better, against, cutoff=250)
    assert (found.n, found.excluded) == (5, {"started_functional": 2})
    clinical = [(y - against.expected(x)) / against.intake_sd for x, y in zip(FIRST[:5], LAST[:5], strict=True)]
    assert found.centred == pytest.approx(1 + fmean(clinical), abs=0.01)
    with pytest.raises(ValueError, match="cut-off"):
        intervals.severity_adjusted([300], [310], against, cutoff=250)
    assert math.isinf(intervals.severity_adjusted([200], [210], against).high)


@pytest.mark.parametrize(("first", "last"), [([1, 2], [3, 4]), ([5, 5, 5], [1, 2, 3])])
def test_a_reference_needs_three_pairs_that_vary(first, last):
    with pytest.raises(ValueError, match=r"pairs|vary"):
        intervals.reference(first, last)


def test_the_relative_effect_is_a_difference_unless_asked():
    assert intervals.relative_effect_size(1.0, 0.8) == pytest.approx(0.2)
    assert intervals.relative_effect_size(1.0, 0.8, ratio=True) == pytest.approx(1.25)
    with pytest.raises(ValueError, match="nought"):
        intervals.relative_effect_size(1.0, 0, ratio=True)


@given(st.floats(0, 1), st.integers(1, 49), st.sampled_from([1.96, 3.09]))
def test_small_funnels_are_exact_binomial(p, n, z):
    low, high = intervals.funnel_limits(p, n, z)
    tail = scipy.stats.norm.cdf(-z)
    assert low * n == pytest.approx(max(scipy.stats.binom.ppf(tail - 1e-12, n, p), 0))
    assert high * n == pytest.approx(scipy.stats.binom.ppf(1 - tail - 1e-12, n, p))


def test_large_funnels_are_normal_and_stay_on_the_scale():
    assert intervals.funnel_limits(0.3, 50, 1.96) == pytest.approx((0.3 - 1.96 * math.sqrt(0.21 / 50), 0.427), abs=1e-3)
    assert intervals.funnel_limits(0.01, 60, 3.09)[0] == 0.0
    assert intervals.funnel_limits(0.99, 60, 3.09)[1] == 1.0
    assert intervals.funnel_limits_of_mean(0.5, 2.0, 16, 1.96) == pytest.approx((-0.48, 1.48))


@pytest.mark.parametrize(
    "call",
    [
        lambda: intervals.funnel_limits(1.1, 10, 2),
        lambda: intervals.funnel_limits(-0.1, 10, 2),
        lambda: intervals.funnel_limits(0.5, 0, 2),
        lambda: intervals.funnel_limits(0.5, 10, -1),
        lambda: intervals.funnel_limits_of_mean(0, 1, 0, 2),
        lambda: intervals.funnel_limits_of_mean(0, -1, 5, 2),
        lambda: intervals.case_mix_z(1, [0.0, 1.0]),
        lambda: intervals.over_dispersion([]),
        lambda: intervals.reliability_of_mean(0, 0.05),
        lambda: intervals.reliability_of_mean(5, 1.05),
        lambda: intervals.shrunken_mean([], 1, 1),
        lambda: intervals.shrunken_mean([1], -1, 1),
        lambda: intervals.shrunken_mean([1], 0, 0),
        lambda: funnel.variances([[1, 2]]),
    ],
)
def test_impossible_comparisons_are_refused(call):
    with pytest.raises(ValueError, match=r"must|needed|between"):
        call()


def test_case_mix_counts_against_each_ones_own_chance():
    assert intervals.case_mix_z(3, [0.5] * 4) == pytest.approx(1.0)
    assert intervals.case_mix_z(1, [0.2, 0.8]) == pytest.approx(0.0)


def test_over_dispersion_never_narrows_and_ignores_the_wildest_tenth():
    assert intervals.over_dispersion([0.1] * 20) == 1.0
    assert intervals.over_dispersion([2.0] * 20) == 2.0
    assert intervals.over_dispersion([2.0] * 9 + [50.0]) == 2.0
    assert intervals.over_dispersion([2.0] * 8 + [50.0]) > 2.0


@pytest.mark.parametrize(("n", "reliability"), [(10, 0.34), (30, 0.61), (60, 0.76), (77, 0.80)])
def test_the_reliability_of_a_mean(n, reliability):
    assert intervals.reliability_of_mean(n, 0.05) == pytest.approx(reliability, abs=0.005)


def test_minimum_numbers_for_a_practitioner():
    assert [intervals.standing(n) for n in (0, 9, 10, 29, 30, 59, 60)] == [
        "hidden",
        "hidden",
        "own_only",
        "own_only",
        "funnel",
        "funnel",
        "stable",
    ]


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=50), st.floats(0, 3), st.floats(0.1, 3))
def test_a_shrunken_mean_lies_between_nought_and_the_mean(residuals, between, within):
    shrunk = intervals.shrunken_mean(residuals, between, within)
    assert min(0.0, fmean(residuals)) - 1e-9 <= shrunk <= max(0.0, fmean(residuals)) + 1e-9


def test_a_group_of_one_teaches_nothing_about_variances():
    groups = [[1.0, 3.0], [4.0, 8.0]]
    assert funnel.variances([*groups, [50.0], []]) == funnel.variances(groups)
    with pytest.raises(ValueError, match="two groups"):
        funnel.variances([[1.0, 3.0], [50.0]])


def test_variances_between_and_within():
    rng = random.Random(9)
    groups = [[rng.gauss(mean, 2) for _ in range(40)] for mean in [rng.gauss(0, 1) for _ in range(60)]]
    between, within = funnel.variances(groups)
    assert between == pytest.approx(1, abs=0.4)
    assert within == pytest.approx(4, abs=0.4)
    assert funnel.variances([[1, 3], [1, 3], [2, 2]])[0] == 0.0
    _, second = funnel.variances([[1.0, 2.0], [5.0, 7.0, 9.0]])
    assert second == pytest.approx((0.5 + 8) / 3)


def test_the_fewest_pairs_that_are_enough():
    two = intervals.effect_size([100, 200], [150, 300])
    assert two.d - two.low == pytest.approx(two.high - two.d)
    assert two.low < two.d < two.high
    assert two.g == 0
    assert intervals.reference([100, 200, 300], [150, 200, 250]).slope == pytest.approx(0.5)


def test_an_intake_at_the_cutoff_is_not_clinical():
    assert intervals.reference([100, 150, 200, 250], [1, 2, 3, 4], cutoff=250).n == 3
    against = intervals.Reference(intercept=0.0, slope=1.0, mean_change=50.0, intake_sd=100.0, n=30)
    found = intervals.severity_adjusted([249, 250], [349, 350], against, cutoff=250)
    assert (found.n, found.saes, found.centred) == (1, pytest.approx(1.5), pytest.approx(1.0))


def test_the_limits_of_the_adjusted_effect():
    against = intervals.Reference(intercept=0.0, slope=1.0, mean_change=50.0, intake_sd=100.0, n=30)
    found = intervals.severity_adjusted([100, 100], [100, 300], against)
    assert found.centred == pytest.approx(1.0)
    assert found.high - found.centred == pytest.approx(1.959964 * math.sqrt(2) / math.sqrt(2), rel=1e-5)
    assert found.centred - found.low == pytest.approx(found.high - found.centred)


@pytest.mark.parametrize(
    ("first", "last", "bound"), [([130, 60, 253], [911, 421, 1772], 1.0), ([130, 60, 253], [-910, -420, -1771], -1.0)]
)
def test_rounding_takes_no_correlation_beyond_one(first, last, bound):
    assert intervals._correlation(first, last) == bound


def test_intakes_whose_squares_add_up_to_one_have_a_correlation():
    first, last = [0, 0, 1, 1], [0, 1, 1, 3]
    assert intervals._correlation(first, last) == pytest.approx(scipy.stats.pearsonr(first, last).statistic)


def test_none_of_some_is_no_interval_of_everything_and_some_of_none_is_refused():
    none = intervals.proportion(0, 10)
    assert (none.low, none.high) == pytest.approx(intervals.wilson(0, 10))
    assert none.high < 0.4
    nothing = intervals.proportion(0, 0)
    assert (nothing.low, nothing.high) == (0.0, 1.0)
    with pytest.raises(ValueError, match="successes"):
        intervals.proportion(1, 0)


def test_the_edges_of_the_funnel_are_allowed():
    assert funnel.funnel_limits(0.5, 1, 1.96) == (0.0, 1.0)
    assert funnel.funnel_limits(0.5, 100, 0) == (0.5, 0.5)
    assert funnel.funnel_limits_of_mean(2.0, 0, 1, 1.96) == (2.0, 2.0)
    assert funnel.funnel_limits_of_mean(2.0, 0.5, 1, 2) == (1.0, 3.0)
    assert [funnel.reliability_of_mean(1, icc) for icc in (0, 0.05, 1)] == [0, 0.05, 1]
    assert funnel.reliability_of_mean(2, 1) == 1


def test_case_mix_is_divided_by_its_own_spread():
    # Three of three at 0.5 each: 1.5 more than expected, over the root of 0.75.
    assert funnel.case_mix_z(3, [0.5, 0.5, 0.5]) == pytest.approx(1.5 / math.sqrt(0.75))


def test_over_dispersion_squares_and_cuts_both_ends():
    assert funnel.over_dispersion([3.0]) == pytest.approx(3.0)
    # Ten values: one at each end is drawn in to its neighbour.
    zs = [-9.0, -2, -1, -1, 0, 0, 1, 1, 2, 50.0]
    drawn = [-2, -2, -1, -1, 0, 0, 1, 1, 2, 2]
    assert funnel.over_dispersion(zs) == pytest.approx(math.sqrt(sum(z * z for z in drawn) / 10))


def test_a_shrunken_mean_is_weighted_by_its_number():
    assert funnel.shrunken_mean([4.0, 6.0], 2.0, 4.0) == pytest.approx(5.0 * 4 / 8)


def test_variances_of_uneven_groups_by_hand():
    # Means 2 and 8 of groups of 2 and 4, grand mean 6; squares within 2 + 8, between 2·16 + 4·4 = 48; size 6 - 20/6.
    between, within = funnel.variances([[1.0, 3.0], [6.0, 8.0, 8.0, 10.0]])
    assert within == pytest.approx(10 / 4)
    assert between == pytest.approx((48 - 2.5) / (6 - 20 / 6))
    # A third group with the grand mean, two more: within (10 + 2)/5, between 48/2, size (8 - 24/8)/2.
    between, within = funnel.variances([[1.0, 3.0], [6.0, 8.0, 8.0, 10.0], [5.0, 7.0]])
    assert within == pytest.approx(12 / 5)
    assert between == pytest.approx((24 - 2.4) / 2.5)
