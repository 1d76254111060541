"""A link on the client's own device and papers keyed in, in each engine."""

import re

from selenium.webdriver.common.keys import Keys

from organisations.tenancy.context import tenant
from sessions_app.models import Rating
from tests.browser.engines.steps import ORS_LINES, finish, marks_stored, start

DATE = """const field = document.querySelector("[name=row-0-held_on]"); field.value = "2026-03-02";
field.dispatchEvent(new Event("input", { bubbles: true }));"""


def test_a_link_opens_one_form_on_a_device_without_staff(ann_here, ann):
    screen = ann_here
    start(screen)
    screen.press("Other ways")
    screen.press("On the client's own device")
    screen.press("Well-being (ORS)")
    screen.press("Make the link")
    screen.wait(lambda: screen.count("[data-copy]"))
    link = screen.find("[data-copy]").get_attribute("value")
    screen.driver.delete_all_cookies()  # from here on it is the client's own device
    screen.open(re.search(r"/f/[\w-]+/", link)[0])
    screen.arrive("/f/o/")
    finish(screen, ORS_LINES, share=0.3)
    screen.see("You may close this page.")
    assert all(abs(mark - 30) <= 1 for mark in marks_stored(ann)["ors"])
    screen.open("/today/")
    assert screen.path.startswith("/account/login/")


def test_papers_are_keyed_in_without_a_mouse(log_in, ann, nils, episode):
    screen = log_in(ann.user)
    screen.open("/paper/")
    active = "return document.activeElement.name;"
    screen.wait(lambda: screen.run(active) == "row-0-client")
    screen.keys(nils.reference, Keys.ENTER)
    assert screen.run(active) == "row-0-held_on"
    screen.run(DATE)
    screen.keys(Keys.ENTER, Keys.ENTER)
    for mark in ("6,2", "7.1", "5.8", "7.2"):
        screen.keys(mark, Keys.ENTER)
    assert screen.find(".paper-sum").text == "= 26.3"
    screen.press("Store")
    screen.see("stored")
    with tenant(ann.organisation_id):
        assert [rating.marks for rating in Rating.objects.all()] == [[62, 71, 58, 72]]
