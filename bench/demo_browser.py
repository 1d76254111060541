"""A browser in front of a whole Medspil with the demo's people, for what is counted there."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench.pages import CHROMIUM
from bench.running import MANAGE, running
from fit_project.local.demo import PROJECT

PASSWORD, PIN = "prov-medspil-nu", "246810"  # of the demo's people


@contextmanager
def logged_in_page(who: str, **context: Any) -> Iterator[Any]:
    """A page of this person on Today (None without a browser); `context` as Playwright's new_context takes it."""
    from playwright.sync_api import Error, sync_playwright

    with running(("broker", "web"), environment="demo") as whole, sync_playwright() as playwright:
        subprocess.run([*MANAGE, "load_demo"], cwd=PROJECT, env=whole.env, check=True, stdout=subprocess.DEVNULL)
        try:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        except Error:
            yield None
            return
        page = browser.new_context(locale="da-DK", base_url=f"http://localhost:{whole.port}", **context).new_page()
        page.goto("/account/login/")
        page.fill("input[name=login]", who)
        page.fill("input[name=password]", PASSWORD)
        page.click("form button[type=submit]")
        page.wait_for_url("**/today/")
        yield page
        browser.close()
