"""The whole session in Chromium: start, hand over, ORS, unlock, result, words, SRS, next appointment."""

import re

import pytest
from playwright.sync_api import expect

from organisations.tenancy.context import tenant
from sessions_app.models import Note, Rating, Session, SessionDecision
from tests.browser.axe import violations
from tests.browser.conftest import PIN
from tests.factories import RatingFactory, SessionFactory
from tests.people import PASSWORD
from tests.sealed_words import say

ORS_LINES = ("individual", "relations", "social", "overall")
SRS_LINES = ("relation", "goals", "approach", "overall")
WORDS = "Things go better when I know what happens tomorrow."


def findings(page) -> list[str]:
    """What axe finds on the page as it is now."""
    return [f"{found['id']}: {node['html'][:120]}" for found in violations(page) for node in found["nodes"]]


def tap(page, keys, share=0.6):
    """A mark on each line, by finger."""
    for key in keys:
        line = page.locator(f"#line-{key}")
        line.scroll_into_view_if_needed()
        box = line.locator(".rule").bounding_box()
        page.wait_for_timeout(200)  # the form takes a tap right after scrolling for a stop of the scrolling
        page.touchscreen.tap(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)
        expect(line.locator(".cross")).to_be_visible()


def choose(page, key):
    """6.4 where there is no JavaScript: a number and the tenths above it."""
    line = page.locator(f"section[data-key={key}]")
    line.locator("input[value='6']").first.check(force=True)
    line.locator("summary").click()
    line.locator(f"input[name='{key}.tenths'][value='4']").check(force=True)


def unlock(page, secret=PIN):
    page.get_by_label("PIN").fill(secret)  # the sixth digit sends it


def start(page):
    page.get_by_role("button", name="Start session").first.click()
    page.wait_for_url(re.compile(r"/sessions/[0-9a-f-]{36}/$"))


def hand_over(page, instrument):
    page.get_by_role("button", name=f"Hand over for the {instrument}").click()
    page.wait_for_url("**/f/*/")


def test_a_session_from_start_to_the_next_appointment(ann_here, ann, nils):
    page = ann_here
    start(page)
    assert findings(page) == []
    expect(page.get_by_text("I would like to hear how things are for you.")).to_be_visible()

    hand_over(page, "ORS")
    assert findings(page) == []
    assert "Nils" not in page.content()
    tap(page, ORS_LINES)
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text("Give the tablet back")).to_be_visible()
    assert findings(page) == []

    unlock(page)
    page.wait_for_url("**/result/ors/")
    assert findings(page) == []
    page.get_by_label("In the client's own words").fill(WORDS)
    expect(page.get_by_text(re.compile(r"Saved \d\d:\d\d"))).to_be_visible()

    hand_over(page, "SRS")
    assert findings(page) == []
    tap(page, SRS_LINES, share=0.9)
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text("Give the tablet back")).to_be_visible()
    unlock(page)
    page.wait_for_url("**/result/srs/")
    assert findings(page) == []

    expect(page.get_by_label("Day", exact=True)).to_be_hidden()
    page.get_by_label("Another day").check()
    page.get_by_label("Day", exact=True).fill("2999-01-08")
    page.get_by_role("button", name="Finish and go to Today").click()
    page.wait_for_url("**/today/*")
    assert findings(page) == []
    expect(page.get_by_text("The session is finished. Next: January 8")).to_be_visible()
    expect(page.locator("main table")).to_be_hidden()  # the client may still see the screen
    page.get_by_text("Show the day").click()
    expect(page.locator("main table")).to_be_visible()
    assert findings(page) == []

    with tenant(ann.organisation_id):
        session = Session.objects.get(finished_at__isnull=False)
        ratings = {rating.instrument: rating for rating in Rating.objects.filter(session=session)}
        assert Note.objects.get(session=session).text == WORDS
        nils.refresh_from_db()
    assert all(abs(mark - 60) <= 1 for mark in ratings["ors"].marks)
    assert all(abs(mark - 90) <= 1 for mark in ratings["srs"].marks)
    assert ratings["ors"].device_time
    assert str(nils.next_on) == "2999-01-08"


