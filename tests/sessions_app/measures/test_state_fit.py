"""What the filter of changes reads, learnt from simulated courses of which it is known."""

import numpy as np
import pytest

from sessions_app.measures.simulation.false_alarms import World, outcomes
from sessions_app.measures.state_fit import LEAST, MOST, OWN_VALUES_FROM, learn


@pytest.mark.parametrize(
    "world",
    [
        World(0.7, walk=1.0, clipped=False),
        World(0.85, walk=1.0, clipped=False, sd=5.5, mean=22.0),
        World(0.85, slope=1.0, clipped=False),  # what all gain is no error
    ],
)
def test_it_finds_what_the_courses_were_made_of(world):
    own = learn(outcomes(world, 3000, 1).tolist())
    assert own.sd == pytest.approx(world.sd, abs=0.2)
    assert own.mean == pytest.approx(world.mean, abs=0.3)
    assert own.reliability == pytest.approx(world.reliability, abs=0.03)


def test_it_stays_where_a_z_is_known():
    assert learn(outcomes(World(0.3, clipped=False), 1000, 1).tolist()).reliability == LEAST
    assert learn(outcomes(World(0.99, clipped=False), 1000, 1).tolist()).reliability == MOST


def by_hand(courses):
    """SD, reliability and mean by other code: differences within the first eight, at one to three places' distance."""
    first = np.array([course[0] for course in courses]) / 10
    spread = []
    for distance in (1, 2, 3):
        squares = people = 0
        for at in range(8 - distance):
            moved = np.array([course[at + distance] - course[at] for course in courses if len(course) > at + distance])
            if len(moved) >= 2:
                squares, people = squares + len(moved) * (moved / 10).var(), people + len(moved)
        spread.append(squares / people)
    slope = np.polyfit([1, 2, 3], spread, 1)[0]
    sd = first.std(ddof=1)
    return sd, 1 - (np.mean(spread) - 2 * max(slope, 0)) / 2 / sd**2, first.mean(), slope


@pytest.mark.parametrize(
    ("world", "least", "most"),
    [
        (World(0.75, walk=0.4), 0.1, 0.95),  # the state moves: less than a point squared between two measurements
        (World(0.85, autocorrelation=-0.4), -9, -0.1),  # it seems to move backwards, which is none
    ],
)
@pytest.mark.parametrize("longest", [1, 2, 60])
def test_it_is_what_other_code_computes_from_courses_of_many_lengths(world, least, most, longest):
    """One course of ten, or two, or many; the others end by the seventh."""
    drawn = outcomes(world, 400, 3).tolist()
    courses = [course[: 10 if at < longest else 2 + at % 6] for at, course in enumerate(drawn)]
    sd, reliability, mean, slope = by_hand(courses)
    assert least < slope < most
    own = learn(courses)
    assert (own.sd, own.mean) == (pytest.approx(sd), pytest.approx(mean))
    assert own.reliability == pytest.approx(reliability)
    assert LEAST < own.reliability < MOST


def test_two_hundred_first_scores_of_two_kinds_are_enough():
    courses = [[180 + 40 * (at % 2), 190, 200 + at % 7, 210 - at % 5] for at in range(200)]
    assert learn(courses).mean == 20
    assert learn(courses[:199]) is None
    assert learn([[200, *course[1:]] for course in courses]) is None


def test_too_few_or_too_short_courses_teach_nothing():
    courses = outcomes(World(), OWN_VALUES_FROM, 1).tolist()
    assert learn(courses) is not None
    assert learn(courses[:-1]) is None
    assert learn([course[:3] for course in courses]) is None
    assert learn([[200, 210, 220, 230]] * OWN_VALUES_FROM) is None
    assert learn([[], *courses[:-1]]) is None
