"""How far new colleagues are: for themselves, and for those who see to it."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from organisations.models import Membership, Practitioner
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from reports.learning.steps import CLIENT, INTRODUCED, MEETING, PRACTISED, ROUNDS, steps_of
from sessions_app.models import TeamMeeting, TeamMeetingAttendance
from tests.people import person
from tests.sessions_app.test_team_meetings import course

pytestmark = pytest.mark.django_db


def logged_in(someone):
    browser = Browser()
    browser.force_login(someone.user)
    return browser


def page(someone, name="team-people"):
    return " ".join(logged_in(someone).get(reverse(name)).content.decode().split())


def steps(who):
    with tenant(who.organisation_id):
        (found,) = steps_of(Practitioner.objects.filter(pk=who.pk))
    return {step.key: step for step in found.steps}


def place_of(who):
    with tenant(who.organisation_id):
        return Membership.objects.get(practitioner=who)


def test_the_steps_are_read_from_what_somebody_did(ann, red_team):
    assert not any(step.is_done for step in steps(ann).values())
    today = today_in(ann.organisation)
    with tenant(ann.organisation_id):
        course(ann, red_team, "P-1", 200, 210, is_practice=True)
    assert (steps(ann)[PRACTISED].count, steps(ann)[PRACTISED].is_done, steps(ann)[CLIENT].is_done) == (2, False, False)
    with tenant(ann.organisation_id):
        course(ann, red_team, "P-2", 200, is_practice=True)
        course(ann, red_team, "C-1", 200)
        own = {"organisation": ann.organisation}
        about = {"team": red_team, "held_on": today, "starts_at": "09:00", "planned_by": ann}
        meeting = TeamMeeting.objects.create(**own, **about)
        TeamMeetingAttendance.objects.create(**own, meeting=meeting, practitioner=ann)
    now = steps(ann)
    assert (now[PRACTISED].count, now[PRACTISED].is_done) == (ROUNDS, True)
    assert now[CLIENT].is_done
    assert now[MEETING].on == today
    assert not now[INTRODUCED].is_done


def test_a_lead_notes_the_introduction_and_takes_it_back(lea, ann):
    browser = logged_in(lea)
    browser.post(reverse("introduction-note", args=[ann.pk]))
    assert steps(ann)[INTRODUCED].on == today_in(ann.organisation)
    browser.post(reverse("introduction-undo", args=[ann.pk]))
    assert not steps(ann)[INTRODUCED].is_done


def test_a_lead_names_the_resource_person_of_the_own_team_only(lea, ann, cleo):
    browser = logged_in(lea)
    assert "No FIT resource person is named yet" in page(lea)
    assert browser.post(reverse("resource-person-name", args=[place_of(ann).pk])).status_code == 302
    assert place_of(ann).is_fit_resource
    assert browser.post(reverse("resource-person-name", args=[place_of(cleo).pk])).status_code == 404
    assert browser.post(reverse("introduction-note", args=[cleo.pk])).status_code == 404
    browser.post(reverse("resource-person-end", args=[place_of(ann).pk]))
    assert not place_of(ann).is_fit_resource


def test_a_lead_sees_the_own_teams_people_and_an_admin_everybody(lea, ann, cleo, ada, ben):
    shown = page(lea)
    assert ann.name in shown
    assert cleo.name not in shown
    everybody = page(ada)
    assert ann.name in everybody
    assert cleo.name in everybody
    assert logged_in(ben).get(reverse("team-people")).status_code == 403


def test_one_sees_ones_own_steps(ann):
    assert "Practised 0 of 3 times" in page(ann, "development")


@pytest.mark.parametrize("count", [1, 5])
def test_the_page_costs_the_same_for_any_number_of_people(lea, red_team, count, django_assert_num_queries):
    for number in range(count):
        person(red_team, f"P{number} Berg")
    browser = logged_in(lea)
    browser.get(reverse("team-people"))
    with django_assert_num_queries(12):
        browser.get(reverse("team-people"))
