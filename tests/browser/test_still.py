"""Nothing moves while a page comes: neither when its font or its scripts are late nor when more of it arrives."""

import datetime
import time

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, PairMessage
from organisations.models import CapabilityKind
from organisations.tenancy.context import tenant
from organisations.tokens import capabilities
from tests.factories import ClientFactory, EpisodeFactory, RatingFactory, SessionFactory

# Seconds; a browser waits a tenth of one for a font before it paints without it. The files are answered one after the
# other: the lines and what they import come before the three seconds after which a form shows plain fields instead.
LATE = 0.25
SLOWER = 4
# Runs before the page's own scripts; Playwright reads it when everything has come.
WATCH = """
window.moved = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    const what = entry.sources.map(({ node }) => node && `${node.nodeName}.${node.getAttribute?.("class")}`);
    window.moved.push([entry.value, ...what]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""
# What has a box when the first picture is laid out, and when everything has come.
PARTS = (
    "[...document.querySelectorAll('main tbody tr, #messages')].filter((part) => part.getClientRects().length).length"
)
FIRST_PICTURE = f"requestAnimationFrame(() => {{ window.atFirst = {PARTS}; }});"
SIZES = {"tablet": (1180, 820), "phone": (390, 844)}


@pytest.fixture(params=SIZES)
def late_page(new_context, request):
    """A slow device whose font and scripts come late; nothing is kept between pages."""
    width, height = SIZES[request.param]
    context = new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.add_init_script(WATCH)
    devtools = context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    for late in ("**/*.woff2", "**/*.js"):
        page.route(late, lambda route: (time.sleep(LATE), route.continue_()))
    return page


@pytest.fixture
def people(ann, nils, episode, red_team, service):
    """Nils with a course, and clients whose names and curves are of all widths."""
    own = {"organisation": ann.organisation}
    with tenant(ann.organisation_id):
        for number in range(12):
            name = "Bo" if number % 2 else f"Alexandrina Marguerite {number}"
            client = ClientFactory(**own, first_name=name, teams=[red_team])
            other = EpisodeFactory(**own, client=client, service=service)
            for one in (episode, other) if number == 0 else (other,):
                for total in (142, 150, 178, 169 - 9 * number):
                    session = SessionFactory(**own, episode=one, practitioner=ann)
                    RatingFactory(**own, session=session, marks=None, total=total)
    return ann


def moved(page, address: str) -> list:
    """What moved while the page came, and in the second after it."""
    page.goto(address, wait_until="load")
    page.wait_for_timeout(1000)
    assert page.evaluate("performance.getEntriesByName('first-contentful-paint').length") == 1
    return page.evaluate("window.moved")


@pytest.mark.parametrize("name", ["today", "client-list", "client-detail"])
def test_the_staffs_pages(name, late_page, logged_in, people, nils):
    logged_in(late_page, people.user)
    address = reverse(name, args=[nils.pk] if name == "client-detail" else [])
    assert moved(late_page, address) == []


@pytest.fixture
def full_day(people, ben, nils):
    """One client is due today; then follows a colleague's message, then a dozen clients for whom nothing is due."""
    with tenant(people.organisation_id):
        Client.objects.filter(pk=nils.pk).update(next_on=timezone.localdate(), second_contact=ben)
        PairMessage.objects.create(organisation=people.organisation, client=nils, written_by=ben, text="Ask him.")
    return people


def test_what_follows_todays_first_screen_comes_with_the_second_picture(late_page, logged_in, full_day):
    logged_in(late_page, full_day.user)
    late_page.add_init_script(FIRST_PICTURE)
    assert moved(late_page, reverse("today")) == []
    assert late_page.evaluate("window.atFirst") == 1
    assert late_page.evaluate(PARTS) == 14


def test_today_is_where_one_left_it(late_page, logged_in, full_day):
    logged_in(late_page, full_day.user)
    late_page.goto(reverse("today"))
    late_page.evaluate("scrollTo({ top: 500, behavior: 'instant' })")
    late_page.wait_for_timeout(300)
    late_page.reload()
    late_page.wait_for_timeout(1000)
    assert late_page.evaluate("scrollY") == 500


def test_the_clients_form(late_page, ann, episode):
    with tenant(ann.organisation_id):
        session = SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)
        token = capabilities.mint(
            kind=CapabilityKind.HANDOVER,
            organisation_id=ann.organisation_id,
            object_id=session.pk,
            detail="ors",
            lifetime=datetime.timedelta(hours=4),
        )
    assert moved(late_page, reverse("rating-form", args=[token])) == []


def test_what_moves_is_seen(late_page, logged_in, people):
    """The control: a notice that comes late pushes the list down."""
    logged_in(late_page, people.user)
    late_page.goto(reverse("today"))
    late_page.evaluate("document.querySelector('main').insertAdjacentHTML('afterbegin', '<p>Late</p><p>Later</p>')")
    late_page.wait_for_timeout(500)
    assert late_page.evaluate("window.moved")
