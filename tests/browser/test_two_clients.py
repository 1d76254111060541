"""Two clients on one tablet, in Chromium: Back, other tabs, a restored tab, the outbox; the staff's tabs meanwhile."""

import re

import pytest
from playwright.sync_api import expect

from organisations.tenancy.context import tenant
from sessions_app.models import Note, PendingAnswer, Rating
from tests.browser.test_device import everything
from tests.browser.test_flow import ORS_LINES, SRS_LINES, hand_over, start, tap, unlock
from tests.browser.test_offline import carry, finish, waiting
from tests.factories import ClientFactory, EpisodeFactory

NAMES = ("Nils", "N-014", "Bea", "B-002", "Solsikke", "Ann Holm")
TYPED = "Nils says: it goes better since Monday."
CLOSED = "This form is closed."


@pytest.fixture
def bea(ann, red_team, service):
    with tenant(ann.organisation_id):
        own = {"organisation": ann.organisation}
        client = ClientFactory(**own, reference="B-002", first_name="Bea", teams=[red_team], contact=ann)
        EpisodeFactory(**own, client=client, service=service)
        return client


def marked(ann, model=Rating):
    """Whose answers are stored, of the sessions that were begun by hand: (reference, marks)."""
    with tenant(ann.organisation_id):
        rows = model.objects.filter(session__started_at__isnull=False).select_related("session__client")
        return [(row.session.client.reference, row.marks) for row in rows]


def back_at(page, secret="204681"):
    page.goto("/unlock/")
    unlock(page, secret)
    page.wait_for_url(re.compile("/sessions/|/result/"))


def to_bea(page, bea):
    """From Nils, who marks nothing, by way of the staff to Bea; the address of Nils' form."""
    start(page)
    hand_over(page, "ORS")
    form = page.url
    back_at(page)
    page.goto(f"/clients/{bea.pk}/")
    start(page)
    hand_over(page, "ORS")
    return form


def names_in(page):
    return [name for name in NAMES if name in everything(page)]


def test_back_shows_the_second_client_no_lines_of_the_first(ann_here, ann, bea):
    page = ann_here
    first = to_bea(page, bea)
    own = page.url
    for _step in range(12):
        page.go_back()
        page.wait_for_load_state()
        assert names_in(page) == []
        assert page.url == own or page.locator("form.lines").count() == 0, page.url
    page.goto(first)
    expect(page.get_by_text(CLOSED)).to_be_visible()
    page.goto(own)
    finish(page, ORS_LINES)
    expect(page.get_by_text("Your answer is saved.")).to_be_visible()
    assert [reference for reference, _marks in marked(ann)] == ["B-002"]


def test_a_tab_with_the_first_clients_form_closes_when_another_tab_unlocks(ann_here, ann, bea):
    page = ann_here
    start(page)
    hand_over(page, "ORS")
    tap(page, ORS_LINES[:2])
    other = page.context.new_page()
    back_at(other)
    expect(page.get_by_text(CLOSED)).to_be_visible()
    assert page.locator("form.lines").count() == 0


