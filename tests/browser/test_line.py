"""The client's form in Chromium: the line, its keys, fingers and mirror; sending; what is left behind."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from sessions_app.measures.marks import with_tenths
from tests.browser.axe import violations
from tests.browser.form_server import KEYS, FormServer, form_page

SIZES = {"tablet": (1024, 1366), "tablet on its side": (1366, 1024), "phone": (390, 844)}


@pytest.fixture
def server() -> Iterator[FormServer]:
    assert settings.STATIC_URL == "/static/"
    server = FormServer()
    server.pages["/f/t/"] = form_page()
    server.pages["/rtl/"] = form_page("rtl")
    yield server
    server.close()


def is_a_fault(message) -> bool:
    """A dead network or a status such as 503 is what some tests bring about; anything else is a fault."""
    return message.type == "error" and not message.text.startswith("Failed to load resource")


@pytest.fixture
def open_form(chromium, server):
    """Open the form in a browser of the given kind; any console error fails the test at its end."""
    contexts, complaints = [], []

    def opened(path="/f/t/", size="tablet", **options) -> Page:
        width, height = SIZES[size]
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(server.address + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [text for text in complaints if "net::" not in text and "Failed to load resource" not in text] == []


def line(page: Page, key: str):
    return page.locator(f"#line-{key}")


def marks(page: Page) -> list[str]:
    return [page.locator(f"input[name={key}]").input_value() for key in KEYS]


def place(page: Page, key: str, share: float) -> tuple[float, float]:
    """The point on the screen at `share` (0 = the left end seen) of a line."""
    line(page, key).scroll_into_view_if_needed()
    box = page.locator(f"#line-{key} .rule").bounding_box()
    return box["x"] + share * box["width"], box["y"] + box["height"] / 2


def tap_all(page: Page, share: float = 0.5):
    for key in KEYS:
        page.mouse.click(*place(page, key, share))


def finger(page: Page, path: list[tuple[float, float]]):
    """Move one real finger along a path; the browser decides itself whether that scrolls."""
    protocol = page.context.new_cdp_session(page)
    for index, (x, y) in enumerate(path):
        kind = "touchStart" if index == 0 else "touchMove"
        protocol.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    protocol.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_nothing_is_preset_and_no_number_is_seen(open_form):
    page = open_form()

    assert marks(page) == ["", "", "", ""]
    expect(page.locator(".cross:visible")).to_have_count(0)
    for key in KEYS:
        expect(line(page, key)).to_have_attribute("aria-valuetext", "not marked yet")
    tap_all(page, 0.62)
    assert not any(sign.isdigit() for sign in page.locator("section.line").first.inner_text())


def test_keys_move_by_a_tenth_and_by_a_point(open_form):
    page = open_form()
    line(page, "individual").focus()

    seen = []
    for key in (
        "ArrowRight",
        "ArrowRight",
        "ArrowLeft",
        "ArrowLeft",
        "PageUp",
        "PageDown",
        "PageDown",
        "Home",
        "ArrowLeft",
        "End",
    ):
        page.keyboard.press(key)
        seen.append(marks(page)[0])

    assert seen == ["5.0", "5.1", "5.0", "4.9", "5.9", "4.9", "3.9", "0.0", "0.0", "10.0"]
    expect(line(page, "individual")).to_have_attribute("aria-valuetext", "all the way to the end: good")


@pytest.mark.parametrize("numbers", [False, True])
def test_each_step_is_heard_and_without_a_number_unless_wanted(open_form, server, numbers):
    server.pages["/f/t/"] = form_page(numbers=numbers)
    page = open_form()
    track = line(page, "individual")
    track.focus()
    heard = []
    for key in ["ArrowRight"] * 20 + ["ArrowLeft"] * 20 + ["PageUp"] * 4:
        page.keyboard.press(key)
        heard.append(track.get_attribute("aria-valuetext"))
    assert [said for said, before in zip(heard[1:], heard, strict=False) if said == before] == []
    assert all(any(letter.isdigit() for letter in said) is numbers for said in heard)
    assert numbers or any("good" in said for said in heard[1:4]), "where it goes"


def test_enter_space_and_a_readers_tap_never_make_a_mark(open_form):
    page = open_form()
    track = line(page, "individual")
    track.focus()
    for key in ("Enter", "Space"):
        page.keyboard.press(key)
    track.evaluate("track => track.click()")
    assert marks(page) == [""] * 4
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert marks(page)[0] == "5.0"


@pytest.mark.parametrize("tenths", [0, 1, 15, 16, 44, 45, 50, 55, 56, 84, 85, 99, 100])
def test_words_are_the_same_on_both_sides_of_the_middle(open_form, server, tenths):
    server.pages["/f/t/"] = form_page(values={"individual": tenths, "relations": 100 - tenths})
    page = open_form()

    low = line(page, "individual").get_attribute("aria-valuetext")
    high = line(page, "relations").get_attribute("aria-valuetext")

    swap = {"hard": "good", "good": "hard"}
    assert high == " ".join(swap.get(word, word) for word in low.split(" "))
    assert marks(page)[0] == f"{tenths // 10}.{tenths % 10}"


@pytest.mark.parametrize("scale", [1, 2, 3])
@pytest.mark.parametrize("size", SIZES)
def test_same_place_is_the_same_mark_at_any_size_and_density(open_form, scale, size):
    page = open_form(size=size, device_scale_factor=scale)

    for key, share in zip(KEYS, (0.0, 0.2504, 0.73, 1.0), strict=True):
        page.mouse.click(*place(page, key, share))

    assert marks(page) == ["0.0", "2.5", "7.3", "10.0"]


def test_a_mark_can_be_dragged_beyond_the_ends(open_form):
    page = open_form()
    page.mouse.click(*place(page, "social", 0.3))
    page.mouse.move(*place(page, "social", 0.31))
    page.mouse.down()
    page.mouse.move(*place(page, "social", 0.61), steps=5)

    assert marks(page)[2] == "6.0", "the cross follows from where it was held"
    page.mouse.move(2000, 300, steps=5)
    page.mouse.up()
    assert marks(page)[2] == "10.0"


def test_mirrored_line_stores_the_same_number(open_form):
    page = open_form("/rtl/")
    page.mouse.click(*place(page, "individual", 0.8))
    line(page, "relations").focus()
    for key in ("ArrowLeft", "ArrowLeft"):
        page.keyboard.press(key)

    assert marks(page)[:2] == ["2.0", "5.1"]
    cross = page.locator("#line-individual .cross").bounding_box()
    assert cross["x"] + cross["width"] / 2 == pytest.approx(place(page, "individual", 0.8)[0], abs=1)


def test_a_finger_taps_and_drags(open_form):
    page = open_form(size="phone", has_touch=True, is_mobile=True)
    page.touchscreen.tap(*place(page, "individual", 0.4))
    start, end = place(page, "relations", 0.2), place(page, "relations", 0.7)
    finger(page, [start, (start[0] + 30, start[1]), (start[0] + 60, start[1] + 2), end])

    expect(page.locator("input[name=individual]")).to_have_value("4.0")
    expect(page.locator("input[name=relations]")).to_have_value("7.0")


def test_scrolling_over_a_line_marks_nothing(open_form):
    page = open_form(size="phone", has_touch=True, is_mobile=True)
    page.touchscreen.tap(*place(page, "relations", 0.4))
    x, y = place(page, "relations", 0.8)
    finger(page, [(x, y - step * 12) for step in range(12)])

    expect(page.locator("input[name=relations]")).to_have_value("4.0")
    assert page.evaluate("scrollY") > 0, "the page really scrolled"
    assert marks(page) == ["", "4.0", "", ""]


def test_done_too_early_says_which_lines_are_missing(open_form, server):
    page = open_form()
    page.mouse.click(*place(page, "individual", 0.5))
    expect(page.locator("#count")).to_have_text("1 of 4 marks set")
    expect(page.locator("#done")).to_have_class("btn is-waiting")
    page.locator("#done").click()

    expect(page.locator("#errors")).to_be_focused()
    assert page.locator("#errors a").all_inner_texts() == ["Close relationships", "Socially", "Overall"]
    expect(page.locator("#hint-social")).to_contain_text("This line has no mark yet.")
    page.locator("#errors a").nth(1).click()
    expect(line(page, "social")).to_be_focused()
    assert server.posts == []
    tap_all(page)
    expect(page.locator("#errors")).to_be_hidden()
    expect(page.locator("#done")).to_have_class("btn")


def test_form_is_sent_once_and_leads_to_thanks(open_form, server):
    page = open_form()
    tap_all(page, 0.62)
    page.locator("#done").dblclick()
    page.wait_for_url("**/thanks")

    assert len(server.posts) == 1
    sent = server.posts[0]
    assert [sent[key] for key in KEYS] == ["6.2"] * 4
    assert (sent["token"], sent["submission_id"]) == ("t", "5b0e")
    assert sent["device_time"].endswith("Z")


def test_unsent_marks_are_kept_and_sent_again_with_the_same_id(open_form, server):
    server.answers = [None, 503]
    page = open_form()
    tap_all(page, 0.3)
    page.locator("#done").click()
    expect(page.locator(".sending")).to_contain_text("Not sent yet. We keep trying.")
    page.mouse.click(*place(page, "social", 0.9))
    assert marks(page) == ["3.0"] * 4, "what is on its way cannot change"
    page.wait_for_url("**/thanks")

    assert len(server.posts) == 3
    assert server.posts[0] == server.posts[1] == server.posts[2]


def test_a_refusal_is_shown_as_the_servers_page(open_form, server):
    server.answers = [409, 409]
    page = open_form()
    tap_all(page)
    page.locator("#done").click()

    expect(page.get_by_text("answer")).to_be_visible()
    assert server.posts[0] == server.posts[1]


def test_nothing_stays_on_the_device(open_form, server):
    page = open_form()
    tap_all(page)
    page.goto(server.address + "/thanks")
    page.go_back()

    expect(page.locator("#count")).to_have_text("0 of 4 marks set")
    assert marks(page) == ["", "", "", ""]
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_a_sent_form_cannot_be_gone_back_to(open_form, server):
    page = open_form("/thanks")
    page.goto(server.address + "/f/t/")
    tap_all(page)
    page.locator("#done").click()
    page.wait_for_url("**/thanks")
    page.go_back()

    assert page.url == server.address + "/thanks"


def choose(page: Page, key: str, whole: str, tenths: str = ""):
    """A number of the plain form, with a finger's tap on its label."""
    page.locator(f"label:has(input[name='{key}'][value='{whole}'])").click()
    if tenths:
        page.locator(f"section[data-key={key}] summary").click()
        page.locator(f"label:has(input[name='{key}.tenths'][value='{tenths}'])").click()


