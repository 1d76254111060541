"""A whole team meeting of three: Lea presents, Ann follows and writes, Ben takes over when Lea's device dies."""

import datetime

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from organisations.audit import record
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from sessions_app.models import SessionDecision, TeamMeeting
from sessions_app.services.team_meetings import plan_meeting
from tests.browser.conftest import is_our_error
from tests.sessions_app.test_team_meetings import course

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def meeting(lea, ann, ben, red_team):
    """Planned for today: one case gets worse, one does not move."""
    with tenant(lea.organisation_id):
        course(ann, red_team, "W-1", 300, 240, 250, 220, 230, 210, 200, 190, contact=ann)
        course(ann, red_team, "U-2", 180, 182, 181, 183, 180, 182, contact=ann)
        day = today_in(lea.organisation)
        with record.recorded(organisation_id=lea.organisation_id, request_id="test"):
            return plan_meeting(team=red_team, held_on=day, starts_at=datetime.time(9), minutes=45, by=lea)


@pytest.fixture
def device(new_context, logged_in):
    """`device(person, size)`: their page; an error in its console fails the test at its end."""
    errors = []

    def of(person, size="desktop", **more):
        page = logged_in(new_context(size, **more).new_page(), person.user)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: is_our_error(message) and errors.append(message.text))
        return page

    yield of
    assert errors == []


def test_a_meeting_from_its_agenda_to_its_minutes(device, meeting, lea, ann, ben):
    room = reverse("team-meeting", args=[meeting.pk])
    present, follow = (reverse(f"team-meeting-{name}", args=[meeting.pk]) for name in ("present", "follow"))
    screen = device(lea, viewport={"width": 1920, "height": 1080})
    phone = device(ann, "phone")
    screen.goto(reverse("team-meetings"))
    screen.locator("main").get_by_role("link", name="Today").click()
    screen.get_by_role("button", name="Start the meeting").click()
    screen.wait_for_url(present)
    screen.get_by_role("heading", name="All open courses").wait_for()

    phone.goto(room)
    phone.get_by_role("button", name="Follow along here").click()
    phone.wait_for_url(follow)
    screen.keyboard.press("ArrowRight")
    screen.get_by_role("heading", name="W-1").wait_for()
    assert "Name of W-1" not in screen.content()
    phone.get_by_role("heading", name="W-1").wait_for()  # by itself

    _decide(phone, "She says less", "Ask what home is like", ann.name, (meeting.held_on + datetime.timedelta(7)))
    expect(screen.get_by_label("We decide")).to_have_value("Ask what home is like", timeout=20_000)  # by itself

    screen.context.close()  # the device that presents dies
    other = device(ben)
    other.goto(room)
    other.get_by_role("button", name="Follow along here").click()
    other.get_by_role("button", name="Take over the screen").click()
    other.wait_for_url(present)
    other.get_by_role("heading", name="W-1").wait_for()  # where the meeting was
    other.keyboard.press("ArrowRight")
    other.get_by_role("heading", name="U-2").wait_for()
    phone.get_by_text("The meeting has gone on.").wait_for()  # and nothing goes away under Ann's hands
    phone.get_by_label("By when").blur()
    phone.get_by_role("heading", name="U-2").wait_for()
    other.get_by_label("What we heard").fill("Nothing moves")
    other.get_by_text("Saved").wait_for()
    other.get_by_role("button", name="End the meeting").click()
    other.wait_for_url(room)
    other.get_by_text("Ask what home is like").wait_for()
    phone.get_by_role("heading", name="What was said and decided").wait_for()  # its page went along

    with tenant(lea.organisation_id):
        ended = TeamMeeting.objects.get()
        decision = SessionDecision.objects.get()
        assert ended.ended_at is not None
        assert ended.attendances.count() == 3
        assert (decision.text, decision.responsible_id) == ("Ask what home is like", ann.pk)
    phone.goto(reverse("today"))
    phone.get_by_text("Ask what home is like", exact=True).wait_for()


def _decide(page, heard, decided, who, day):
    page.get_by_label("What we heard").fill(heard)
    page.get_by_label("We decide").fill(decided)
    page.get_by_label("Who", exact=True).select_option(label=who)
    page.get_by_label("By when").fill(day.isoformat())
    page.get_by_text("Saved").wait_for()


def test_a_case_is_dragged_to_another_place(device, meeting, lea):
    page = device(lea)
    page.goto(reverse("team-meeting", args=[meeting.pk]))
    first, second = page.locator("[data-case]").nth(0), page.locator("[data-case]").nth(1)
    assert "W-1" in first.inner_text()
    below = second.bounding_box()["height"] - 12
    first.locator(".agenda-place").drag_to(second, target_position={"x": 40, "y": below})
    expect(first).to_contain_text("U-2")
    expect(first.locator(".agenda-place")).to_have_text("1")  # as it is stored
