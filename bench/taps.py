"""TAPS: what one whole session costs the staff, counted in a browser: from Today by ORS and SRS back to Today.

A tap is a press on a button, a link, a choice or a field; typing the PIN's six digits is told apart. What the client
taps is not counted. A page load is a document that the browser opened; a redirect on the way is none of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bench.demo_browser import PIN, logged_in_page
from bench.figures import Count, NotRun
from bench.pages import CHROMIUM

TABLET = {"width": 820, "height": 1180}
MOST_TAPS, MOST_LOADS = 13, 8
LINES = {"ors": ("individual", "relations", "social", "overall"), "srs": ("relation", "goals", "approach", "overall")}


@dataclass
class Cost:
    """What was counted so far."""

    taps: int = 0
    digits: int = 0
    loads: int = 0


def measure() -> Iterator[Count | NotRun]:
    """One session of a client who has a curve, on a tablet that is handed over twice."""
    with logged_in_page("trine@solby.example", viewport=TABLET, has_touch=True) as page:
        if page is None:
            yield NotRun("TAPS", f"there is no browser at {CHROMIUM}")
            return
        cost = _session(page)
    yield Count("TAPS", "taps of the staff", cost.taps, MOST_TAPS, 1, f"and {cost.digits} digits of the PIN")
    yield Count("TAPS", "page loads", cost.loads, MOST_LOADS, 1, "from Today to Today")


def _session(page) -> Cost:
    cost = Cost()
    page.on("domcontentloaded", lambda: _count_load(cost))
    row = page.locator("main tbody tr", has=page.get_by_role("link", name="Nils", exact=True))
    _tap(cost, row.get_by_role("button"))
    page.wait_for_url("**/sessions/*/")
    for part in ("ors", "srs"):
        _tap(cost, page.locator(f"form[data-handover={part}] button"))
        page.wait_for_url("**/f/*/")
        _mark_as_client(page, part)
        _give_back(cost, page)
        page.wait_for_url(f"**/result/{part}/")
    _finish(cost, page)
    return cost


def _count_load(cost: Cost) -> None:
    cost.loads += 1


def _tap(cost: Cost, target) -> None:
    cost.taps += 1
    target.tap()


def _mark_as_client(page, part: str) -> None:
    for key in LINES[part]:
        line = page.locator(f"#line-{key}")
        line.scroll_into_view_if_needed()
        page.wait_for_timeout(300)  # a tap right after scrolling is taken for the end of the scrolling
        box = line.locator(".rule").bounding_box()
        page.touchscreen.tap(box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2)
    page.locator("#done").tap()
    page.wait_for_url("**/thanks/")


def _give_back(cost: Cost, page) -> None:
    """The PIN on the thanks page; its last digit sends it."""
    _tap(cost, page.locator("input[name=secret]"))
    page.keyboard.type(PIN)
    cost.digits += len(PIN)


def _finish(cost: Cost, page) -> None:
    """The proposed day is taken; on Today the cover is lifted."""
    _tap(cost, page.locator("#next-step button.btn.big"))
    page.wait_for_url("**/today/*")
    _tap(cost, page.locator(".covered > summary"))
    page.locator("main table").first.wait_for()
