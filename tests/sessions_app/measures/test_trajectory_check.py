"""How far a trajectory can be trusted: held-out shares, and the limits of its middle."""

import random
from functools import partial

import pytest

from sessions_app.measures.simulation.calibrate import as_rows, simulated
from sessions_app.measures.trajectory.check import (
    BUCKET_NAMES,
    BucketShare,
    calibration,
    counts_below,
    half_width,
    uncertainty,
)
from sessions_app.measures.trajectory.fit import DEFAULT, PRIOR_ROWS, fit
from sessions_app.measures.trajectory.model import QUANTILES


def learn(rows):
    return fit(rows, DEFAULT, PRIOR_ROWS)


@pytest.fixture(scope="module")
def episodes():
    return simulated(3, 400)


def test_uncertainty_encloses_the_middle_and_narrows(episodes):
    few, many = episodes[:40], episodes
    (limits,) = uncertainty(as_rows(few), learn, [190], [2, 6], draws=40)
    for session, (low, high) in zip((2, 6), limits, strict=True):
        assert low <= learn(as_rows(few)).band(190, session, 0.5) <= high
    (narrow,) = uncertainty(as_rows(many), learn, [190], [2, 6], draws=10)
    assert narrow[1][1] - narrow[1][0] < limits[1][1] - limits[1][0]


def test_held_out_shares_are_near_their_quantiles_and_every_score_is_counted(episodes):
    shares = calibration(as_rows(episodes), learn)
    assert tuple(one.name for one in shares) == BUCKET_NAMES
    assert sum(one.scores for one in shares) == sum(len(totals) - 1 for totals in episodes)
    assert shares[0].episodes == sum(len(totals) > 1 for totals in episodes)
    assert all(one.holds(place) for one in shares for place in range(len(QUANTILES)))


def test_each_episode_is_judged_by_a_model_that_never_saw_it(episodes):
    judged = []

    class Spy:
        def __init__(self, rows):
            self.learnt = {tuple(course) for course in courses_in(rows)}

        def band(self, intake, session, quantile):
            judged.append(intake)
            return 0.0

    def courses_in(rows):
        found = {}
        for episode, _session, total in rows:
            found.setdefault(episode, []).append(total)
        return found.values()

    few = [[100 + number, 200 + number] for number in range(20)]
    learnt = []
    calibration(as_rows(few), lambda rows: learnt.append(Spy(rows)) or learnt[-1])
    assert len(learnt) == 5
    assert all(len(model.learnt) == 16 for model in learnt)
    left_out = [{tuple(totals) for totals in few} - model.learnt for model in learnt]
    assert set.union(*left_out) == {tuple(totals) for totals in few}
    assert sorted(set(judged)) == [totals[0] for totals in few]


def test_a_biased_model_is_seen(episodes):
    class Low:
        def band(self, intake, session, quantile):
            return DEFAULT.band(intake, session, quantile) - 40

    shares = calibration(as_rows(episodes), lambda rows: Low())
    assert not shares[0].holds(2)


def test_the_order_of_the_rows_does_not_matter(episodes):
    rows = as_rows(episodes[:60])
    shuffled = rows[:]
    random.Random(5).shuffle(shuffled)
    assert calibration(rows, learn) == calibration(shuffled, learn)
    some = partial(uncertainty, learn=learn, intakes=[190], sessions=[4], draws=5)
    assert some(rows) == some(shuffled)


def test_an_empty_bucket_holds_and_says_so():
    below, scores, seen = counts_below(DEFAULT, [[190, 200], [190]])
    assert (scores, seen) == ([1, 0, 0, 0, 0], [1, 0, 0, 0, 0])
    assert below[1] == [0] * len(QUANTILES)
    assert BucketShare("3", 0, 0, (0.0,) * 5).holds(2)
    assert not BucketShare("3", 400, 400, (0.1, 0.25, 0.57, 0.75, 0.9)).holds(2)
    assert BucketShare("3", 40, 40, (0.1, 0.25, 0.57, 0.75, 0.9)).holds(2), "so few may be off by that much"


def test_the_nearest_stored_place_is_read():
    stored = {"intakes": [100, 200], "sessions": [2, 8], "limits": [[[10, 20], [10, 30]], [[10, 40], [10, 61]]]}
    assert half_width(stored, 190, 9) == 26
    assert half_width(stored, 120, 3) == 5
    assert half_width({}, 120, 3) is None
