"""The scores without the noise: for staff who ask for it, never on what a client is shown."""

from datetime import date

import pytest
from django.urls import reverse

from organisations.tenancy.context import tenant
from reports.client_page.course import chart_series
from reports.client_page.state_line import has_state_line, state_line
from sessions_app.measures.series import Measured, Series
from sessions_app.measures.state_filter import ADULT_VALUES, states
from tests.reports.test_pages import held

pytestmark = pytest.mark.django_db
SHOW, HIDE = "Show the scores without the noise", "Hide the scores without the noise"
TITLE, NOTE = "The scores without the noise", "For staff: it is neither printed nor shown to clients."


@pytest.fixture
def sessions(ann, episode):
    with tenant(ann.organisation_id):
        return held(episode, ann, 180, 230, 200)


def page_of(browser, practitioner, client, **query):
    browser.force_login(practitioner.user)
    return browser.get(reverse("client-detail", args=[client.pk]), query).content.decode()


def series(*totals):
    """Sessions in order; None is one without a score."""
    return Series(tuple(Measured(str(at), date(2026, 1, 1 + at), ors=total) for at, total in enumerate(totals)))


def test_it_is_the_state_of_the_filter_at_each_score():
    band = state_line(series(300, None, 240, 250)).band
    found = states(ADULT_VALUES, [300, 240, 250])
    assert [place.index for place in band] == [0, 2, 3]
    assert [(place.low, place.high) for place in band] == [state.limits() for state in found]
    assert [place.middle for place in band] == [round(10 * state.points) for state in found]


def test_there_is_none_before_the_second_score():
    for course in (series(), series(300), series(300, None)):
        assert not has_state_line(course)
        assert state_line(course).band == ()
    assert has_state_line(series(300, None, 240))


def test_it_is_off_until_it_is_asked_for(browser, ann, nils, sessions):
    page = page_of(browser, ann, nils)
    assert SHOW in page and 'href="?state=on#client-chart"' in page
    for word in ("c-state", TITLE, NOTE, HIDE):
        assert word not in page
    assert SHOW in page_of(browser, ann, nils, state="yes")


def test_asked_for_it_is_in_picture_legend_table_and_words(browser, ann, nils, episode, sessions):
    page = page_of(browser, ann, nils, state="on")
    assert page.count('class="c-state-band"') == page.count('class="c-state"') == 2, "in both sizes"
    assert f'<span class="key state"></span>{TITLE}</li>' in page
    assert NOTE in page
    last = states(ADULT_VALUES, [180, 230, 200])[-1]
    low, high = (f"{limit / 10:g}" for limit in last.limits())
    assert f"Without the noise the scores say {last.points:.1f} at the last, between {low} and {high}.</desc>" in page
    assert f"{last.points:.1f} ({low}–{high})</td>" in page
    assert HIDE in page and SHOW not in page
    named = page_of(browser, ann, nils, state="on", episode=str(episode.pk))
    assert f'href="?episode={episode.pk}#client-chart"' in named


def test_an_earlier_expected_course_is_kept_while_it_is_shown_or_hidden(browser, ann, nils, episode, sessions):
    earlier = {"episode": str(episode.pk), "trajectory": "0"}
    shown = page_of(browser, ann, nils, **earlier)
    assert f"?episode={episode.pk}&amp;trajectory=0&amp;state=on#client-chart" in shown
    shown = page_of(browser, ann, nils, **earlier, state="on")
    assert f'?episode={episode.pk}&amp;trajectory=0#client-chart"' in shown


def test_one_score_offers_nothing(browser, ann, nils, episode):
    with tenant(ann.organisation_id):
        held(episode, ann, 180)
    for query in ({}, {"state": "on"}):
        page = page_of(browser, ann, nils, **query)
        assert SHOW not in page and HIDE not in page and "c-state" not in page


def test_what_a_client_is_shown_never_has_it(browser, ann, episode, sessions):
    browser.force_login(ann.user)
    shown = browser.get(reverse("session-result", args=[sessions[-1].pk, "ors"]), {"state": "on"}).content.decode()
    assert 'id="client-chart"' in shown
    for word in ("c-state", TITLE, NOTE, SHOW, HIDE, "Without the noise"):
        assert word not in shown
    with tenant(ann.organisation_id):
        course = Series(tuple(Measured(str(one.pk), one.held_on, ors=200) for one in sessions))
        assert chart_series(episode, course, notes={}, with_state=True).state
        assert not chart_series(episode, course, notes={}, with_state=True, to_client=True).state
