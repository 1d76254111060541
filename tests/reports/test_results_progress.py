"""Sessions to progress on the results page: against an independent computation, by choice past the cut-off, hidden."""

from datetime import timedelta
from random import Random

import pytest
import scipy.stats
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organisations.tenancy.context import tenant
from sessions_app.models import Rating, Session
from tests.reports.test_results import shown_to
from tests.results_rows import add_episodes

pytestmark = pytest.mark.django_db
SECTION = "How many sessions until there is progress?"


def add_courses(practitioner, service, courses, **more):
    """An episode for each list of totals (tenths): a session a week, None for one without a score."""
    scored = [[total for total in course if total is not None] for course in courses]
    episodes = [
        add_episodes(practitioner, service, [(totals[0], totals[-1])], outcome_count=len(totals), **more)[0]
        for totals in scored
    ]
    own = {"organisation": practitioner.organisation, "practitioner": practitioner}
    with tenant(practitioner.organisation_id):
        pairs = [
            (_later(own, episode, number), total)
            for episode, course in zip(episodes, courses, strict=True)
            for number, total in enumerate(course)
            if number
        ]
        Session.objects.bulk_create(session for session, _total in pairs)
        Rating.objects.bulk_create(
            Rating(
                organisation=own["organisation"],
                session=session,
                instrument="ors",
                total=total,
                entry_mode="imported",
                submission_id=session.pk,
            )
            for session, total in pairs
            if total is not None
        )
    return episodes


def _later(own, episode, weeks):
    held = episode.started_on + timedelta(weeks=weeks)
    where = {"client_id": episode.client_id, "episode": episode}
    return Session(**own, **where, held_on=held, time_zone="Europe/Copenhagen")


def courses_like(seed, count):
    rng = Random(seed)
    return [
        [min(400, max(0, 150 + step * rng.randint(0, 30) + rng.randint(-20, 20))) for step in range(rng.randint(2, 9))]
        for _ in range(count)
    ]


def test_the_median_is_that_of_an_independent_computation(browser, ann, service, red_team):
    courses = courses_like(1, 30)
    add_courses(ann, service, courses, team=red_team, contact=ann)
    page = shown_to(browser, ann)
    ended, going = [], []
    for course in courses:
        made = [place for place, total in enumerate(course, 1) if place > 1 and total >= course[0] + 50]
        (ended if made else going).append(made[0] if made else len(course))
    curve = scipy.stats.ecdf(scipy.stats.CensoredData(uncensored=ended, right=going)).sf
    half = next(int(at) for at, share in zip(curve.quantiles, curve.probabilities, strict=True) if share <= 0.5)
    assert f"Half have made progress by session {half}" in page


def test_a_session_without_a_score_and_one_that_was_not_held_count_as_they_should(browser, ann, service, red_team):
    [episode] = add_courses(ann, service, [[150, None, 160, 220]], team=red_team, contact=ann)
    assert "Half have made progress by session 4" in shown_to(browser, ann)
    with tenant(ann.organisation_id):
        second = Session.objects.filter(episode=episode).order_by("held_on")[1]
        Session.objects.filter(pk=second.pk).update(attendance="no_show")
    assert "Half have made progress by session 3" in shown_to(browser, ann)


def test_by_choice_progress_ends_past_the_cut_off_too(browser, ann, service, red_team):
    add_courses(ann, service, [[150, 210, 220, 260], [280, 390]], team=red_team, contact=ann)
    assert "Half have made progress by session 2" in shown_to(browser, ann, of="own")
    page = shown_to(browser, ann, of="own", progress="cutoff")
    assert "Half have made progress by session 4" in page
    assert "Of those that began below the cut-off" in page
    assert (
        'href="?of=own#progress"'
        in browser.get(reverse("results"), {"of": "own", "progress": "cutoff"}).content.decode()
    )


def test_who_goes_on_counts_until_now_and_nobody_with_progress_is_said(browser, ann, service, red_team):
    add_courses(ann, service, [[150, 160, 170]], team=red_team, contact=ann)
    assert "Nobody has made that progress yet." in shown_to(browser, ann)


def test_an_administrator_sees_no_step_of_fewer_than_ten(browser, ada, ann, ben, service, red_team):
    for person in (ann, ben):
        courses = [[150, *[160] * held, 260] for held in [1] * 10 + [2] * 2 + [3] * 4 + [4] * 6]
        add_courses(person, service, courses, team=red_team, contact=person)
    page = shown_to(browser, ada).split(SECTION)[1]
    assert "Each step of the curve holds 10 episodes or more." in page
    assert "Half have made progress by session 5" in page, "four of 44 at session 4 are no step of their own"
    assert "Half have made progress by session 4" in shown_to(browser, ann, of="teams")


def test_too_few_are_hidden_from_an_administrator(browser, ada, ann, ben, service, red_team):
    for person in (ann, ben):
        add_courses(person, service, [[150, 220]] * 4, team=red_team, contact=person)
    page = shown_to(browser, ada).split(SECTION)[1].split("How long does an episode last?")[0]
    assert "Hidden: too few clients." in page
    assert "session 2" not in page


def test_the_page_asks_as_often_for_five_courses_as_for_one(browser, ann, ada, service, red_team):
    def cost(person):
        browser.force_login(person.user)
        browser.get(reverse("results"))
        with CaptureQueriesContext(connection) as queries:
            browser.get(reverse("results"))
        return len(queries)

    add_courses(ann, service, [[150, 220]], team=red_team, contact=ann)
    one = [cost(person) for person in (ann, ada)]
    add_courses(ann, service, [[150, 220, 230]] * 4, team=red_team, contact=ann)
    assert [cost(person) for person in (ann, ada)] == one
