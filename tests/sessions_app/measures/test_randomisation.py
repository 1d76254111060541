"""Lots: blocks that are balanced, whose sizes cannot be foreseen, and that a seed gives again."""

from collections import Counter, defaultdict
from itertools import islice

import pytest

from sessions_app.measures.studies.randomisation import arm_at, block, sequence

SEED, OTHER = "5a" * 32, "5b" * 32
KNOWN = "11110000000011110011100101100100"
KNOWN_TWO_TO_ONE = "00101101000010100100000110000001"


def first(count, *, seed=SEED, stratum="north", weights=(1, 1)):
    return list(islice(sequence(seed, stratum, weights), count))


@pytest.mark.parametrize("weights", [(1, 1), (2, 1), (1, 1, 1), (3, 2)])
def test_each_block_holds_each_arm_as_often_as_its_share(weights):
    for number in range(200):
        counted = Counter(block(SEED, "", weights, number))
        times = {counted[arm] / weight for arm, weight in enumerate(weights)}
        assert len(times) == 1 and times.pop().is_integer()


def test_blocks_are_of_three_sizes_each_about_as_often():
    sizes = Counter(len(block(SEED, "", (1, 1), number)) for number in range(600))
    assert set(sizes) == {4, 6, 8}
    assert all(150 < count < 250 for count in sizes.values())


def test_arms_are_never_far_apart():
    """Within a stratum by half the largest block at most, wherever the enrolling stops."""
    lead = 0
    for arm in first(2000):
        lead += 1 if arm else -1
        assert abs(lead) <= 4


def test_the_same_seed_gives_the_same_lots_and_another_seed_or_stratum_others():
    assert first(200) == first(200)
    assert first(200) != first(200, seed=OTHER)
    assert first(200) != first(200, stratum="south")
    assert [arm_at(SEED, "north", (1, 1), place) for place in range(50)] == first(50)


def test_the_lots_are_those_of_the_first_version():
    """Sequences that were drawn must come out again in ten years: these are written down once and for all."""
    assert "".join(map(str, first(32))) == KNOWN
    assert "".join(map(str, first(32, weights=(2, 1)))) == KNOWN_TWO_TO_ONE


def test_each_order_of_a_block_of_four_is_as_likely():
    """Six orders: by chi-square with five degrees of freedom, at one in ten thousand."""
    blocks = [tuple(block(f"{seed:064x}", "", (1, 1), 0)) for seed in range(4000)]
    counted = Counter(one for one in blocks if len(one) == 4)
    assert len(counted) == 6
    expected = sum(counted.values()) / 6
    assert sum((count - expected) ** 2 / expected for count in counted.values()) < 25.7


def test_no_place_is_certain_from_what_came_before():
    """Blocks of one size end with arms that everybody can count; of three sizes, both arms follow every beginning."""
    follows = defaultdict(Counter)
    for seed in range(6000):
        drawn = first(5, seed=f"{seed:064x}")
        for place in range(5):
            follows[tuple(drawn[:place])][drawn[place]] += 1
    balanced = {before: arms for before, arms in follows.items() if abs(2 * sum(before) - len(before)) < 3}
    assert len(balanced) > 15
    assert all(min(arms[0], arms[1]) > 0.1 * arms.total() for arms in balanced.values())


@pytest.mark.parametrize(("weights", "place"), [((1,), 0), ((1, 0), 0), ((1, 1), -1)])
def test_what_is_no_study_is_refused(weights, place):
    with pytest.raises(ValueError, match=r"arms|place"):
        arm_at(SEED, "", weights, place)
