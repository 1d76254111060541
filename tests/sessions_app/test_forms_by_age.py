"""Age and rater decide the form, its score and its cut-off; a new series is offered in one year, and joins nothing."""

from datetime import date

import pytest

from clients.models import Client, Episode, Relation
from organisations.tenancy.context import tenant
from sessions_app.measures.instruments.by_age import BANDS, counts_for, forms_for, parts_of, period_at
from sessions_app.measures.instruments.form_key import FormKey, relation_of
from sessions_app.measures.instruments.registry import CLIENT, age_band, cutoff_for
from sessions_app.measures.series import Rated
from sessions_app.services.courses import load_curves
from sessions_app.services.series_by_age import offered_band
from sessions_app.standards.values import cutoff_key, effective
from tests.reports.test_pages import held

DEFAULTS = effective({})
RATERS = (*Relation.values, "teacher-2")
# From, to and with an age: the client's outcome form and its cut-off in tenths (None: no score), the alliance
# form, and with what others rate the client. Their cut-off is the caretaker's, whoever they are.
TABLE = [
    (range(6), "ycors", None, "ycsrs", "cors"),
    (range(6, 13), "cors", 320, "csrs", "cors"),
    (range(13, 18), "ors", 280, "srs", "ors"),
    ([*range(18, 100), None], "ors", 250, "srs", "ors"),
]
OTHERS, ALLIANCE = 280, 360
AGES = [(age, *row) for ages, *row in TABLE for age in ages]


def cutoff_in_use(form, age):
    """What the organisation's default values say of the series of a scored outcome form."""
    return DEFAULTS[cutoff_key(Rated(form.instrument_key, "srs", form.rater, age_band(age)))]


def test_the_table_holds_every_age_once():
    ages = [age for age, *_row in AGES]
    assert ages == [*range(100), None]


@pytest.mark.parametrize(("age", "outcome", "cutoff", "alliance", "beside"), AGES)
def test_the_client_s_own_forms(age, outcome, cutoff, alliance, beside):
    own, after = FormKey(outcome), FormKey(alliance)
    asked = forms_for(age_band(age), ())
    # A child under 6 has no score of its own: a caretaker's always stands beside it.
    assert asked == ((own, FormKey("cors", "caretaker"), after) if cutoff is None else (own, after))
    assert own.instrument.scored is after.instrument.scored is (cutoff is not None)
    assert cutoff_for(outcome, age) == cutoff
    assert cutoff_for(alliance, age) == (ALLIANCE if cutoff else None)
    assert counts_for(age_band(age), own) is (cutoff is not None)
    if cutoff is not None:
        assert cutoff_in_use(own, age) == cutoff
        low, high = own.instrument.ages
        assert age is None or (low <= age and (high is None or age <= high))


@pytest.mark.parametrize("rater", RATERS)
@pytest.mark.parametrize(("age", "outcome", "cutoff", "alliance", "beside"), AGES)
def test_what_others_fill_in_about_the_client(age, outcome, cutoff, alliance, beside, rater):
    form = FormKey(beside, rater)
    assert forms_for(age_band(age), (rater,)) == (FormKey(outcome), form, FormKey(alliance))
    assert form.instrument.scored and relation_of(rater) in form.instrument.raters
    assert (cutoff_for(beside, age, rater), cutoff_in_use(form, age)) == (OTHERS, OTHERS)
    # Under 6 the session's outcome is theirs; from 6 on it is the client's own.
    assert counts_for(age_band(age), form) is (cutoff is None)


@pytest.mark.parametrize("intake", range(100))
def test_a_new_series_is_offered_in_the_year_of_another_band_and_not_before(intake):
    """Born so many years before the intake; each later year the forms in use are those of the intake."""
    born = 1926
    episode = Episode(age_at_intake=intake, new_series=[], client=Client(birth_year=born))
    for age in range(intake, 100):
        january, december = date(born + age, 1, 1), date(born + age, 12, 31)
        fits = age_band(age)
        wanted = None if fits == age_band(intake) else fits
        assert (offered_band(episode, january), offered_band(episode, december)) == (wanted, wanted)
    grown = [age for age in range(intake, 100) if offered_band(episode, date(born + age, 6, 1))]
    later = [age for age in (6, 13, 18) if age > intake]
    assert grown[:1] == later[:1]


def test_nothing_is_offered_without_a_year_of_birth_or_after_the_end():
    assert offered_band(Episode(age_at_intake=12, client=Client()), date(2026, 1, 1)) is None
    ended = Episode(age_at_intake=12, ended_on=date(2026, 1, 1), client=Client(birth_year=2010))
    assert offered_band(ended, date(2026, 2, 1)) is None


def test_the_month_of_birth_says_at_a_boundary_which_forms_fit():
    """Born in December: twelve until then, thirteen from December on."""
    born = Client(birth_year=2013, birth_month=12)
    episode = Episode(age_at_intake=12, new_series=[], client=born)
    assert [born.age_on(date(2026, month, 1)) for month in (1, 11, 12)] == [12, 12, 13]
    assert [offered_band(episode, date(2026, month, 1)) for month in (1, 11, 12)] == [None, None, "adolescent"]
    assert Client(birth_year=2026, birth_month=12).age_on(date(2026, 1, 1)) == 0


def test_a_begun_series_is_offered_no_more_and_the_next_band_is():
    episode = Episode(age_at_intake=5, new_series=[["2020-03-01", "child"], ["2027-03-01", "adolescent"]])
    episode.client = Client(birth_year=2014)
    assert offered_band(episode, date(2031, 12, 31)) is None
    assert offered_band(episode, date(2032, 1, 1)) == "adult"


def test_every_day_belongs_to_one_stretch():
    parts = parts_of(5, [["2020-03-01", "child"], ["2027-03-01", "adolescent"], ["2032-03-01", "adult"]])
    assert [part.band for part in parts] == list(BANDS)
    for part in parts[1:]:
        assert period_at(parts, part.since) == part
        assert period_at(parts, date.fromordinal(part.since.toordinal() - 1)) == parts[parts.index(part) - 1]
    for ordinal in range(date(2020, 1, 1).toordinal(), date(2033, 1, 1).toordinal()):
        assert sum(part.holds(date.fromordinal(ordinal)) for part in parts) == 1


@pytest.mark.django_db
def test_the_same_form_in_two_bands_is_two_curves_with_their_own_cut_offs(ann, episode):
    """From 17 to 18 the form stays the ORS; the totals still stand in two series."""
    with tenant(ann.organisation_id):
        sessions = held(episode, ann, 142, 178, 226, 263)
        episode.age_at_intake, episode.new_series = 17, [[sessions[2].held_on.isoformat(), "adult"]]
        curves = load_curves(episode)
        found = [(curve.series.cutoff, [total for _, total in curve.series.ors_totals()]) for curve in curves]
    assert found == [(250, [226, 263]), (280, [142, 178])]
    assert [curve.form for curve in curves] == [FormKey("ors", CLIENT)] * 2
