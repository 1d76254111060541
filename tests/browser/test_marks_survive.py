"""A half-filled form in Chromium: unlock tapped by mistake, back, reload, an unloaded tab, a PIN of the staff."""

from playwright.sync_api import expect

from organisations.tenancy.context import tenant
from sessions_app.models import RatingDraft
from tests.browser.test_flow import ORS_LINES, findings, hand_over, start, tap, unlock


def kept(page, ann, marks):
    """Wait until so many marks are on the server."""
    for _look in range(50):
        with tenant(ann.organisation_id):
            draft = RatingDraft.objects.first()
        if draft and len(draft.given) == marks:
            return draft.given
        page.wait_for_timeout(100)
    raise AssertionError(f"{marks} marks are not kept")


def half_filled(page, ann):
    start(page)
    hand_over(page, "ORS")
    tap(page, ORS_LINES[:2])
    kept(page, ann, 2)


def crosses(page, count):
    expect(page.locator(".cross:visible")).to_have_count(count)


def test_reload_back_and_an_unloaded_tab_lose_no_mark(ann_here, ann):
    page = ann_here
    half_filled(page, ann)
    form = page.url
    page.reload()
    crosses(page, 2)
    page.go_back()
    page.goto(form)
    crosses(page, 2)
    restored = page.context.new_page()  # as after the tablet has unloaded the tab
    page.close()
    restored.goto(form)
    crosses(restored, 2)


def test_unlock_by_mistake_leads_back_to_the_form(ann_here, ann):
    page = ann_here
    half_filled(page, ann)
    tap(page, ORS_LINES[2:3])
    page.get_by_role("link", name="Unlock").first.click()  # at once: the last mark is on its way
    page.wait_for_url("**/unlock/")
    assert findings(page) == []
    page.get_by_role("link", name="Back to the form").click()
    crosses(page, 3)


def test_unlock_link_is_not_beside_the_button_that_finishes(ann_here):
    page = ann_here
    start(page)
    hand_over(page, "ORS")
    for size in ({"width": 1024, "height": 1366}, {"width": 1366, "height": 1024}, {"width": 390, "height": 844}):
        page.set_viewport_size(size)
        link, done = (page.locator(name).first.bounding_box() for name in (".unlock-link", "#done"))
        assert done["y"] - link["y"] - link["height"] > 200, size
        assert findings(page) == []


def test_a_pin_in_mid_form_keeps_the_marks_and_tells_the_staff(ann_here, ann):
    page = ann_here
    half_filled(page, ann)
    page.goto("/unlock/")
    unlock(page)
    page.wait_for_url("**/sessions/**")
    expect(page.get_by_text("2 of 4 marks")).to_be_visible()
    page.goto("/unlock/")
    assert page.get_by_role("link", name="Back to the form").count() == 0


def test_the_way_back_is_gone_with_the_hand_over(ann_here, ann):
    page = ann_here
    half_filled(page, ann)
    page.goto("/unlock/")
    unlock(page)
    page.wait_for_url("**/sessions/**")
    page.get_by_role("button", name="Hand over again").click()
    page.wait_for_url("**/f/*/")
    crosses(page, 2)
    tap(page, ORS_LINES[2:])
    page.locator("#done").click()
    page.wait_for_url("**/thanks/")
    page.goto("/unlock/")
    expect(page.get_by_role("link", name="Back to the form")).to_have_count(0)


def test_marks_without_a_network_are_sent_when_it_is_back(ann_here, ann):
    page = ann_here
    start(page)
    hand_over(page, "ORS")
    page.route("**/marks/", lambda route: route.abort())
    tap(page, ORS_LINES[:2])
    page.wait_for_timeout(1000)
    page.unroute("**/marks/")
    kept(page, ann, 2)
