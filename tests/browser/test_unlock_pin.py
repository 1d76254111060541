"""The PIN in Chromium: it sends itself at the sixth digit, from the keyboard and pasted; a wrong one is said."""

from playwright.sync_api import expect

from tests.browser.test_flow import ORS_LINES, PIN, findings, hand_over, start, tap


def given_back(page):
    """The thanks page after the ORS."""
    start(page)
    hand_over(page, "ORS")
    tap(page, ORS_LINES)
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text("Give the tablet back")).to_be_visible()


def test_pin_on_thanks_page_sends_itself(ann_here):
    page = ann_here
    given_back(page)
    assert findings(page) == []
    field = page.get_by_label("PIN")
    expect(field).not_to_be_focused()  # no keyboard comes up in the client's hands
    field.press_sequentially(PIN[:5])
    expect(field).to_have_value(PIN[:5])
    field.press_sequentially(PIN[5])
    page.wait_for_url("**/result/ors/")


def test_pin_pasted_with_a_space_sends_itself(ann_here):
    page = ann_here
    given_back(page)
    field = page.get_by_label("PIN")
    field.focus()
    page.keyboard.insert_text(f"{PIN[:3]} {PIN[3:]}")
    page.wait_for_url("**/result/ors/")


def test_wrong_pin_is_said_and_field_is_empty(ann_here):
    page = ann_here
    given_back(page)
    page.get_by_label("PIN").press_sequentially("111111")
    page.wait_for_url("**/unlock/")
    expect(page.get_by_text("That PIN is not right.")).to_be_visible()
    field = page.get_by_label("PIN")
    expect(field).to_have_value("")
    expect(field).to_be_focused()
    field.press_sequentially(PIN)
    page.wait_for_url("**/result/ors/")
