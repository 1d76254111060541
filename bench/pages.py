"""B9, B10: when Today and a client's page are painted in a slow browser, against an almost empty page.

The almost empty page is the one that opens a client in an emergency: head, stylesheets, scripts, font, top bar and
menus as on every page of somebody logged in, and in it a few sentences and one form. What Today and a client's page add
to that is what the ratio says. Until now it was a page that does not exist: it has no bar, half the stylesheets, no
script, no font loaded first, and asks the database nothing, so it blamed both pages for what every page has. Both are
printed, each with the same bars.
"""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

from bench.figures import Figure, NotRun
from bench.running import MANAGE, Running, running
from fit_project.local.demo import PROJECT

CHROMIUM = "/usr/bin/chromium"
SLOWER, ROUNDS = 4, 7
SETTLING = 1500  # milliseconds after the load in which late work still counts
EMPTY, MISSING, TODAY, CLIENT = "empty", "missing", "today", "client"
YARDSTICKS = {EMPTY: "an almost empty page", MISSING: "a page that is not there"}
# Runs before the page's own scripts: when the largest thing was painted, when the curve could first be seen.
WATCH = """
window.seen = {lcp: 0, cls: 0, tbt: 0, curve: 0};
const watch = (type, each) => new PerformanceObserver((list) => list.getEntries().forEach(each))
  .observe({type, buffered: true});
watch("largest-contentful-paint", (entry) => { seen.lcp = entry.startTime; });
watch("layout-shift", (entry) => { if (!entry.hadRecentInput) seen.cls += entry.value; });
watch("longtask", (entry) => { seen.tbt += Math.max(0, entry.duration - 50); });
const look = () => {
  const curves = [...document.querySelectorAll("main svg polyline, main .spark-cell svg path")];
  if (curves.some((curve) => curve.getBoundingClientRect().width > 0)) seen.curve = performance.now();
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


@dataclass(frozen=True)
class Seen:
    """Milliseconds (largest paint, blocking time, curve) and the layout shift of one visit."""

    lcp: float
    tbt: float
    cls: float
    curve: float


def measure() -> Iterator[Figure | NotRun]:
    """Each round visits both yardsticks, Today and a client's page, in a browser that keeps nothing."""
    from playwright.sync_api import Error, sync_playwright

    with running(("broker", "web"), environment="demo") as whole, sync_playwright() as playwright:
        subprocess.run([*MANAGE, "load_demo"], cwd=PROJECT, env=whole.env, check=True, stdout=subprocess.DEVNULL)
        try:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        except Error:
            yield NotRun("B9, B10", f"there is no browser at {CHROMIUM}")
            return
        visits = _visits(browser, whole)
        browser.close()
    yield from _figures(visits)


def _visits(browser, whole: Running) -> dict[str, list[Seen]]:
    page = browser.new_context(viewport={"width": 1180, "height": 820}).new_page()
    start = f"http://localhost:{whole.port}"
    page.goto(f"{start}/account/login/")
    page.fill("input[name=login]", "trine@solby.example")
    page.fill("input[name=password]", "prov-medspil-nu")
    page.click("form button[type=submit]")
    page.wait_for_url("**/today/")
    client = page.locator("main a[href^='/clients/']", has_text="Nils").first.get_attribute("href")
    paths = {EMPTY: "/emergency/", MISSING: "/there-is-no-such-page/", TODAY: "/today/", CLIENT: client}
    addresses = {name: f"{start}{path}" for name, path in paths.items()}
    page.add_init_script(WATCH)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    for address in addresses.values():
        _visit(page, address)  # the server's first answer of each page is no measure
    rounds = [{name: _visit(page, address) for name, address in addresses.items()} for _ in range(ROUNDS)]
    return {name: [one[name] for one in rounds] for name in addresses}


def _visit(page, address: str) -> Seen:
    page.goto(address, wait_until="load")
    page.wait_for_timeout(SETTLING)
    return Seen(**page.evaluate("window.seen"))


def _figures(visits: dict[str, list[Seen]]) -> Iterator[Figure]:
    for name in (TODAY, CLIENT):
        if not all(seen.curve for seen in visits[name]):
            raise RuntimeError(f"{name}: no curve was seen, so the run is void")
        for yardstick, words in YARDSTICKS.items():
            pairs = list(zip(visits[name], visits[yardstick], strict=True))
            paint = tuple(seen.lcp / empty.lcp for seen, empty in pairs)
            curve = tuple(seen.curve / empty.lcp for seen, empty in pairs)
            yield Figure("B9", f"{name}: largest paint / that of {words}", paint, 1.25, 1.5, more=False)
            yield Figure("B9", f"{name}: curve visible / largest paint of {words}", curve, 1.25, 1.5, more=False)
        blocked, moved = (tuple(getattr(seen, part) for seen in visits[name]) for part in ("tbt", "cls"))
        yield Figure("B10", f"{name}: blocking time in ms", blocked, 50, 200, more=False)
        yield Figure("B10", f"{name}: layout shift", moved, 0, 0.05, more=False)
