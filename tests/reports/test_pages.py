"""Today, the client's page and the result page."""

import gzip
from datetime import date, time

import pytest
import time_machine
from django.urls import reverse

from clients.models import Client, Episode
from organisations.models import AccessEvent
from organisations.tenancy.context import tenant
from sessions_app.models import Attendance, Note
from sessions_app.periodic import follow_tones
from sessions_app.services.summary import lock_episode, refresh_summary
from tests.factories import ClientFactory, EpisodeFactory, RatingFactory, ServiceFactory, SessionFactory

pytestmark = pytest.mark.django_db
NOON = "2026-11-22T11:00:00Z"


def held(episode, practitioner, *totals, srs=(), first=date(2026, 8, 2)):
    """A session every 14 days with these ORS (and SRS) totals in tenths; returns them, oldest first."""
    sessions = []
    for number, total in enumerate(totals):
        session = SessionFactory(
            organisation=episode.organisation,
            episode=episode,
            practitioner=practitioner,
            held_on=date.fromordinal(first.toordinal() + 14 * number),
        )
        rate(session, "ors", total)
        if number < len(srs):
            rate(session, "srs", srs[number])
        sessions.append(session)
    refresh_summary(lock_episode(episode.pk))
    return sessions


def rate(session, instrument, total):
    marks = [total // 4, total // 4, total // 4, total - 3 * (total // 4)]
    return RatingFactory(organisation=session.organisation, session=session, instrument=instrument, marks=marks)


@pytest.fixture
def course(nils, episode, ann):
    """Nils' eight sessions, from 14.2 to 26.3."""
    with tenant(ann.organisation_id):
        return held(
            episode,
            ann,
            *(142, 150, 178, 169, 204, 226, 241, 263),
            srs=(330, 342, 351, 364, 370, 372, 380, 376),
        )


@time_machine.travel(NOON, tick=False)
def test_today_says_the_answer_first_and_sorts_by_what_presses(browser, ann, nils, course, red_team, service):
    with tenant(ann.organisation_id):
        Client.objects.filter(pk=nils.pk).update(next_on=date(2026, 11, 22), next_at=time(10, 30))
        for name, totals, next_on in (
            ("Mette", (220, 160, 120, 100, 90), None),
            ("Ahmad", (220, 221), date(2026, 11, 13)),
            ("Sofie", (275,), date(2026, 11, 24)),
            ("Jonas", (290,), date(2026, 11, 25)),
        ):
            client = ClientFactory(
                organisation=ann.organisation,
                first_name=name,
                teams=[red_team],
                next_on=next_on,
                next_at=time(8, 0) if name == "Jonas" else None,  # the day counts before the time of day
            )
            held(EpisodeFactory(organisation=ann.organisation, client=client, service=service), ann, *totals)
    browser.force_login(ann.user)
    page = browser.get(reverse("today")).content.decode()
    assert "1 session today, 1 client needs you" in page
    places = [page.index(f"<bdi>{name}</bdi>") for name in ("Nils", "Mette", "Ahmad", "Sofie", "Jonas")]
    assert places == sorted(places)
    for words in ("Progress", "9 days late", "today 10:30", "New · starts above the cut-off", "26.3"):
        assert words in page


@pytest.mark.parametrize("rows", [1, 5])
def test_today_costs_the_same_for_any_number_of_clients(
    browser, ann, red_team, service, rows, django_assert_num_queries
):
    with tenant(ann.organisation_id):
        for client in ClientFactory.create_batch(rows, organisation=ann.organisation, teams=[red_team]):
            held(EpisodeFactory(organisation=ann.organisation, client=client, service=service), ann, 180, 200)
    follow_tones()
    browser.force_login(ann.user)
    browser.get(reverse("today"))
    with django_assert_num_queries(34):
        page = browser.get(reverse("today"))
    assert page.content.decode().count('<th scope="row"') == rows


def test_today_with_50_clients_fits_into_one_flight(browser, ann, red_team, service):
    with tenant(ann.organisation_id):
        for number, client in enumerate(
            ClientFactory.create_batch(50, organisation=ann.organisation, teams=[red_team])
        ):
            totals = [150 + (number * 37 + step * 53) % 140 for step in range(8)]
            srs = [330 + (number * 11 + step * 17) % 70 for step in range(8)]
            held(EpisodeFactory(organisation=ann.organisation, client=client, service=service), ann, *totals, srs=srs)
    browser.force_login(ann.user)
    page = browser.get(reverse("today")).content
    assert page.count(b'<th scope="row"') == 50
    assert len(gzip.compress(page, 6)) <= 11_680


def test_today_without_clients_teaches(browser, ann):
    browser.force_login(ann.user)
    page = browser.get(reverse("today")).content.decode()
    assert "No clients yet" in page
    assert reverse("client-new") in page


def test_the_clients_page_says_the_sentence_the_numbers_and_draws_the_curve(browser, ann, nils, course):
    with tenant(ann.organisation_id):
        Note.objects.create(
            organisation=ann.organisation,
            session=course[-1],
            kind="after_ors",
            text="Better when I know <b>tomorrow</b>.",
        )
    browser.force_login(ann.user)
    page = browser.get(reverse("client-detail", args=[nils.pk])).content.decode()
    assert "Progress, and above the cut-off for the first time." in page
    assert "From 14.2 to 26.3 in 8 measurements: +12.1 (reliable change: 5)." in page
    assert '<svg class="chart' in page
    assert "Better when I know &lt;b&gt;tomorrow&lt;/b&gt;." in page
    assert "<b>tomorrow" not in page
    with tenant(ann.organisation_id):
        assert AccessEvent.objects.get(action="client.view").client_ids == [nils.pk]


@pytest.mark.parametrize("count", [1, 5])
def test_the_clients_page_costs_the_same_for_any_number_of_sessions(
    browser, ann, nils, episode, count, django_assert_num_queries
):
    with tenant(ann.organisation_id):
        held(episode, ann, *([180] * count))
    browser.force_login(ann.user)
    browser.get(reverse("client-detail", args=[nils.pk]))
    with django_assert_num_queries(35):  # two of them what stands on days: goals, contact persons
        browser.get(reverse("client-detail", args=[nils.pk]))


def test_a_fall_is_told_on_the_page_before_any_worker_has_run(browser, ann, nils, episode):
    with tenant(ann.organisation_id):
        held(episode, ann, 220, 160)
    browser.force_login(ann.user)
    page = browser.get(reverse("client-detail", args=[nils.pk])).content.decode()
    assert "ORS is 16, 6 below the start (22)." in page


def test_a_practice_client_has_a_sentence_but_no_alert(browser, ann, nils, episode):
    with tenant(ann.organisation_id):
        held(episode, ann, 220, 160)
        Client.objects.filter(pk=nils.pk).update(is_practice=True)
    browser.force_login(ann.user)
    page = browser.get(reverse("client-detail", args=[nils.pk])).content.decode()
    assert "5 points or more below the start." in page
    assert "6 below the start" not in page


def test_a_no_show_stands_on_the_chart_without_a_score(browser, ann, nils, episode):
    with tenant(ann.organisation_id):
        held(episode, ann, 180)
        SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann, attendance=Attendance.NO_SHOW)
    browser.force_login(ann.user)
    assert "Did not come" in browser.get(reverse("client-detail", args=[nils.pk])).content.decode()


