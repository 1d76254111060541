"""The results with figures in them: axe finds nothing, a phone scrolls down only, in each of two roles."""

import pytest
from django.urls import reverse

from organisations.tenancy.context import tenant
from tests.browser.axe import violations
from tests.factories import PractitionerFactory
from tests.reports.test_results import pairs_like
from tests.results_rows import START, add_episodes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_results_with_figures(new_context, logged_in, ann, ben, ada, service, red_team, size):
    for year, contact in ((2024, ann), (2025, ben), (2024, ben), (2025, ann)):
        began = START.replace(year=year)
        add_episodes(ann, service, pairs_like(year, 30), team=red_team, contact=contact, started_on=began)
    for person in (ann, ada):
        page = logged_in(new_context(size).new_page(), person.user)
        page.goto(reverse("results"))
        assert page.locator("svg.chart").count() >= 2
        assert [one["id"] for one in violations(page)] == []
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_ones_own_caseload_between_the_limits_of_chance(new_context, logged_in, house, ann, service, red_team, size):
    with tenant(house.id):
        others = [PractitionerFactory(organisation=house, teams=[red_team]) for _ in range(5)]
    for place, (person, count) in enumerate([(ann, 45), *((one, 12) for one in others)]):
        add_episodes(person, service, pairs_like(place, count), team=red_team, contact=person)
    page = logged_in(new_context(size).new_page(), ann.user)
    page.goto(reverse("results"))
    picture = page.locator("svg.chart", has=page.locator("#results-own-title"))
    assert picture.locator(".v-dot").count() == 1
    frame, own = picture.bounding_box(), picture.locator(".v-end").bounding_box()
    assert own["x"] + own["width"] <= frame["x"] + frame["width"]
    assert [one["id"] for one in violations(page)] == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
