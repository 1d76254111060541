"""A practitioner of a bench: holds one session after the other by the pages alone, as a browser would ask for them."""

import random
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urljoin

import requests
from lxml import html

PIN = "246810"
MOVES = 6  # redirects that one press may lead to
# Seconds that a person takes before each press, of a session of about fifty minutes.
THINKING = {
    "Today": 20,
    "client page": 30,
    "start": 60,
    "hand over": 120,
    "form": 5,
    "answer": 60,
    "unlock": 20,
    "result": 300,
    "note": 900,
    "finish": 60,
}


@dataclass
class Said:
    """What the server answered: seconds by step, and the sessions that are whole."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    sessions: int = 0
    faults: list[str] = field(default_factory=list)

    def every(self) -> list[float]:
        return [one for several in self.seconds.values() for one in several]


class Refused(Exception):
    """An answer that a practitioner could not go on from: the run is void."""


class Practitioner:
    """One log-in on one device, with clients of their own. `shorter` divides the thinking.

    `cookies` are changed as a browser's are: whoever goes on later goes on with them.
    """

    def __init__(self, address: str, cookies: dict[str, str], clients: list[str], shorter: float, seed: int):
        self.address, self.clients, self.shorter = address, clients, shorter
        self.draw = random.Random(seed)
        self.browser = requests.Session()
        # The bench stands where the proxy does: its own connection would carry no secure cookie.
        self.browser.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.cookies = cookies
        self.said = Said()
        self.page: Any = None
        self.url = address

    def hold(self, is_over: Callable[[], bool]) -> None:
        """Sessions until `is_over()`; one under way is ended. A fault ends them and stands in `said.faults`."""
        clients = self._clients()
        try:
            while not is_over():
                self._session(next(clients), is_over)
        except (Refused, requests.RequestException, IndexError, StopIteration) as fault:
            self.said.faults.append(f"{self.url}: {fault!r}")

    def _clients(self) -> Iterator[str]:
        while True:
            yield from self.draw.sample(self.clients, len(self.clients))

    def _session(self, client: str, is_over: Callable[[], bool]) -> None:
        self._get("Today", "/today/", is_over)
        self._get("client page", f"/clients/{client}/", is_over)
        self._send("start", f"/clients/{client}/sessions/start/", is_over, only=("csrfmiddlewaretoken",))
        for instrument in ("ors", "srs"):
            self._send("hand over", f"/handover/{instrument}/", is_over, then="form")
            marks = {f"{name}": f"{self.draw.randint(0, 100) / 10:.1f}" for name in self._items()}
            self._send("answer", "/f/", is_over, marks)
            self._send("unlock", "/unlock/", is_over, {"secret": PIN}, then="result")
        self._send("note", "/notes/after_srs/", is_over, {"text": "Det gik bedre, da vi talte om i morgen."})
        self._send("finish", "/next/", is_over)
        self.said.sessions += 1

    def _items(self) -> list[str]:
        return [section.get("data-key") for section in self.page.xpath("//section[@data-key]")]

    def _think(self, step: str, is_over: Callable[[], bool]) -> None:
        if not is_over():
            time.sleep(self.draw.expovariate(self.shorter / THINKING[step]))

    def _get(self, step: str, path: str, is_over: Callable[[], bool]) -> None:
        self._think(step, is_over)
        self._ask(step, "GET", self.address + path)

    def _send(
        self,
        step: str,
        action: str,
        is_over: Callable[[], bool],
        fields: dict[str, str] | None = None,
        *,
        only: tuple[str, ...] = (),
        then: str = "",
    ) -> None:
        """Fill in the first form of the page whose address holds `action`, send it, and follow where it leads."""
        self._think(step, is_over)
        found, forms = action, self.page.xpath("//form")
        for form in forms:
            where = form.get("action") or self.url
            if action in where:
                found = where
                break
        else:  # a button that sends another form elsewhere
            form = self.page.xpath("//form[@id='start']")[0]
        filled = {name: value for name, value in form.form_values() if not only or name in only}
        self._ask(step, "POST", urljoin(self.url, found), filled | (fields or {}), then=then)

    def _ask(self, step: str, method: str, url: str, fields: dict[str, str] | None = None, *, then: str = "") -> None:
        headers = {"Host": "localhost", "X-Forwarded-Proto": "https", "Origin": "https://localhost"}
        for _move in range(MOVES):
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            start = time.perf_counter()
            answer = self.browser.request(method, url, data=fields, headers=headers, allow_redirects=False, timeout=60)
            self.said.seconds.setdefault(step, []).append(time.perf_counter() - start)
            self._take_cookies(answer)
            if answer.status_code not in (302, 303):
                break
            method, url, fields, step = "GET", urljoin(url, answer.headers["Location"]), None, then or step
        self.url = url
        if answer.status_code != 200:
            title = re.search(r"<title>([^<]*)", answer.text)
            raise Refused(f"{step} answered {answer.status_code} {title[1].strip() if title else ''}")
        self.page = html.fromstring(answer.content)

    def _take_cookies(self, answer: requests.Response) -> None:
        for line in answer.raw.headers.getlist("Set-Cookie"):
            for name, said in SimpleCookie(line).items():
                if said.value and said["max-age"] != "0":
                    self.cookies[name] = said.value
                else:
                    self.cookies.pop(name, None)
