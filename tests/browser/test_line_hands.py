"""The line in hands that shake, slip, use one switch or the left side; what a cancelled touch leaves."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.form_server import KEYS, form_page
from tests.browser.test_line import finger, line, marks, open_form, place, server, tap_all  # noqa: F401

CORRECTED = """async ([samples, lifted]) => {
  const { correctTap } = await import('/static/js/tap_correction.js');
  return correctTap(samples, lifted);
}"""


def samples(*places: tuple[int, float]) -> list[dict[str, float]]:
    return [{"at": at, "x": x} for at, x in places]


TREMOR = [(20 * step, 300 + (10 if step % 8 < 4 else -10)) for step in range(40)]
TOUCHES = {
    "a tap is where it landed": ([(0, 200), (60, 201)], (90, 214), 200),
    "a slide of the lifting finger is left out": ([(0, 100), (80, 180), (160, 240), (400, 241)], (420, 259), 241),
    "a rest is kept when the finger leaves fast": ([(0, 100), (100, 250)], (600, 262), 250),
    "a movement without a rest ends where it ends": ([(0, 100), (30, 150), (60, 200), (290, 300)], (300, 310), 310),
    "far from the rest is another place": ([(0, 100), (50, 200), (500, 205)], (520, 300), 300),
    "a rest long ago does not count": (
        [(0, 100), (300, 104), (330, 140), (420, 170), (510, 200), (600, 225)],
        (610, 228),
        228,
    ),
}


@pytest.mark.parametrize("name", TOUCHES)
def test_the_place_that_was_meant(open_form, name):  # noqa: F811
    before, (at, x), meant = TOUCHES[name]

    found = open_form().evaluate(CORRECTED, [samples(*before), {"at": at, "x": x}])

    assert found == pytest.approx(meant, abs=1)


def test_a_tremor_marks_the_middle_of_its_swing(open_form):  # noqa: F811
    swinging = samples((0, 120), (40, 220), *((at + 100, x) for at, x in TREMOR))

    found = open_form().evaluate(CORRECTED, [swinging, {"at": 920, "x": 316}])

    assert found in (290, 310), "one of the places where the hand really was, not the last slip"
    wide = [{**sample, "x": 300 + 4 * (sample["x"] - 300)} for sample in swinging]
    assert open_form().evaluate(CORRECTED, [wide, {"at": 920, "x": 316}]) == 316, "so wide a swing is steering"


def test_a_drag_that_slips_at_its_end_keeps_the_place_of_rest(open_form):  # noqa: F811
    """Made of pointer events with their own times: the line's own handlers, no waiting."""
    page = open_form()
    page.mouse.click(*place(page, "social", 0.3))
    page.evaluate(
        """() => {
          const track = document.querySelector("#line-social");
          track.setPointerCapture = () => {};
          const box = track.querySelector(".rule").getBoundingClientRect();
          const send = (type, share, at) => {
            const event = new PointerEvent(type, { pointerId: 7, isPrimary: true, pointerType: "touch", bubbles: true,
              clientX: box.left + share * box.width, clientY: box.top });
            Object.defineProperty(event, "timeStamp", { value: 1e6 + at });
            track.dispatchEvent(event);
          };
          send("pointerdown", .5, 0); send("pointermove", .6, 60); send("pointermove", .7, 120);
          send("pointermove", .72, 600); send("pointerup", .72, 620);
        }"""
    )
    assert marks(page)[2] == "7.0"


def test_a_cancelled_touch_leaves_the_mark_as_it_was(open_form):  # noqa: F811
    page = open_form(size="phone", has_touch=True, is_mobile=True)
    page.touchscreen.tap(*place(page, "individual", 0.4))
    expect(page.locator("input[name=individual]")).to_have_value("4.0")
    protocol = page.context.new_cdp_session(page)
    x, y = place(page, "individual", 0.6)

    def touch(kind, *points):
        protocol.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": a, "y": b} for a, b in points]})

    touch("touchStart", (x, y))
    for step in (20, 40, 60):
        touch("touchMove", (x + step, y))
    expect(page.locator("input[name=individual]")).not_to_have_value("4.0")
    touch("touchCancel")
    expect(page.locator("input[name=individual]")).to_have_value("4.0")
    expect(line(page, "individual").locator(".cross")).to_be_visible()


def test_marking_never_scrolls(open_form):  # noqa: F811
    page = open_form(size="phone", has_touch=True, is_mobile=True)
    x, y = place(page, "relations", 0.3)
    before = page.evaluate("scrollY")
    finger(page, [(x, y), (x + 30, y), (x + 60, y), *((x + 70, y - step * 15) for step in range(1, 12))])

    expect(page.locator("input[name=relations]")).not_to_have_value("")
    assert page.evaluate("scrollY") == before
    line(page, "relations").focus()
    for key in ("ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", "Space", "Enter"):
        page.keyboard.press(key)
    assert page.evaluate("scrollY") == before


def test_a_second_press_while_it_is_on_its_way_changes_nothing(open_form, server):  # noqa: F811
    server.answers = [503]
    page = open_form()
    tap_all(page, 0.3)
    page.locator("#done").click()
    expect(page.locator(".sending")).to_contain_text("Not sent yet")
    first = page.locator("input[name=device_time]").input_value()
    page.wait_for_function("new Date().toISOString() > document.querySelector('[name=device_time]').value")
    page.evaluate("document.querySelector('form.lines').requestSubmit()")

    assert page.locator("input[name=device_time]").input_value() == first
    page.wait_for_url("**/thanks")
    assert server.posts[0] == server.posts[-1]


