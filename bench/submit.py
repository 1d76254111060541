"""B1, B2, B6: an answer sent to our form, against a bare WSGI application that stores it with the same SQL."""

import json
import os
import socket
import statistics
import sys
import time
import uuid
from collections.abc import Iterator
from urllib.parse import urlencode

from bench.drills.people import make_organisation, open_forms
from bench.figures import Figure
from bench.load import Load, request, run
from bench.running import SECONDS_TO_ANSWER, Running, gather_statistics, running
from fit_project.local.broker import free_port

ROUNDS, ANSWERS, SESSIONS = 7, 160, 20
ALONE = 60  # answers of one round over a single connection
GUNICORN = [sys.executable, "-m", "gunicorn", "--config"]


def measure() -> Iterator[Figure]:
    """Interleaved rounds; each answers forms of its own, and each form once."""
    with running(("broker", "web")) as whole:
        os.environ["BENCH_RATING_DEFAULTS"] = json.dumps(_rating_defaults())
        ours, bare, unsummarised = whole.port, _bare(whole), _unsummarised(whole)
        ports = {"ours": ours, "bare": bare, "unsummarised": unsummarised}
        for port in ports.values():
            wait_until_it_listens(port)  # a form may be sent once only, so nothing can be tried out on it
        _round(ports, connections=8, answers=ANSWERS)  # every thread of each has its connection
        gather_statistics()
        crowd = [_round(ports, connections=8, answers=ANSWERS) for _ in range(ROUNDS)]
        alone = [_alone(ours) for _ in range(ROUNDS)]
        four = [_round({k: ports[k] for k in ("ours", "unsummarised")}, 4, ANSWERS) for _ in range(ROUNDS)]
    rates = statistics.median(one["ours"].rate for one in crowd), statistics.median(one["bare"].rate for one in crowd)
    yield Figure(
        "B1",
        "answers a second, ours / bare WSGI with the same SQL, 8 connections",
        tuple(one["ours"].rate / one["bare"].rate for one in crowd),
        0.60,
        0.45,
        notes=f"about {rates[0]:.0f} and {rates[1]:.0f} a second",
    )
    yield Figure("B2", "one answer alone, p50 of ours / bare psycopg", tuple(alone), 2.0, 2.8, more=False)
    yield Figure(
        "B6",
        "answers a second with / without keeping the episode's summary, 4 connections",
        tuple(one["ours"].rate / one["unsummarised"].rate for one in four),
        0.90,
        0.80,
    )


def _bare(whole: Running) -> int:
    port = free_port()
    env = whole.env | {name: os.environ[name] for name in ("BENCH_RATING_DEFAULTS",)} | {"PORT": str(port)}
    whole.processes.start("bare", [*GUNICORN, "python:bench.bare", "bench.bare"], env=env)
    return port


def _unsummarised(whole: Running) -> int:
    port = free_port()
    command = [*GUNICORN, "python:fit_project.webserver", "bench.unsummarised"]
    whole.processes.start("unsummarised", command, env=whole.env | {"PORT": str(port)})
    return port


def wait_until_it_listens(port: int) -> None:
    """Return when something accepts a connection there; OSError after two minutes."""
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _rating_defaults() -> dict[str, object]:
    """The columns that our own code leaves at the model's default and the database insists on."""
    from sessions_app.models import Rating

    fields = [field for field in Rating._meta.local_fields if not field.null and field.has_default()]
    return {
        field.column: field.get_default()
        for field in fields
        if isinstance(field.get_default(), str | int | bool) and not field.primary_key
    }


def _round(ports: dict[str, int], connections: int, answers: int) -> dict[str, Load]:
    return {name: run(port, open_requests(answers), connections) for name, port in ports.items()}


def _alone(port: int) -> float:
    """p50 of ours over one connection / p50 of the same transaction by psycopg in this process."""
    from bench.bare import submit

    ours = run(port, open_requests(ALONE), 1).p50
    taken = []
    for token, _items in _forms(ALONE):
        start = time.perf_counter()
        submit(token, str(uuid.uuid4()), [52, 61, 48, 70])
        taken.append((time.perf_counter() - start) * 1000)
    return ours / statistics.median(taken)


def _forms(answers: int) -> list[tuple[str, tuple[str, ...]]]:
    organisation, person = make_organisation(f"bench-{uuid.uuid4().hex[:10]}")
    clients = -(-answers // SESSIONS)
    forms = open_forms(organisation, person, clients, SESSIONS)
    # In turns, one form of each client: nobody fills in eight of their own at once, and an episode takes one at a time.
    turns = [form for turn in range(SESSIONS) for form in forms[turn::SESSIONS]]
    return [(token, items) for _session, token, items in turns[:answers]]


def open_form_paths(answers: int) -> list[str]:
    """The addresses of forms that stand open, each of its own session."""
    return [f"/f/{token}/" for token, _items in _forms(answers)]


def open_requests(answers: int) -> list[bytes]:
    """Prepared answers to forms that stand open, each of its own session."""
    return [
        request(
            f"/f/{token}/",
            urlencode(
                dict(zip(items, ("5.2", "6.1", "4.8", "7.0"), strict=True)) | {"submission_id": str(uuid.uuid4())}
            ),
        )
        for token, items in _forms(answers)
    ]
