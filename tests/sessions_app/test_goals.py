"""Goals of a client: agreed, reached, replaced, rated, and what of them stands on the client's own form."""

import datetime
from contextlib import contextmanager

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse

from clients.services.episodes import end_episode
from organisations.audit.record import Collected, collecting
from organisations.models import AccessEvent, CapabilityKind
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from organisations.tokens import capabilities
from sessions_app.models import Goal, GoalMark, GroupMeeting, GroupMember
from sessions_app.services.goals import reach_goal, save_goal, worked_on_at
from tests.factories import ClientFactory, EpisodeFactory, SessionFactory
from tests.kiosk import hand_over

pytestmark = pytest.mark.django_db
AGREED = {"wording": "My own flat", "set_by": "together", "state": "active", "since": "2026-08-08", "is_rated": "on"}


@pytest.fixture
def goal(ann, episode):
    with tenant(ann.organisation_id):
        return Goal.objects.create(
            organisation=ann.organisation, episode=episode, wording="My own flat", since=datetime.date(2026, 8, 8)
        )


@contextmanager
def by_service(ann):
    """For calls of a service without a page."""
    with tenant(ann.organisation_id), collecting(Collected(request_id="test")):
        yield


def stored(ann, **about):
    with tenant(ann.organisation_id):
        return Goal.objects.select_related("parent", "replaced_by").get(**about)


def goals_tab(browser, episode):
    page = browser.get(reverse("client-detail", args=[episode.client_id]), {"tab": "goals"})
    assert page.status_code == 200
    return " ".join(page.content.decode().split())


def test_a_goal_and_its_steps_are_agreed(staff, ann, episode):
    new = reverse("goal-new", args=[episode.pk])
    assert 'spellcheck="false"' in staff.get(new).content.decode()
    assert staff.post(new, AGREED | {"shown_to_client": "on", "aim": "Lives alone"}).status_code == 302
    goal = stored(ann)
    assert (goal.wording, goal.aim, goal.since) == ("My own flat", "Lives alone", datetime.date(2026, 8, 8))
    step = reverse("goal-step-new", args=[goal.pk])
    assert staff.post(step, AGREED | {"wording": "Pay bills", "state": "planned", "is_rated": ""}).status_code == 302
    assert stored(ann, parent=goal).wording == "Pay bills"
    page = goals_tab(staff, episode)
    assert "”<bdi>My own flat</bdi>”" in page
    assert "Pay bills" in page
    assert "1 goal under way" in page
    with tenant(ann.organisation_id):
        assert AccessEvent.objects.filter(action="goal.save", client_ids=[episode.client_id]).count() == 2


def test_a_step_has_no_steps(ann, goal):
    with by_service(ann):
        about = {"organisation_id": ann.organisation_id, "episode": goal.episode}
        step = save_goal(goal=Goal(**about, parent=goal), by=ann, wording="Bills", since=goal.since)
        with pytest.raises(ValidationError, match="no steps"):
            save_goal(goal=Goal(**about, parent=step), by=ann, wording="Smaller", since=goal.since)


def test_one_tap_reaches_a_goal_and_takes_it_back(staff, ann, goal):
    page = staff.post(reverse("goal-reached", args=[goal.pk]), follow=True).content.decode()
    found = stored(ann)
    assert (found.state, found.ended_on) == ("reached", today_in(ann.organisation))
    was = page.split('name="was" value="')[1].split('"')[0]
    undo = reverse("goal-reopen", args=[goal.pk])
    assert "can no longer be undone" in staff.post(undo, {"was": "made-up"}, follow=True).content.decode()
    assert stored(ann).state == "reached"
    staff.post(undo, {"was": was})
    assert (stored(ann).state, stored(ann).ended_on) == ("active", None)


def test_what_ended_otherwise_is_not_reached_by_a_late_tap(ann, goal):
    with by_service(ann):
        save_goal(goal=goal, by=ann, state="dropped", ended_on=datetime.date(2026, 9, 1), replaced_by=None)
        reach_goal(goal=goal, by=ann)
    assert (stored(ann).state, stored(ann).ended_on) == ("dropped", datetime.date(2026, 9, 1))


@pytest.mark.parametrize("state", ["reached", "dropped", "replaced"])
def test_each_end_has_its_day(staff, ann, goal, state):
    url = reverse("goal-edit", args=[goal.pk])
    version = staff.get(url).content.decode().split('name="version" value="')[1].split('"')[0]
    sent = AGREED | {"state": state, "version": version}
    assert staff.post(url, sent | {"ended_on": "2026-08-07"}).status_code == 422  # before it was agreed
    assert staff.post(url, sent).status_code == 302
    found = stored(ann)
    assert (found.state, found.ended_on) == (state, today_in(ann.organisation))
    assert f"{state.capitalize()} " in goals_tab(staff, goal.episode)


def test_a_goal_is_replaced_by_another_of_its_episode(ann, goal):
    with by_service(ann):
        about = {"organisation": ann.organisation}
        other = Goal.objects.create(**about, episode=goal.episode, wording="A room", since=goal.since)
        foreign = EpisodeFactory(**about, client=ClientFactory(**about))
        theirs = Goal.objects.create(**about, episode=foreign, wording="Theirs", since=goal.since)
        with pytest.raises(ValidationError, match="of this episode"):
            save_goal(goal=goal, by=ann, state="replaced", replaced_by=theirs, ended_on=None)
        save_goal(goal=goal, by=ann, state="replaced", replaced_by=other, ended_on=None)
        assert stored(ann, pk=goal.pk).replaced_by == other
        save_goal(goal=goal, by=ann, state="active", replaced_by=other, ended_on=None)
        assert stored(ann, pk=goal.pk).replaced_by is None


