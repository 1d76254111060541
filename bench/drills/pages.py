"""The real form in a real browser: marked by keys, a part of it without a network, the browser killed in between.

The end of `make drill-kill`, or alone: `python -m bench.drills.pages --n 20`. Exit 1 when an answer of which the page
has said that it is saved or stored is lost or doubled, or when one can be read in the browser's profile.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from bench.drills.answering import Ledger
from bench.drills.counting import lost_and_doubled, second_answers, stored_answers
from bench.drills.people import make_organisation, open_forms, staff_cookie
from bench.drills.plain import plain_answers
from bench.drills.tablet import Tablet, press_done, set_marks, wait_until_sent, waiting
from bench.running import Running, running

ONLINE, CUT, CARRIED, KILLED = "with a network", "network lost before Done", "no network at all", "killed at Done"
WAYS = (ONLINE, CUT, CARRIED, KILLED)
SESSIONS = 8  # of one client
SAVED, STORED = "Your answer is saved.", "is stored on this device, locked"
SECONDS_TO_SEND = 60.0
LOG_IN = "/account/login/"  # a page that sends what waits, as every page of the staff does
SHELLS_ARE_KEPT = "() => sessionStorage.getItem('medspil.forms') && navigator.serviceWorker.controller"

Form = tuple[str, str, tuple[str, ...]]


def main() -> int:
    """Print the counts; 1 when something was lost, doubled or readable, or when the control saw nothing."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--n", type=int, default=200, help="answers")
    options.add_argument("--seed", type=int, default=int(time.time()))
    chosen = options.parse_args()
    print(f"drill-kill, the form's page: {chosen.n} answers, seed {chosen.seed}", flush=True)
    with running(("broker", "web"), environment="demo") as whole:
        return 0 if drill(whole, chosen.n, chosen.seed) else 1


