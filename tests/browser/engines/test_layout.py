"""Every page of the staff at the widths of tablets, phones and desks: nothing is cut, nothing lies on anything else.

A page is loaded once and its frame made narrower and wider: a window cannot be made as narrow in each engine.
"""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from organisations.tenancy.context import tenant
from tests.browser.engines.network import FRAME
from tests.browser.test_axe import NO_PAGES
from tests.factories import (
    ClientFactory,
    EpisodeFactory,
    PractitionerFactory,
    RatingFactory,
    SessionFactory,
    UserFactory,
)
from tests.route_matrix import OK, make_world
from tests.test_routes import TABLE

STAFF = ("practitioner", "team_lead", "admin")
WIDTHS = (390, 744, 768, 820, 834, 1024, 1112, 1180, 1366)
FITS = Path(__file__).with_name("fits.js").read_text().split("\n", 1)[1]
PAGES_A_TAB = 15  # WebKit keeps the memory of each page that its frame has shown, and ends at a hundred or so
FIVE_DIGITS = 13_800
TOTALS = ((142, 330), (150, 340), (180, 350), (169, 312))

WRONG = """<!doctype html><html lang="en"><title>wrong</title><body style="margin: 0; font: 16px sans-serif">
<table style="table-layout: fixed; inline-size: 200px"><tr>
  <td><span style="white-space: nowrap">much longer than its own cell is</span><td></table>
<div class="card" style="overflow: hidden; inline-size: 120px">
  <button style="margin-inline-start: 80px; inline-size: 90px">Start</button></div>
<p>words of a line<span style="margin-inline-start: -50px">142</span></p>
<div style="inline-size: 1500px">broad</div>"""


def complaints(screen, address: str) -> list[str]:
    title, faults = screen.ask(FITS, address, WIDTHS)
    return [f"{address} ({title}) {fault}" for fault in faults]


@pytest.fixture
def world():
    """The rows of the route matrix in a Danish house, whose practitioner has a day full of clients."""
    for factory in (PractitionerFactory, UserFactory):
        factory.reset_sequence(FIVE_DIGITS)  # names and addresses as long as late in a run, whatever ran before
    world = make_world()
    ann = world.people["practitioner"]
    house = ann.organisation
    house.language = "da"
    own, today = {"organisation": house}, timezone.localdate()
    with tenant(house.pk):
        house.save()
        team = ann.teams.get()
        for number, name in enumerate(("Maximiliane Frederikke", "Bo", "Åse-Lene", "Nikolaj", "Ida")):
            due = today + timedelta(days=number - 2)
            client = ClientFactory(
                **own, reference=f"2026-{number:05}", first_name=name, teams=[team], contact=ann, next_on=due
            )
            episode = EpisodeFactory(**own, client=client, service=team.service)
            for week, totals in enumerate(TOTALS[: number + 1]):
                held_on = today - timedelta(weeks=len(TOTALS) - week)
                session = SessionFactory(**own, episode=episode, practitioner=ann, held_on=held_on)
                session.finished_at = timezone.now()
                session.save()
                for instrument, total in zip(("ors", "srs"), totals, strict=True):
                    RatingFactory(**own, session=session, instrument=instrument, marks=None, total=total)
    return world


def staff_pages(world, actor: str) -> list[str]:
    """The addresses that show somebody a page that nobody of STAFF before them sees; no file, no state in JSON."""
    browser, before = world.browser_of(actor), STAFF[: STAFF.index(actor)]
    pages = {name: expect for name, expect in TABLE.items() if expect.get == 200 and name not in NO_PAGES}
    sees = {name: [one for one in (*before, actor) if expect.of(one) in (OK, 200)] for name, expect in pages.items()}
    mine = (world.url(name) for name, seen_by in sees.items() if seen_by == [actor])
    return [address for address in mine if browser.get(address).headers["Content-Type"].startswith("text/html")]


@pytest.mark.parametrize("actor", STAFF)
@pytest.mark.django_db(transaction=True)
def test_every_page_of_the_staff_fits_at_each_width(screen, network, log_in, world, actor):
    network.framed = True
    log_in(world.people[actor].user)
    pages, found = staff_pages(world, actor), []
    assert len(pages) > 10
    for number, address in enumerate(pages):
        if number % PAGES_A_TAB == 0:
            screen.renew()
            screen.open(FRAME)
        found += complaints(screen, address)
    assert found == [], "\n".join(found)


def test_what_does_not_fit_is_reported(screen, network):
    """The control: a page with one fault of each kind."""
    network.framed = True
    screen.open(FRAME)
    address = screen.run("return URL.createObjectURL(new Blob([arguments[0]], { type: 'text/html' }));", WRONG)
    found = "\n".join(complaints(screen, address))
    for width in WIDTHS:
        assert f"{width}: {1500 - width} px wider than the screen" in found
    for words in ("outside its cell", 'button "Start" 50 px outside its card', '"words of a line" lies on "142"'):
        assert words in found, found