def test_the_database_knows_no_end_without_a_day(ann, goal):
    for values in ({"state": "reached"}, {"ended_on": goal.since}, {"ended_on": datetime.date(2020, 1, 1)}):
        with tenant(ann.organisation_id), pytest.raises(IntegrityError), transaction.atomic():
            Goal.objects.filter(pk=goal.pk).update(**values)


def test_the_client_rates_a_goal_at_a_session(staff, ann, record, goal):
    page = staff.get(reverse("session-flow", args=[record.pk])).content.decode()
    assert 'id="goal-marks"' in page
    url = reverse("goal-marks", args=[record.pk])
    version = staff.get(url).content.decode().split('name="version" value="')[1].split('"')[0]
    assert staff.post(url, {str(goal.pk): "11", "version": version}).status_code == 422
    assert staff.post(url, {str(goal.pk): "7", "version": version}).status_code == 302
    with tenant(ann.organisation_id):
        assert GoalMark.objects.get().mark == 7
    assert staff.post(url, {str(goal.pk): "3", "version": version}).status_code == 409
    with tenant(ann.organisation_id):
        assert GoalMark.objects.get().mark == 7
    assert "chart-small" in goals_tab(staff, goal.episode)


def test_marks_of_a_session_that_moved_to_another_client_say_nothing_of_the_goal(ann, record, goal):
    with tenant(ann.organisation_id):
        about = {"organisation": ann.organisation}
        GoalMark.objects.create(**about, goal=goal, session=record, mark=7)
        assert GoalMark.objects.counting().count() == 1
        other = EpisodeFactory(**about, client=ClientFactory(**about))
        type(record).objects.filter(pk=record.pk).update(client=other.client, episode=other)
        assert GoalMark.objects.counting().count() == 0
        assert GoalMark.objects.count() == 1


def form_of(browser, record, instrument="srs"):
    return browser.get(hand_over(browser, record, instrument)).content.decode()


def test_the_form_about_the_meeting_shows_this_clients_goals_that_are_worked_on(staff, ann, record, goal):
    with tenant(ann.organisation_id):
        about = {"organisation": ann.organisation, "since": goal.since}
        mine = {"episode": goal.episode}
        Goal.objects.create(**about, **mine, wording="Not begun", state="planned")
        Goal.objects.create(**about, **mine, wording="Reached long ago", state="reached", ended_on=goal.since)
        Goal.objects.create(**about, **mine, wording="Kept to ourselves", shown_to_client=False)
        Goal.objects.create(**about, **mine, wording="A step", parent=goal)
        foreign = EpisodeFactory(organisation=ann.organisation, client=ClientFactory(organisation=ann.organisation))
        Goal.objects.create(**about, episode=foreign, wording="Somebody else's")
        assert worked_on_at(record.pk) == ["My own flat"]
    page = form_of(staff, record)
    assert "What we work on:" in page
    assert "<bdi>My own flat</bdi>" in page
    for words in ("Not begun", "Reached long ago", "Kept to ourselves", "A step", "Somebody else"):
        assert words not in page


def test_the_form_about_how_things_are_shows_no_goals(staff, record, goal):
    page = staff.get(hand_over(staff, record, "ors"))
    assert page.context["worked_on"] == []
    assert "My own flat" not in page.content.decode()


def test_a_link_shows_no_goals_and_neither_does_the_page_that_a_device_keeps(staff, ann, record, goal):
    with tenant(ann.organisation_id):
        link = capabilities.mint(
            kind=CapabilityKind.LINK,
            organisation_id=ann.organisation_id,
            object_id=record.pk,
            detail="srs",
            lifetime=datetime.timedelta(hours=1),
        )
    page = Browser().get(reverse("rating-form", args=[link]), follow=True)
    assert page.status_code == 200
    assert "My own flat" not in page.content.decode()
    handed_over = hand_over(staff, record, "srs")
    assert "My own flat" in staff.get(handed_over).content.decode()
    assert "My own flat" not in Browser().get(handed_over).content.decode(), "the address alone tells nothing"
    shell = staff.get(handed_over + "shell/")
    assert shell.status_code == 200
    assert "My own flat" not in shell.content.decode()


def test_in_a_group_the_device_shows_nobodys_goals(ann, record, goal):
    with tenant(ann.organisation_id):
        about = {"organisation": ann.organisation}
        meeting = GroupMeeting.objects.create(**about, name="Group", held_on=record.held_on, practitioner=ann)
        GroupMember.objects.create(**about, meeting=meeting, session=record, place=0)
        assert worked_on_at(record.pk) == []


def test_an_episode_that_has_ended_shows_no_goals(ann, record, goal):
    with by_service(ann):
        end_episode(episode=goal.episode, ended_on=today_in(ann.organisation), ending="planned", by=ann)
        assert worked_on_at(record.pk) == []


@pytest.mark.parametrize("count", [1, 5])
def test_the_goals_cost_the_same_for_any_number(staff, ann, episode, count, django_assert_num_queries):
    with tenant(ann.organisation_id):
        about = {"organisation": ann.organisation, "episode": episode, "since": datetime.date(2026, 8, 8)}
        for number in range(count):
            goal = Goal.objects.create(**about, wording=f"Goal {number}")
            Goal.objects.create(**about, wording="Step", parent=goal)
            session = SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)
            GoalMark.objects.create(organisation=ann.organisation, goal=goal, session=session, mark=number)
    goals_tab(staff, episode)
    with django_assert_num_queries(21):
        goals_tab(staff, episode)
