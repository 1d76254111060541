"""How often a red alert is false and how late it comes, on simulated people; what the registry says of each rule."""

from dataclasses import replace

import numpy as np
import pytest

from sessions_app.measures.rules import BY_KEY, RULES, Level
from sessions_app.measures.rules.base import ALLIANCE, OUTCOME
from sessions_app.measures.simulation.alliance_shapes import CHANGES, SHAPES, convention, found_from, pair_against_first
from sessions_app.measures.simulation.false_alarms import (
    MEASUREMENTS,
    STABLE_ALLIANCE,
    World,
    alliances,
    courses,
    critical,
    dropped_out,
    first_hits,
    is_red,
    outcomes,
    rules_of,
    shares,
)
from sessions_app.measures.simulation.rule_bench import (
    COLUMNS,
    SINCE,
    gains,
    levels_of,
    own_filter,
    red_of_own_filter,
    report,
    stable_shares,
)
from sessions_app.measures.state_filter import ADULT_VALUES, CRITICAL_BY_RELIABILITY

PEOPLE, MANY = 2500, 40_000
MOST = 0.06
# The median measurement at which a true -8 from the fourth on is found, by the reliability.
MEDIANS = {0.6: 7, 0.66: 7, 0.7: 7, 0.75: 6, 0.8: 6, 0.85: 5, 0.9: 5, 0.93: 4, 0.95: 4}


@pytest.mark.parametrize(("reliability", "z"), CRITICAL_BY_RELIABILITY)
def test_the_simulation_finds_the_z_of_each_reliability_again(reliability, z):
    assert critical(reliability, 100_000, 1) == pytest.approx(z, abs=0.03)


@pytest.mark.parametrize("reliability", MEDIANS)
def test_with_its_own_filter_red_is_false_for_one_of_twenty_and_not_late(reliability):
    stable, found = red_of_own_filter(reliability, MANY)
    assert 0.04 <= stable <= MOST
    assert found.median <= MEDIANS[reliability]


def test_at_the_default_reliability_most_true_falls_are_found_soon():
    _, found = red_of_own_filter(0.8, MANY)
    assert found.ever >= 0.91
    assert found.soon >= 0.77


@pytest.mark.parametrize(
    ("world", "least", "most"),
    [
        (World(), 0.03, MOST),
        (World(0.93), 0.0, MOST),
        (World(clipped=False), 0.03, MOST),
        (World(0.66), 0.10, 0.14),  # the default filter believes scores that are less reliable than it thinks
        (World(autocorrelation=0.3), 0.06, 0.11),
        (World(walk=1.1), 0.11, 0.16),
    ],
)
def test_the_default_filter_elsewhere(world, least, most):
    red = is_red(outcomes(world, MANY, 1), ADULT_VALUES)
    assert least <= red.any(axis=1).mean() <= most


def test_a_start_above_the_cutoff_is_no_reason_for_a_false_red():
    totals = outcomes(World(), MANY, 1)
    red = is_red(totals, ADULT_VALUES).any(axis=1)
    for part in (totals[:, 0] >= 250, totals[:, 0] < 250):
        assert red[part].mean() <= MOST


def test_progress_is_false_for_one_of_twenty():
    stable, risen = outcomes(World(), MANY, 4), outcomes(World(fall=8.0, fall_at=SINCE), MANY, 5)
    assert gains(stable, ADULT_VALUES, confirmed=False).any(axis=1).mean() > 0.4
    assert gains(stable, ADULT_VALUES, confirmed=True).any(axis=1).mean() <= MOST
    assert gains(risen, ADULT_VALUES, confirmed=True).any(axis=1).mean() >= 0.91


def test_the_rules_themselves_say_what_the_bench_counts():
    totals = outcomes(World(fall=-8.0), 300, 9)
    hits = first_hits(courses(totals, None, ADULT_VALUES), rules_of([OUTCOME]))
    red = is_red(totals, ADULT_VALUES)
    first = [int(row.argmax()) + 1 if row.any() else None for row in red]
    assert [one.get(("O1", Level.RED)) for one in hits] == first


def test_what_the_registry_says_of_each_rule_is_what_the_bench_finds():
    outcome, *_ = stable_shares(COLUMNS[0], PEOPLE)
    alliance = shares(
        first_hits(courses(outcomes(World(), PEOPLE, 1), alliances(PEOPLE, 2), ADULT_VALUES), rules_of([ALLIANCE]))
    )
    for rule in RULES:
        if rule.measure in (OUTCOME, ALLIANCE):
            found = outcome if rule.measure == OUTCOME else alliance
            assert set(rule.false_alarms) == {level for key, level in levels_of(rule.measure) if key == rule.key} - (
                {Level.RED} if rule is BY_KEY["O4"] else set()
            )
            for level, share in rule.false_alarms.items():
                assert found[rule.key, level] == pytest.approx(share, abs=0.01 + 0.04 * share), (rule.key, level)


