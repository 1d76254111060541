"""Several raters on one client's page: their curves, the ended ones, the offer of new forms."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.models import Client, Episode, Rater
from organisations.tenancy.context import tenant
from tests.factories import RatingFactory
from tests.reports.test_pages import held

pytestmark = pytest.mark.django_db
NOON = "2026-11-22T11:00:00Z"
OTHERS = ("mother", "father", "caretaker", "teacher", "professional")


@pytest.fixture
def course(nils, episode, ann):
    with tenant(ann.organisation_id):
        return held(episode, ann, 142, 178, 226, 263)


def rated_by(nils, sessions, *relations):
    """These raters, each with a mark at every session."""
    for relation in relations:
        Rater.objects.create(organisation=nils.organisation, client=nils, key=relation, relation=relation)
        for session in sessions:
            own = {"organisation": nils.organisation, "session": session}
            RatingFactory(**own, instrument="ors", rater=relation, marks=[40, 40, 40, 40])


def page_of(browser, ann, nils):
    browser.force_login(ann.user)
    return browser.get(reverse("client-detail", args=[nils.pk])).content.decode()


@time_machine.travel(NOON, tick=False)
def test_the_page_of_one_rater_has_no_second_chart(browser, ann, nils, course):
    page = page_of(browser, ann, nils)
    assert "chart-raters" not in page and 'id="client-chart"' in page


@time_machine.travel(NOON, tick=False)
def test_six_raters_are_told_apart_by_dash_marker_and_name(browser, ann, nils, course):
    with tenant(ann.organisation_id):
        rated_by(nils, course, *OTHERS)
    page = page_of(browser, ann, nils)
    wide = page.partition('viewBox="0 0 760 400"')[2].partition("chart-raters")[2].partition("</svg>")[0]
    for place, name in enumerate(("The client 26.3", "Mother 16", "Father 16", "Caretaker 16", "Teacher 16")):
        assert f'class="r-line r-{place}"' in wide and f"{name}</text>" in wide
    assert "cut-off 25" in wide and "cut-off 28" in wide  # an adult's own, and what others see


@time_machine.travel(NOON, tick=False)
def test_an_older_age_s_curve_is_shown_as_ended_and_no_score_moves(browser, ann, nils, course):
    with tenant(ann.organisation_id):
        Client.objects.filter(pk=nils.pk).update(birth_year=2014)
        assert "Begin a new curve" not in page_of(browser, ann, nils)
        Client.objects.filter(pk=nils.pk).update(birth_year=2013)
        Episode.objects.filter(client=nils).update(age_at_intake=12)
        assert "Begin a new curve" in page_of(browser, ann, nils)
        Episode.objects.filter(client=nils).update(new_series=[[str(course[2].held_on), "adolescent"]])
        for session, instrument, marks in ((course[1], "csrs", [90, 80, 95, 90]), (course[3], "srs", [91] * 4)):
            RatingFactory(organisation=nils.organisation, session=session, instrument=instrument, marks=marks)
    page = page_of(browser, ann, nils)
    assert "Begin a new curve" not in page
    ended = page.partition('id="raters-child"')[2].partition("</section>")[0]
    assert "Earlier curve: 6 to 12 years" in ended and "ended " in ended
    assert ">17.8</td>" in ended and ">22.6</td>" not in ended
    assert "The client has grown into the forms of 13 to 17 years" in ended
    # The alliance of that time stands in its table and, under its own form, in that of all curves; not with new ones.
    assert "Alliance (CSRS)</th>" in ended and ">35.5</td>" in ended and "36.4" not in ended
    groups = page.replace(ended, "").split('scope="rowgroup"')
    assert [", 6 to 12 years" in group.partition("</th>")[0] for group in groups if ">35.5<" in group] == [True]
    assert "36.4" in page


@time_machine.travel(NOON, tick=False)
def test_only_the_ended_curve_says_that_another_follows(browser, ann, nils, course):
    with tenant(ann.organisation_id):
        rated_by(nils, course, "mother")
        Client.objects.filter(pk=nils.pk).update(birth_year=2013)
        new = [[str(course[2].held_on), "adolescent"]]
        Episode.objects.filter(client=nils).update(age_at_intake=12, new_series=new)
    page = page_of(browser, ann, nils)
    assert 'id="raters-adolescent"' in page and 'id="raters-child"' in page
    assert page.count("The client has grown into the forms of") == 1


@time_machine.travel(NOON, tick=False)
def test_the_page_asks_as_often_for_five_raters_as_for_one(browser, ann, nils, course):
    page_of(browser, ann, nils)
    counted = []
    for relations in (OTHERS[:1], OTHERS[1:]):
        with tenant(ann.organisation_id):
            rated_by(nils, course, *relations)
        with CaptureQueriesContext(connection) as queries:
            browser.get(reverse("client-detail", args=[nils.pk]))
        counted.append(len(queries))
    assert counted[0] == counted[1]
