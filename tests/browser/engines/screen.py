"""A page in any of the engines: the few things that a person does with it, each described once."""

import json
import os
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from selenium.common.exceptions import TimeoutException, WebDriverException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.actions import interaction
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.actions.pointer_input import PointerInput
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import WebDriverWait
from urllib3.exceptions import ReadTimeoutError

from tests.browser.engines.network import Network

SECONDS = 20
ANSWER_SECONDS = 5  # WebKit's driver never answers a question that met a page just leaving: it is asked again
PICTURES = os.environ.get("MEDSPIL_PICTURES")  # a folder for pictures of the pages, to be looked at
VISIBLE = "const seen = (node) => node.checkVisibility?.() ?? node.getClientRects().length > 0;"
# What can be pressed, by the words on it; what can be filled in, by its label.
PRESSABLE = f"""{VISIBLE} return [...document.querySelectorAll("button, a, summary, label")]
  .find((node) => seen(node) && node.textContent.trim().replace(/\\s+/g, " ").startsWith(arguments[0]));"""
FIELD = f"""{VISIBLE} return [...document.querySelectorAll("label")]
  .filter((label) => label.textContent.trim().startsWith(arguments[0])).map((label) => label.control).find(seen);"""
TEXT = "return document.body?.innerText ?? '';"
REPAINT = """let turn = 0; const timer = setInterval(() => {
  document.documentElement.style.outline = turn++ % 2 ? "" : "1px solid transparent";
  if (turn > 40) clearInterval(timer);
}, 50);"""


class Screen:
    """One window of an engine's browser on one `Network`."""

    def __init__(self, driver: WebDriver, network: Network):
        self.driver, self.network = driver, network

    def renew(self) -> None:
        """Another tab in place of this one: without a history, and with the memory of the pages before given back."""
        before = self.driver.current_window_handle
        self.driver.switch_to.new_window("tab")
        fresh = self.driver.current_window_handle
        self.driver.switch_to.window(before)
        self.driver.close()
        self.driver.switch_to.window(fresh)

    # Where it is

    @property
    def url(self) -> str:
        return self.driver.current_url

    @property
    def path(self) -> str:
        return self.url.removeprefix(self.network.address)

    def open(self, path: str) -> None:
        self._leave(lambda: self.driver.get(self.network.address + path))

    def reload(self) -> None:
        self._leave(self.driver.refresh)

    def back(self) -> None:
        self._leave(self.driver.back)

    def _leave(self, go: Callable[[], object]) -> None:
        """Goes elsewhere and waits for that page: WebKit's driver must not, it would wait for ever after some."""
        self.run("window.isBefore = true;")
        go()
        self.wait(lambda: self.run("return !window.isBefore && document.readyState === 'complete';"))

    def wait(self, found: Callable[[], object]):
        """What `found` answers as soon as it is true; a page that is just leaving counts as not yet."""
        not_yet = [WebDriverException, ReadTimeoutError]
        waiting = WebDriverWait(self.driver, SECONDS, poll_frequency=0.1, ignored_exceptions=not_yet)
        commands = self.driver.command_executor.client_config
        patience, commands.timeout = commands.timeout, ANSWER_SECONDS
        try:
            return waiting.until(lambda _driver: found())
        except TimeoutException as late:
            raise AssertionError(f"not found on {self.path}: {self.text[:1500]}") from late
        finally:
            commands.timeout = patience

    def arrive(self, part: str) -> None:
        self.wait(lambda: part in self.path)

    # What it shows

    @property
    def text(self) -> str:
        return self.run(TEXT) or ""  # nothing while a page is leaving

    def see(self, words: str) -> None:
        self.wait(lambda: words in self.text)

    def run(self, script: str, *arguments):
        return self.driver.execute_script(script, *arguments)

    def ask(self, script: str, *arguments):
        """What an async function answers, by way of JSON; `script` is its source."""
        answer = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1], given = [...arguments].slice(0, -1);"
            "const give = (found) => done(JSON.stringify(found ?? null)), fail = (fault) => done(`fault: ${fault}`);"
            f"({script})(...given).then(give, fail);",
            *arguments,
        )
        assert not answer.startswith("fault: "), answer
        return json.loads(answer)

    def find(self, selector: str):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def is_shown(self, selector: str) -> bool:
        return self.find(selector).is_displayed()

    def count(self, selector: str) -> int:
        return len(self.driver.find_elements(By.CSS_SELECTOR, selector))

    def picture(self, path: str) -> None:
        self.run(REPAINT)  # WebKit's picture waits for the next repaint: a page that stands still gets one
        self.driver.save_screenshot(path)

    def picture_to_look_at(self, name: str) -> None:
        """A picture of the page with the engine's name in the folder MEDSPIL_PICTURES; none without that."""
        if PICTURES:
            time.sleep(1)  # a window that was only just opened is black in WebKit's picture
            self.picture(str(Path(PICTURES) / f"{name}-{self.driver.capabilities['browserName']}.png"))

    # What a person does

    def press(self, words: str) -> None:
        node = self.wait(lambda: self.run(PRESSABLE, words))
        self.run("arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' });", node)
        node.click()

    def fill(self, label: str, text: str) -> None:
        """Types at the end of the field of that label."""
        self.wait(lambda: self.run(FIELD, label)).send_keys(text)

    def point_at(self, selector: str) -> None:
        ActionChains(self.driver).move_to_element(self.find(selector)).perform()

    def keys(self, *keys: str) -> None:
        ActionChains(self.driver).send_keys(*keys).perform()

    def tap(self, selector: str, share: float) -> None:
        """A finger at `share` of the width of a line; in WebKit's driver it arrives as a mouse."""
        x, y, width, height = self.run(
            "const node = document.querySelector(arguments[0]);"
            "node.scrollIntoView({ block: 'center', behavior: 'instant' });"
            "const box = node.getBoundingClientRect(); return [box.left, box.top, box.width, box.height];",
            selector,
        )
        time.sleep(0.3)  # the form takes a tap right after scrolling for a stop of the scrolling
        finger = ActionBuilder(self.driver, mouse=PointerInput(interaction.POINTER_TOUCH, "finger"), duration=20)
        finger.pointer_action.move_to_location(round(x + width * share), round(y + height / 2))
        finger.pointer_action.pointer_down().pause(0.05).pointer_up()
        finger.perform()

    def mark(self, keys: Iterable[str], share: float = 0.6) -> None:
        self.wait(lambda: self.count("form.lines.is-drawn"))
        for key in keys:
            line = f"#line-{key}"
            self.wait(partial(self.is_shown, f"{line} .rule"))
            self.tap(f"{line} .rule", share)
            self.wait(partial(self.is_shown, f"{line} .cross"))