def test_no_amber_rule_that_may_be_scatter_speaks_of_more_than_half():
    for rule in RULES:
        if not rule.says_no_gain:
            assert rule.false_alarms.get(Level.AMBER, 0) <= 0.5, rule.key


@pytest.mark.parametrize(("reliability", "most"), [(0.64, MOST), (0.88, 0.01)])
def test_a_red_fall_of_a_stable_alliance_is_rare(reliability, most):
    totals = alliances(MANY, 1, replace(STABLE_ALLIANCE, reliability=reliability)).sum(axis=2)
    red = pair_against_first(totals).any(axis=1).mean()
    assert red <= most
    assert red < convention(totals).any(axis=1).mean() / 1.9


def test_two_against_two_finds_nearly_what_the_convention_finds():
    for _, world, since in CHANGES:
        totals = alliances(MANY, 2, world).sum(axis=2)
        before, now = found_from(convention(totals), since), found_from(pair_against_first(totals), since)
        assert now.median <= before.median + 1
        assert now.ever >= 0.88 * before.ever
    best = max(SHAPES, key=lambda name: np.mean([found_of(SHAPES[name], *change) for change in CHANGES]))
    assert best == "the convention"


def found_of(shape, _name, world, since):
    return found_from(shape(alliances(5000, 2, world).sum(axis=2)), since).ever


def test_the_rule_of_the_falling_alliance_is_what_the_bench_counts():
    fallen = replace(STABLE_ALLIANCE, fall=-4.0)
    marks = alliances(400, 3, fallen)
    hits = first_hits(courses(outcomes(World(), 400, 1), marks, ADULT_VALUES), rules_of([ALLIANCE]))
    red = pair_against_first(marks.sum(axis=2))
    first = [int(row.argmax()) + 1 if row.any() else None for row in red]
    assert [one.get(("S4", Level.RED)) for one in hits] == first
    assert any(first)


def test_red_is_false_for_one_of_twenty_or_says_that_nothing_was_gained():
    named = [rule.key for rule in RULES if Level.RED in rule.false_alarms and not rule.says_no_gain]
    assert named == ["O1", "S4"]
    for key in named:
        assert BY_KEY[key].false_alarms[Level.RED] <= MOST


def test_who_drops_out_is_seen_less_often_and_no_more_often_called_worse():
    column = next(one for one in COLUMNS if one.drop_out)
    found, *_ = stable_shares(column, PEOPLE)
    assert found["O1", Level.RED] <= MOST
    assert found["O1", Level.AMBER] < stable_shares(COLUMNS[0], PEOPLE)[0]["O1", Level.AMBER]
    lengths = dropped_out(outcomes(World(), PEOPLE, 1), alliances(PEOPLE, 2).sum(axis=2), 3)
    assert min(lengths) == 1
    assert max(lengths) == MEASUREMENTS


def test_simulated_scores_are_what_their_world_says():
    totals = outcomes(World(0.8, clipped=False), MANY, 1) / 10
    assert totals[:, 0].mean() == pytest.approx(19, abs=0.15)
    assert totals[:, 0].std() == pytest.approx(6.8, abs=0.1)
    assert np.corrcoef(totals[:, 0], totals[:, 9])[0, 1] == pytest.approx(0.8, abs=0.02)
    carried = outcomes(World(autocorrelation=0.3, clipped=False), MANY, 1) / 10
    assert np.corrcoef(carried[:, 8], carried[:, 9])[0, 1] == pytest.approx(0.8 + 0.2 * 0.3, abs=0.02)
    clipped = outcomes(World(), MANY, 1)
    assert (clipped.min(), clipped.max()) == (0, 400)
    marks = alliances(500, 1)
    assert marks.min() >= 0
    assert marks.max() == 100
    assert np.std(marks.sum(axis=2)) == pytest.approx(22, abs=3)


def test_the_printed_table_names_every_rule():
    lines = report(people=60, many=2000)
    for rule in RULES:
        if rule.measure in (OUTCOME, ALLIANCE):
            assert any(line.startswith(rule.key + " ") for line in lines)
    assert own_filter(0.8).critical == 1.30