def test_an_answer_from_the_outbox_of_a_closed_form_is_asked_about(ann_here, ann, bea):
    """Stored without a network; unlocked elsewhere before the answer had left the tablet."""
    page = ann_here
    start(page)
    session = page.url
    hand_over(page, "ORS")
    page.route("**/sealed/", lambda route: route.abort())
    page.route("**/f/*/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    finish(page, ORS_LINES)
    expect(page.get_by_text("Stored, not sent: 1")).to_be_visible()
    other = page.context.new_page()
    other.route("**/sealed/", lambda route: route.abort())
    back_at(other)
    page.unroute_all()
    other.unroute_all()
    other.goto(session)
    for _look in range(100):
        if waiting(other) == 0:
            break
        other.wait_for_timeout(100)
    other.reload()
    expect(other.get_by_text("an answer came after the tablet was unlocked")).to_be_visible()
    assert marked(ann) == []
    other.get_by_role("button", name="It counts for this session").click()
    expect(other.get_by_text("an answer came after")).to_have_count(0)
    assert [reference for reference, _marks in marked(ann)] == ["N-014"]


def test_unlocking_sends_what_waits_before_it_closes_the_form(ann_here, ann):
    page = ann_here
    start(page)
    hand_over(page, "ORS")
    for address in ("**/sealed/", "**/f/*/"):
        page.route(address, lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    finish(page, ORS_LINES)
    expect(page.get_by_text("Stored, not sent: 1")).to_be_visible()
    page.goto("/unlock/")
    page.get_by_label("PIN").fill("20468")
    page.unroute_all()
    page.get_by_label("PIN").press_sequentially("1")
    page.wait_for_url("**/result/ors/")
    assert [reference for reference, _marks in marked(ann)] == ["N-014"]


def test_a_carried_form_opens_for_no_later_hand_over_and_not_in_a_restored_tab(ann_here, ann, bea):
    page = ann_here
    carry(page)
    session = page.url
    page.context.set_offline(True)
    page.get_by_role("button", name="Hand over for the ORS").click()
    page.wait_for_url("**/offline/ors/en/own/**")
    shell = page.url
    page.context.set_offline(False)
    page.goto("/today/")
    back_at(page)
    page.goto(session)
    page.wait_for_function("() => sessionStorage.getItem('medspil.forms')")
    assert shell.split("#")[1] not in page.evaluate("sessionStorage.getItem('medspil.forms')")
    for restored in (page, page.context.new_page()):
        restored.goto(shell)
        expect(restored.get_by_text(CLOSED)).to_be_visible()
        assert restored.locator("form.lines").count() == 0
    page.goto(f"/clients/{bea.pk}/")
    carry(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Hand over for the ORS").click()
    page.wait_for_url("**/offline/ors/en/own/**")
    expect(page.locator("form.lines")).to_be_visible()
    own = page.url
    page.goto("about:blank")
    page.goto(shell)
    expect(page.get_by_text(CLOSED)).to_be_visible()
    page.goto("about:blank")
    page.goto(own)
    finish(page, ORS_LINES)
    page.context.set_offline(False)
    expect(page.get_by_text("Your answer is saved.")).to_be_visible()
    assert [reference for reference, _marks in marked(ann)] == ["B-002"]


def test_a_restored_tab_that_still_carries_the_form_asks_the_server(ann_here):
    page = ann_here
    carry(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Hand over for the ORS").click()
    page.wait_for_url("**/offline/ors/en/own/**")
    shell = page.url
    page.context.set_offline(False)
    page.goto("/today/")
    assert page.url.endswith("/unlock/")
    page.goto(shell)
    expect(page.locator("form.lines")).to_be_visible()
    page.goto("about:blank")
    other = page.context.new_page()
    back_at(other)
    page.goto(shell)
    expect(page.get_by_text(CLOSED)).to_be_visible()
    assert page.locator("form.lines").count() == 0


def test_the_second_form_of_a_session_is_carried_anew_after_unlocking(ann_here, ann):
    """ORS with a network, unlocked; the SRS without one counts like any other."""
    page = ann_here
    carry(page)
    hand_over(page, "ORS")
    finish(page, ORS_LINES)
    expect(page.get_by_text("Your answer is saved.")).to_be_visible()
    page.goto("/unlock/")
    unlock(page)
    page.wait_for_url("**/result/ors/")
    page.wait_for_function(
        "() => JSON.parse(sessionStorage.getItem('medspil.forms'))?.forms.map((one) => one.form).join() === 'srs'"
    )
    page.context.set_offline(True)
    page.get_by_role("button", name="Hand over for the SRS").click()
    page.wait_for_url("**/offline/srs/**")
    finish(page, SRS_LINES, share=0.9)
    page.context.set_offline(False)
    expect(page.get_by_text("Your answer is saved.")).to_be_visible()
    assert len(marked(ann)) == 2
    with tenant(ann.organisation_id):
        assert not PendingAnswer.objects.exists()


def test_the_other_tabs_are_empty_at_once_and_come_back(ann_here, nils):
    page = ann_here
    tabs = [page.context.new_page() for _ in range(3)]
    addresses = ["/today/", f"/clients/{nils.pk}/", "/clients/?q=Nils"]
    for tab, address in zip(tabs, addresses, strict=True):
        tab.goto(address)
        expect(tab.get_by_text("Nils").first).to_be_visible()
    start(page)
    hand_over(page, "ORS")
    for tab in tabs:
        expect(tab.get_by_text("This page is empty while a client has the device.")).to_be_visible()
        assert names_in(tab) == []
    back_at(page)
    for tab, address in zip(tabs, addresses, strict=True):
        expect(tab.get_by_text("Nils").first).to_be_visible()
        assert tab.url.endswith(address)


def test_an_empty_tab_stays_empty_whatever_its_holder_does(ann_here, nils):
    page = ann_here
    tab = page.context.new_page()
    for address in ("/today/", f"/clients/{nils.pk}/"):
        tab.goto(address)
    start(page)
    hand_over(page, "ORS")
    expect(tab.get_by_text("This page is empty")).to_be_visible()
    for kind in ("focus", "pageshow"):
        tab.evaluate(f"window.dispatchEvent(new Event('{kind}'))")
    tab.evaluate("new BroadcastChannel('medspil').postMessage('look')")
    tab.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    tab.wait_for_timeout(300)
    assert names_in(tab) == []
    with tab.expect_navigation():
        tab.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    assert (tab.url.endswith("/unlock/"), names_in(tab)) == (True, [])
    for step in (tab.go_back, tab.go_back, tab.go_forward):
        step()
        tab.wait_for_load_state()
        assert names_in(tab) == []


def test_a_tab_that_heard_nothing_is_empty_when_it_is_looked_at(ann_here, nils):
    """A tablet lets the tabs behind sleep."""
    page = ann_here
    tab = page.context.new_page()
    tab.add_init_script("delete window.BroadcastChannel")
    tab.goto(f"/clients/{nils.pk}/")
    hidden = "Object.defineProperty(document, 'hidden', { value: %s, configurable: true })"
    looked = "document.dispatchEvent(new Event('visibilitychange'))"
    tab.evaluate(f"{hidden % 'true'}; {looked}")
    assert tab.evaluate("getComputedStyle(document.body).opacity") == "0", "nothing flashes when it comes back"
    start(page)
    hand_over(page, "ORS")
    tab.evaluate(f"{hidden % 'false'}; {looked}")
    assert names_in(tab) == []
    assert tab.evaluate("getComputedStyle(document.body).opacity") == "1"


def test_words_that_were_typed_in_another_tab_come_back_and_can_be_saved(ann_here, ann, nils):
    page = ann_here
    start(page)
    tab = page.context.new_page()
    tab.goto(page.url + "void/")
    tab.locator("[name=reason]").fill(TYPED)
    hand_over(page, "ORS")
    expect(tab.get_by_text("This page is empty")).to_be_visible()
    assert names_in(tab) == []
    assert TYPED not in everything(tab)
    back_at(page)
    expect(tab.locator("[name=reason]")).to_have_value(TYPED)
    tab.locator("main form button.btn").first.click()
    expect(tab.get_by_text("The session no longer counts.")).to_be_visible()


def test_a_note_that_was_being_typed_is_saved_after_unlocking(ann_here, ann):
    page = ann_here
    start(page)
    tab = page.context.new_page()
    tab.goto(page.url)
    tab.route("**/notes/**", lambda route: route.abort())
    tab.get_by_label("In the client's own words").fill(TYPED)
    hand_over(page, "ORS")
    expect(tab.get_by_text("This page is empty")).to_be_visible()
    assert TYPED not in everything(tab)
    tab.unroute_all()
    back_at(page)
    expect(tab.get_by_label("In the client's own words")).to_have_value(TYPED)
    expect(tab.get_by_text(re.compile(r"Saved \d\d:\d\d"))).to_be_visible(timeout=20_000)
    with tenant(ann.organisation_id):
        assert Note.objects.get().text == TYPED


def test_words_of_one_colleague_do_not_come_back_to_another(ann_here, ben, nils, logged_in):
    page = ann_here
    start(page)
    tab = page.context.new_page()
    tab.goto(page.url + "void/")
    tab.locator("[name=reason]").fill(TYPED)
    hand_over(page, "ORS")
    expect(tab.get_by_text("This page is empty")).to_be_visible()
    page.goto("/unlock/")
    page.get_by_role("button", name="Log out instead").click()
    page.wait_for_url("**/account/login/**")
    tab.evaluate("window.dispatchEvent(new Event('focus'))")
    tab.wait_for_timeout(500)
    assert names_in(tab) == [], "the cookie is gone, and nobody is logged in"
    logged_in(page, ben.user)
    page.goto("/today/")
    expect(tab.locator("[name=reason]")).to_have_value("")


def test_the_other_tabs_are_empty_where_there_is_no_network_too(ann_here, nils):
    page = ann_here
    tab = page.context.new_page()
    tab.goto(f"/clients/{nils.pk}/")
    carry(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Hand over for the ORS").click()
    page.wait_for_url("**/offline/ors/en/own/**")
    expect(tab.get_by_text("This page is empty")).to_be_visible()
    tab.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    tab.wait_for_timeout(300)
    assert names_in(tab) == []
    page.context.set_offline(False)
    page.goto("/today/")
    assert names_in(tab) == []
    back_at(page)
    expect(tab.get_by_text("Nils").first).to_be_visible()
