"""How far a trajectory can be trusted: held-out shares, and the limits of its middle."""

import random
from dataclasses import replace
from functools import partial

import pytest

from sessions_app.measures.simulation.calibrate import as_rows, simulated
from sessions_app.measures.trajectory.check import (
    BUCKET_NAMES,
    DRAWS,
    INTAKE_NAMES,
    INTAKES,
    SESSIONS,
    BandCounts,
    BucketShare,
    Calibration,
    Holding,
    calibration,
    count_below,
    half_width,
    held,
    places_drawn,
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
    found = calibration(as_rows(episodes), learn)
    counted, judged = sum(len(totals) - 1 for totals in episodes), sum(len(totals) > 1 for totals in episodes)
    for shares, names in ((found.by_session, BUCKET_NAMES), (found.by_intake, INTAKE_NAMES)):
        assert tuple(one.name for one in shares) == names
        assert sum(one.scores for one in shares) == counted
        assert all(found.holds(one, place) for one in shares for place in places_drawn(one.name))
    assert found.by_session[0].episodes == judged
    assert sum(one.episodes for one in found.by_intake) == judged
    assert held(found).holding is Holding.YES


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

    found = calibration(as_rows(episodes), lambda rows: Low())
    assert not found.by_session[0].holds(2)
    assert held(found).holding is Holding.LOW


class Stretched:
    """The default with its bands so many times as far from the middle."""

    def __init__(self, times):
        self.times = times

    def band(self, intake, session, quantile):
        middle = DEFAULT.band(intake, session, 0.5)
        return middle + self.times * (DEFAULT.band(intake, session, quantile) - middle)


@pytest.mark.parametrize(("times", "holding"), [(0.6, Holding.NARROW), (1.0, Holding.YES), (1.6, Holding.WIDE)])
def test_bands_that_are_too_narrow_or_too_wide_are_told_apart(episodes, times, holding):
    found = held(calibration(as_rows(episodes), lambda rows: Stretched(times)))
    assert found.holding is holding
    assert (found.inside < 0.4, found.inside > 0.6) == (times < 1, times > 1)
    assert found.below_middle == pytest.approx(0.5, abs=0.05)


def shares(inside=0.5, middle=0.5, first=None, episodes=400):
    """What 400 episodes found: so much in the middle half, so much below the middle; `first` is the first group's."""
    usual = (middle - 0.4, middle - inside / 2, middle, middle + inside / 2, middle + 0.4)
    rows = [BucketShare(name, episodes, episodes, usual) for name in BUCKET_NAMES]
    groups = [BucketShare(name, episodes, episodes, usual) for name in INTAKE_NAMES]
    return Calibration(tuple(rows), (*(groups[:-1] if first is None else [first, *groups[1:-1]]), groups[-1]))


@pytest.mark.parametrize(
    ("found", "holding"),
    [
        (shares(), Holding.YES),
        (shares(inside=0.45), Holding.YES),  # within five of a hundred
        (shares(inside=0.44), Holding.NARROW),
        (shares(inside=0.44, episodes=100), Holding.YES),  # so few may be off by that much
        (shares(inside=0.56), Holding.WIDE),
        (shares(middle=0.56), Holding.HIGH),
        (shares(middle=0.44), Holding.LOW),
        (shares(inside=0.42, middle=0.58), Holding.NARROW),  # as far off: the width is said
        (shares(inside=0.42, middle=0.60), Holding.HIGH),
        (shares(first=BucketShare("0-119", 900, 400, (0.10, 0.25, 0.60, 0.75, 0.90))), Holding.MOSTLY),
        (shares(first=BucketShare("0-119", 900, 400, (0.10, 0.25, 0.57, 0.75, 0.90))), Holding.YES),
        (shares(first=BucketShare("0-119", 9, 9, (0.10, 0.25, 0.58, 0.75, 0.90))), Holding.YES),
    ],
)
def test_whether_bands_can_be_trusted_in_one_word(found, holding):
    assert held(found).holding is holding


def test_where_width_and_place_are_as_far_off_the_width_is_said():
    exact = (0.25, 0.4375, 0.625, 0.8125, 0.875)  # no rounding: an eighth each
    assert held(Calibration((BucketShare("2", 512, 512, exact),), ())).holding is Holding.NARROW


def test_chance_is_that_of_all_episodes_with_a_second_score():
    first, *later = shares(inside=0.44).by_session
    few = tuple(replace(one, episodes=100) for one in later)
    assert held(Calibration((first, *few), ())).holding is Holding.NARROW


def test_above_the_middle_the_highest_first_scores_are_not_asked_about():
    capped = BucketShare(INTAKE_NAMES[-1], 400, 400, (0.10, 0.25, 0.50, 0.60, 0.70))
    found = shares()
    assert held(Calibration(found.by_session, (*found.by_intake[:-1], capped))).holding is Holding.YES
    below = BucketShare(INTAKE_NAMES[-1], 400, 400, (0.10, 0.25, 0.60, 0.75, 0.90))
    assert held(Calibration(found.by_session, (*found.by_intake[:-1], below))).holding is Holding.MOSTLY
    assert list(places_drawn("300-400")) == [0, 1, 2]
    assert list(places_drawn("240-299")) == list(places_drawn("10+")) == [0, 1, 2, 3, 4]


def test_chance_is_shared_out_among_all_numbers_of_the_tables():
    found = shares()
    assert len(found.cells()) == 5 * 5 + 4 * 5 + 3
    odd = BucketShare("3", 400, 400, (0.10, 0.25, 0.58, 0.75, 0.90))
    assert not odd.holds(2)
    assert found.holds(odd, 2)
    assert not Calibration((odd,), ()).holds(odd, 2), "of five numbers one may less often be so far off"


def test_without_a_held_out_score_nobody_can_tell():
    assert held(Calibration((), ())) is None
    assert held(Calibration((BucketShare("2", 0, 0, (0.0,) * 5),), ())) is None


def test_an_interval_is_that_of_its_episodes():
    assert BucketShare("2", 900, 40, (0.5,) * 5).interval(0) == pytest.approx((0.352, 0.648), abs=0.001)
    assert BucketShare("2", 0, 0, (0.0,) * 5).interval(0) == (0.0, 1.0)


def test_each_first_score_is_in_one_group():
    by_session, by_intake = BandCounts.of(len(BUCKET_NAMES)), BandCounts.of(len(INTAKE_NAMES))
    starts = [0, 119, 120, 179, 180, 239, 240, 299, 300, 400]
    count_below(DEFAULT, [[start, 0, 400] for start in starts], by_session, by_intake)
    assert INTAKE_NAMES == ("0-119", "120-179", "180-239", "240-299", "300-400")
    assert by_intake.episodes == [2] * 5
    assert by_intake.scores == [4] * 5
    assert by_intake.below == [[2] * 5] * 5


class Rising:
    """Learns nothing: each is ten tenths above the one before it."""

    def __init__(self):
        self.learnt = 0

    def __call__(self, rows):
        self.learnt += 1
        return self

    def band(self, intake, session, quantile):
        return 10.0 * (self.learnt - 1)


@pytest.mark.parametrize(("draws", "limits"), [(11, (2.5, 97.5)), (41, (10.0, 390.0)), (1, (0.0, 0.0))])
def test_the_limits_are_points_between_neighbours_of_what_was_drawn(draws, limits):
    (found,) = uncertainty(as_rows([[100, 110], [200, 190]]), Rising(), [190], [4], draws=draws)
    assert found == [pytest.approx(limits)]


def test_what_is_stored_of_the_middle_is_looked_at_in_the_same_places_each_time():
    assert (INTAKES, SESSIONS, DRAWS) == ((50, 100, 150, 200, 250, 300), (2, 3, 4, 6, 8, 12), 200)


def test_the_same_split_is_drawn_each_time(episodes):
    rows = as_rows(episodes[:60])
    assert calibration(rows, learn) == calibration(rows, learn, seed=1) != calibration(rows, learn, seed=2)
    some = partial(uncertainty, rows, learn, [190], [4], draws=5)
    assert some() == some(seed=1) != some(seed=2)


def test_episodes_of_one_score_teach_nothing_and_are_judged_by_nothing(episodes):
    two = [totals for totals in episodes if len(totals) > 1][:60]
    assert calibration(as_rows([*two, *[[210]] * 7]), learn) == calibration(as_rows(two), learn)


def test_the_order_of_the_rows_does_not_matter(episodes):
    rows = as_rows(episodes[:60])
    shuffled = rows[:]
    random.Random(5).shuffle(shuffled)
    assert calibration(rows, learn) == calibration(shuffled, learn)
    some = partial(uncertainty, learn=learn, intakes=[190], sessions=[4], draws=5)
    assert some(rows) == some(shuffled)


def test_an_empty_bucket_holds_and_says_so():
    by_session, by_intake = BandCounts.of(len(BUCKET_NAMES)), BandCounts.of(len(INTAKE_NAMES))
    count_below(DEFAULT, [[190, 200], [190]], by_session, by_intake)
    assert (by_session.scores, by_session.episodes) == ([1, 0, 0, 0, 0], [1, 0, 0, 0, 0])
    assert by_session.below[1] == [0] * len(QUANTILES)
    assert by_session.shares(BUCKET_NAMES)[0].shares == (0, 0, 1, 1, 1)
    assert (by_intake.scores, by_intake.episodes) == ([0, 0, 1, 0, 0], [0, 0, 1, 0, 0])
    assert BucketShare("3", 0, 0, (0.0,) * 5).holds(2)
    assert not BucketShare("3", 400, 400, (0.1, 0.25, 0.57, 0.75, 0.9)).holds(2)
    assert BucketShare("3", 40, 40, (0.1, 0.25, 0.57, 0.75, 0.9)).holds(2), "so few may be off by that much"


def test_the_nearest_stored_place_is_read():
    stored = {"intakes": [100, 200], "sessions": [2, 8], "limits": [[[10, 20], [10, 30]], [[10, 40], [10, 61]]]}
    assert half_width(stored, 190, 9) == 26
    assert half_width(stored, 120, 3) == 5
    assert half_width({}, 120, 3) is None
