"""Intervals for few episodes, and what is to be expected if nobody changed, against scipy."""

from random import Random

import numpy
import pytest
import scipy.stats

from sessions_app.measures.results.no_change import expected_without_change, share_by_chance
from sessions_app.measures.results.resampling import bca_effect_size, mean_change, student_t

# scipy and R differ by as much between themselves: each draws its own samples.
TOLERANCE = 0.08


def pairs_like(seed, count):
    rng = Random(seed)
    firsts = [round(rng.gauss(190, 60)) for _ in range(count)]
    return [(first, round(first + rng.gauss(45, 60))) for first in firsts]


@pytest.mark.parametrize("degrees", [1, 2, 3, 4, 5, 9, 30, 79, 199, 200, 5000])
@pytest.mark.parametrize("probability", [0.5, 0.9, 0.975, 0.995])
def test_students_t(degrees, probability):
    assert student_t(probability, degrees) == pytest.approx(scipy.stats.t.ppf(probability, degrees), abs=5e-6)


@pytest.mark.parametrize("count", [2, 5, 40, 400])
def test_the_mean_change_has_the_interval_of_students_t(count):
    pairs = pairs_like(3, count)
    gain = numpy.array([last - first for first, last in pairs], dtype=float)
    found = mean_change(pairs)
    low, high = scipy.stats.t.interval(0.95, count - 1, gain.mean(), scipy.stats.sem(gain))
    assert (found.value, found.low, found.high) == pytest.approx((gain.mean(), low, high), rel=1e-6)


def test_one_episode_has_a_change_without_limits_and_none_has_none():
    assert mean_change([]) is None
    found = mean_change([(100, 150)])
    assert (found.value, found.n) == (50, 1)
    assert numpy.isinf([found.low, found.high]).all()


@pytest.mark.parametrize(("seed", "count"), [(1, 12), (2, 25), (3, 40), (4, 59)])
def test_the_interval_of_an_effect_size_is_that_of_scipys_bca(seed, count):
    pairs = pairs_like(seed, count)
    first, last = (numpy.array(side, dtype=float) for side in zip(*pairs, strict=True))

    def effect(one, other, axis=-1):
        return (other.mean(axis=axis) - one.mean(axis=axis)) / one.std(axis=axis, ddof=1)

    theirs = scipy.stats.bootstrap(
        (first, last), effect, paired=True, vectorized=True, method="BCa", n_resamples=9999, random_state=5
    ).confidence_interval
    low, high = bca_effect_size(pairs)
    assert (low, high) == pytest.approx((theirs.low, theirs.high), abs=TOLERANCE)


def test_the_same_pairs_have_the_same_interval_in_any_order():
    pairs = pairs_like(7, 20)
    assert bca_effect_size(pairs) == bca_effect_size(pairs[::-1])


def test_pairs_without_an_effect_size_are_refused():
    with pytest.raises(ValueError, match="first scores that vary"):
        bca_effect_size([(100, 150), (100, 180)])


def test_first_scores_far_from_the_mean_come_back_without_any_change():
    """20,000 clients whose true state stays: what groups by first score do by themselves."""
    rng = numpy.random.default_rng(1)
    true = rng.normal(190, 68 * 0.8**0.5, 20_000)
    first, last = (true + rng.normal(0, 68 * 0.2**0.5, 20_000) for _ in range(2))
    low = first < 150
    gain = (last - first)[low].mean()
    assert expected_without_change(first[low].mean(), first.mean(), 0.8) == pytest.approx(gain, abs=1.5)
    by_chance = ((last - first) >= 50).mean()
    assert share_by_chance(50, 68, 0.8) == pytest.approx(by_chance, abs=0.006)


def test_what_has_no_meaning_is_refused():
    with pytest.raises(ValueError, match="reliability"):
        expected_without_change(150, 190, 1.2)
    with pytest.raises(ValueError, match="without error"):
        share_by_chance(5, 6.8, 1)
    with pytest.raises(ValueError, match="degrees"):
        student_t(0.975, 0)
