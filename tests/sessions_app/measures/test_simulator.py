"""The simulator gives the published summaries, the same for the same seed."""

import random
from statistics import fmean, stdev

import pytest

from sessions_app.measures.simulation.simulator import THERAPIST_SD, simulate_episode


@pytest.fixture(scope="module")
def demo():
    rng = random.Random(11)
    return [simulate_episode(rng, therapist=rng.gauss(0, THERAPIST_SD)) for _ in range(4000)]


def test_demo_episodes_look_like_a_service(demo):
    sessions = [len(episode.sessions) for episode in demo]
    assert fmean(sessions) == pytest.approx(5.8, abs=0.3)
    assert stdev(sessions) == pytest.approx(4.6, abs=0.5)
    unplanned = sum(episode.ending == "unplanned" for episode in demo) / len(demo)
    assert 0.12 <= unplanned <= 0.20


def test_scores_look_like_intake_and_alliance(demo):
    intakes = [episode.ors_totals()[0] for episode in demo]
    assert fmean(intakes) == pytest.approx(190, abs=5)
    assert stdev(intakes) == pytest.approx(74, abs=4)
    alliance = [session.srs for episode in demo for session in episode.sessions]
    assert fmean(alliance) == pytest.approx(376, abs=5)
    assert sum(total == 400 for total in alliance) / len(alliance) == pytest.approx(0.22, abs=0.02)


def test_marks_add_up_and_stay_on_their_lines(demo):
    for episode in demo[:300]:
        for session in episode.sessions:
            for marks in (session.ors_marks, session.srs_marks):
                assert len(marks) == 4
                assert all(0 <= mark <= 100 for mark in marks)


def test_the_same_seed_gives_the_same_episode():
    assert simulate_episode(random.Random(3), gaps=True) == simulate_episode(random.Random(3), gaps=True)


def test_gaps_are_no_shows_and_skipped_measures():
    rng = random.Random(5)
    sessions = [one for _ in range(400) for one in simulate_episode(rng, gaps=True).sessions]
    missed = [one for one in sessions if not one.attended]
    assert 0.02 < len(missed) / len(sessions) < 0.12
    assert all(one.ors_marks is None and one.srs_marks is None for one in missed)
    skipped = [one for one in sessions if one.attended and (one.ors is None or one.srs is None)]
    assert 0.05 < len(skipped) / len(sessions) < 0.2


def test_an_episode_can_go_on_and_start_where_it_is_told():
    rng = random.Random(6)
    going = [simulate_episode(rng, start=15.0, slope=6.0, stop_after=3) for _ in range(200)]
    assert any(episode.ending is None and len(episode.sessions) == 3 for episode in going)
    assert max(len(episode.sessions) for episode in going) == 3
    assert fmean([episode.ors_totals()[0] for episode in going]) == pytest.approx(150, abs=8)


def test_without_the_demo_factors_more_end_unplanned():
    rng = random.Random(7)
    plain = [simulate_episode(rng, sessions_like_demo=False) for _ in range(1500)]
    assert sum(episode.ending == "unplanned" for episode in plain) / 1500 > 0.28
