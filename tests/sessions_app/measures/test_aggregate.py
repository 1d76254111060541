"""The indices of a service: denominators, both definitions of drop-out, and what is left out."""

from dataclasses import replace

import pytest

from sessions_app.measures.results.aggregate import EpisodeScores, indices

BASE = EpisodeScores(first=150, last=270, scores=5, sessions=6, closed=True, ending="planned", days=60)


def found(*episodes, **values):
    return indices(episodes, **values)


def test_change_over_all_and_recovery_over_those_who_started_below():
    result = found(
        BASE,  # recovered
        replace(BASE, last=210),  # improved
        replace(BASE, first=240, last=260),  # crossed, not reliable
        replace(BASE, first=280, last=330),  # improved, started above
        replace(BASE, first=280, last=220),  # harmed
    )
    change = result.change
    assert (change.improved.successes, change.improved.n) == (3, 5)
    assert (change.deteriorated.successes, change.deteriorated.n) == (1, 5)
    assert (change.clinically_significant.successes, change.clinically_significant.n) == (1, 3)
    assert (change.crossed.successes, change.crossed.n) == (2, 3)
    assert change.crossed.excluded["started_functional"] == 2
    assert result.effect is not None
    assert result.effect.n == 5


def test_what_is_left_out_is_counted_by_reason():
    result = found(
        BASE,
        replace(BASE, closed=False),
        replace(BASE, first=None, last=None, scores=0),
        replace(BASE, scores=1),
        replace(BASE, at_intake=False),
        replace(BASE, rater_changed=True),
    )
    assert (result.episodes, result.eligible) == (6, 1)
    assert result.excluded == {"open": 1, "no_score": 1, "one_score": 1, "missing_at_intake": 1, "rater_changed": 1}
    assert result.change.improved.excluded == result.excluded
    assert result.effect is None
    assert found(replace(BASE, closed=False), closed_only=False).eligible == 1


@pytest.mark.parametrize(
    ("episode", "reason"),
    [
        (replace(BASE, scores=0), "no_score"),
        (replace(BASE, first=None), "no_score"),
        (replace(BASE, last=None), "no_score"),
        (replace(BASE, scores=1), "one_score"),
        (replace(BASE, scores=2), None),
    ],
)
def test_two_scores_with_a_first_and_a_last_are_enough(episode, reason):
    result = found(episode)
    assert result.eligible == (reason is None)
    assert result.excluded == ({reason: 1} if reason else {})


def test_an_effect_needs_two_different_first_scores():
    assert found(BASE, replace(BASE, first=160)).effect.n == 2
    assert found(BASE, BASE).effect is None


def test_endings_leave_out_who_is_still_there():
    result = found(BASE, replace(BASE, closed=False), replace(BASE, closed=False))
    assert (result.endings.unplanned.n, result.endings.unplanned.excluded) == (1, {"open": 2})
    assert result.endings.with_last_score.excluded == result.endings.dropped_out.excluded == {"open": 2}


def test_both_definitions_of_drop_out():
    left = replace(BASE, ending="unplanned")
    result = found(BASE, left, replace(left, last=240), replace(left, first=None, last=None, scores=0))
    assert (result.endings.unplanned.successes, result.endings.unplanned.n) == (3, 4)
    assert result.endings.dropped_out.successes == 2
    assert (result.endings.with_last_score.successes, result.endings.with_last_score.n) == (3, 4)


def test_the_green_is_over_target_and_cutoff():
    assert replace(BASE, last=250, target=None).in_green
    assert not replace(BASE, last=249, target=200.0).in_green
    assert not replace(BASE, last=260, target=260.5).in_green
    assert found(BASE, replace(BASE, target=300.0)).target_reached.successes == 1


def test_means_say_what_they_leave_out():
    result = found(BASE, replace(BASE, first=250, sessions=2, days=None))
    assert result.mean_intake.value == 200
    assert result.mean_last.value == 270
    assert result.mean_sessions.value == 4
    assert (result.mean_days.value, result.mean_days.n, result.mean_days.excluded) == (60, 1, {"no_dates": 1})


def test_nothing_to_count_is_no_error():
    result = indices([])
    assert (result.eligible, result.mean_intake.value, result.effect) == (0, None, None)
    assert result.change.improved.counts_only


@pytest.mark.parametrize("reliable_change", [120, 121])
def test_the_reliable_change_is_a_parameter(reliable_change):
    assert found(BASE, reliable_change=reliable_change).change.improved.successes == (reliable_change == 120)
