"""The end of an episode: the whole course, what becomes of what is open, and back; nothing is left to nobody."""

import datetime

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clients.models import Client, Episode
from organisations.models import Capability
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from sessions_app.measures.series import Measured, Series
from sessions_app.measures.verdict.referral import has_not_moved
from sessions_app.models import Alert, Attendance, FollowUpMeasure, Goal, SessionDecision
from tests.factories import ClientFactory, EpisodeFactory, RatingFactory, SessionFactory
from tests.saving import form_on
from tests.sealed_words import the
from tests.sessions_app.test_client_merges import all_rows, fill, worked_out
from tests.sessions_app.test_links import send, token_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(ann):
    browser = Browser()
    browser.force_login(ann.user)
    return browser


@pytest.fixture
def full(ann, nils, service):
    """Nils' course with everything that hangs on it: two follow-ups, an appointment, a goal."""
    with tenant(nils.organisation_id):
        episode = fill(ann, nils, service)
        Client.objects.filter(pk=nils.pk).update(next_on=datetime.date(2999, 3, 1))
        last = episode.sessions.latest("held_on")
        about = {"organisation": nils.organisation, "session": last, "follow_up_on": last.held_on}
        for text in ("Call the school", "Write to the doctor"):
            SessionDecision.objects.create(**about, text=text, responsible=ann)
        Goal.objects.create(organisation=nils.organisation, episode=episode, wording="My own flat", since=last.held_on)
    worked_out(ann)
    return episode


def url_of(episode):
    return reverse("episode-end", args=[episode.pk])


def end(staff, episode, ending="planned", **more):
    form = form_on(staff, url_of(episode))
    return staff.post(url_of(episode), form | {"ending": ending, "ended_on": today_of(episode)} | more)


def today_of(episode):
    return today_in(episode.organisation).isoformat()


def again(row):
    with tenant(row.organisation_id):
        return type(row).objects.get(pk=row.pk)


def words(page):
    return " ".join(page.content.decode().split())


def test_the_page_shows_the_whole_course_and_what_becomes_of_what_is_open(staff, nils, full):
    page = words(staff.get(url_of(full)))
    for said in (
        '<svg class="chart',
        "Sessions held</dt><dd>2",
        "Call the school",
        "stays on Today until it is followed up",
        "My own flat",
        "unfinished form stays",
        "The appointment on",
        "After 3 months",
    ):
        assert said in page, said


def test_what_is_open_is_closed_seen_to_or_kept_and_reopened_all_stands_as_before(staff, ann, nils, full):
    token_in(send(staff, nils))
    worked_out(ann)
    before = all_rows(ann)
    with tenant(nils.organisation_id):
        seen_to = the(SessionDecision, text="Call the school")
        assert Alert.objects.open().exists()
    answer = end(staff, full, seen_to=[str(seen_to.pk)], months=["3", "6"])
    assert answer.status_code == 302
    worked_out(ann)
    with tenant(nils.organisation_id):
        assert not Alert.objects.open().exists()
        assert SessionDecision.objects.to_follow_up().get().text == "Write to the doctor"
        assert not Capability.objects.filter(used_at=None, revoked_at=None).exists()
        assert Client.objects.get(pk=nils.pk).next_on is None
        assert FollowUpMeasure.objects.waiting().count() == 2
    assert "Write to the doctor" in staff.get(reverse("today")).content.decode()
    staff.post(reverse("episode-reopen", args=[full.pk]))
    worked_out(ann)
    after = all_rows(ann)
    for label, rows in before.items():
        if label != "sessions_app.FollowUpMeasure":
            assert after[label] == rows, label
    with tenant(nils.organisation_id):
        assert not FollowUpMeasure.objects.waiting().exists()


def test_an_appointment_is_kept_where_that_was_chosen_or_another_episode_is_open(staff, nils, full):
    end(staff, full, keeps_appointment="on")
    assert again(nils).next_on == datetime.date(2999, 3, 1)
    staff.post(reverse("episode-reopen", args=[full.pk]))
    with tenant(nils.organisation_id):
        EpisodeFactory(organisation=nils.organisation, client=nils)
    end(staff, full)
    assert again(nils).next_on == datetime.date(2999, 3, 1)


def test_an_appointment_made_since_is_not_overwritten_by_reopening(staff, nils, full):
    end(staff, full)
    with tenant(nils.organisation_id):
        Client.objects.filter(pk=nils.pk).update(next_on=datetime.date(2999, 5, 5))
    staff.post(reverse("episode-reopen", args=[full.pk]))
    assert again(nils).next_on == datetime.date(2999, 5, 5)


