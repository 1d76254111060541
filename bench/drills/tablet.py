"""A client's tablet: Chromium with a profile on disk, marked by the keyboard, killed as by an empty battery."""

import contextlib
import json
import os
import signal
import time
from pathlib import Path

import psutil

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 30_000
SECONDS_TO_DIE = 10
CARRIED = "medspil.forms"
FIRST_KEYS = {"ArrowRight": 50, "Home": 0, "End": 100}  # where a line's first key puts the mark, in tenths
WAITING = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("medspil", 1);
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const rows = opening.result.transaction("sealed").objectStore("sealed").count();
    rows.onsuccess = () => { opening.result.close(); resolve(rows.result); };
  };
})"""


class Tablet:
    """One browser profile. `start`, `open` pages, `kill`, and `start` again with what the disk has kept."""

    def __init__(self, playwright, profile: Path, address: str):
        self.kind, self.profile, self.address = playwright.chromium, profile, address
        self.context = None

    def start(self, *, network: bool = True) -> None:
        """Switch the tablet on; without `network` nothing is sent, the service worker's requests included."""
        self.context = self.kind.launch_persistent_context(
            self.profile,
            executable_path=CHROMIUM,
            args=FLAGS,
            base_url=self.address,
            viewport={"width": 1180, "height": 820},
            locale="en-GB",
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.network(network)

    def network(self, there: bool) -> None:
        """Switch the network on or off."""
        self.context.set_offline(not there)

    def open(self, address: str, *, carried: dict[str, str] | None = None):
        """A page in a tab of its own; the tabs before it are closed.

        `carried`: the form, token and address that a hand-over without a network leaves in the tab.
        """
        before = self.context.pages
        page = self.context.new_page()
        if carried:
            kept = json.dumps(json.dumps({"handover": "", "forms": [carried]}))
            page.add_init_script(f"sessionStorage.setItem('{CARRIED}', {kept})")
        for one in before:
            one.close()
        page.goto(address)
        return page

    def kill(self) -> None:
        """SIGKILL to the browser's process group: nothing is written any more that is not written yet."""
        found = [process for process in psutil.process_iter(["cmdline"]) if self._is_browser(process)]
        if not found:
            raise RuntimeError("the browser that was to be killed does not run")
        group = [one for process in found for one in (process, *process.children(recursive=True))]
        for process in found:
            if os.getpgid(process.pid) != process.pid:
                raise RuntimeError("the browser has no process group of its own")
            os.killpg(process.pid, signal.SIGKILL)
        _, alive = psutil.wait_procs(group, SECONDS_TO_DIE)
        for process in alive:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        with contextlib.suppress(Exception):  # the driver has lost its browser, as it should
            self.context.close()

    def _is_browser(self, process: psutil.Process) -> bool:
        words = process.info["cmdline"] or []
        return f"--user-data-dir={self.profile}" in words and not any(word.startswith("--type=") for word in words)


def keys_to(mark: int) -> list[str]:
    """The fewest keys that bring an unmarked line to `mark` (0-100, tenths)."""
    ways = []
    for first, start in FIRST_KEYS.items():
        pages = round((mark - start) / 10)
        steps = mark - start - 10 * pages
        turn = ["PageUp" if pages > 0 else "PageDown"] * abs(pages)
        ways.append([first, *turn, *["ArrowUp" if steps > 0 else "ArrowDown"] * abs(steps)])
    return min(ways, key=len)


def set_marks(page, marks: dict[str, int]) -> None:
    """Mark the form's lines (item key to tenths) by the keyboard alone."""
    for item, mark in marks.items():
        page.locator(f"section[data-key='{item}'] .track").focus()
        for key in keys_to(mark):
            page.keyboard.press(key)


def press_done(page) -> None:
    """Done, by the keyboard; nothing is waited for."""
    page.locator("#done").focus()
    page.keyboard.press("Enter")


def waiting(page) -> int:
    """How many answers the device keeps until the server has them."""
    return page.evaluate(WAITING)


def wait_until_sent(page, seconds: float) -> int:
    """Leave a page open that sends what waits; how many still wait after at most `seconds`."""
    deadline = time.monotonic() + seconds
    while (left := waiting(page)) and time.monotonic() < deadline:
        page.wait_for_timeout(200)
    return left
