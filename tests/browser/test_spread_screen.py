"""The spread with a register in it: its slider by keyboard, its links without scripts, and what axe finds."""

import re

import pytest
from django.urls import reverse

from organisations.audit.record import recorded
from organisations.services import service_register
from organisations.tenancy.context import tenant
from reports.spread.register_file import read_register
from tests.browser.test_axe import Walk
from tests.reports.spread.conftest import PUBLISHED

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def register(ada, house):
    """The published figures are in; a second file has a line with a fault."""
    with tenant(house.pk), recorded(organisation_id=house.pk, request_id="test"):
        kept = service_register.keep_file(name="published.csv", content=PUBLISHED.read_bytes(), by=ada)
        lines = [line for _number, line in read_register(bytes(kept.content), by=ada).lines]
        service_register.import_lines(register_import=kept, lines=lines, by=ada)
        faulty = b"year;municipality;uses_fit\n2016;Atlantis;yes\n2016;Odense;yes\n"
        return [kept, service_register.keep_file(name="faulty.csv", content=faulty, by=ada)]


def test_the_slider_goes_through_the_years_by_keyboard(new_context, logged_in, ada, register):
    page = logged_in(new_context().new_page(), ada.user)
    page.goto(reverse("spread"))
    slider = page.get_by_role("slider", name="Year")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.locator("#spread-year h2", has_text=re.compile("^2015$")).wait_for()
    assert slider.get_attribute("aria-valuetext") == "2015: 50 services with FIT in 27 municipalities"
    assert page.locator(".years [aria-current]").inner_text() == "2015"
    assert page.evaluate("document.activeElement.id") == "year-range"
    assert "year=2015" in page.url


def test_without_scripts_the_years_are_links(new_context, logged_in, ada, register):
    page = logged_in(new_context(java_script_enabled=False).new_page(), ada.user)
    page.goto(reverse("spread"))
    assert not page.get_by_role("slider").is_visible()
    page.locator(".years").get_by_text("2014").click()
    assert page.locator("#spread-year h2").first.inner_text() == "2014"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_the_register(new_context, logged_in, ada, register, scheme):
    walk = Walk(logged_in(new_context(has_touch=True, color_scheme=scheme).new_page(), ada.user))
    walk.visit("/spread/?year=2016", "/spread/?year=2014&of=adults", "/spread/register/")
    walk.visit(*(f"/spread/register/{kept.pk}/" for kept in register))
    assert walk.complaints == []
