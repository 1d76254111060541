"""The page that measures a screen: what it keeps, and what the form makes of it."""

import json

import pytest

STORED = "localStorage.getItem('medspil.device')"


@pytest.fixture
def screen(page, logged_in, ann):
    logged_in(page, ann.user)
    page.goto("/screen/")
    return page


def test_a_bank_card_measures_the_screen(screen):
    for _press in range(16):
        screen.get_by_role("button", name="A little wider").click()
    card = screen.locator(".screen-card").bounding_box()["width"]
    assert card == pytest.approx(340, abs=0.5)
    assert screen.locator(".screen-ruler").bounding_box()["width"] == pytest.approx(340 / 85.6 * 100, abs=0.5)
    screen.get_by_role("button", name="Save on this device").click()
    screen.get_by_text("Saved on this device.").wait_for()

    assert json.loads(screen.evaluate(STORED)) == {"screenPixels": pytest.approx(397.2, abs=0.1)}
    screen.reload()
    assert screen.locator("input[type=range]").input_value() == "340"


def test_hands_are_kept_and_nothing_is_left_when_nothing_is_set(screen):
    screen.get_by_label("for the left hand").check()
    screen.get_by_role("button", name="Save on this device").click()
    assert json.loads(screen.evaluate(STORED)) == {"leftHand": True}
    screen.reload()
    screen.get_by_label("for the left hand").uncheck()
    screen.get_by_role("button", name="Save on this device").click()

    assert screen.evaluate(STORED) is None
