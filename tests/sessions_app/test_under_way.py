"""A session that was started and not finished is seen on every page that shows its client."""

import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from organisations.tenancy.context import tenant
from sessions_app.models import GroupMeeting, GroupMember
from sessions_app.services.under_way import under_way
from tests.factories import RatingFactory, SessionFactory

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 28)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel("2026-11-28T11:00:00Z", tick=False):
        yield


@pytest.fixture
def begun(ann, episode):
    """`begun(days=0, **facts)`: a session that was started so many days ago, with its ORS."""

    def make(days=0, **facts):
        with tenant(ann.organisation_id):
            own = {"organisation": ann.organisation}
            at = timezone.now() - datetime.timedelta(days=days)
            given = {"held_on": at.date(), "started_at": at} | facts
            session = SessionFactory(**own, episode=episode, practitioner=ann, **given)
            RatingFactory(**own, session=session)
            return session

    return make


@pytest.mark.parametrize("page", ["today", "client-list", "client"])
def test_a_session_under_way_is_seen_and_gone_on_with(staff, nils, begun, page):
    session = begun()
    address = reverse("client-detail", args=[nils.pk]) if page == "client" else reverse(page)
    shown = staff.get(address).content.decode()
    assert "Under way: SRS is missing" in shown
    assert "Continue session" in shown
    assert reverse("session-flow", args=[session.pk]) in shown
    start = reverse("session-start", args=[nils.pk])  # the menu's link to it is for an absence or an earlier session
    assert f'action="{start}"' not in shown


def test_todays_headline_counts_it(staff, nils, begun):
    assert "No sessions today" in staff.get(reverse("today")).content.decode()
    begun()
    assert "<h1>1 session under way</h1>" in staff.get(reverse("today")).content.decode()


def test_a_colleague_sees_it_too(browser, ben, begun):
    begun()
    browser.force_login(ben.user)
    assert "Under way: SRS is missing" in browser.get(reverse("today")).content.decode()


def test_yesterdays_is_named_with_its_day_and_a_new_one_can_start(staff, nils, begun):
    begun(days=1)
    shown = staff.get(reverse("today")).content.decode()
    assert "Not finished, November 27: SRS is missing" in shown
    assert reverse("session-start", args=[nils.pk]) in shown
    assert "session under way" not in shown


OVER = {
    "finished": {"finished_at": timezone.now()},
    "absent": {"attendance": "no_show"},
    "imported": {"imported": True},
    "not started": {"started_at": None},
}


@pytest.mark.parametrize("facts", OVER.values(), ids=OVER)
def test_what_is_over_or_was_never_begun_is_not_under_way(ann, nils, begun, facts):
    begun(**facts)
    with tenant(ann.organisation_id):
        assert under_way(ann, [nils], TODAY) == {}


def test_a_groups_sessions_are_followed_on_the_groups_page(ann, nils, begun):
    session = begun()
    with tenant(ann.organisation_id):
        own = {"organisation": ann.organisation}
        meeting = GroupMeeting.objects.create(**own, name="Wednesdays", held_on=TODAY, practitioner=ann)
        GroupMember.objects.create(**own, meeting=meeting, session=session, place=0)
        assert under_way(ann, [nils], TODAY) == {}


def test_nobody_sees_that_of_a_client_who_is_not_theirs(ann, cleo, nils, begun):
    begun()
    with tenant(ann.organisation_id):
        assert under_way(ann, [nils], TODAY)
        assert under_way(cleo, [nils], TODAY) == {}


def test_every_client_can_be_started_from_todays_row(staff, nils, episode):
    """No row hides its button on a small screen."""
    row = staff.get(reverse("today")).content.decode()
    assert reverse("session-start", args=[nils.pk]) in row
    assert "only-due" not in row
