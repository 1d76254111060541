"""The page about the expected course on a phone: tables scroll in themselves, the page does not."""

import pytest
from django.urls import reverse

from organisations.tenancy.context import tenant
from tests.reports.test_expected_course_page import fitted
from tests.reports.test_pages import held

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 390, "height": 844}


def test_a_table_with_signs_does_not_widen_the_page(new_context, logged_in, ann):
    row = {"name": "2", "scores": 800, "episodes": 800, "shares": [0.2, 0.35, 0.6, 0.85, 0.99]}
    fitted(ann, 800, {"calibration": [row], "calibration_by_intake": [row | {"name": "0-119"}]})
    page = logged_in(new_context(viewport=PHONE).new_page(), ann.user)
    page.goto(reverse("expected-course"))
    table = page.locator(".scroll-x").first
    assert table.evaluate("box => box.scrollWidth > box.clientWidth"), "there is something to scroll"
    assert page.locator(".sign").count() == 10
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_what_is_agreed_can_be_read_in_swedish(new_context, logged_in, ann, nils, episode):
    ann.user.language = "sv"
    ann.user.save()
    with tenant(ann.organisation_id):
        held(episode, ann, 180, 190)
    page = logged_in(new_context(viewport=PHONE).new_page(), ann.user)
    page.goto(reverse("client-detail", args=[nils.pk]))
    widths = [one.bounding_box()["width"] for one in page.locator("aside .facts dd").all()]
    assert len(widths) > 3
    assert min(widths) > 120
