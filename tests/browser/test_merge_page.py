"""The page that shows both sides of a field: chosen by keyboard and on a phone, as wide as the screen."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from clients.models import Client
from organisations.tenancy.context import tenant
from tests.saving import form_on, save

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def conflict(new_context, logged_in, browser, ann, ben, nils):
    """Ben's page, opened before Ann saved an appointment, with another one written into it and sent."""

    def make(size="tablet", **options):
        opened = new_context(size, **options).new_page()
        logged_in(opened, ben.user)
        url = reverse("client-edit", args=[nils.pk])
        opened.goto(url)
        browser.force_login(ann.user)
        save(browser, url, form_on(browser, url) | {"next_on": "2999-03-01", "next_at": "10:30", "birth_year": "1977"})
        opened.locator("[name=next_on]").fill("2999-04-02")
        opened.locator("[name=first_name]").fill("Sofie")
        opened.locator("form.card button.btn").first.click()
        expect(opened.locator("form.merge")).to_be_visible()
        return opened

    return make


def next_day(nils):
    with tenant(nils.organisation_id):
        return str(Client.objects.get(pk=nils.pk).next_on)


def test_a_side_is_chosen_by_the_keyboard_and_asked_for_before_saving(conflict, nils):
    page = conflict()
    save_button = page.locator("form.merge button.btn")
    save_button.press("Enter")
    expect(page.locator("form.merge input[type=radio]:invalid")).to_have_count(2)
    assert next_day(nils) == "2999-03-01"
    page.locator("form.merge input[type=radio]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/clients/{nils.pk}/")
    assert next_day(nils) == "2999-04-02"


@pytest.mark.parametrize("size", ["tablet", "desktop", "phone"])
def test_the_page_fits_the_screen_and_a_side_is_a_finger_wide(conflict, size):
    page = conflict(size)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    for box in [side.bounding_box() for side in page.locator("form.merge .choice").all()]:
        assert box["height"] >= 44