def test_an_earlier_episode_can_be_looked_at(browser, ann, nils, episode, course):
    with tenant(ann.organisation_id):
        old = EpisodeFactory(
            organisation=ann.organisation,
            client=nils,
            service=ServiceFactory(organisation=ann.organisation),
            started_on=date(2024, 1, 1),
            ended_on=date(2024, 6, 1),
            ending="planned",
        )
        held(old, ann, 90, first=date(2024, 1, 2))
        assert Episode.objects.count() == 2
    browser.force_login(ann.user)
    page = browser.get(reverse("client-detail", args=[nils.pk]), {"episode": str(old.pk)}).content.decode()
    assert "9 of 40; the cut-off is 25." in page


def test_the_result_speaks_to_the_client_and_compares_with_last_time(browser, ann, course):
    browser.force_login(ann.user)
    page = browser.get(reverse("session-result", args=[course[-1].pk, "ors"])).content.decode()
    assert "It is about the same as last time." in page, "2.2 points are within the scatter of one mark"
    assert "26.3 today. Last time 24.1. At the start 14.2." in page


def test_a_result_shows_what_was_known_then(browser, ann, course):
    browser.force_login(ann.user)
    page = browser.get(reverse("session-result", args=[course[1].pk, "ors"])).content.decode()
    assert "15 today. Last time 14.2." in page
    assert "26.3" not in page


def test_the_result_after_the_srs_thanks_for_a_low_mark(browser, ann, nils, episode):
    with tenant(ann.organisation_id):
        sessions = held(episode, ann, 180, 190, srs=(380, 340))
    browser.force_login(ann.user)
    page = browser.get(reverse("session-result", args=[sessions[-1].pk, "srs"])).content.decode()
    assert "This meeting fitted you less than the last one. Good that you say so." in page
    assert "34 today. Last time 38." in page
    assert browser.get(reverse("session-result", args=[sessions[-1].pk, "who5"])).status_code == 404


def test_today_leaves_out_whose_help_has_ended(browser, ann, nils, episode, red_team):
    with tenant(ann.organisation_id):
        ClientFactory(organisation=ann.organisation, first_name="Newcomer", teams=[red_team])
        Episode.objects.filter(pk=episode.pk).update(ended_on=date(2026, 10, 1), ending="planned")
    browser.force_login(ann.user)
    page = browser.get(reverse("today")).content.decode()
    assert "Newcomer" in page
    assert "Nils" not in page
