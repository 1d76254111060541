"""How many a study needs: beside statsmodels where clients are independent, beside simulated studies where not."""

import csv
import math
import random
from pathlib import Path
from statistics import fmean

import pytest

from sessions_app.measures.studies.power import Design, needed, power_of

ORACLE = Path(__file__).parents[2] / "data" / "oracle" / "power_two_arms.csv"


def oracle():
    with ORACLE.open(encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


@pytest.mark.parametrize("row", oracle(), ids=lambda row: f"{row['d']}-{row['alpha']}-{row['clients']}")
def test_power_of_independent_clients_is_that_of_statsmodels(row):
    design = Design(d=float(row["d"]), alpha=float(row["alpha"]))
    assert power_of(design, int(row["clients"])) == pytest.approx(float(row["power"]), abs=2e-6)


def test_the_table_of_cohen():
    """Cohen 1988, table 2.4.1: 64 in each group for d = .5 at 80 %, 26 for .8, 393 for .2 (394 with exact t)."""
    assert needed(Design(d=0.5), 0.8).clients == 64
    assert needed(Design(d=0.8), 0.8).clients == 26
    assert needed(Design(d=0.2), 0.8).clients == 394


def test_what_is_needed_is_the_smallest_number_that_reaches_the_power():
    for d in (0.25, 0.5, 0.9):
        found = needed(Design(d=d), 0.9)
        assert found.power >= 0.9 > power_of(Design(d=d), found.clients - 1)


def test_design_effect_of_equal_and_unequal_clusters():
    """1 + (10 - 1) x .05; and with a coefficient of variation of .5: 1 + (1.25 x 10 - 1) x .05 (Eldridge 2006)."""
    assert Design(d=0.5, icc=0.05, cluster_size=10).design_effect == pytest.approx(1.45)
    assert Design(d=0.5, icc=0.05, cluster_size=10, cluster_cv=0.5).design_effect == pytest.approx(1.575)


def test_a_first_score_saves_clients_and_drop_out_costs_them():
    plain = needed(Design(d=0.3), 0.8).clients
    assert needed(Design(d=0.3, r=0.6), 0.8).clients == pytest.approx(plain * (1 - 0.36), abs=2)
    assert needed(Design(d=0.3, drop_out=0.2), 0.8).clients == math.ceil(plain / 0.8)


def test_clustered_studies_need_whole_practitioners_and_at_least_two_in_each_arm():
    found = needed(Design(d=1.5, icc=0.1, cluster_size=12), 0.8)
    assert found.practitioners >= 2
    assert found.analysed == found.practitioners * 12
    assert power_of(Design(d=1.5, icc=0.1, cluster_size=12), 12) == 0.0  # one practitioner in each arm: no test


@pytest.mark.parametrize(
    ("icc", "size", "practitioners", "d", "r"),
    [(0.05, 10, 8, 0.5, 0.0), (0.2, 6, 10, 0.6, 0.0), (0.1, 8, 6, 0.5, 0.6)],
)
def test_power_of_clustered_studies_is_that_of_simulated_ones(icc, size, practitioners, d, r):
    """Studies are made with these numbers and tested by practitioners' means: so many of them find the difference."""
    design = Design(d=d, icc=icc, cluster_size=size, r=r)
    said = power_of(design, practitioners * size)
    rng = random.Random(20261129)
    runs = 1500
    found = fmean(_finds(rng, design, practitioners) for _ in range(runs))
    assert found == pytest.approx(said, abs=4 * math.sqrt(said * (1 - said) / runs) + 0.01)


def _finds(rng, design, practitioners):
    arms = [[_mean_of_practitioner(rng, design, shift) for _ in range(practitioners)] for shift in (0.0, design.d)]
    means = [fmean(arm) for arm in arms]
    squares = sum((one - mean) ** 2 for arm, mean in zip(arms, means, strict=True) for one in arm)
    error = math.sqrt(squares / (2 * practitioners - 2) * 2 / practitioners)
    limits = {8: 2.144787, 10: 2.100922, 6: 2.228139}  # Student's t, two-sided 5 %, 2k - 2 degrees of freedom
    return abs(means[1] - means[0]) / error > limits[practitioners]


def _mean_of_practitioner(rng, design, shift):
    """Of last scores without what the first score explains, in standard deviations of the last score."""
    left = math.sqrt(design.remaining_variance)
    own = rng.gauss(0, math.sqrt(design.icc) * left)
    rest = math.sqrt(1 - design.icc) * left
    return shift + own + fmean(rng.gauss(0, rest) for _ in range(int(design.cluster_size)))


def test_more_than_anybody_could_enrol_is_none():
    assert needed(Design(d=0.001), 0.8) is None


@pytest.mark.parametrize(
    "wrong",
    [{"d": 0}, {"alpha": 1}, {"icc": 1}, {"cluster_size": 0.5}, {"cluster_cv": -1}, {"r": 1}, {"drop_out": 1}],
)
def test_values_out_of_range_are_refused(wrong):
    with pytest.raises(ValueError, match="out of its range"):
        Design(**{"d": 0.5, **wrong})
    with pytest.raises(ValueError, match="above alpha"):
        needed(Design(d=0.5), 1.0)
