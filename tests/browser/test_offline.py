"""No network, in Chromium: nothing is lost, nothing is doubled, nothing can be read on the device."""

import os
import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from organisations.models import CapabilityKind, DeviceSession
from organisations.tenancy.context import tenant
from organisations.tokens import capabilities
from sessions_app.models import Rating
from tests.browser.conftest import FLAGS, find_chromium
from tests.browser.test_flow import ORS_LINES, SRS_LINES, hand_over, start, tap, unlock

FORM = re.compile(r"/f/[^/]+/$")
STORED = "stored on this device, locked"
READ_STORES = """async () => {
  const texts = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie];
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((resolve) => { indexedDB.open(name).onsuccess = (e) => resolve(e.target.result); });
    for (const store of db.objectStoreNames) {
      texts.push(await new Promise((resolve) => {
        db.transaction(store).objectStore(store).getAll().onsuccess = (e) => resolve(JSON.stringify(e.target.result));
      }));
    }
    db.close();
  }
  const pages = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      pages.push(request.url);
      const answer = await cache.match(request, { ignoreVary: true });
      if (!request.url.includes("/static/")) pages.push(await answer.text());
    }
  }
  return [texts.join("\\n"), pages.join("\\n")];
}"""


KEPT_PAGES = """async () => {
  const cache = await caches.open("medspil-shells");
  return (await cache.keys()).map((request) => new URL(request.url).pathname);
}"""
WAITING = """() => new Promise((resolve) => {
  const opening = indexedDB.open("medspil", 1);
  opening.onsuccess = () => {
    const rows = opening.result.transaction("sealed").objectStore("sealed").count();
    rows.onsuccess = () => { opening.result.close(); resolve(rows.result); };
  };
})"""


NAMES = """() => new Promise((resolve) => {
  const opening = indexedDB.open("medspil", 1);
  opening.onsuccess = () => {
    const rows = opening.result.transaction("sealed").objectStore("sealed").getAll();
    rows.onsuccess = () => { opening.result.close(); resolve(rows.result.map((row) => row.envelope.form)); };
  };
})"""


def ratings(ann):
    with tenant(ann.organisation_id):
        return list(Rating.objects.filter(session__started_at__isnull=False))


def waiting(page):
    """How many sealed answers the browser keeps."""
    return page.evaluate(WAITING)


def carry(page):
    """Start a session and wait until the device carries its forms."""
    start(page)
    page.wait_for_function("() => sessionStorage.getItem('medspil.forms') && navigator.serviceWorker.controller")


def finish(page, lines, share=0.6):
    tap(page, lines, share)
    page.get_by_role("button", name="Done").click()


def test_an_answer_marked_without_a_network_is_sent_later_once(ann_here, ann):
    page = ann_here
    start(page)
    hand_over(page, "ORS")
    page.context.set_offline(True)
    finish(page, ORS_LINES)
    expect(page.get_by_text(STORED)).to_be_visible()
    expect(page.get_by_text("Stored, not sent: 1")).to_be_visible()
    assert page.locator("form.lines").count() == 0
    assert waiting(page) == 1
    # The envelope names its form, so that wrong ones from the same address never stop it.
    (name,) = page.evaluate(NAMES)
    assert capabilities.named(name, CapabilityKind.HANDOVER).detail == "ors"
    assert ratings(ann) == []
    page.context.set_offline(False)
    expect(page.get_by_text("Your answer is saved.")).to_be_visible()
    assert waiting(page) == 0
    (rating,) = ratings(ann)
    assert all(abs(mark - 60) <= 1 for mark in rating.marks)


def test_what_waits_cannot_be_read_on_the_device(ann_here, nils):
    page = ann_here
    carry(page)
    hand_over(page, "ORS")
    page.context.set_offline(True)
    finish(page, ORS_LINES, share=0.62)
    expect(page.get_by_text(STORED)).to_be_visible()
    stored, pages = page.evaluate(READ_STORES)
    assert "sealed" in stored
    for word in ("06.2", "6.2", "individual", "submission_id"):
        assert word not in stored, word
    for word in ("Nils", "N-014", str(nils.pk)):
        assert word not in stored + pages, word
    assert 'data-mark="6' not in pages


