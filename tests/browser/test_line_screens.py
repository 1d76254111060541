"""The same place on the line is the same number, whatever the screen, its zoom, its side up, its direction."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.form_server import KEYS, form_page
from tests.browser.test_line import SIZES, line, marks, open_form, place, server  # noqa: F401

SHARES = (0.0, 0.2504, 0.7296, 1.0)
STORED = ["0.0", "2.5", "7.3", "10.0"]
# Browser zoom: fewer CSS pixels, each of more of the screen's own.
ZOOMS = (0.5, 0.8, 1.25, 2.0)


def tap(page: Page, key: str, share: float) -> None:
    if page.evaluate("navigator.maxTouchPoints"):
        x, y = place(page, key, share)
        page.wait_for_timeout(200)  # a tap right after scrolling stops the scrolling
        page.touchscreen.tap(x, y)
        expect(page.locator(f"input[name={key}]")).not_to_have_value("")
    else:
        page.mouse.click(*place(page, key, share))


@pytest.mark.parametrize("touch", [False, True], ids=["mouse", "finger"])
@pytest.mark.parametrize("scale", [1, 1.5, 2, 2.625, 3])
@pytest.mark.parametrize("size", SIZES)
def test_any_size_density_and_pointer(open_form, size, scale, touch):  # noqa: F811
    page = open_form(size=size, device_scale_factor=scale, has_touch=touch)
    for key, share in zip(KEYS, SHARES, strict=True):
        tap(page, key, share)

    assert marks(page) == STORED


@pytest.mark.parametrize("path", ["/f/t/", "/rtl/"])
@pytest.mark.parametrize("zoom", ZOOMS)
def test_any_zoom(open_form, zoom, path):  # noqa: F811
    page = open_form(path, device_scale_factor=2 * zoom)
    width, height = SIZES["tablet"]
    page.set_viewport_size({"width": round(width / zoom), "height": round(height / zoom)})
    for key, share in zip(KEYS, SHARES, strict=True):
        tap(page, key, 1 - share if path == "/rtl/" else share)

    assert marks(page) == STORED


@pytest.mark.parametrize("size", ["tablet", "phone"])
def test_turned_over_in_mid_form(open_form, size):  # noqa: F811
    page = open_form(size=size)
    for key, share in zip(KEYS[:2], SHARES, strict=False):
        tap(page, key, share)
    width, height = SIZES[size]
    page.set_viewport_size({"width": height, "height": width})
    for key, share in zip(KEYS[2:], SHARES[2:], strict=True):
        tap(page, key, share)
    assert marks(page) == STORED
    page.set_viewport_size({"width": width, "height": height})
    assert marks(page) == STORED
    for key, share in zip(KEYS, SHARES, strict=True):
        cross = page.locator(f"#line-{key} .cross").bounding_box()
        assert cross["x"] + cross["width"] / 2 == pytest.approx(place(page, key, round(share, 2))[0], abs=2)


def test_pinched_with_two_fingers(open_form):  # noqa: F811
    page = open_form(size="phone", has_touch=True, is_mobile=True)
    protocol = page.context.new_cdp_session(page)
    x, y = place(page, "individual", 0.25)
    protocol.send("Emulation.setPageScaleFactor", {"pageScaleFactor": 2})
    seen = page.evaluate(
        "({ left: visualViewport.offsetLeft, top: visualViewport.offsetTop, scale: visualViewport.scale })"
    )
    assert seen["scale"] == 2
    page.touchscreen.tap(x - seen["left"], y - seen["top"])

    expect(page.locator("input[name=individual]")).to_have_value("2.5")


def test_mirrored_keys_drags_and_ends(open_form):  # noqa: F811
    page = open_form("/rtl/")
    line(page, "individual").focus()
    seen = []
    for key in ("Home", "ArrowLeft", "PageUp", "ArrowRight", "ArrowUp", "End"):
        page.keyboard.press(key)
        seen.append(marks(page)[0])
    assert seen == ["0.0", "0.1", "1.1", "1.0", "1.1", "10.0"], "left is ahead, up is up"
    page.mouse.click(*place(page, "social", 0.5))
    page.mouse.move(*place(page, "social", 0.5))
    page.mouse.down()
    page.mouse.move(*place(page, "social", 0.2), steps=6)
    assert marks(page)[2] == "8.0"
    page.mouse.move(-50, 400, steps=6)
    page.mouse.up()
    assert marks(page)[2] == "10.0"
    left_end = page.locator("section[data-key=social] .ends > span").last.bounding_box()
    assert left_end["x"] < page.viewport_size["width"] / 2, "good stands at the left"


@pytest.mark.parametrize("zoom", [1, 0.75, 1.5])
def test_ten_centimetres_on_a_calibrated_screen(open_form, zoom):  # noqa: F811
    """A screen of 264 pixels an inch, as an iPad: 10 cm are 1039 of its own pixels, 520 of its CSS pixels."""
    page = open_form(size="tablet", device_scale_factor=2)
    page.evaluate("localStorage.setItem('medspil.device', JSON.stringify({ screenPixels: 1039.4 }))")
    zoomed = page.context.browser.new_context(
        viewport={"width": round(1024 / zoom), "height": round(1366 / zoom)},
        device_scale_factor=2 * zoom,
        storage_state=page.context.storage_state(),
    ).new_page()
    zoomed.goto(page.url)
    for key, share in zip(KEYS, SHARES, strict=True):
        tap(zoomed, key, share)
    box = zoomed.locator("#line-individual .rule").bounding_box()
    zoomed.context.close()

    assert box["width"] * 2 * zoom == pytest.approx(1039.4, abs=2)


def test_a_line_never_leaves_a_narrow_screen(open_form):  # noqa: F811
    page = open_form(size="phone", device_scale_factor=3)
    page.evaluate("localStorage.setItem('medspil.device', JSON.stringify({ screenPixels: 1800 }))")
    page.reload()

    assert page.locator("#line-social .rule").bounding_box()["width"] < 390
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_numbers_are_spoken_where_the_organisation_wants_them(open_form, server):  # noqa: F811
    server.pages["/f/t/"] = form_page(numbers=True, language="da")
    page = open_form()
    page.mouse.click(*place(page, "individual", 0.62))

    expect(line(page, "individual")).to_have_attribute("aria-valuetext", "6,2")
    expect(line(page, "social")).to_have_attribute("aria-valuetext", "not marked yet")
    assert not any(sign.isdigit() for sign in page.locator("section.line").first.inner_text())
