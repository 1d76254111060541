"""The client's page in Chromium: its menu by keys and by thumb, its print, its saved picture, the view together."""

import re
import zlib

import pytest
from playwright.sync_api import expect

from organisations.tenancy.context import tenant
from sessions_app.models import Note
from sessions_app.services.alerts import evaluate_episode
from tests.factories import RatingFactory, SessionFactory

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 390, "height": 844}
WIDTH = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def fallen(ann, nils, episode):
    """Nils after eight sessions, the last far below the first, with words at each."""
    own = {"organisation": ann.organisation}
    with tenant(ann.organisation_id):
        for number in range(8):
            session = SessionFactory(**own, episode=episode, practitioner=ann)
            for instrument, total in (("ors", 260 - 15 * number), ("srs", 380 - 9 * number)):
                marks = [total // 4] * 3 + [total - 3 * (total // 4)]
                RatingFactory(**own, session=session, instrument=instrument, marks=marks, total=total)
                Note.objects.create(**own, session=session, kind=f"after_{instrument}", text="It is hard just now.")
        evaluate_episode(episode.pk, mails=False)
    return nils


@pytest.fixture
def here(page, logged_in, ann, fallen):
    """Ann's tablet, on Nils' page."""
    logged_in(page, ann.user)
    page.goto(f"/clients/{fallen.pk}/")
    page.wait_for_selector(".chart-card.is-ready")
    return page


def menu(page):
    return page.locator(".page-menu > summary")


def too_small(page, selector, least):
    """What of these can be hit only below `least` pixels, by its words."""
    found = [(one.inner_text(), one.bounding_box()) for one in page.locator(selector).all() if one.is_visible()]
    assert found, f"there is no {selector}"
    return [words for words, box in found if min(box["width"], box["height"]) < least]


def texts_on_pages(pdf):
    """How many pieces of text each page of a PDF of Chromium's shows."""
    contents = re.findall(rb"/Type /Page\n.*?/Contents (\d+) 0 R", pdf, re.DOTALL)
    found = []
    for number in contents:
        stream = re.search(rb"\n%s 0 obj\n<<.*?>> stream\n(.*?)\nendstream" % number, pdf, re.DOTALL)[1]
        found.append(len(re.findall(rb"T[jJ]\b", zlib.decompress(stream))))
    return found


def test_the_menu_works_by_keys_alone_and_escape_gives_the_focus_back(here):
    menu(here).focus()
    here.keyboard.press("Enter")
    entry = here.get_by_role("link", name="Absence or earlier session")
    expect(entry).to_be_visible()
    here.keyboard.press("Tab")
    expect(entry).to_be_focused()
    here.keyboard.press("Escape")
    expect(entry).to_be_hidden()
    expect(menu(here)).to_be_focused()
    here.keyboard.press("Enter")
    here.keyboard.press("Shift+Tab")
    expect(entry).to_be_hidden()


def test_a_tap_elsewhere_closes_the_menu(here):
    menu(here).tap()
    expect(here.get_by_role("link", name="Who has looked")).to_be_visible()
    here.get_by_role("heading", level=1).tap()
    expect(here.get_by_role("link", name="Who has looked")).to_be_hidden()


def test_on_a_phone_all_of_the_menu_can_be_reached_by_the_thumb(here):
    here.set_viewport_size(PHONE)
    menu(here).tap()
    last = here.get_by_role("button", name="Archive the client")
    last.scroll_into_view_if_needed()
    bar = here.locator(".bottom-nav").bounding_box()["y"]
    assert last.bounding_box()["y"] + last.bounding_box()["height"] <= bar
    assert here.evaluate(WIDTH) == 0
    assert too_small(here, ".page-actions :is(.btn, .menu-panel a, .menu-panel button)", 44) == []
    assert too_small(here, ".situation summary", 44) == []
    assert too_small(here, "main a:not(td a, th a, p a)", 24) == []


def test_one_card_is_seen_with_one_answer(here, ann):
    cards = here.locator(".situation")
    expect(cards).to_have_count(2)
    first = cards.first
    first.get_by_text("Seen", exact=True).tap()
    first.get_by_label("What you do about it").fill("We meet twice a week")
    first.get_by_role("button", name="Mark as seen").tap()
    here.wait_for_url("**/clients/*/")
    expect(cards.first).to_contain_text("Seen by Ann Holm")
    expect(cards.first.get_by_role("button", name="Mark as seen", include_hidden=True)).to_have_count(0)


def test_print_asks_the_browser_and_every_page_of_it_says_something(here, fallen):
    here.evaluate("window.print = () => { document.body.dataset.printed = 'yes'; }")
    menu(here).tap()
    here.get_by_role("button", name="Print").tap()
    expect(here.locator("body")).to_have_attribute("data-printed", "yes")
    texts = texts_on_pages(here.pdf(format="A4"))
    assert len(texts) < 4
    assert min(texts) > 20, "no page is empty, the first least of all"
    here.emulate_media(media="print")
    printed = here.locator("body").inner_text()
    for words in (fallen.reference, "Rules, version", "Line by line", "It is hard just now."):
        assert words in printed
    assert here.locator(".chart-wide .chart").is_visible()
    for words in ("To talk about", "danger to life", "Mark as seen", "How far can it be trusted", "Why?"):
        assert words not in printed


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_saved_picture_is_light_has_head_and_foot_and_nothing_for_staff(here, fallen, scheme, tmp_path):
    here.emulate_media(color_scheme=scheme)
    here.goto(f"/clients/{fallen.pk}/?state=on")
    here.wait_for_selector(".chart-card.is-ready")
    here.locator(".chart-box").hover()
    here.wait_for_selector(".chart-box.is-taken")
    here.evaluate(
        """() => {
          const toImage = window.Plotly.toImage;
          window.Plotly.toImage = (figure, how) => { window.saved = figure; return toImage(figure, how); };
          const fillText = CanvasRenderingContext2D.prototype.fillText;
          window.written = [];
          CanvasRenderingContext2D.prototype.fillText = function (words, ...rest) {
            if (this.canvas.width === 1520) window.written.push(words);
            return fillText.call(this, words, ...rest);
          };
        }"""
    )
    with here.expect_download() as saved:
        here.get_by_role("button", name="Save as picture").tap()
    assert saved.value.suggested_filename.startswith(f"{fallen.reference}-20")
    assert here.evaluate("window.saved.data.some(({ meta }) => meta === 'staff')") is False
    written = here.evaluate("window.written")
    assert written[0] == fallen.reference
    assert {"Well-being, ORS", "Alliance, SRS"} <= set(written)
    assert "Solsikke Municipality" in " ".join(written)
    assert "Rules, version" in " ".join(written)
    saved.value.save_as(tmp_path / "saved.png")
    head = (tmp_path / "saved.png").read_bytes()[:24]
    width, height = (int.from_bytes(head[at : at + 4]) for at in (16, 20))
    assert width == 1520
    assert height > 800 + 200, "the curves, and above and below them what files the picture"
    assert here.evaluate("window.saved.data.some(({ line }) => line?.color === '#1f5fa8')"), "in the light colours"


def test_on_a_phone_the_card_of_a_session_stands_clear_of_the_menu(here):
    here.set_viewport_size(PHONE)
    for end in ("start", "center", "end"):
        here.locator(".chart-box").evaluate(f"box => box.scrollIntoView({{ block: '{end}', behavior: 'instant' }})")
        dot = here.locator(".chart-narrow .c-dot-ors").nth(4).bounding_box()
        here.touchscreen.tap(dot["x"] + 2, dot["y"] + 2)
        card = here.locator(".chart-said")
        card.wait_for()
        box = card.bounding_box()
        assert box["y"] >= 0, end
        assert box["y"] + box["height"] <= here.locator(".bottom-nav").bounding_box()["y"], end
        here.keyboard.press("Escape")
        here.locator("h1").evaluate("head => head.scrollIntoView({ behavior: 'instant' })")
        here.locator(".page-head").tap()


def test_each_line_has_its_scale_and_its_days(here):
    here.get_by_role("tab", name="Line by line").tap()
    expect(here.locator(".line-scale:visible")).to_have_count(8)
    assert here.locator(".line-scale").first.locator("text").all_text_contents() == ["10", "5", "0"]
    days = here.locator(".line-dates").first.locator("text").all_text_contents()
    assert len(days) == 2
    assert all("/" in day for day in days)


def test_back_shows_nothing_of_the_staffs_after_the_view_is_opened_and_after_it_is_closed(here, fallen):
    here.get_by_role("link", name="Show together").tap()
    here.wait_for_url("**/together/*")
    expect(here.locator(".chart-wide .chart")).to_be_visible()
    here.go_back()
    expect(here.get_by_role("heading", level=1)).to_have_text("This page is for staff.")
    assert "Nils" not in here.locator("body").inner_text()
    here.go_forward()
    here.get_by_role("button", name="Back to the staff's page").tap()
    expect(here.locator("#alerts")).to_be_visible()
    here.go_back()
    expect(here.get_by_role("button", name="Back to the staff's page")).to_be_visible()
    assert "To talk about" not in here.locator("body").inner_text()


@pytest.mark.parametrize("size", [{"width": 1024, "height": 1366}, {"width": 1366, "height": 1024}, PHONE])
def test_the_view_shown_together_fits_and_its_curve_is_large(here, fallen, size):
    here.set_viewport_size(size)
    here.goto(f"/clients/{fallen.pk}/together/")
    assert here.evaluate(WIDTH) == 0
    curve = here.locator("svg.chart:visible").bounding_box()
    assert curve["width"] >= 0.8 * size["width"]
    assert curve["y"] < size["height"] / 2
    assert too_small(here, "main :is(.btn, [role=tab])", 44) == []
