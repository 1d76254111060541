"""One caseload between the limits of chance: against numpy and scipy, and by what chance alone does."""

from random import Random

import numpy
import pytest
import scipy.stats

from sessions_app.measures.results.funnel import Standing
from sessions_app.measures.results.own_standing import Chance, OwnStanding, own_standing


def pairs_of(rng, count, gain=40.0):
    firsts = [rng.gauss(190, 60) for _ in range(count)]
    return [(round(first), round(first + gain - 0.3 * (first - 190) + rng.gauss(0, 60))) for first in firsts]


def by_numpy(own, others):
    """Mean residual of one's own and the widened spread of one episode, worked out another way."""
    every = numpy.array([*own, *(pair for group in others for pair in group)], dtype=float)
    slope, intercept = numpy.polyfit(every[:, 0], every[:, 1], 1)
    left = every[:, 1] - intercept - slope * every[:, 0]
    sd = numpy.sqrt((left**2).sum() / (len(every) - 2))
    groups = [numpy.array(group, dtype=float) for group in (own, *others) if len(group) >= 10]
    means = [(group[:, 1] - intercept - slope * group[:, 0]).mean() for group in groups]
    zs = [mean * len(group) ** 0.5 / sd for mean, group in zip(means[1:], groups[1:], strict=True)]
    winsorised = scipy.stats.mstats.winsorize(numpy.sort(zs), limits=(0.1, 0.1))
    return means[0], sd * max(1.0, (winsorised**2).mean()) ** 0.5


@pytest.mark.parametrize("seed", range(20))
def test_residual_and_spread_are_those_of_another_computation(seed):
    rng = Random(seed)
    own = pairs_of(rng, rng.randint(30, 90), gain=rng.choice([0, 40, 90]))
    others = [pairs_of(rng, rng.randint(3, 80), gain=rng.choice([20, 40, 60])) for _ in range(rng.randint(8, 15))]
    found = own_standing(own, others)
    assert found is not None
    residual, sd = by_numpy(own, others)
    assert found.residual == pytest.approx(residual)
    assert found.sd == pytest.approx(sd)
    assert found.others == sum(len(group) >= 10 for group in others)


def test_chance_alone_puts_about_one_in_twenty_outside_the_usual_limits():
    outside, tries = 0, 600
    for seed in range(tries):
        rng = Random(seed)
        found = own_standing(pairs_of(rng, 30), [pairs_of(rng, 30) for _ in range(8)])
        outside += found is not None and found.chance is not Chance.WITHIN
    # Limits that only ever widen and one's own share in what is expected make it a little rarer than 5 in 100.
    assert 0.01 < outside / tries < 0.06


def test_what_is_really_different_is_outside():
    rng = Random(7)
    others = [pairs_of(rng, 40) for _ in range(12)]
    assert own_standing(pairs_of(rng, 80, gain=100), others).chance is Chance.FAR_MORE
    assert own_standing(pairs_of(rng, 80, gain=-20), others).chance is Chance.FAR_LESS


def placed(residual):
    return OwnStanding(36, residual, 60.0, Standing.FUNNEL, 5)


def test_on_a_limit_is_within_it():
    low, high = placed(0).limits(36, 1.96)
    far_low, far_high = placed(0).limits(36, 3.09)
    assert (low, high, far_low, far_high) == pytest.approx((-19.6, 19.6, -30.9, 30.9))
    assert [placed(one).chance for one in (low, 0, high)] == [Chance.WITHIN] * 3
    assert [placed(high + 0.1).chance, placed(far_high).chance] == [Chance.MORE] * 2
    assert [placed(low - 0.1).chance, placed(far_low).chance] == [Chance.LESS] * 2
    assert placed(far_high + 0.1).chance is Chance.FAR_MORE
    assert placed(far_low - 0.1).chance is Chance.FAR_LESS


def test_thirty_of_ones_own_and_five_others_with_ten_are_needed():
    rng = Random(3)
    own, others = pairs_of(rng, 30), [pairs_of(rng, 10) for _ in range(5)]
    assert own_standing(own, others).standing is Standing.FUNNEL
    assert own_standing(own[:29], others) is None
    assert own_standing(own, others[:4]) is None
    assert own_standing(own, [*others[:4], others[4][:9]]) is None
    assert own_standing(pairs_of(rng, 60), others).standing is Standing.STABLE


def test_without_any_difference_nothing_is_said():
    others = [[(200, 250 + each) for each in range(10)] for _ in range(5)]
    assert own_standing([(200, 240)] * 30, others) is None
    straight = [[(100 + each, 150 + each) for each in range(10)] for _ in range(5)]
    assert own_standing([(100 + each, 150 + each) for each in range(30)], straight) is None