def drill(whole: Running, number: int, seed: int) -> bool:
    """Answer `number` forms in one browser profile, then count; the control follows."""
    from playwright.sync_api import sync_playwright

    address = f"http://localhost:{whole.port}"
    organisation, person = make_organisation("pages", mails=True)
    opened = open_forms(organisation, person, 1 + -(-number // SESSIONS), SESSIONS)
    rehearsal, forms = opened[0], opened[SESSIONS:][:number]  # the first client's are for the visit and the control
    cookie = _staff_cookie(person.user, address)
    visited = f"/clients/{_client_of(organisation, rehearsal[0])}/"
    start = time.monotonic()
    # Nothing asks the database in here: Playwright's event loop runs in this thread.
    with tempfile.TemporaryDirectory(prefix="medspil-profile-") as folder, sync_playwright() as playwright:
        client = Client(Tablet(playwright, Path(folder) / "drill", address), random.Random(seed))
        shell = keep_shells(client.tablet, cookie, visited)
        client.answer_all(forms, shell)
        control = unsealed(Tablet(playwright, Path(folder) / "control", address), rehearsal)
    took = time.monotonic() - start
    good = report(client, stored_answers(organisation), second_answers(organisation), len(forms), took)
    print(f"control, the answer not sealed: {control}")
    return good and all(control.values())


def lives(number: int, draw: random.Random) -> list[list[str]]:
    """How `number` answers are given, by lives of the browser, each of which ends by SIGKILL."""
    planned: list[list[str]] = []
    while number > 0:
        online = [ONLINE] * draw.randint(2, 4)
        kinds = (
            [*online, CUT, *[CARRIED] * draw.randint(0, 2)],
            [*online, KILLED],
            [CARRIED] * draw.randint(2, 4),  # after a life that may have left something behind
        )
        planned.append(kinds[len(planned) % len(kinds)][:number])
        number -= len(planned[-1])
    return planned


class Client:
    """Whoever marks the forms of a drill, and what the pages said."""

    def __init__(self, tablet: Tablet, draw: random.Random):
        self.tablet, self.draw, self.ledger = tablet, draw, Ledger()
        self.ways: Counter[str] = Counter()
        self.answers: set[tuple[int, ...]] = set()
        self.unsure: list[tuple[Form, str, tuple[int, ...]]] = []  # the tablet died before it had said anything
        self.readable: set[str] = set()
        self.kills = self.waited = self.again = self.unsent = 0

    def answer_all(self, forms: list[Form], shell: str) -> None:
        """Answer `forms`; `shell` is where the device keeps their empty page."""
        left = list(reversed(forms))
        for ways in lives(len(forms), self.draw):
            self.tablet.start(network=ways[0] != CARRIED)
            if ways[0] != CARRIED:
                self._come_back()
            for way in ways:
                self._answer(left.pop(), way, shell)
            if ways[-1] in {CUT, CARRIED}:
                self.waited += waiting(self.tablet.context.pages[-1])
            self._kill(forms[0][2])
        self.tablet.start()
        self._come_back()
        self._kill(forms[0][2])

    def _kill(self, items: tuple[str, ...]) -> None:
        self.tablet.kill()
        self.kills += 1
        self.readable |= plain_answers(self.tablet.profile, items, self.answers)
        print(f"  {self.ways.total()} answers, {self.kills} kills", flush=True)

    def _answer(self, form: Form, way: str, shell: str) -> None:
        from playwright.sync_api import Error

        session, token, items = form
        self.ways[way] += 1
        try:
            page = self._open(token, shell) if way == CARRIED else self.tablet.open(f"/f/{token}/")
            if way == CUT:
                self.tablet.network(False)
            self._send(page, form, tuple(self.draw.randint(0, 100) for _ in items), way)
        except Error as error:
            print(f"  {way}: {str(error).splitlines()[0]}")
            self.ledger.given_up.append(session)

    def _open(self, token: str, shell: str):
        carried = {"form": "ors", "token": token, "address": shell}
        return self.tablet.open(f"{shell}#{token}", carried=carried)

    def _send(self, page, form: Form, marks: tuple[int, ...], way: str) -> None:
        session, _, items = form
        self.answers.add(marks)
        submission = page.locator("input[name=submission_id]").input_value()
        set_marks(page, dict(zip(items, marks, strict=True)))
        press_done(page)
        if way == KILLED:
            time.sleep(0.5 * self.draw.random() ** 3)  # before it is stored, while it is sent, after it was said
            self.unsure.append((form, submission, marks))
            return
        page.get_by_text(SAVED if way == ONLINE else STORED).wait_for()
        self.ledger.acknowledged[session] = (submission, marks)

    def _come_back(self) -> None:
        """There is a network: what waits is sent. Who was left without a word looks at the form again."""
        self.unsent = wait_until_sent(self.tablet.open(LOG_IN), SECONDS_TO_SEND)
        for form, submission, marks in self.unsure:
            page = self.tablet.open(f"/f/{form[1]}/")
            if page.locator("form.lines").count():
                self.again += 1
                self._send(page, form, marks, ONLINE)
            else:
                page.get_by_text(SAVED).wait_for()
                self.ledger.acknowledged[form[0]] = (submission, marks)
        self.unsure = []


def keep_shells(tablet: Tablet, cookie: dict[str, str], visited: str) -> str:
    """A session that staff starts with a network, from which on the device has the empty form. Where it keeps it."""
    tablet.start()
    tablet.context.add_cookies([cookie])
    page = tablet.open(visited)
    page.get_by_role("button", name="Start session").first.click()
    page.wait_for_url("**/sessions/*/")
    page.wait_for_function(SHELLS_ARE_KEPT)
    shell = page.evaluate("() => JSON.parse(sessionStorage.getItem('medspil.forms')).forms[0].address")
    tablet.context.clear_cookies()  # as after a hand-over
    tablet.kill()
    return shell


def unsealed(tablet: Tablet, form: Form) -> dict[str, bool]:
    """Whether an answer is found that the page stored through a seal that seals nothing, or in localStorage."""
    _, token, items = form
    marks = dict(zip(items, (62, 38, 71, 90), strict=True))
    tablet.start()
    tablet.context.route(
        "**/js/seal*.js",
        lambda route: route.fulfill(
            content_type="text/javascript", body="export const seal = async (fields) => fields;"
        ),
    )
    page = tablet.open(f"/f/{token}/")
    tablet.network(False)
    set_marks(page, marks)
    page.evaluate("(marks) => localStorage.setItem('drill', JSON.stringify(marks))", list(marks.values()))
    press_done(page)
    page.get_by_text(STORED).wait_for()
    time.sleep(6)  # Chromium gathers what goes to localStorage for some seconds
    tablet.kill()
    stores = {name: tablet.profile / "Default" / name for name in ("IndexedDB", "Local Storage")}
    return {name: bool(plain_answers(store, items, {tuple(marks.values())})) for name, store in stores.items()}


def report(client: Client, stored, seconds: int, forms: int, took: float) -> bool:
    """Print the figures; whether nothing was lost, doubled or readable, and every way was tried."""
    lost, doubled = lost_and_doubled(client.ledger, stored)
    figures = {
        "forms": forms,
        "acknowledged": len(client.ledger.acknowledged),
        "stored": len(stored),
        "lost": lost,
        "doubled": doubled,
        "second answers": seconds,
        "given up": len(client.ledger.given_up),
        "still on the device": client.unsent,
        "plain answers in the profile": len(client.readable),
    }
    print(
        f"{client.kills} kills of the browser in {took:.0f} s; " + ", ".join(f"{n} {w}" for w, n in client.ways.items())
    )
    print(f"{client.waited} sealed answers waited through a kill; {client.again} were marked again after one at Done")
    print("; ".join(f"{name} {value}" for name, value in figures.items()))
    for place in sorted(client.readable):
        print(f"  readable: {place}")
    bad = ("lost", "doubled", "second answers", "given up", "still on the device", "plain answers in the profile")
    whole = figures["acknowledged"] == forms and len(stored) == forms
    return whole and not any(figures[name] for name in bad) and client.waited > 0


def _client_of(organisation, session: str):
    from organisations.tenancy.context import tenant
    from sessions_app.models import Session

    with tenant(organisation.pk):
        return Session.objects.get(pk=session).client_id


def _staff_cookie(user, address: str) -> dict[str, str]:
    name, value = staff_cookie(user)
    return {"name": name, "value": value, "url": address}


if __name__ == "__main__":
    sys.exit(main())
