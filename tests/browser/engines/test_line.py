"""The client's line in each engine: its ends, its keys, dragging, taking back; what is said too early."""

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from tests.browser.engines.steps import ORS_LINES, hand_over, start

VALUES = """return [...document.querySelectorAll("section.line")]
  .map((line) => document.querySelector(`input[name=${line.dataset.key}]`).value);"""
FOCUS = "document.getElementById(arguments[0]).focus();"


def marks(screen) -> list[str]:
    return screen.run(VALUES)


def test_taps_keys_dragging_and_taking_back(ann_here):
    screen = ann_here
    start(screen)
    hand_over(screen, "ORS")
    assert marks(screen) == [""] * 4
    for key, share in zip(ORS_LINES, (0.0, 0.25, 0.73, 1.0), strict=True):
        screen.mark([key], share)
    assert [abs(float(mark) - meant) <= 0.1 for mark, meant in zip(marks(screen), (0, 2.5, 7.3, 10), strict=True)]

    screen.run(FOCUS, "line-individual")
    seen = []
    for key in (Keys.ARROW_RIGHT, Keys.PAGE_UP, Keys.ARROW_LEFT, Keys.PAGE_DOWN, Keys.END, Keys.HOME):
        screen.keys(key)
        seen.append(marks(screen)[0])
    assert seen == ["0.1", "1.1", "1.0", "0.0", "10.0", "0.0"]

    rule = screen.find("#line-social .rule")
    width = rule.size["width"]
    before = float(marks(screen)[2])
    chain = ActionChains(screen.driver).move_to_element_with_offset(rule, round((before / 10 - 0.5) * width), 0)
    chain.click_and_hold().move_by_offset(round(-0.15 * width), 0).move_by_offset(round(-0.15 * width), 0)
    chain.pause(0.4).release().perform()
    assert abs(float(marks(screen)[2]) - (before - 3)) <= 0.15

    screen.find("section[data-key=relations] .undo").click()
    assert marks(screen)[1] == ""
    screen.press("Done")
    screen.see("This line has no mark yet.")
    assert "/f/" in screen.path
