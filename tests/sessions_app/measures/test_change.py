"""Jacobson and Truax against published numbers, and the points rule at its edges."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.measures import marks
from sessions_app.measures.results import change
from sessions_app.measures.results.change import ChangeKind

ORACLE = Path(__file__).parents[2] / "data" / "oracle"


def rows(name):
    with (ORACLE / name).open(encoding="utf-8", newline="") as file:
        return [pytest.param(row, id=row.get("case") or row["item1"]) for row in csv.DictReader(file)]


@pytest.mark.parametrize("row", rows("rci_cases.csv"))
def test_reliable_change_matches_the_published_cases(row):
    computed = change.jacobson_truax(float(row["sd"]), float(row["reliability"]))
    assert computed.sem == pytest.approx(float(row["sem"]), abs=1e-6)
    assert computed.s_diff == pytest.approx(float(row["s_diff"]), abs=1e-6)
    assert computed.rci == pytest.approx(float(row["rci_raw_points_95"]), abs=1e-6)


@pytest.mark.parametrize("row", rows("cutoff_cases.csv"))
def test_cutoffs_match_the_published_cases(row):
    computed = change.cutoffs(
        float(row["m_clin"]),
        float(row["sd_clin"]),
        float(row["m_func"]),
        float(row["sd_func"]),
        row["direction"] == "1",
    )
    assert computed.a == pytest.approx(float(row["a"]), abs=1e-4)
    assert computed.b == pytest.approx(float(row["b_paper"]), abs=1e-4)
    assert computed.c == pytest.approx(float(row["c"]), abs=1e-4)


EXPECTED_CLASSES = {
    "clinically_significant": {ChangeKind.RECOVERED},
    "reliable_improvement": {ChangeKind.IMPROVED},
    "no_reliable_change": {ChangeKind.UNCHANGED},
    "reliable_deterioration": {ChangeKind.DETERIORATED, ChangeKind.HARMED},
}


@pytest.mark.parametrize("row", rows("ors_rule_boundary_cases.csv"))
def test_the_points_rule_at_its_boundaries(row):
    found = change.classify(
        marks.parse_total(row["intake"]),
        marks.parse_total(row["last"]),
        cutoff=int(row["cutoff"]) * 10,
        reliable_change=int(row["rci"]) * 10,
    )
    assert found.outcome in EXPECTED_CLASSES[row["expected_class"]]


@pytest.mark.parametrize("row", rows("ors_sum_float_traps.csv"))
def test_sums_of_marks_are_exact(row):
    total = sum(marks.parse_mark(row[f"item{number}"]) for number in range(1, 5))
    assert total == marks.parse_total(row["exact_total"]) == 250
    assert (total < 250) is (row["below_cutoff_25"] == "true")


@pytest.mark.parametrize(
    ("first", "last", "outcome", "crossed", "functional"),
    [
        (199, 249, ChangeKind.IMPROVED, False, False),
        (200, 250, ChangeKind.RECOVERED, False, False),
        (249, 250, ChangeKind.UNCHANGED, True, False),
        (250, 300, ChangeKind.IMPROVED, False, True),
        (300, 250, ChangeKind.DETERIORATED, False, True),
        (299, 249, ChangeKind.HARMED, False, True),
        (250, 249, ChangeKind.UNCHANGED, False, True),
        (240, 190, ChangeKind.DETERIORATED, False, False),
    ],
)
def test_classes_and_flags(first, last, outcome, crossed, functional):
    found = change.classify(first, last, cutoff=250, reliable_change=50)
    assert (found.outcome, found.crossed_without_reliable_change, found.started_functional) == (
        outcome,
        crossed,
        functional,
    )
    assert str(found) == outcome.value


def test_the_statistic_is_strict():
    assert change.reliable_change_statistic(20.0, 30.0, 5.0) == 2.0
    assert not change.is_reliable_statistic(1.96)
    assert change.is_reliable_statistic(-1.9601)
    assert not change.is_reliable_statistic(-1.96)


@pytest.mark.parametrize(
    "call",
    [
        lambda: change.jacobson_truax(0, 0.9),
        lambda: change.jacobson_truax(float("nan"), 0.9),
        lambda: change.jacobson_truax(float("inf"), 0.9),
        lambda: change.jacobson_truax(5, 1.01),
        lambda: change.jacobson_truax(5, -0.01),
        lambda: change.cutoffs(1, 0, 2, 1),
        lambda: change.cutoffs(1, 1, 2, 0),
        lambda: change.reliable_change_statistic(1, 2, 0),
        lambda: change.classify(1, 2, cutoff=3, reliable_change=0),
    ],
)
def test_impossible_parameters_are_refused(call):
    with pytest.raises(ValueError, match="must be"):
        call()


def test_reliability_may_be_nothing_or_perfect():
    assert change.jacobson_truax(5, 1).rci == 0
    assert change.jacobson_truax(5, 0).sem == 5


def test_small_deviations_are_possible():
    assert change.jacobson_truax(0.5, 0).sem == 0.5
    assert change.reliable_change_statistic(1, 2, 0.5) == 2


scores = st.integers(0, 400)


@given(scores, scores, st.integers(1, 400), st.integers(1, 100))
def test_reversing_the_direction_changes_nothing(first, last, cutoff, reliable_change):
    values = {"reliable_change": reliable_change}
    up = change.classify(first, last, cutoff=cutoff, **values)
    down = change.classify(400 - first, 400 - last, cutoff=400 - cutoff, higher_is_better=False, **values)
    assert up == down


@given(scores, scores, st.integers(1, 400), st.integers(1, 100))
def test_classes_exclude_each_other_and_say_what_they_mean(first, last, cutoff, reliable_change):
    found = change.classify(first, last, cutoff=cutoff, reliable_change=reliable_change)
    gain = last - first
    assert (found.outcome in {ChangeKind.RECOVERED, ChangeKind.IMPROVED}) == (gain >= reliable_change)
    assert (found.outcome in {ChangeKind.HARMED, ChangeKind.DETERIORATED}) == (gain <= -reliable_change)
    assert (found.outcome is ChangeKind.RECOVERED) == (gain >= reliable_change and first < cutoff <= last)
    assert (found.outcome is ChangeKind.HARMED) == (gain <= -reliable_change and last < cutoff <= first)


@given(st.floats(1, 20), st.floats(1, 20), st.floats(0, 40), st.floats(0, 40))
def test_cutoffs_mirror_when_the_direction_does(clinical_sd, functional_sd, clinical, functional):
    up = change.cutoffs(clinical, clinical_sd, functional, functional_sd)
    down = change.cutoffs(-clinical, clinical_sd, -functional, functional_sd, higher_is_better=False)
    assert (up.a, up.b, up.c) == pytest.approx((-down.a, -down.b, -down.c))