def test_back_reload_and_typed_addresses_show_nothing_of_staff(ann_here, nils):
    page = ann_here
    expect(page.get_by_text("Nils").first).to_be_visible()
    start(page)
    session_page = page.url
    hand_over(page, "ORS")
    form = page.url
    tap(page, ORS_LINES[:2])
    for _step in range(6):
        page.go_back()
        page.wait_for_load_state()
        assert "Nils" not in page.content()
        assert "N-014" not in page.content()
    for address in ("/", "/today/", "/clients/", f"/clients/{nils.pk}/", session_page, "/account/login/"):
        page.goto(address)
        assert page.url.endswith("/unlock/"), address
        assert "Nils" not in page.content()
    page.goto(form)
    page.reload()
    expect(page.get_by_role("heading", name="How are things?")).to_be_visible()
    tap(page, ORS_LINES)
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text("Give the tablet back")).to_be_visible()
    page.goto(form)
    expect(page.get_by_text("Give the tablet back")).to_be_visible()
    second = page.context.new_page()
    second.goto(session_page)
    assert second.url.endswith("/unlock/")


def test_five_wrong_pins_end_at_the_login_page(ann_here):
    page = ann_here
    start(page)
    hand_over(page, "ORS")
    page.goto("/unlock/")
    for _attempt in range(5):
        with page.expect_navigation():  # a click does not wait: the next PIN would go into the page that leaves
            unlock(page, "000000")
    page.wait_for_url("**/account/login/")
    expect(page.get_by_text("wrong too many times")).to_be_visible()
    page.goto("/today/")
    assert "/account/login/" in page.url


def test_unlocking_while_an_answer_waits_loses_nothing(ann_here, ann):
    page = ann_here
    start(page)
    hand_over(page, "ORS")
    tap(page, ORS_LINES)
    page.context.set_offline(True)
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text("stored on this device, locked")).to_be_visible()
    page.get_by_role("link", name="Unlock").click()  # the browser's own page, or ours, without a network
    page.context.set_offline(False)
    page.goto("/unlock/")
    expect(page.locator("[data-outbox]")).to_be_hidden()
    unlock(page)
    page.wait_for_url("**/result/ors/")
    with tenant(ann.organisation_id):
        assert Rating.objects.filter(session__started_at__isnull=False).count() == 1


def test_two_answers_of_one_form_are_shown_and_decided(ann_here, ann):
    page = ann_here
    start(page)
    session_page = page.url
    hand_over(page, "ORS")
    second = page.context.new_page()
    second.goto(page.url)
    tap(page, ORS_LINES)
    tap(second, ORS_LINES, share=0.2)
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text("Give the tablet back")).to_be_visible()
    second.get_by_role("button", name="Done").click()
    expect(second.get_by_text("Both answers are kept")).to_be_visible()
    assert findings(second) == []
    second.get_by_role("link", name="Unlock").click()
    unlock(second)
    second.wait_for_url("**/result/ors/")
    second.goto(session_page)
    assert findings(second) == []
    second.get_by_role("button", name="The second counts").click()
    expect(second.get_by_text("Both answers stay stored")).to_be_visible()
    with tenant(ann.organisation_id):
        current = Rating.objects.current().filter(session__started_at__isnull=False).get()
    assert all(abs(mark - 20) <= 1 for mark in current.marks)


def test_words_typed_right_before_handing_over_are_kept(ann_here, ann):
    page = ann_here
    start(page)
    page.get_by_label("In the client's own words").fill(WORDS)
    hand_over(page, "ORS")
    with tenant(ann.organisation_id):
        assert Note.objects.get().text == WORDS


