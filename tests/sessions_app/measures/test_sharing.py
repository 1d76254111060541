"""Expected courses that travel: pooled coefficients are those of all rows together, published ones carry noise."""

import json
from dataclasses import replace
from random import Random

import numpy
import pytest
import statsmodels.api
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.measures.trajectory import fit as fitting
from sessions_app.measures.trajectory.design_default import DEFAULT
from sessions_app.measures.trajectory.model import Model
from sessions_app.measures.trajectory.shared_file import read_shared
from sessions_app.measures.trajectory.sharing import pooled, publishable, standard_errors
from tests.shared_courses import quick_document, shared_document, simulated_rows


def learnt(rows) -> Model:
    return replace(fitting.fit(rows), shared_by=("somebody",), window=("2021", "2026"))


def test_the_pool_of_several_organisations_is_the_fit_on_all_their_rows_together():
    shares = [simulated_rows(number, seed) for seed, number in enumerate((220, 260, 900), start=1)]
    together = fitting.fit([row for rows in shares for row in rows])
    found = pooled([learnt(rows) for rows in shares])
    assert found.beta == pytest.approx(together.beta, abs=1e-9)
    assert numpy.array(found.gram) == pytest.approx(numpy.array(together.gram), abs=1e-9)
    assert (found.rows, found.closed_episodes) == (together.rows, together.closed_episodes)
    # α is weighted by the design of all scores, not of the last ones only: near, not equal.
    assert found.alpha == pytest.approx(together.alpha, abs=0.1)
    assert numpy.array(found.quantiles) == pytest.approx(numpy.array(together.quantiles), abs=0.12)


def test_the_pool_of_one_is_that_one_and_its_order_does_not_matter():
    one, other = (learnt(simulated_rows(210, seed)) for seed in (1, 2))
    alone = pooled([one])
    for name in ("beta", "gamma", "alpha"):
        assert getattr(alone, name) == pytest.approx(getattr(one, name))
    there, back = pooled([one, other]), pooled([other, one])
    assert there.beta == pytest.approx(back.beta)
    assert there.shared_by == back.shared_by


def test_courses_with_other_centres_are_not_pooled():
    one = learnt(simulated_rows(210))
    for models in ([], [one, replace(one, centre=240)]):
        with pytest.raises(ValueError, match="same centre"):
            pooled(models)


def test_the_noise_is_as_large_as_the_standard_error_that_the_file_names():
    rows = simulated_rows(400, seed=5)
    closed = {row[0] for row in rows}
    own = fitting.fit(rows, closed=closed)
    drawn = numpy.array([publishable(rows, closed, centre=190, random=Random(seed))["beta"] for seed in range(60)])
    said = standard_errors(rows, own)
    assert publishable(rows, closed, centre=190, random=Random(1))["noise"] == pytest.approx(said, abs=1e-4)
    assert drawn.std(axis=0) == pytest.approx(said, rel=0.35)
    assert numpy.abs(drawn.mean(axis=0) - own.beta) == pytest.approx(0, abs=0.6 * max(said))


def test_standard_errors_are_those_of_statsmodels_by_episode():
    rows = simulated_rows(250, seed=8)
    model = fitting.fit(rows)
    intakes = {episode: total for episode, session, total in rows if session == 1}
    later = [row for row in rows if row[1] > 1]
    x = numpy.array([(intakes[episode] - 190) / 10 for episode, _, _ in later])
    log = numpy.log([session for _, session, _ in later])
    terms = numpy.column_stack([numpy.ones_like(x), x, log, x * log, log**2])
    groups = numpy.unique([episode for episode, _, _ in later], return_inverse=True)[1]
    clustered = statsmodels.api.OLS([total / 10 for *_, total in later], terms).fit(
        cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False}
    )
    assert standard_errors(rows, model) == pytest.approx(clustered.bse, rel=1e-6)


def test_counts_are_published_in_whole_tens_and_too_few_episodes_not_at_all():
    rows = simulated_rows(217)
    closed = {row[0] for row in rows}
    found = publishable(rows, closed, centre=190, random=Random(1))
    assert (found["closed_episodes"], found["episodes"]) == (210, 210)
    assert found["rows"] % 10 == 0
    few = set(sorted(closed)[:199])
    with pytest.raises(ValueError, match="too few"):
        publishable(rows, few, centre=190, random=Random(1))


def test_nothing_but_coefficients_and_counts_stands_in_the_file():
    document = shared_document()
    assert set(document["course"]) == {
        *("beta", "gamma", "quantiles", "alpha", "gram"),
        *("centre", "rows", "episodes", "closed_episodes"),
    }


def test_a_published_file_is_read_back():
    document = shared_document("Björken")
    found = read_shared(json.loads(json.dumps(document)))
    assert found.stratum == ("ors", "client", "adult")
    assert found.model.beta == tuple(document["course"]["beta"])
    assert found.model.shared_by == ("Björken",)
    assert found.model.amber_at_most
    assert Model.from_json(found.model.as_json()) == found.model


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("format",), "something"),
        (("format_version",), 2),
        (("publisher",), "  "),
        (("years",), [2021]),
        (("years",), ["then", "now"]),
        (("course",), None),
        (("course", "beta"), [1, 2, 3]),
        (("course", "beta"), [float("nan")] * 5),
        (("course", "beta"), [90, 0, 0, 0, 0]),
        (("course", "beta", 0), "high"),
        (("course", "gram"), [[0] * 5] * 5),
        (("course", "gram"), [[1, 2, 3, 4, 5]] * 5),
        (("course", "quantiles"), [[1.0, 0.5, 0.0, -0.5, -1.0]] * 5),
        (("course", "quantiles"), [[0.0]] * 5),
        (("course", "closed_episodes"), 190),
        (("course", "episodes"), 10),
        (("course", "rows"), 10),
    ],
)
def test_a_file_that_no_scores_could_have_taught_is_refused(place, value):
    document = quick_document()
    read_shared(document)
    inside = document
    for step in place[:-1]:
        inside = inside[step]
    inside[place[-1]] = value
    with pytest.raises(ValueError):
        read_shared(document)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=5),
    max_leaves=10,
)


@given(st.sampled_from(sorted(quick_document())), json_values)
def test_any_other_json_is_refused_with_a_value_error(key, value):
    try:
        read_shared(quick_document() | {key: value})
    except ValueError:
        return
    assert key not in ("format", "format_version", "course") or quick_document()[key] == value


def test_the_design_default_is_no_shared_course():
    assert not DEFAULT.is_shared
    assert fitting.fit(simulated_rows(40), replace(DEFAULT, shared_by=("x",)), 120).shared_by == ()
