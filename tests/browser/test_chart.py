"""The client's chart in Chromium under the strict policy: Plotly takes the picture over, the card shows a session."""

import io
import re
import threading
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from PIL import Image

from reports.charts import BandPoint, build_client_chart
from reports.charts.compared_svg import ComparedSeries
from reports.charts.events import Event
from reports.client_page.record_head import RecordHead
from tests.reports.charts.courses import QUOTE, course, point

ROOT = Path(__file__).resolve().parents[2]
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'"
)
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Course</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="/static/img/favicon.svg">
<link rel="stylesheet" href="/static/css/medspil.css"><link rel="stylesheet" href="/static/css/chart.css"></head>
<body><main class="page"><h1>Course</h1><h2>Curves</h2>{chart}<p id="below">below</p></main>
<script type="module" src="/static/js/charts.js"></script></body></html>"""


def chart_page(compared=()) -> str:
    points = [point(index) for index in range(8)]
    points[2] = point(2, ors=None, ors_marks=None, events=(Event("no_show", "no-show"),))
    points[7] = point(7, note_ors=QUOTE, note_srs="We spoke of what is mine.")
    state = tuple(BandPoint(index, 150, 180 + index, 210) for index in range(8) if index != 2)
    series = course(8, points=tuple(points), band=14, band_label="expected", state=state, state_title="calm")
    record = RecordHead("N-014", "Solsikke", date(2026, 11, 28), "3")
    chart = render_to_string(
        "reports/_client_chart.html", {"chart": build_client_chart(series, compared=compared), "record": record}
    )
    return PAGE.replace("{chart}", chart)


COMPARED = tuple(
    ComparedSeries(
        title, tuple((point(at).held_on, point(at).key, at * 9, str(at * 9)) for at in (1, 4, 7)), 100, ("0", "100")
    )
    for title in ("WHO-5, 0 to 100", "Goal: “My own key”, 0 to 100")
)


class Handler(BaseHTTPRequestHandler):
    """The page at /, and the static files."""

    def do_GET(self):
        file = ROOT / self.path.lstrip("/")
        if self.path in ("/", "/compared"):
            body = chart_page(COMPARED if self.path == "/compared" else ()).encode()
            kind = "text/html; charset=utf-8"
        elif self.path.startswith("/static/") and ".." not in self.path and file.is_file():
            body, kind = file.read_bytes(), TYPES.get(file.suffix, "application/octet-stream")
        else:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        pass


@pytest.fixture(scope="module")
def address():
    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    threading.Thread(target=http.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{http.server_port}/"
    http.shutdown()
    http.server_close()


@pytest.fixture
def open_chart(chromium, address):
    """`open_chart(**context options)`: the page; an error in its console fails the test at its end."""
    contexts, complaints = [], []

    def make(**options):
        context = chromium.new_context(**({"viewport": {"width": 1024, "height": 900}} | options))
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: message.type in ("error", "warning") and complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


def test_plotly_comes_at_the_first_interest_and_nothing_moves(open_chart):
    page = open_chart()
    page.wait_for_selector(".is-ready")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    assert page.locator("svg.chart:visible").count() == 1
    assert page.locator("script[src*=plotly]").count() == 0
    before = page.locator(".chart-box").bounding_box(), page.locator("#below").bounding_box()
    page.locator(".chart-box").hover()
    page.wait_for_selector(".chart-box.is-taken")
    assert before == (page.locator(".chart-box").bounding_box(), page.locator("#below").bounding_box())
    assert any("plotly-basic" in url for url in asked)
    assert page.locator(".chart-plot .scatterlayer .trace").count() >= 4
    server = page.locator(".chart-wide .c-dot-ors").last.bounding_box()
    drawn = page.locator(".chart-plot .trace:has(path.js-line) .point").all()
    middles = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in map(_box, drawn)]
    middle = server["x"] + server["width"] / 2, server["y"] + server["height"] / 2
    assert any(abs(x - middle[0]) < 1.5 and abs(y - middle[1]) < 1.5 for x, y in middles)


def _box(locator):
    return locator.bounding_box()


def test_what_is_for_staff_is_on_the_screen_and_not_on_paper(open_chart):
    page = open_chart()
    page.wait_for_selector(".is-ready")
    for_staff = page.locator(".chart-wide .c-state, .chart-wide .c-state-band, li.c-state-words")
    assert [one.is_visible() for one in for_staff.all()] == [True, True, True]
    page.get_by_role("tab", name="Table").click()
    assert page.locator("th.c-state-words").is_visible()
    page.emulate_media(media="print")
    assert page.locator(".chart-wide .c-ors").is_visible()
    everything = page.locator(".c-state, .c-state-band, .c-state-words")
    assert everything.count() > 10
    assert not any(one.is_visible() for one in everything.all())


def test_the_card_shows_one_whole_session_by_keys(open_chart):
    page = open_chart()
    page.wait_for_selector(".is-ready")
    page.locator(".chart-box").focus()
    card = page.locator(".chart-said")
    page.keyboard.press("End")
    card.wait_for()
    for words in ("Well-being, ORS", "26.3", "Socially", "6.5", "Alliance, SRS", "37.6", QUOTE, "We spoke of what"):
        assert words in card.inner_text()
    assert page.locator(".chart-said script").count() == 0
    page.keyboard.press("Home")
    assert "14.2" in card.inner_text()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    assert "no-show" in card.inner_text() and "Well-being" not in card.inner_text()
    page.keyboard.press("ArrowLeft")
    assert card.inner_text().startswith("17 August 2026")
    page.keyboard.press("Escape")
    assert card.is_hidden()
    page.wait_for_selector(".chart-box.is-taken")


def test_touch_on_a_phone_shows_the_session_under_the_finger(open_chart):
    page = open_chart(viewport={"width": 390, "height": 844}, has_touch=True)
    page.wait_for_selector(".is-ready")
    assert page.locator(".chart-narrow svg").is_visible() and page.locator(".chart-wide svg").is_hidden()
    page.locator(".chart-narrow .c-dot-ors").first.scroll_into_view_if_needed()
    dot = page.locator(".chart-narrow .c-dot-ors").nth(4).bounding_box()
    page.touchscreen.tap(dot["x"] + dot["width"] / 2, dot["y"] + dot["height"] / 2)
    card = page.locator(".chart-said")
    card.wait_for()
    assert "22.6" in card.inner_text()
    page.wait_for_selector(".chart-box.is-taken")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.touchscreen.tap(20, 5)
    card.wait_for(state="hidden")


def test_tabs_by_keys_and_all_panels_without_scripts(open_chart):
    page = open_chart()
    page.wait_for_selector(".is-ready")
    assert page.locator(".chart-panel:visible").count() == 1
    page.locator("#chart-tab-curves").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#chart-lines").is_visible() and page.locator(".line-curve:visible").count() == 8
    page.keyboard.press("End")
    assert page.locator("#chart-table").is_visible()
    assert page.locator("#chart-tab-table").get_attribute("aria-selected") == "true"
    assert page.locator("#chart-table tbody:has(th)").count() == 8
    bare = open_chart(java_script_enabled=False)
    assert bare.locator(".chart-panel:visible").count() == 3
    assert bare.locator("[role=tablist]").is_hidden()


def test_the_picture_can_be_saved(open_chart):
    page = open_chart(color_scheme="dark")
    page.wait_for_selector(".is-ready")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as picture").click()
    assert saved.value.suggested_filename == "N-014-2026-11-28.png"
    head = Path(saved.value.path()).read_bytes()[:24]
    assert head.startswith(b"\x89PNG")
    assert int.from_bytes(head[16:20]) == 1520
    assert int.from_bytes(head[20:24]) > 800, "the curves, and what files them"


def saved_picture(page) -> bytes:
    page.wait_for_selector(".is-ready")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as picture").click()
    return Path(saved.value.path()).read_bytes()


def test_the_picture_carries_what_the_page_compares_with(open_chart, address):
    page = open_chart(color_scheme="dark")
    alone = Image.open(io.BytesIO(saved_picture(page)))
    page.goto(f"{address}compared")
    both = Image.open(io.BytesIO(saved_picture(page)))
    assert both.width == alone.width
    assert both.height > alone.height + 400, "two drawings and their names, two pixels for one of the drawing"
    below = both.convert("RGB").crop((0, alone.height - 60, both.width, both.height - 60))
    fjord = (18, 85, 92)
    assert sum(pixel == fjord for pixel in below.getdata()) > 200, "their lines are drawn, in the light colours"


def test_forced_colours_reach_the_chart_and_not_the_picture_to_save(open_chart):
    page = open_chart(forced_colors="active")
    page.wait_for_selector(".is-ready")
    page.locator(".chart-box").hover()
    page.wait_for_selector(".chart-box.is-taken", state="attached")
    assert page.locator(".chart-plot").is_hidden()
    shown = "getComputedStyle(document.querySelector('.chart-wide %s')).%s"
    assert page.evaluate(shown % ("svg.chart", "opacity")) == "1"
    system = "(() => { document.body.style.color = 'CanvasText'; return getComputedStyle(document.body).color; })()"
    assert page.evaluate(shown % (".c-ors", "stroke")) == page.evaluate(system)
    strokes = "new Set([...document.querySelectorAll('.chart-plot .js-line')].map((line) => line.style.stroke)).size"
    assert page.evaluate(strokes) >= 3


def test_accessible_before_and_after(open_chart):
    from tests.browser.axe import violations

    page = open_chart(bypass_csp=True)
    page.wait_for_selector(".is-ready")
    page.locator(".chart-box").focus()
    page.keyboard.press("End")
    page.wait_for_selector(".chart-box.is-taken")
    for tab in ("curves", "lines", "table"):
        page.locator(f"#chart-tab-{tab}").click()
        found = violations(page)
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


def test_nothing_inline_in_the_fragment():
    assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:", chart_page())
