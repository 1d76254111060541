"""Log-in, reset and error pages in Chromium: our own design, accessible, and every step leads on."""

import re

import pytest
from django.core import mail
from django.template.loader import render_to_string
from django.urls import reverse
from playwright.sync_api import expect

from organisations.models import Outbox
from organisations.tasks import send_password_reset
from tests.browser.axe import violations

ERRORS = (400, 403, 404, 429, 500, 503)


def faults(page) -> list[str]:
    """What axe finds on the page as it is now."""
    return [f"{rule['id']}: {rule['nodes'][0]['target']}" for rule in violations(page)]


def test_log_in_by_mail_and_password(page, ann):
    ann.user.set_password("a sentence of ann's own")
    ann.user.save()
    page.goto(reverse("account_login"))
    assert faults(page) == []

    page.get_by_label("Email").fill(ann.user.email)
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert faults(page) == []
    page.get_by_label("Password").fill("a sentence of ann's own")
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url("**" + reverse("today"))


def test_a_forgotten_password_is_replaced(page, ann):
    page.goto(reverse("account_login"))
    with page.expect_event("load"):
        page.get_by_role("link", name="Forgotten your password?").click()
    assert faults(page) == []
    page.get_by_label("Email").fill(ann.user.email)
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("heading", name="Look in your mail")).to_be_visible()

    row = Outbox.objects.get()  # the worker mails it
    send_password_reset(outbox_id=str(row.pk), organisation_id=str(row.organisation_id), object_id=str(row.object_id))
    assert len(mail.outbox) == 1
    message = mail.outbox[0]
    assert "Medspil: choose a new password" in message.subject
    assert "no information about clients" in message.body
    path = re.search(r"https?://[^/]+(/\S+)", message.body)[1]
    page.goto(path)
    assert faults(page) == []
    page.get_by_label("New Password", exact=True).fill("another sentence of ann's own")
    page.get_by_label(re.compile("again")).fill("another sentence of ann's own")
    page.get_by_role("button", name="Save the password").click()
    expect(page.get_by_role("heading", name="Your new password is saved")).to_be_visible()
    ann.user.refresh_from_db()
    assert ann.user.check_password("another sentence of ann's own")

    page.goto(path)
    expect(page.get_by_role("heading", name="This link no longer works")).to_be_visible()


@pytest.mark.parametrize("name", ["account_change_password", "account_logout", "account_reauthenticate"])
def test_pages_of_the_account_are_in_our_design(page, ann, logged_in, name):
    logged_in(page, ann.user).goto(reverse(name))

    expect(page.locator("body.entrance h1")).to_be_visible()
    assert faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "desktop"])
@pytest.mark.parametrize("status", ERRORS)
def test_error_pages_say_what_to_do_without_a_context(new_context, status, size, scheme):
    page = new_context(size, color_scheme=scheme).new_page()
    page.goto("/static/css/medspil.css")  # same origin, so that the page's own stylesheet loads
    page.set_content(render_to_string(f"{status}.html"), wait_until="networkidle")

    assert page.evaluate("getComputedStyle(document.querySelector('.btn')).borderRadius") == "99px"
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("main a.btn")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert faults(page) == []


def test_error_page_shows_the_request_id():
    assert "a81f22c9" in render_to_string("500.html", {"request_id": "a81f22c9"})
