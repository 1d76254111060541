"""A session on a tablet, in each engine: Today, the client's page, hand over, mark, unlock; Back shows nobody."""

import pytest

from tests.browser.engines.steps import (
    ORS_LINES,
    SRS_LINES,
    finish,
    hand_over,
    marks_stored,
    names_shown,
    start,
    unlock,
)

CURVE = "return document.querySelector('.chart-box svg.chart').getBoundingClientRect().width;"
# How wide the title is as it is drawn, and how wide it would be in the machine's own letters.
TITLE = """const title = document.querySelector("h1"), range = document.createRange();
range.selectNodeContents(title);
const wide = () => Math.round(range.getBoundingClientRect().width);
const now = wide();
title.style.fontFamily = "sans-serif";
const plain = wide();
title.style.fontFamily = "";
return [now, plain];"""
TAKEN = "return Boolean(document.querySelector('.chart-box.is-taken .chart-plot svg'));"


def test_a_session_from_the_clients_page_to_today(ann_here, ann):
    screen = ann_here
    assert screen.run(CURVE) > 300
    screen.point_at(".chart-box")
    screen.wait(lambda: screen.run(TAKEN))
    screen.picture_to_look_at("client-page")
    screen.press("Table")
    screen.wait(lambda: screen.find("#chart-table table").is_displayed())
    start(screen)
    hand_over(screen, "ORS")
    assert names_shown(screen) == []
    screen.picture_to_look_at("form")
    drawn, plain = screen.run(TITLE)
    assert drawn != plain, "the font that is preloaded is there from the first paint on, or it would not be used at all"
    finish(screen, ORS_LINES)
    screen.see("Give the tablet back")
    screen.picture_to_look_at("unlock")
    unlock(screen)
    screen.arrive("/result/ors/")
    hand_over(screen, "SRS")
    finish(screen, SRS_LINES, share=0.9)
    screen.see("Give the tablet back")
    unlock(screen)
    screen.arrive("/result/srs/")
    screen.press("Finish and go to Today")
    screen.arrive("/today/")
    screen.see("The session is finished.")
    assert not screen.find("main table").is_displayed(), "the client may still see the screen"
    screen.press("Show the day")
    screen.see("Nils")
    screen.picture_to_look_at("today")
    stored = marks_stored(ann)
    assert all(abs(mark - 60) <= 1 for mark in stored["ors"])
    assert all(abs(mark - 90) <= 1 for mark in stored["srs"])


def test_back_and_typed_addresses_show_nobody(ann_here, nils):
    screen = ann_here
    start(screen)
    session = screen.path
    hand_over(screen, "ORS")
    screen.mark(ORS_LINES[:2])
    form = screen.path
    for _step in range(2):
        screen.back()
        assert names_shown(screen) == []
    for address in ("/today/", f"/clients/{nils.pk}/", session):
        screen.open(address)
        assert (screen.path, names_shown(screen)) == ("/unlock/", [])
    screen.open(form)
    screen.see("How are things?")
    assert names_shown(screen) == []


@pytest.mark.parametrize("way", ["back", "typed", "reload", "form"])
def test_one_pin_unlocks_wherever_the_tablet_stands(ann_here, nils, way):
    """A form without an address of its own posts to that of the page before: WebKit's after Back."""
    screen = ann_here
    start(screen)
    hand_over(screen, "ORS")
    form = screen.path
    if way == "back":
        screen.back()
    elif way == "form":
        screen.press("Unlock")
    else:
        screen.open(f"/clients/{nils.pk}/")
    if way == "reload":
        screen.reload()
    screen.wait(lambda: screen.count("#unlock"))
    assert screen.path != form
    unlock(screen)
    screen.arrive("/sessions/")
    assert [(path, status) for path, status in screen.network.posts if path == "/unlock/"] == [("/unlock/", 302)]
