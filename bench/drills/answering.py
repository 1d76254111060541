"""Clients who answer forms as the page does: same submission id until the server has said that it is stored."""

import http.client
import random
import re
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

PATIENCE = 180.0  # seconds until a client gives up; the drill then counts the answer as not acknowledged
COME_BACK = {408, 425, 429}  # as in static/js/send.js; and everything from 500 on
SUBMISSION = re.compile(rb'name="submission_id"[^>]*value="([^"]+)"')
HEADERS = {"Host": "localhost", "X-Forwarded-Proto": "https"}


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes = b""
    location: str = ""


@dataclass
class Ledger:
    """What clients were told. `acknowledged` maps a form's session to its submission id and marks."""

    acknowledged: dict[str, tuple[str, tuple[int, ...]]] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)  # session -> status
    given_up: list[str] = field(default_factory=list)
    repeats: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


def get(port: int, path: str) -> Answer:
    """One GET; status 0 when nobody answers."""
    return _ask(port, "GET", path)


def post(port: int, path: str, fields: dict[str, str]) -> Answer:
    """One POST of a form; status 0 when nobody answers or the answer breaks off."""
    return _ask(port, "POST", path, urlencode(fields))


def _ask(port: int, method: str, path: str, body: str | None = None) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = HEADERS | ({"Content-Type": "application/x-www-form-urlencoded"} if body else {})
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.read(), answer.headers.get("Location", ""))
    except (TimeoutError, OSError, http.client.HTTPException):
        return Answer(0)
    finally:
        connection.close()


def answer_form(port: int, session: str, token: str, items: tuple[str, ...], ledger: Ledger, draw: random.Random):
    """Open a form, mark it and send it until it is acknowledged; now and then somebody taps twice."""
    deadline = time.monotonic() + PATIENCE
    path = f"/f/{token}/"
    marks = tuple(draw.randint(0, 100) for _ in items)
    page = _until(lambda: get(port, path), deadline, ledger)
    found = SUBMISSION.search(page.body)
    if page.status != 200 or not found:
        return _note(ledger, session, page.status)
    fields = {key: f"{mark / 10:.1f}" for key, mark in zip(items, marks, strict=True)}
    fields |= {"submission_id": found[1].decode(), "device_time": ""}
    if draw.random() < 0.1:
        twin = threading.Thread(target=post, args=(port, path, fields))
        twin.start()
    sent = _until(lambda: post(port, path, fields), deadline, ledger)
    if sent.status != 303:
        return _note(ledger, session, sent.status)
    with ledger.lock:
        ledger.acknowledged[session] = (fields["submission_id"], marks)
    return None


def _note(ledger: Ledger, session: str, status: int) -> None:
    with ledger.lock:
        if status == 0 or status >= 500 or status in COME_BACK:
            ledger.given_up.append(session)
        else:
            ledger.refused[session] = status


def _until(ask, deadline: float, ledger: Ledger) -> Answer:
    wait = 0.2
    while True:
        answer = ask()
        if 0 < answer.status < 500 and answer.status not in COME_BACK:
            return answer
        if time.monotonic() > deadline:
            return answer
        with ledger.lock:
            ledger.repeats += 1
        time.sleep(wait)
        wait = min(2.0, wait * 1.5)


def answer_all(port: int, forms: list[tuple[str, str, tuple[str, ...]]], ledger: Ledger, *, rate: float, threads=8):
    """Answer all forms, about `rate` a second, by some clients at once; `forms` are (session, token, items)."""
    queue = list(reversed(forms))
    lock = threading.Lock()
    start = time.monotonic()

    def client(number: int) -> None:
        draw = random.Random(number)
        while True:
            with lock:
                if not queue:
                    return
                place = len(forms) - len(queue)
                form = queue.pop()
            time.sleep(max(0.0, start + place / rate - time.monotonic()))
            answer_form(port, *form, ledger, draw)

    clients = [threading.Thread(target=client, args=(number,)) for number in range(threads)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
