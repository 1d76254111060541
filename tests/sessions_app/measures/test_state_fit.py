"""What the filter of changes reads, learnt from simulated courses of which it is known."""

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


def test_too_few_or_too_short_courses_teach_nothing():
    courses = outcomes(World(), OWN_VALUES_FROM, 1).tolist()
    assert learn(courses) is not None
    assert learn(courses[:-1]) is None
    assert learn([course[:3] for course in courses]) is None
    assert learn([[200, 210, 220, 230]] * OWN_VALUES_FROM) is None
    assert learn([[], *courses[:-1]]) is None
