"""The band on the chart, what it was learnt from, and why a page says what it says."""

from datetime import date

import pytest
from django.urls import reverse

from organisations.models import Organisation
from organisations.tenancy.context import tenant
from reports.trajectory.expected_course import expected_of
from sessions_app.measures.reading import Reading
from sessions_app.measures.rules import DEFAULT_RULES
from sessions_app.measures.rules.alert_spans import alert_spans
from sessions_app.measures.series import Measured, Series
from sessions_app.services.explanations import NUMBERS, why_alert
from sessions_app.standards.trajectories import DESIGN_DEFAULT, Trajectory
from sessions_app.texts.points import points
from sessions_app.texts.rules import RULES
from tests.factories import ClientFactory, EpisodeFactory
from tests.reports.test_pages import held
from tests.sessions_app.test_trajectory_refit import courses, refit_trajectories

pytestmark = pytest.mark.django_db


def series(*totals, model=DESIGN_DEFAULT, ended=False):
    """Sessions in order; None is one without an ORS."""
    sessions = tuple(Measured(str(number), date(2026, 1, 1 + number), ors=total) for number, total in enumerate(totals))
    return Series(sessions, model=model, ended=ended)


def test_the_band_starts_at_the_first_mark_and_reaches_two_sessions_ahead():
    band = expected_of(series(None, 160, None, 192)).band
    assert [place.index for place in band] == [1, 3, 4, 5]
    assert (band[0].low, band[0].middle, band[0].high) == (160, 160, 160)
    # The documented table: intake 16 at the sessions 2, 3 and 4; what is below the band is below what is printed.
    assert [(p.low, p.middle, p.high) for p in band[1:]] == [(162, 192, 221), (172, 205, 240), (178, 214, 250)]


def test_an_ended_course_has_nothing_ahead_and_one_without_a_model_no_band():
    assert [place.index for place in expected_of(series(160, 192, ended=True)).band] == [0, 1]
    assert expected_of(series(160, ended=True)).band == ()
    without = expected_of(series(160, 192, model=None))
    assert without.band == () and "from 30 closed episodes on" in without.note
    assert expected_of(series(None, None)).band == ()


@pytest.mark.parametrize("intake", range(0, 401, 20))
def test_no_line_of_the_band_falls_whatever_the_start(intake):
    band = expected_of(series(intake, *[200] * 24)).band
    for name in ("low", "middle", "high"):
        line = [getattr(place, name) for place in band]
        rising = line[1:] if name == "low" else line  # its lower edge opens from the one point of the start
        assert rising == sorted(rising), (name, intake)


def test_a_band_that_would_fall_from_a_high_start_begins_at_the_second_score():
    assert [place.index for place in expected_of(series(380, 370)).band] == [1, 2, 3]
    assert [place.index for place in expected_of(series(160, 170)).band] == [0, 1, 2, 3]


def test_a_client_is_shown_only_what_was_learnt_from_own_clients(browser, ann, nils, episode, service):
    with tenant(ann.organisation_id):
        last = held(episode, ann, 180, 190)[-1]
    result = reverse("session-result", args=[last.pk, "ors"])
    assert 'class="c-band"' in detail(browser, ann, nils), "a practitioner sees the design default"
    shown = browser.get(result).content.decode()
    assert 'id="client-chart"' in shown
    assert "c-band" not in shown
    assert "xpected course" not in shown
    with tenant(ann.organisation_id):
        courses(ann, service, 30)
        refit_trajectories()
    shown = browser.get(result).content.decode()
    assert 'class="c-band"' in shown
    assert "learnt from 30 closed episodes of your own organisation" in shown


@pytest.mark.parametrize(("intake", "upper"), [(299, True), (300, False)])
def test_near_the_top_of_the_scale_there_is_no_upper_band(intake, upper):
    expected = expected_of(series(intake, 310))
    assert all((place.high > place.middle) is upper for place in expected.band[1:])
    assert ("middle half" in expected.title) is upper


def detail(browser, practitioner, client):
    browser.force_login(practitioner.user)
    return browser.get(reverse("client-detail", args=[client.pk])).content.decode()


def test_the_page_says_that_the_default_is_not_from_clients(browser, ann, nils, episode):
    with tenant(ann.organisation_id):
        held(episode, ann, 180, 190)
    page = detail(browser, ann, nils)
    assert 'class="c-band"' in page
    assert "a design default (default-1), not from your clients." in page
    assert "The band shows clients still in treatment." in page
    assert page.count("No line falls: each is held at the highest it has reached.") == 1, "what the picture does"


def test_the_page_says_from_how_many_an_own_course_was_learnt(browser, ann, nils, episode, service):
    with tenant(ann.organisation_id):
        courses(ann, service, 30)
        refit_trajectories()
        held(episode, ann, 180, 190)
    page = detail(browser, ann, nils)
    assert (
        "learnt from 30 closed episodes of your own organisation, drawn towards the design default; version 1" in page
    )
    assert "not from your clients" not in page


