"""A client's page on a wide screen is painted when its curve has come, and nothing moves when the rest comes."""

import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.urls import reverse

from organisations.tenancy.context import tenant
from tests.browser.test_still import WATCH
from tests.factories import RatingFactory, SessionFactory

AFTER_THE_CURVE = b'<div id="chart-lines"'
PAINTED = "performance.getEntriesByName('first-contentful-paint').length"
SEEN = "(what) => document.querySelectorAll(`${what}`).length"
LIMIT = 20  # seconds after which the rest is sent whatever happened
LONG_ENOUGH = 1000  # milliseconds in which a page that does not wait would have been painted


class InTwoParts:
    """Answers as the site at `origin` does, and holds back what follows the curve until `rest` is set."""

    def __init__(self, origin: str):
        self.rest = threading.Event()
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler(origin, self.rest))
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.address = f"http://localhost:{self.http.server_port}"

    @staticmethod
    def _handler(origin: str, rest: threading.Event):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                asked = urllib.request.Request(origin + self.path, headers={"Cookie": self.headers.get("Cookie", "")})
                with urllib.request.urlopen(asked) as answer:
                    body, kind = answer.read(), answer.headers["Content-Type"]
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.end_headers()
                first, mark, last = body.partition(AFTER_THE_CURVE)
                self.wfile.write(first)
                if mark:
                    rest.wait(LIMIT)
                    self.wfile.write(mark + last)

            def log_message(self, *_):
                pass

        return Handler


@pytest.fixture
def in_two_parts(live_server):
    server = InTwoParts(live_server.url.replace("127.0.0.1", "localhost"))
    yield server
    server.rest.set()
    server.http.shutdown()
    server.http.server_close()


@pytest.fixture
def open_half(new_context, logged_in, ann, nils, episode, in_two_parts):
    """Opens Nils's page with four sessions, of which the part up to the curve has come."""
    with tenant(ann.organisation_id):
        for total in (142, 150, 178, 169):
            session = SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)
            RatingFactory(organisation=ann.organisation, session=session, total=total)

    def opened(width: int, height: int):
        page = new_context(viewport={"width": width, "height": height}).new_page()
        logged_in(page, ann.user)
        page.add_init_script(WATCH)
        page.goto(in_two_parts.address + reverse("client-detail", args=[nils.pk]), wait_until="commit")
        page.wait_for_selector("#chart-curves svg", state="attached")
        return page

    return opened


@pytest.mark.parametrize("width", [820, 1180, 1366])
def test_the_curve_is_painted_before_the_rest_has_come(width, open_half, in_two_parts):
    page = open_half(width, 820)
    page.wait_for_function(PAINTED)
    assert page.locator("#chart-curves svg.chart").first.is_visible()
    assert page.evaluate(SEEN, ".client-aside") == 0
    in_two_parts.rest.set()
    page.wait_for_load_state("load")
    page.wait_for_timeout(LONG_ENOUGH)
    assert page.evaluate(SEEN, ".client-aside") == 1
    assert page.evaluate("window.moved") == []


def test_a_phones_page_comes_with_the_bar_at_its_bottom(open_half, in_two_parts):
    page = open_half(390, 844)
    page.wait_for_timeout(LONG_ENOUGH)
    assert page.evaluate(PAINTED) == 0
    in_two_parts.rest.set()
    page.wait_for_load_state("load")
    page.wait_for_function(PAINTED)
    assert page.locator(".bottom-nav").is_visible()
    assert page.evaluate("window.moved") == []


def test_the_scroll_bar_is_there_from_the_first_picture_on(open_half):
    page = open_half(1366, 820)
    page.wait_for_function(PAINTED)
    assert page.evaluate("getComputedStyle(document.documentElement).overflowY") == "scroll"
