"""Each test of this folder runs in Chromium, WebKit and Firefox; each engine has one process for all of them."""

import os
from contextlib import ExitStack

import pytest
from django.conf import settings
from django.test import Client as Browser

from tests.browser.conftest import PIN
from tests.browser.engines.launch import ENGINES, running
from tests.browser.engines.network import Network
from tests.browser.engines.screen import Screen

# What the engines themselves write into their console about our pages; a status such as 404 is the page's own matter.
FIREFOX_CONSOLE = """return Services.console.getMessageArray().map((message) => {
  try { message.QueryInterface(Ci.nsIScriptError); } catch { return ""; }
  return [message.category, message.errorMessage, message.sourceName].join(" | ");
}).filter((line) => line.includes("localhost") && /Content-Security|Error/.test(line));"""


def refuse_missing(name: str, missing: list[str]) -> None:
    """Skip what an engine cannot run for want of a program; or fail it, if MEDSPIL_DEMAND_BROWSER=1."""
    if not missing:
        return
    said = f"no {', '.join(missing)} for {name}"
    if os.environ.get("MEDSPIL_DEMAND_BROWSER") == "1":
        pytest.fail(f"{said}, and MEDSPIL_DEMAND_BROWSER=1 demands it")
    pytest.skip(f"NOT RUN: {said}")


@pytest.fixture(scope="session")
def driver_of():
    """`driver_of(name)`: an engine's browser, started when it is first asked for; it runs on for the files to come."""
    drivers = {}
    with ExitStack() as ends:

        def driver_of(name):
            if name not in drivers:
                drivers[name] = ends.enter_context(running(name))
            return drivers[name]

        yield driver_of


@pytest.fixture(scope="session", params=ENGINES)
def engine(request, driver_of):
    """The running browser of each engine in turn."""
    refuse_missing(request.param, ENGINES[request.param].missing())
    return driver_of(request.param)


def console(driver) -> list[str]:
    """What the engine's own console says, emptied by being read; WebKit's driver has none."""
    if driver.capabilities["browserName"] == "firefox":
        with driver.context(driver.CONTEXT_CHROME):
            said = driver.execute_script(FIREFOX_CONSOLE)
            driver.execute_script("Services.console.reset()")
        # As in Chromium: what could not be fetched while the network was cut is no fault of a page.
        return [line for line in said if "NetworkError when attempting to fetch resource" not in line]
    if driver.capabilities["browserName"] == "chrome":
        said = [entry["message"] for entry in driver.get_log("browser")]
        return [line for line in said if "Failed to load resource" not in line and "net::" not in line]
    return []


@pytest.fixture
def network(live_server):
    network = Network(live_server.url)
    yield network
    network.close()


@pytest.fixture
def screen(engine, network):
    """A new window without a history; what the page or the console complains about fails the test at its end."""
    screen = Screen(engine, network)
    screen.renew()
    screen.open("/healthz")
    engine.delete_all_cookies()
    console(engine)
    yield screen
    assert network.complaints + console(engine) == []


@pytest.fixture
def log_in(screen):
    """`log_in(user)`: a staff session's cookie in the browser of `screen`."""

    def log_in(user):
        browser = Browser()
        browser.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        screen.driver.add_cookie({"name": name, "value": browser.cookies[name].value, "path": "/", "httpOnly": True})
        return screen

    return log_in


@pytest.fixture
def ann_here(log_in, ann, nils, episode, history):
    """Ann's tablet, on Nils' page."""
    ann.user.set_pin(PIN)
    ann.user.save()
    screen = log_in(ann.user)
    screen.open(f"/clients/{nils.pk}/")
    return screen