def test_a_young_client_has_no_band_before_there_are_own_episodes(browser, ann, red_team, service):
    with tenant(ann.organisation_id):
        client = ClientFactory(organisation=ann.organisation, birth_year=2012, teams=[red_team])
        held(EpisodeFactory(organisation=ann.organisation, client=client, service=service), ann, 180, 190)
    page = detail(browser, ann, client)
    assert "c-band" not in page
    assert "Expected course" not in page


def test_an_alert_and_the_sentence_tell_rule_numbers_source_and_version(browser, ann, nils, episode):
    with tenant(ann.organisation_id):
        held(episode, ann, 220, 160, srs=(380, 340))
    page = detail(browser, ann, nils)
    assert page.count("<summary>Why?</summary>") == 1 + 2, "the sentence, well-being (O1, O2, O4), alliance (S1, S2)"
    for words in (
        "The ORS is below the first one by the reliable change or more. Red when several measurements together",
        "FIT convention ±5; needs SD 6.8 with reliability .93",
        "Rules, version 3.",
        "read in a source",
    ):
        assert words in page


def test_every_rule_has_words_and_every_number_a_name(ann, episode):
    assert set(RULES) == {rule.key for rule in DEFAULT_RULES.rules}
    found = alert_spans(series(260, 200, 150, 140, 130, 130, 120, 110))
    assert {span.rule for span in found} >= {"O1", "O2", "O4", "O7"}
    for span in (span for span in found if span.rule != "M1"):  # its sentence says which form is missing
        assert set(span.numbers) - {"threshold"} <= set(NUMBERS)
        why = why_alert(span, Reading(series(260)))
        # A threshold stands once: among the values that were read, with its name and its source.
        assert len(why.numbers) == len(span.numbers.keys() - {"threshold"})
        if "threshold" in span.numbers:
            assert f"{points(span.numbers['threshold'])} points" in [one.value for one in why.thresholds]
        assert why.thresholds


def test_the_expected_course_that_was_reached_is_told_as_a_number():
    reached = series(200, 300, 300)
    (span,) = [one for one in alert_spans(reached) if one.rule == "O8"]
    assert ("expected at least", points(span.numbers["threshold"])) in why_alert(span, Reading(reached)).numbers


def test_values_of_one_origin_are_told_together(browser, ann, nils, episode):
    with tenant(ann.organisation_id):
        held(episode, ann, 180, 190, 200, srs=(390, 370, 330))
    page = detail(browser, ann, nils)
    alert = page[page.index('id="alerts"') :]
    told = alert[alert.index("The SRS has fallen over the last measurements.") :]
    told = told[: told.index("Rules, version")]
    assert told.count("no published source (our own proposal)") == 1
    for name in ("SRS falling: 3 times in a row.", "red: in all: 4 points.", "from the first to the last: 2 points."):
        assert name in told
    assert "gets it in red" in told or "get it in red" in told
    assert told.index("people whose life does not change") < told.index("no published source")


def test_the_words_of_danger_stand_on_the_clients_page_and_on_the_result(browser, ann, nils, episode):
    with tenant(ann.organisation_id):
        (session,) = held(episode, ann, 180)
        Organisation.objects.filter(pk=ann.organisation_id).update(emergency_text="Call <b>112</b>.")
    for page in (
        detail(browser, ann, nils),
        browser.get(reverse("session-result", args=[session.pk, "ors"])).content.decode(),
    ):
        assert "They do not detect danger to life." in page
        assert "Call &lt;b&gt;112&lt;/b&gt;." in page


def test_a_trajectory_remembers_and_says_the_same():
    model = DESIGN_DEFAULT.model
    again = Trajectory(model)
    assert [again.band(180, 4, 0.25), again.band(180, 4, 0.25)] == [model.band(180, 4, 0.25)] * 2


def test_the_page_can_be_read_with_the_version_it_was_once_read_with(browser, ann, nils, episode, service):
    with tenant(ann.organisation_id):
        courses(ann, service, 30)
        refit_trajectories()
        courses(ann, service, 5)
        refit_trajectories()
        held(episode, ann, 180, 190)
    page = detail(browser, ann, nils)
    assert "version 2" in page
    assert f"?episode={episode.pk}&amp;trajectory=1" in page
    path = reverse("client-detail", args=[nils.pk])
    first = browser.get(path, {"episode": episode.pk, "trajectory": "1"}).content.decode()
    assert "version 1" in first
    assert "30 closed episodes" in first
    default = browser.get(path, {"episode": episode.pk, "trajectory": "0"}).content.decode()
    assert "a design default" in default
    assert "version 2" in browser.get(path, {"trajectory": "nonsense"}).content.decode()