def test_without_javascript_it_is_a_form_of_numbers(open_form, server):
    page = open_form(java_script_enabled=False)
    assert page.locator("input:checked:not([name$=tenths])").count() == 0, "nothing is preset"
    for key, (whole, tenths) in zip(KEYS, (("0", ""), ("3", "4"), ("7", ""), ("10", "")), strict=True):
        choose(page, key, whole, tenths)
    page.get_by_role("button", name="Done").click()
    page.wait_for_url("**/thanks")

    sent = server.posts[0]
    assert [with_tenths(sent[key], sent[f"{key}.tenths"]) for key in KEYS] == ["0.0", "3.4", "7.0", "10.0"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", ["/f/t/", "/rtl/", "/thanks"])
def test_axe_finds_nothing(open_form, path, size, scheme):
    page = open_form(path, size, color_scheme=scheme, reduced_motion="reduce")
    for state in ("empty", "refused", "marked"):
        if path == "/thanks" and state != "empty":
            continue
        if state == "refused":
            page.locator("#done").click()
        if state == "marked":
            tap_all(page)
        found = violations(page)
        assert [(rule["id"], rule["nodes"][0]["target"]) for rule in found] == [], state


@pytest.mark.parametrize("size", SIZES)
def test_targets_are_large_and_nothing_overflows(open_form, size):
    page = open_form(size=size, reduced_motion="reduce")
    tap_all(page, 1.0)

    for key in KEYS:
        assert line(page, key).bounding_box()["height"] >= 64
        assert page.locator(f"#line-{key} .cross").bounding_box()["width"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("size", SIZES)
def test_text_of_twice_the_size_fits(open_form, size):
    page = open_form(size=size, reduced_motion="reduce")
    page.evaluate("document.documentElement.style.fontSize = '212.5%'")
    page.locator("#done").click()

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for key in KEYS:
        box = page.locator(f"#line-{key} .rule").bounding_box()
        assert box["width"] > 200
