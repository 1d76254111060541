"""A real browser for the tests of this folder: Debian's Chromium, driven by Playwright.

The build without windows is taken where it is there: the same engine, which spends 40 % less on each page. Where it
does otherwise (a PDF, a refusal without words) a test is marked `with_windows`; `engines/` drive what people have, too.
"""

import os
import shutil
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from organisations.tenancy.context import tenant
from tests.factories import RatingFactory, SessionFactory

HERE = Path(__file__).parent
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",  # letters as wide as on a tablet: without windows they would be fitted to pixels
]
PIN = "204681"
SIZES = {"phone": (390, 844), "tablet": (820, 1180), "desktop": (1280, 900)}


WITH_WINDOWS = ("chromium", "chromium-browser")
WITHOUT_WINDOWS = ("chromium-headless-shell", *WITH_WINDOWS)


def find_chromium(names: tuple[str, ...] = WITHOUT_WINDOWS) -> str | None:
    """CHROMIUM, or the first of these on the PATH."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    return next(filter(None, map(shutil.which, names)), None)


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def launched():
    """`launched(names)`: a running browser. Without one a test is NOT RUN, or fails if MEDSPIL_DEMAND_BROWSER=1."""
    from playwright.sync_api import sync_playwright

    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with ExitStack() as ends:

        @cache
        def playwright():
            # It keeps an event loop running in this thread to the end, in which Django would refuse to query.
            ends.enter_context(pytest.MonkeyPatch.context()).setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
            return ends.enter_context(sync_playwright())

        @cache
        def launch(names):
            path = find_chromium(names)
            if path is None:
                if os.environ.get("MEDSPIL_DEMAND_BROWSER") == "1":
                    pytest.fail("no Chromium, and MEDSPIL_DEMAND_BROWSER=1 demands one")
                pytest.skip("NOT RUN: no Chromium")
            return ends.enter_context(playwright().chromium.launch(executable_path=path, args=flags))

        yield launch


@pytest.fixture(scope="session")
def chromium(launched):
    """The running browser."""
    return launched(WITHOUT_WINDOWS)


@pytest.fixture
def new_context(request, launched, live_server):
    """`new_context(size="tablet", **options)`: a fresh browser profile on the live server.

    Options are those of Playwright's `Browser.new_context`; relative addresses work in `goto`.
    """
    contexts = []
    browser = launched(WITH_WINDOWS if request.node.get_closest_marker("with_windows") else WITHOUT_WINDOWS)

    def make(size: str = "tablet", **options):
        width, height = SIZES[size]
        standard = {
            "base_url": live_server.url,
            "viewport": {"width": width, "height": height},
            "locale": "en-GB",
        }
        context = browser.new_context(**(standard | options))
        context.set_default_timeout(15_000)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()


def is_our_error(message) -> bool:
    """An error in the console; a page that answers 404 or 422 is none, a missing static file is one."""
    expected = message.text.startswith("Failed to load resource") and "/static/" not in message.location["url"]
    return message.type == "error" and not expected


@pytest.fixture
def page(new_context):
    """A tablet's page on the live server; an error in its console fails the test at its end."""
    page = new_context(has_touch=True).new_page()
    page.console_errors = []
    page.on("pageerror", lambda error: page.console_errors.append(str(error)))
    page.on("console", lambda message: is_our_error(message) and page.console_errors.append(message.text))
    yield page
    assert page.console_errors == []


@pytest.fixture
def logged_in(live_server):
    """`logged_in(page, user)`: put a staff session's cookie into the page's browser profile."""
    from django.conf import settings
    from django.test import Client

    def log_in(page, user):
        browser = Client()
        browser.force_login(user)
        value = browser.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        return page

    return log_in


@pytest.fixture
def history(ann, episode):
    """Three earlier sessions, so that there is a curve."""
    with tenant(ann.organisation_id):
        for total in (142, 160, 181):
            session = SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)
            RatingFactory(organisation=ann.organisation, session=session, marks=None, total=total)


@pytest.fixture
def ann_here(page, logged_in, ann, nils, episode, history):
    """Ann's tablet, on Nils' page."""
    ann.user.set_pin(PIN)
    ann.user.save()
    logged_in(page, ann.user)
    page.goto(f"/clients/{nils.pk}/")
    return page


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    """Each test seals answers to keys of its own."""
    settings.SEALING_KEYS_FILE = tmp_path / "keys.json"
