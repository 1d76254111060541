"""A page that somebody looks at says within seconds that something new stands on Today."""

import time

import pytest
from django.core.cache import cache
from django.urls import reverse

from organisations.web import news

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(ann_here):
    """The page of Ann's, whose clock is ours, and what it asks."""
    cache.clear()
    found = []
    ann_here.on("request", lambda request: found.append(request.url) if reverse("news") in request.url else None)
    ann_here.clock.install()
    ann_here.goto(reverse("client-list"))
    return ann_here, found


def test_the_notice_appears_and_leads_to_today(asked, ann):
    page, _found = asked
    notice = page.get_by_text("There is something new for you.")
    with page.expect_response(lambda answer: reverse("news") in answer.url):
        page.clock.run_for(16_000)
    assert not notice.is_visible()
    cache.set(f"news-{ann.pk.hex}", time.time() + 1, news.KEPT_FOR)
    with page.expect_response(lambda answer: reverse("news") in answer.url):
        page.clock.run_for(16_000)
    notice.wait_for()
    page.get_by_role("link", name="See Today").click()
    page.wait_for_url(reverse("today"))


def test_a_page_in_the_background_asks_nothing(asked):
    page, found = asked
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    page.clock.run_for(60_000)
    assert found == []
    page.evaluate("Object.defineProperty(document, 'hidden', {value: false, configurable: true})")
    with page.expect_response(lambda answer: reverse("news") in answer.url):
        page.clock.run_for(16_000)