def test_where_to_belongs_to_a_referral_and_is_offered_again(staff, nils, full):
    refused = end(staff, full, referred_to="The clinic")
    assert (refused.status_code, "Only where the client was referred on." in words(refused)) == (422, True)
    assert "The clinic" in words(refused), "nothing is lost"
    end(staff, full, "referred", referred_to="The clinic")
    assert again(full).referred_to == "The clinic"
    assert "Referred on: <bdi>The clinic</bdi>" in words(staff.get(reverse("client-detail", args=[nils.pk])))
    with tenant(nils.organisation_id):
        other = EpisodeFactory(organisation=nils.organisation, client=nils)
    assert '<option value="The clinic">' in words(staff.get(url_of(other)))


@pytest.mark.parametrize(
    ("totals", "proposed"),
    [
        ((150, 160), False),  # too early to say
        ((150, 160, 199), True),
        ((150, 160, 200), False),  # a reliable gain
        ((150, 170, 120), True),
        ((260, 255, 262), False),  # above the cut-off all along
        ((), False),
    ],
)
def test_referral_is_proposed_where_nothing_has_moved(totals, proposed):
    day = datetime.date(2026, 1, 5)
    sessions = tuple(Measured(key=str(n), held_on=day + datetime.timedelta(n), ors=one) for n, one in enumerate(totals))
    assert has_not_moved(Series(sessions)) is proposed


def test_a_course_that_has_not_moved_has_referral_chosen(staff, ann, nils, full):
    assert not form_on(staff, url_of(full))["ending"]
    with tenant(nils.organisation_id):
        for number in (20, 21):
            session = SessionFactory(
                organisation=nils.organisation,
                episode=full,
                practitioner=ann,
                held_on=full.started_on + datetime.timedelta(days=number),
            )
            RatingFactory(organisation=nils.organisation, session=session, marks=(50, 50, 50, 50))
    worked_out(ann)
    assert form_on(staff, url_of(full))["ending"] == ["referred"]


def test_no_shows_cancellations_and_drop_out_are_counted_on_both_pages(staff, ann, nils, full):
    kinds = (Attendance.NO_SHOW, Attendance.NO_SHOW, Attendance.CANCELLED_CLIENT, Attendance.CANCELLED_SERVICE)
    with tenant(nils.organisation_id):
        for number, kind in enumerate(kinds):
            held_on = full.started_on + datetime.timedelta(days=30 + number)
            about = {"organisation": nils.organisation, "episode": full, "practitioner": ann, "held_on": held_on}
            SessionFactory(**about, attendance=kind)
    page = words(staff.get(url_of(full)))
    assert "Did not come</dt><dd>2" in page
    assert "Cancelled by the client</dt><dd>1" in page
    assert "would count as dropped out" in page
    end(staff, full, "unplanned")
    page = words(staff.get(reverse("client-detail", args=[nils.pk])))
    assert "did not come 2 times" in page
    assert "2 cancelled" in page
    assert "dropped out" in page


@pytest.mark.parametrize("count", [1, 5])
def test_the_page_costs_the_same_for_any_number_of_sessions(
    staff, ann, nils, episode, count, django_assert_num_queries
):
    with tenant(nils.organisation_id):
        for number in range(count):
            held_on = episode.started_on + datetime.timedelta(days=number)
            session = SessionFactory(organisation=nils.organisation, episode=episode, practitioner=ann, held_on=held_on)
            about = {"organisation": nils.organisation, "session": session, "follow_up_on": held_on}
            SessionDecision.objects.create(**about, text=f"Call {number}", responsible=ann)
    staff.get(url_of(episode))
    with django_assert_num_queries(34):
        staff.get(url_of(episode))


def test_a_new_episode_names_the_earlier_ones(staff, nils, full):
    end(staff, full)
    page = words(staff.get(reverse("episode-new", args=[nils.pk])))
    assert "Episodes until now" in page
    assert f"?episode={full.pk}" in page


def test_of_another_clients_follow_ups_none_is_seen_to(staff, ann, nils, full, red_team, service):
    with tenant(nils.organisation_id):
        other = ClientFactory(organisation=nils.organisation, teams=[red_team])
        theirs = fill(ann, other, service)
        about = {"organisation": nils.organisation, "session": theirs.sessions.first()}
        decision = SessionDecision.objects.create(**about, text="Theirs", follow_up_on=full.started_on)
    assert end(staff, full, seen_to=[str(decision.pk)]).status_code == 422
    assert again(decision).done_at is None
    with tenant(nils.organisation_id):
        assert Episode.objects.open().filter(pk=full.pk).exists()
