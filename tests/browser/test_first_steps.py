"""A new colleague on a phone: from the invitation over PIN and practice client to Today, back and forth."""

import pytest
from playwright.sync_api import expect

from organisations.services.invitations import create_invitation_link
from organisations.tenancy.context import tenant
from tests.browser.axe import violations
from tests.browser.conftest import PIN
from tests.browser.target_sizes import too_small
from tests.factories import PractitionerFactory

PASSWORD = "four words make one"


@pytest.fixture
def link(house, red_team, service):
    """The path of an invitation for somebody of the red team."""
    with tenant(house.pk):
        eva = PractitionerFactory(organisation=house, user=None, name="Eva", email="eva@example.org", teams=[red_team])
        return create_invitation_link(practitioner=eva).removeprefix("http://localhost:8000")


def test_a_new_colleague_is_led_to_today(new_context, link):
    page = new_context("phone", has_touch=True).new_page()
    page.goto(link)
    page.get_by_label("Your name").fill("Eva Friis")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Accept the invitation").click()

    expect(page.get_by_role("heading", name="First steps", level=1)).to_be_visible()
    assert too_small(page) == []
    assert violations(page) == []
    page.get_by_role("link", name="Set a PIN").click()
    page.go_back()
    expect(page.get_by_text("0 of 2 done.")).to_be_visible()
    page.get_by_role("link", name="Set a PIN").click()
    page.get_by_label("New PIN").fill(PIN)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Save the PIN").click()

    expect(page.get_by_text("1 of 2 done.")).to_be_visible()
    page.get_by_role("link", name="Later: to Today").click()
    page.get_by_role("link", name="Go on with them").click()
    page.get_by_role("button", name="To the practice client").click()
    page.wait_for_url("**/clients/*/")
    page.get_by_role("main").get_by_role("button", name="Start session").first.click()
    page.wait_for_url("**/sessions/*/")
    page.get_by_role("navigation", name="Main menu").get_by_role("link", name="Today").click()
    expect(page.get_by_text("Your first steps")).to_have_count(0)
    page.goto("/first-steps/")
    expect(page.get_by_role("heading", name="You are ready")).to_be_visible()