def test_both_forms_of_a_session_without_any_network_from_the_start_on(ann_here, ann):
    """The device carries the empty forms; it logs itself out before it shows anything else again."""
    page = ann_here
    carry(page)
    shells = page.evaluate(KEPT_PAGES)
    assert {"/offline/ors/en/own/", "/offline/srs/en/own/"} <= set(shells)
    imported = {f"/static/js/{name}.js" for name in ("device_settings", "idle", "kiosk")}
    assert imported <= set(shells)
    page.context.set_offline(True)
    page.get_by_role("button", name="Hand over for the ORS").click()
    page.wait_for_url("**/offline/ors/en/own/**")
    assert "Nils" not in page.content()
    finish(page, ORS_LINES)
    expect(page.get_by_text("Stored, not sent: 1")).to_be_visible()
    page.reload()  # what was marked is not opened a second time
    expect(page.get_by_text("This form is closed.")).to_be_visible()
    page.go_back()
    assert "Nils" not in page.content()
    page.goto("/today/")
    expect(page.get_by_text("There is no network just now.")).to_be_visible()
    srs = page.evaluate("() => JSON.parse(sessionStorage.getItem('medspil.forms')).forms[0]")
    page.goto(f"{srs['address']}#{srs['token']}")
    finish(page, SRS_LINES, share=0.9)
    expect(page.get_by_text("Stored, not sent: 2")).to_be_visible()
    assert ratings(ann) == []

    page.context.set_offline(False)
    expect(page.get_by_text("Your answer is saved.")).to_be_visible()
    assert {rating.instrument: rating.late for rating in ratings(ann)} == {"ors": False, "srs": False}
    page.goto("/today/")
    assert page.url.endswith("/unlock/")
    unlock(page)
    page.wait_for_url(re.compile("/sessions/|/result/"))


def test_a_killed_browser_sends_when_it_is_back(chromium, live_server, ann, nils, episode, logged_in, tmp_path):
    """The same profile on disk, a new process: what was sealed is still there."""
    args = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    options = {"executable_path": find_chromium(), "args": args, "base_url": live_server.url}
    options |= {"has_touch": True, "locale": "en-GB"}
    kind = chromium.browser_type
    context = kind.launch_persistent_context(tmp_path / "profile", **options)
    page = logged_in(context.pages[0], ann.user)
    page.goto(f"/clients/{nils.pk}/")
    start(page)
    hand_over(page, "ORS")
    context.set_offline(True)
    finish(page, ORS_LINES)
    expect(page.get_by_text("Stored, not sent: 1")).to_be_visible()
    context.close()
    left = b"".join(path.read_bytes() for path in (tmp_path / "profile").rglob("*") if path.is_file())
    for word in (b"Nils", b"N-014"):
        assert word not in left
    context = kind.launch_persistent_context(tmp_path / "profile", **options)
    page = context.pages[0]
    page.goto("/account/login/")
    for _look in range(100):
        if waiting(page) == 0:
            break
        page.wait_for_timeout(100)
    context.close()
    assert len(ratings(ann)) == 1


def test_the_answer_of_a_cut_line_is_not_doubled(ann_here, ann):
    """The server has committed, its answer never arrives, and the device sends again."""
    page = ann_here
    start(page)
    hand_over(page, "ORS")
    cut = []

    def lose(route):
        cut.append(route.fetch().status)
        route.abort()

    page.route(FORM, lambda route: lose(route) if route.request.method == "POST" else route.continue_())
    finish(page, ORS_LINES)
    expect(page.get_by_text("Your answer is saved.")).to_be_visible()
    assert cut == [200]  # after its redirect to the thanks
    assert waiting(page) == 0
    assert len(ratings(ann)) == 1


