"""A device in a client's hands, in Chromium: every route, Back, typed addresses, memory and storage show nobody."""

import contextlib
import re
from collections.abc import Iterator
from itertools import islice

import pytest
from playwright.sync_api import Error, expect

from organisations.web import middleware
from organisations.web.route_checks import routes
from tests.browser.test_flow import ORS_LINES, hand_over, start, tap
from tests.browser.test_offline import READ_STORES
from tests.sessions_app.test_kiosk import example

pytestmark = pytest.mark.with_windows
NAMES = ("Nils", "N-014", "Solsikke")
# Nothing of a person is on them: the form and its thanks, the lock, what a browser needs to show them.
QUIET = (
    *("/api/", "/scim/"),  # know no cookie: 401 without a token
    *("/f/", "/unlock/", "/offline/", "/sealed/"),
    *("/manifest.webmanifest", "/sw.js", "/healthz", "/readyz", "/metrics", "/status"),
)


@pytest.fixture
def handed_over(ann_here, nils):
    """Ann's tablet with the form of Nils, after Ann has looked around; `visited` are the pages she saw."""
    page = ann_here
    visited = ["/today/", "/clients/", f"/clients/{nils.pk}/"]
    for address in visited:
        page.goto(address)
    start(page)
    visited.append(page.url)
    hand_over(page, "ORS")
    page.visited = visited
    page.form = page.url
    return page


def everything(page) -> str:
    """What can be read of the page: source, text, title, address, history state, stores."""
    if not page.url.startswith("http"):  # the blank page that the browser began with keeps nothing
        return page.content()
    stores = page.evaluate(READ_STORES)
    return "\n".join([page.content(), page.title(), page.url, page.evaluate("JSON.stringify(history.state)"), *stores])


def shown(page) -> list[str]:
    return [name for name in NAMES if name in everything(page)]


def leaks_of_every_route(page) -> Iterator[str]:
    """The routes that a handed-over device opens though they are no business of the client's."""
    for path, pattern in routes():
        with contextlib.suppress(Error):  # an answer without a page (405), or a file
            page.goto(example(path))
            page.wait_for_load_state()
        if not page.url.startswith("http"):
            continue
        landed = page.url.split("//")[1].split("/", 1)[1]
        if not f"/{landed}".startswith(QUIET):
            yield f"{pattern.name}: {landed}"
        elif any(name in page.locator("html").inner_text() for name in NAMES):
            yield f"{pattern.name}: a name"


def test_every_route_leads_to_the_lock(handed_over):
    leaks = list(leaks_of_every_route(handed_over))
    assert not leaks, "\n".join(leaks)


def test_the_walk_sees_a_lock_that_is_gone(handed_over, monkeypatch):
    """The control: without the guard the same walk finds pages."""
    monkeypatch.setattr(middleware, "redirect", lambda *args: None)  # the running server holds the guard itself
    assert len(list(islice(leaks_of_every_route(handed_over), 6))) == 6


def test_back_twenty_times_shows_nobody(handed_over):
    page = handed_over
    for _step in range(20):
        page.go_back()
        page.wait_for_load_state()
        assert shown(page) == []
    for _step in range(5):
        page.go_forward()
        assert shown(page) == []


def test_typed_addresses_reload_and_a_new_tab_show_nobody(handed_over):
    page = handed_over
    assert shown(page) == []
    for address in page.visited:
        page.goto(address)
        assert (page.url.endswith("/unlock/"), shown(page)) == (True, [])
    page.goto(page.form)
    page.reload()
    assert shown(page) == []
    second = page.context.new_page()
    for address in page.visited:
        answer = second.goto(address)
        assert [name for name in NAMES if name in second.content() + answer.text()] == []


def test_the_page_before_the_form_is_not_in_the_history(handed_over):
    """The session's page gave its place to the form."""
    page = handed_over
    page.go_back()
    page.wait_for_load_state()
    assert page.url.endswith("/unlock/")
    assert page.evaluate("history.length") == len(page.visited) + 1 + 1  # the first blank page, the form


def test_a_page_from_the_browsers_memory_is_empty_and_loaded_anew(ann_here):
    """A restored page of the staff asks the server again; until then nothing of it is seen."""
    page = ann_here
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    assert page.evaluate("document.body.hidden")
    with page.expect_navigation():
        page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(page.get_by_text("Nils").first).to_be_visible()


def test_two_minutes_without_a_touch_cover_the_form_and_keep_the_marks(handed_over):
    page = handed_over
    page.clock.install()
    page.goto(page.form)
    tap(page, ORS_LINES[:2])
    marks = [page.locator(f"input[name={key}]").first.input_value() for key in ORS_LINES[:2]]
    page.clock.run_for(119_000)
    expect(page.get_by_role("heading", name="How are things?")).to_be_visible()
    page.clock.run_for(2_000)
    expect(page.get_by_role("heading", name="This form is waiting.")).to_be_visible()
    expect(page.get_by_role("heading", name="How are things?")).to_be_hidden()
    assert page.evaluate("document.activeElement.textContent") == "Go on with the form"
    page.get_by_role("button", name="Go on with the form").click()
    assert [page.locator(f"input[name={key}]").first.input_value() for key in ORS_LINES[:2]] == marks


def test_a_link_on_a_phone_shows_one_form_live_to_the_practitioner(ann_here, new_context, nils):
    page = ann_here
    start(page)
    page.get_by_text("Other ways").click()
    page.get_by_role("link", name="On the client's own device").click()
    page.get_by_label("ORS").check()
    page.get_by_role("button", name="Make the link").click()
    expect(page.get_by_alt_text("A code that opens the form")).to_be_visible()
    address = re.search(r"/f/[\w-]+/", page.locator("[data-copy]").input_value())[0]
    state = page.locator("[data-link]")
    expect(state).to_contain_text("Not opened yet")

    phone = new_context("phone", has_touch=True).new_page()
    phone.goto(address)
    assert "/f/o/" in phone.url
    assert shown(phone) == ["Solsikke"]  # who is responsible stands under the form
    expect(state).to_contain_text("Opened", timeout=10_000)
    tap(phone, ORS_LINES[:1])
    expect(state).to_contain_text("First mark set", timeout=10_000)
    tap(phone, ORS_LINES[1:])
    phone.get_by_role("button", name="Done").click()
    expect(phone.get_by_text("You may close this page.")).to_be_visible()
    expect(state).to_contain_text("Answered", timeout=10_000)
    for typed in ("/", "/today/", f"/clients/{nils.pk}/"):
        phone.goto(typed)
        assert "/account/login/" in phone.url
    phone.goto(address)
    expect(phone.get_by_text("You may close this page.")).to_be_visible()
