"""A goal in the client's own words: what the curve says of it before the team, by the client's consent."""

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.models import ConsentState
from organisations.audit.record import recorded
from organisations.tenancy.context import tenant
from sessions_app.models import Goal, GoalSetBy, TeamMeeting, TeamMeetingCase
from tests.clients.test_consents import say
from tests.reports.test_pages import held

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(ann, red_team, episode):
    """A running meeting that shows a case whose goal was reached."""
    with tenant(ann.organisation_id):
        sessions = held(episode, ann, 140, 150, 200)
        own = {"organisation": ann.organisation}
        meeting = TeamMeeting.objects.create(
            **own,
            team=red_team,
            held_on=timezone.localdate(),
            starts_at="09:00",
            planned_by=ann,
            started_at=timezone.now(),
            presenter=ann,
        )
        about = {"episode": episode, "reason": "brought", "place": 1, "minutes": 8}
        meeting.shown = TeamMeetingCase.objects.create(**own, meeting=meeting, **about)
        meeting.save()
        meeting.day = sessions[1].held_on
    return meeting


def goal(ann, episode, day, **about):
    with tenant(ann.organisation_id):
        about = {"wording": "My own key", "since": day, "state": "reached", "ended_on": day} | about
        Goal.objects.create(organisation=ann.organisation, episode=episode, **about)


def answer(client, by, state):
    with tenant(by.organisation_id), recorded(organisation_id=by.organisation_id, request_id="test"):
        say(client, by, state)


def screen(browser, meeting):
    return browser.get(reverse("team-meeting-present", args=[meeting.pk])).content.decode()


@pytest.mark.parametrize(
    ("aim", "said"), [("", "Goal reached"), ("Lives by himself", "Lives by himself")], ids=["no aim", "an aim"]
)
def test_the_team_is_told_of_it_in_the_clients_words_after_a_yes_only(browser, ann, nils, episode, meeting, aim, said):
    goal(ann, episode, meeting.day, aim=aim)
    browser.force_login(ann.user)
    page = screen(browser, meeting)
    assert "My own key" not in page and said in page
    answer(nils, ann, ConsentState.GIVEN)
    assert "My own key" in screen(browser, meeting)
    answer(nils, ann, ConsentState.WITHDRAWN)
    assert "My own key" not in screen(browser, meeting)


def test_what_an_authority_set_is_no_word_of_the_clients(browser, ann, episode, meeting):
    goal(ann, episode, meeting.day, wording="Attend the course", set_by=GoalSetBy.AUTHORITY)
    browser.force_login(ann.user)
    assert "Attend the course" in screen(browser, meeting)