@pytest.mark.parametrize("status", [500, 503])
def test_a_server_that_is_not_well_loses_nothing(ann_here, ann, status):
    page = ann_here
    start(page)
    hand_over(page, "ORS")

    def fail(route):
        route.fulfill(status=status) if route.request.method == "POST" else route.continue_()

    for address in (FORM, "**/sealed/"):
        page.route(address, fail)
    finish(page, ORS_LINES)
    expect(page.get_by_text("Stored, not sent: 1")).to_be_visible()
    page.unroute_all()
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    expect(page.get_by_text("Your answer is saved.")).to_be_visible()
    assert len(ratings(ann)) == 1


def test_the_practitioner_reads_what_waits_and_how_long(ann_here):
    page = ann_here
    page.route("**/sealed/", lambda route: route.abort())
    page.goto("/today/")
    box = page.locator("[data-outbox]")
    said = box.locator("[data-said]")
    expect(box).to_be_hidden()
    put = """(ages) => new Promise((resolve) => {
      const opening = indexedDB.open("medspil", 1);
      opening.onsuccess = () => {
        const store = opening.result.transaction("sealed", "readwrite").objectStore("sealed");
        ages.forEach((hours, at) => store.put({ id: `${at}`, at: Date.now() - hours * 3600000, envelope: {} }));
        store.transaction.oncomplete = () => { opening.result.close(); resolve(); };
      };
    })"""
    page.evaluate(put, [1, 2])
    page.reload()
    expect(said).to_contain_text("Stored on this device, not sent: 2.")
    expect(said).not_to_contain_text("more than two days")
    page.evaluate(put, [1, 49])
    page.reload()
    expect(said).to_contain_text("Waiting for more than two days: 1.")
    expect(box).to_have_attribute("role", "alert")
    page.unroute_all()
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    expect(said).to_contain_text("Not taken by the server: 2.")
    assert waiting(page) == 2  # and still not deleted


def test_a_double_tap_and_two_devices_are_one_answer(ann_here, new_context, ann):
    page = ann_here
    start(page)
    hand_over(page, "ORS")
    other = new_context(has_touch=True).new_page()
    other.goto(page.url)
    for one in (page, other):
        tap(one, ORS_LINES)
        one.get_by_role("button", name="Done").dblclick()
    for one in (page, other):
        expect(one.get_by_text(re.compile("Your answer is saved|Both answers are kept"))).to_be_visible()
    assert len(ratings(ann)) == 1


def test_a_log_out_on_the_server_and_another_secret_lose_nothing(ann_here, ann, settings):
    page = ann_here
    start(page)
    hand_over(page, "ORS")
    page.context.set_offline(True)
    finish(page, ORS_LINES)
    expect(page.get_by_text("Stored, not sent: 1")).to_be_visible()
    DeviceSession.objects.all().delete()
    settings.SECRET_KEY = "quite another one, as long as a secret key should be at the least"
    page.context.set_offline(False)
    expect(page.get_by_text("Your answer is saved.")).to_be_visible()
    assert len(ratings(ann)) == 1


def test_a_clock_wrong_by_years_changes_nothing(ann_here, ann):
    page = ann_here
    start(page)
    hand_over(page, "ORS")
    page.clock.set_fixed_time("2031-05-05T10:00:00Z")
    page.context.set_offline(True)
    finish(page, ORS_LINES)
    expect(page.get_by_text(STORED)).to_be_visible()
    page.context.set_offline(False)
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    expect(page.get_by_text("Your answer is saved.")).to_be_visible()
    (rating,) = ratings(ann)
    assert rating.device_time.startswith("2031")
    assert rating.created_at.year != 2031


def test_the_worker_and_the_manifest_are_what_a_tablet_needs(page):
    page.goto("/account/login/")
    manifest = page.request.get(reverse("manifest"))
    assert manifest.headers["content-type"] == "application/manifest+json"
    facts = manifest.json()
    assert (facts["display"], facts["scope"]) == ("standalone", "/")
    for icon in facts["icons"]:
        assert page.request.get(icon["src"]).ok
    worker = page.request.get(reverse("service-worker"))
    assert worker.headers["content-type"].startswith("text/javascript")
    assert "no-store" in worker.headers["cache-control"]