def test_a_colleagues_words_are_shown_and_both_are_kept(ann_here, ann):
    page = ann_here
    start(page)
    with tenant(ann.organisation_id):
        session = Session.objects.get(finished_at=None, started_at__isnull=False)
        Note.objects.create(
            organisation_id=ann.organisation_id, session=session, kind="after_ors", text="Ben's", version=3
        )
    own = page.locator("#note-after_ors")
    field = page.get_by_label("In the client's own words")
    field.fill("Ann's")
    expect(page.get_by_text("a colleague has written here")).to_be_visible()
    expect(own.locator("[data-theirs] blockquote")).to_have_text("Ben's")
    assert findings(page) == []
    field.fill("Ben's\nAnn's")
    own.get_by_role("button", name="Save").click()
    expect(page.get_by_text(re.compile(r"Saved \d\d:\d\d"))).to_be_visible()
    with tenant(ann.organisation_id):
        assert Note.objects.get().text == "Ben's\nAnn's"


def test_without_javascript_the_whole_flow_works(new_context, logged_in, ann, nils, episode):
    page = logged_in(new_context(java_script_enabled=False).new_page(), ann.user)
    page.goto(f"/clients/{nils.pk}/")
    start(page)
    hand_over(page, "ORS")
    for key in ORS_LINES[:3]:
        choose(page, key)
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text("This line has no mark yet.").first).to_be_visible()
    expect(page.locator("input[name=individual][value='6']")).to_be_checked()
    choose(page, "overall")
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text("Give the tablet back")).to_be_visible()
    page.get_by_role("link", name="Unlock").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Unlock").click()
    page.wait_for_url("**/result/ors/")
    page.get_by_label("In the client's own words").fill(WORDS)
    page.locator("#note-after_ors").get_by_role("button", name="Save").click()
    page.wait_for_url("**/result/ors/")
    expect(page.get_by_label("In the client's own words")).to_have_value(WORDS)
    with tenant(ann.organisation_id):
        assert Rating.objects.get().total == 256


@pytest.mark.parametrize(
    "path", ["start/", "new/", "key-in/ors/", "edit/", "void/", "move/", "next/", "flow", "correct"]
)
def test_axe_finds_nothing_on_the_other_pages(page, logged_in, ann, nils, episode, path):
    with tenant(ann.organisation_id):
        session = SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)
        rating = RatingFactory(organisation=ann.organisation, session=session, instrument="srs")
    logged_in(page, ann.user)
    if path in {"start/", "new/"}:
        address = f"/clients/{nils.pk}/sessions/{path}"
    elif path == "correct":
        address = f"/ratings/{rating.pk}/correct/"
    else:
        address = f"/sessions/{session.pk}/" + path.replace("flow", "")
    assert page.goto(address).status == 200
    assert findings(page) == []


def test_a_decision_is_saved_while_it_is_typed_and_a_colleagues_is_shown(ann_here, ann):
    page = ann_here
    start(page)
    form = page.locator("form.decision").last
    text = form.get_by_label("Decided")
    text.fill("Cook on Tuesdays")
    expect(form.get_by_text(re.compile(r"Saved \d\d:\d\d"))).to_be_visible()
    with tenant(ann.organisation_id):
        decision = SessionDecision.objects.get()
        assert (decision.text, decision.responsible) == ("Cook on Tuesdays", ann)
        say(SessionDecision.objects.all(), text="Cook on Fridays")
    text.fill("Cook on Sundays")
    expect(form.locator("[data-theirs] blockquote")).to_contain_text("Cook on Fridays")
    with tenant(ann.organisation_id):
        assert SessionDecision.objects.get().text == "Cook on Fridays"
    text.fill("Cook on Fridays and Sundays")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_text(re.compile(r"Saved \d\d:\d\d"))).to_be_visible()
    with tenant(ann.organisation_id):
        assert SessionDecision.objects.get().text == "Cook on Fridays and Sundays"
    form.page.context.set_offline(True)
    text.fill("Typed without a network")
    expect(form.get_by_text("Not saved yet. Trying again.")).to_be_visible()
    form.page.context.set_offline(False)
    expect(form.get_by_text(re.compile(r"Saved \d\d:\d\d"))).to_be_visible()
    with tenant(ann.organisation_id):
        assert SessionDecision.objects.get().text == "Typed without a network"
