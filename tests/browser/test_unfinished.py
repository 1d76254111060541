"""Stopping in mid-form, going on the same day; keying in papers by the keyboard alone; text of twice the size."""

import re

import pytest
from playwright.sync_api import expect

from organisations.tenancy.context import tenant
from sessions_app.models import Rating, RatingDraft
from tests.browser.axe import violations
from tests.browser.test_flow import ORS_LINES, hand_over, start, tap, unlock


def rows(model, ann):
    with tenant(ann.organisation_id):
        return list(model.objects.order_by("-pk"))


def findings(page):
    return [f"{found['id']}: {node['html'][:120]}" for found in violations(page) for node in found["nodes"]]


def test_kept_given_back_and_gone_on_with(ann_here, ann):
    page, before = ann_here, len(rows(Rating, ann))
    start(page)
    hand_over(page, "ORS")
    tap(page, ORS_LINES[:2])
    page.get_by_role("button", name="Save and go on later").click()
    page.wait_for_url("**/later/")
    assert findings(page) == []
    expect(page.get_by_text("Kept for later.")).to_be_visible()
    page.go_back()
    expect(page.locator(".cross:visible")).to_have_count(0)
    page.goto("/unlock/")
    unlock(page)
    expect(page.get_by_text("2 of 4 marks")).to_be_visible()
    assert findings(page) == []
    kept = rows(RatingDraft, ann)[0].given

    page.get_by_role("button", name="Hand over again").click()
    page.wait_for_url("**/f/*/")
    expect(page.locator(".cross:visible")).to_have_count(2)
    expect(page.locator("#count")).to_have_text("2 of 4 marks set")
    tap(page, ORS_LINES[2:])
    page.locator("#done").click()
    page.wait_for_url("**/thanks/")
    assert rows(RatingDraft, ann) == []
    assert len(rows(Rating, ann)) == before + 1
    newest = max(rows(Rating, ann), key=lambda rating: rating.created_at)
    assert newest.marks[:2] == list(kept.values())


def test_without_a_network_the_marks_stay_on_the_page(ann_here, ann):
    page = ann_here
    start(page)
    hand_over(page, "ORS")
    tap(page, ORS_LINES[:1])
    page.route("**/later/", lambda route: route.abort())
    page.get_by_role("button", name="Save and go on later").click()

    expect(page.locator(".sending")).to_contain_text("Not kept")
    expect(page.locator(".cross:visible")).to_have_count(1)
    page.unroute("**/later/")
    tap(page, ORS_LINES[1:2])
    page.get_by_role("button", name="Save and go on later").click()
    page.wait_for_url("**/later/")
    assert len(rows(RatingDraft, ann)[0].given) == 2


def test_papers_are_keyed_in_without_a_mouse(page, logged_in, ann, nils, episode):
    logged_in(page, ann.user).goto("/paper/")
    typed = [nils.reference, "03022026", None, "62", "7.1", "5,8", "72"]

    def paper(*fields):
        for text in fields:
            if text is not None:
                page.keyboard.type(text)
            page.keyboard.press("Enter")

    expect(page.locator("[name=row-0-client]")).to_be_focused()
    page.keyboard.type(typed[0])
    page.keyboard.press("Enter")
    page.locator("[name=row-0-held_on]").fill("2026-03-02")
    page.locator("[name=row-0-held_on]").press("Enter")
    paper(*typed[2:])
    expect(page.locator("fieldset.paper-row").first.locator(".paper-sum")).to_have_text("= 26.3")
    expect(page.locator("[name=row-0-mark1]")).to_have_value("6.2")  # as read from a ruler
    expect(page.locator("[name=row-1-client]")).to_be_focused()  # past the total of marks that are all there
    page.keyboard.type("nobody")
    expect(page.locator("[name=row-1-held_on]")).to_have_value("2026-03-02")
    page.keyboard.press("Enter")
    expect(page.locator("[name=row-1-mark1]")).to_be_focused()  # past a day and a form that stay the same
    page.keyboard.press("Shift+Enter")
    expect(page.locator("[name=row-1-form]")).to_be_focused()
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("Some rows are not stored yet")).to_be_visible()
    expect(page.locator("[name=row-1-client]")).to_be_focused()
    expect(page.locator(".paper-row.is-saved")).to_have_count(1)
    assert findings(page) == []
    assert [rating.marks for rating in rows(Rating, ann)] == [[62, 71, 58, 72]]


LARGE = "document.documentElement.style.fontSize = '212.5%'"
PAGES = ("/today/", "/clients/", "/paper/", "/screen/", "{client}", "{client}edit/", "{client}sessions/new/", "{flow}",
         "{flow}read-aloud/ors/", "{flow}key-in/ors/")  # fmt: skip


def test_text_of_twice_the_size_fits_a_phone(ann_here, ann, nils):
    page = ann_here
    start(page)
    places = {"client": f"/clients/{nils.pk}/", "flow": re.sub(r"^.*//[^/]*", "", page.url)}
    page.set_viewport_size({"width": 390, "height": 844})
    over = {}
    for address in PAGES:
        page.goto(address.format(**places))
        page.evaluate("document.querySelectorAll('main details:not(.menu)').forEach(each => each.open = true)")
        page.evaluate(LARGE)
        if (wide := page.evaluate("document.documentElement.scrollWidth - innerWidth")) > 0:
            over[address] = wide
    assert over == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_on_the_pages_of_paper_and_voice(ann_here, scheme):
    page = ann_here
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    start(page)
    flow = page.url
    for address in ("/paper/", "/screen/", f"{flow}read-aloud/ors/", f"{flow}read-aloud/srs/", f"{flow}key-in/ors/"):
        page.goto(address)
        page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
        assert findings(page) == [], address
    page.goto(f"{flow}read-aloud/ors/")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Every line needs a mark").wait_for()
    assert findings(page) == []