def test_marks_are_taken_back_one_by_one(open_form):  # noqa: F811
    page = open_form()
    undo = page.locator("section[data-key=relations] .undo")
    expect(undo).to_be_hidden()
    for share in (0.2, 0.7):
        page.mouse.click(*place(page, "relations", share))
    expect(undo).to_have_accessible_name("Take the mark back: Close relationships")
    assert undo.bounding_box()["height"] >= 44

    undo.click()
    assert marks(page)[1] == "2.0"
    undo.click()
    assert marks(page) == [""] * 4
    expect(undo).to_be_hidden()
    expect(line(page, "relations")).to_have_attribute("aria-valuetext", "not marked yet")
    expect(line(page, "relations")).to_be_focused()


def test_marks_are_taken_back_by_keys(open_form):  # noqa: F811
    page = open_form()
    line(page, "overall").focus()
    for key in ("ArrowRight", "PageUp", "ArrowRight"):
        page.keyboard.press(key)
    page.mouse.click(*place(page, "overall", 0.2))
    seen = []
    for key in ("Control+z", "Delete", "Control+z", "Control+z", "Control+z"):
        page.keyboard.press(key)
        seen.append(marks(page)[3])

    assert seen == ["6.1", "", "6.1", "", ""], "a run of arrow keys is one change"


def test_one_key_is_enough_for_the_whole_form(open_form, server):  # noqa: F811
    page = open_form()
    page.clock.install(time=0)
    page.goto(server.address + "/f/t/")
    page.clock.pause_at(60)  # or time would also go on by itself; idle.js covers the form after two minutes
    page.locator(".ways summary").click()
    page.get_by_label("With one button").check()
    line(page, "individual").focus()
    for sweep in (1500, 3000, 7500, 600):
        page.keyboard.press("Enter")
        page.clock.run_for(sweep)
        page.keyboard.press("Enter")
    assert marks(page) == ["2.5", "5.0", "7.5", "1.0"], "75 tenths by way of the other end"
    expect(page.locator("#done")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/thanks")
    assert len(server.posts) == 1


def test_a_sweep_that_nobody_stops_marks_nothing(open_form, server):  # noqa: F811
    page = open_form()
    page.clock.install(time=0)
    page.goto(server.address + "/f/t/")
    page.clock.pause_at(60)  # or time would also go on by itself; idle.js covers the form after two minutes
    page.locator(".ways summary").click()
    page.get_by_label("With one button").check()
    for leave in ("Escape", "Tab"):
        line(page, "social").focus()
        page.keyboard.press("Space")
        page.clock.run_for(900)
        assert marks(page)[2] == "1.5"
        page.keyboard.press(leave)
        assert marks(page) == [""] * 4


@pytest.mark.parametrize(("hand", "first"), [("right", "save-draft"), ("left", "done")])
def test_the_buttons_stand_at_the_hand(open_form, hand, first, server):  # noqa: F811
    server.pages["/f/t/"] = form_page(later_url="/f/t/later/")
    page = open_form("/f/t/", "tablet on its side")
    if hand == "left":
        page.locator(".ways summary").click()
        page.get_by_label("for the left hand").check()
    middle = page.viewport_size["width"] / 2
    places = {name: page.locator(f"#{name}").bounding_box()["x"] for name in ("done", "save-draft")}

    assert min(places, key=places.get) == first
    assert (places["done"] < middle) == (hand == "left")


def test_the_choice_of_one_client_is_not_the_next_ones(open_form, server):  # noqa: F811
    page = open_form()
    page.locator(".ways summary").click()
    page.get_by_label("for the left hand").check()
    page.goto(server.address + "/thanks")
    page.goto(server.address + "/f/t/")

    assert not page.locator("form.lines.left-hand").count()
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_keys_of_a_single_order(open_form):  # noqa: F811
    """Tab goes down the form: each line, what it offers, the button; nothing else comes between."""
    page = open_form()
    tap_all(page)
    seen = []
    line(page, KEYS[0]).focus()
    for _step in range(2 * len(KEYS) + 1):
        seen.append(page.evaluate("document.activeElement.id || document.activeElement.className"))
        page.keyboard.press("Tab")

    assert seen == [name for key in KEYS for name in (f"line-{key}", "undo")] + ["done"]


def looks(page: Page) -> dict[str, str]:
    return page.evaluate(
        """() => { const style = (what) => getComputedStyle(document.querySelector(what));
        return { cross: style(".cross").animationName, back: style(".cross").backgroundColor,
        stroke: style(".cross svg").stroke, rule: style(".rule").backgroundColor }; }"""
    )


def test_reduced_motion_and_forced_colours(open_form):  # noqa: F811
    moving = open_form()
    tap_all(moving)
    assert looks(moving)["cross"] == "line-set"
    quiet = open_form(reduced_motion="reduce", forced_colors="active")
    tap_all(quiet)
    seen = looks(quiet)
    assert seen["cross"] == "none"
    assert seen["back"] != seen["stroke"], "the cross is seen in forced colours"
    assert seen["rule"] == seen["back"]
