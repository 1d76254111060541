"""Every form there is: axe, a tablet on its side, keys alone. Without a database, in the words of the product."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import Page, expect

from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.texts.form_wording import wording_for
from sessions_app.views.client_form.lines import lines_of, missing_words
from tests.browser.axe import violations
from tests.browser.form_server import FormServer
from tests.browser.test_line import is_a_fault

FORMS = ("ors", "srs", "cors", "csrs", "ycors", "ycsrs", "gsrs", "cgsrs", "who5", "lass")
LANGUAGES = [code for code, _name in settings.LANGUAGES]
ON_ITS_SIDE = {"width": 1180, "height": 820}  # an iPad's page, as an app or in guided access
PHONE = {"width": 390, "height": 844}
LARGE = "document.documentElement.style.fontSize = '212.5%'"
OVERFLOWS = "document.documentElement.scrollWidth > innerWidth"


def form_page(key: str, language: str = "en", direction: str = "ltr", **more) -> str:
    """The page of a form with everything that can stand on it, empty or (`refused`) as it comes back."""
    form = FormKey(key)
    about = form.instrument
    with translation.override(language):
        words = wording_for(key, language)
        missing = missing_words(about)
        errors = dict.fromkeys(about.items, missing) if more.pop("refused", False) else {}
        context = {
            "wording": words, "items": lines_of(words, about, dict.fromkeys(about.items, ""), errors),
            "errors": [f"{item.label}: {errors[item.key]}" for item in words.items if errors],
            "is_choice": about.is_choice, "has_faces": not about.scored, "child_ends": about.has_drawn_ends,
            "missing": missing, "token": "t", "submission_id": "5b0e", "form_detail": key, "language": language,
            "direction": direction, "instrument": form.part or "ors", "post_url": "/f/t/", "thanks_url": "/thanks",
            "later_url": "/later", "for_link": True, "responsible": "Solsikke", **more,
        }  # fmt: skip
        return render_to_string("sessions_app/rating_form.html", context)


@pytest.fixture
def server() -> Iterator[FormServer]:
    server = FormServer()
    yield server
    server.close()


@pytest.fixture
def open_form(chromium, server):
    """`open_form(html, **options of the browser)`: the page; an error in its console fails the test at its end."""
    contexts, complaints = [], []

    def opened(html: str, **options) -> Page:
        context = chromium.new_context(**({"viewport": ON_ITS_SIDE, "reduced_motion": "reduce"} | options))
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if is_a_fault(message) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        server.pages["/f/t/"] = html
        page.goto(server.address + "/f/t/")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def fill(page: Page) -> None:
    """An answer to everything, as quickly as can be."""
    for track in page.locator(".track").all():
        track.press("ArrowRight")
    for row in page.locator(".row-answers").all():
        row.locator("input").nth(1).check(force=True)


def faults(page: Page) -> list[tuple]:
    return [(rule["id"], rule["nodes"][0]["target"]) for rule in violations(page)]


# Each form in each of the four languages, and in each look: one page that the browser changes.
LOOKS = (
    ("ltr", {"color_scheme": "light"}, {}),
    ("rtl", {"color_scheme": "dark"}, {"filled": True}),
    ("rtl", {"forced_colors": "active"}, {"filled": True}),
    ("rtl", {"color_scheme": "light"}, {"refused": True, "large": True}),
)


@pytest.mark.parametrize("key", FORMS)
def test_axe_finds_nothing_on_any_form(open_form, server, key):
    page, wrong = open_form(form_page(key)), []
    for number, (direction, look, state) in enumerate(LOOKS):
        language = LANGUAGES[(number + FORMS.index(key)) % len(LANGUAGES)]
        server.pages["/f/t/"] = form_page(key, language, direction, refused=state.get("refused", False))
        page.set_viewport_size(PHONE if state.get("large") else ON_ITS_SIDE)
        page.emulate_media(**({"color_scheme": "light", "forced_colors": "none"} | look))
        page.goto(server.address + "/f/t/")
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        if state.get("filled"):
            fill(page)
        if state.get("large"):
            page.evaluate(LARGE)
            wrong += [(language, "wider than the phone")] * page.evaluate(OVERFLOWS)
        wrong += [(language, direction, look, state, fault) for fault in faults(page)]
    assert wrong == []


def test_a_fault_is_found(open_form):
    """The control: a form whose lines say nothing to a screen reader, in colours that nobody can read."""
    page = open_form(form_page("cors", direction="rtl"))
    page.evaluate(
        """() => { document.querySelector(".track").removeAttribute("aria-label");
        document.querySelector(".kiosk-head .lead").style.color = "#ddd"; }"""
    )
    # A colour that is on its way to another is measured as it is at that moment.
    page.evaluate("() => Promise.all(document.getAnimations().map((one) => one.finished)).then(() => null)")
    assert {rule for rule, _where in faults(page)} >= {"aria-input-field-name", "color-contrast"}


@pytest.mark.parametrize("key", FORMS)
def test_the_whole_form_is_seen_on_a_tablet_on_its_side(open_form, server, key):
    page = open_form(form_page(key))
    for language in LANGUAGES:
        server.pages[f"/{language}"] = form_page(key, language)
        page.goto(f"{server.address}/{language}")
        # On a busy machine the first measure can come before the last style; a form that is too high stays so.
        page.wait_for_function(f"document.documentElement.scrollHeight === {ON_ITS_SIDE['height']}")
        fill(page)
        assert page.evaluate("document.documentElement.scrollHeight") == ON_ITS_SIDE["height"], language
    for track in page.locator(".track").all():
        assert track.bounding_box()["height"] >= 64
        assert track.locator(".cross").bounding_box()["width"] >= 44
    for answer in page.locator(".row-answers label, .undo, .actions .btn").all():
        assert answer.bounding_box()["height"] >= 44


@pytest.mark.parametrize("size", [ON_ITS_SIDE, {"width": 820, "height": 1180}, PHONE], ids=["side", "upright", "phone"])
def test_no_line_moves_when_a_mark_is_set(open_form, size):
    page = open_form(form_page("ors"), viewport=size)
    tops = [track.bounding_box()["y"] for track in page.locator(".track").all()]
    fill(page)
    page.evaluate("scrollTo(0, 0)")
    now = [track.bounding_box()["y"] for track in page.locator(".track").all()]
    assert now == pytest.approx(tops, abs=0.5)


# The words of the answers that stand on two lines, because there is no room for them.
BROKEN_WORDS = """() => [...document.querySelectorAll(".row-answers span")].flatMap((span) => {
  const text = span.firstChild, range = document.createRange();
  return [...text.data.matchAll(/\\S+/g)].filter((word) => {
    range.setStart(text, word.index);
    range.setEnd(text, word.index + word[0].length);
    const lines = [...range.getClientRects()].filter((box) => box.width > 1);
    return new Set(lines.map((box) => Math.round(box.top))).size > 1;
  }).map((word) => word[0]);
})"""


# Another size of the text reaches the queries of containers with a frame only, not with the first measuring.
NEXT_FRAME = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(null))))"


@pytest.mark.parametrize("size", [(390, 844), (820, 1180), (1024, 1366), (1366, 1024)], ids=lambda size: str(size[0]))
@pytest.mark.parametrize("key", ["who5", "ycors", "ycsrs"])
def test_no_word_of_an_answer_is_broken_in_large_text(open_form, server, key, size):
    page = open_form(form_page(key), viewport={"width": size[0], "height": size[1]})
    broken = []
    for language in LANGUAGES:
        server.pages[f"/{language}"] = form_page(key, language)
        page.goto(f"{server.address}/{language}")
        page.evaluate("() => document.fonts.ready.then(() => null)")  # another font's letters are wider
        for root in ("100%", "212.5%"):
            page.evaluate("size => { document.documentElement.style.fontSize = size; }", root)
            fill(page)
            page.evaluate(NEXT_FRAME)
            broken += [(language, root, word) for word in page.evaluate(BROKEN_WORDS)]
    assert broken == []


def tab_to(page: Page, what: str) -> None:
    """Tab until the focus is on what a selector names."""
    for _step in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("what => document.activeElement.matches(what)", what):
            return
    raise AssertionError(f"Tab does not reach {what}")


def test_tab_and_enter_alone_fill_in_the_lines(open_form, server):
    """No mouse, no arrow keys: what a switch or a key at the wheelchair can send."""
    page = open_form(form_page("ors"))
    page.clock.install(time=0)
    page.reload()
    page.clock.pause_at(60)
    tab_to(page, ".ways summary")
    page.keyboard.press("Enter")
    tab_to(page, "[name=oneSwitch]")
    page.keyboard.press("Space")
    tab_to(page, "#line-individual")
    for sweep in (1500, 3000, 4500, 600):
        page.keyboard.press("Enter")
        page.clock.run_for(sweep)
        page.keyboard.press("Enter")
    expect(page.locator("#done")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/thanks")
    assert [server.posts[0][key] for key in FormKey("ors").instrument.items] == ["2.5", "5.0", "7.5", "1.0"]


@pytest.mark.parametrize("key", ["who5", "ycors"])
def test_keys_alone_choose_in_rows_and_faces(open_form, server, key):
    page = open_form(form_page(key))
    for step, item in enumerate(FormKey(key).instrument.items):
        tab_to(page, f"[name={item}]")
        page.keyboard.press("Space")
        for _right in range(step % 4):
            page.keyboard.press("ArrowRight")
    tab_to(page, "#done")
    page.keyboard.press("Enter")
    page.wait_for_url("**/thanks")
    sent = server.posts[0]
    assert [sent[item] for item in FormKey(key).instrument.items] == [
        str(step % 4) for step, _item in enumerate(FormKey(key).instrument.items)
    ]
