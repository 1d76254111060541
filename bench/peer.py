"""B3: a whole submission (open the form, send it), ours against django-survey-and-report on the same server.

The peer gets an environment of its own in the bench's folder, from the package index that pip knows here.
"""

import http.client
import re
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import psycopg

from bench.figures import Figure, NotRun
from bench.running import Running, gather_statistics, running
from bench.submit import open_form_paths
from fit_project.local.broker import free_port
from fit_project.local.demo import PROJECT
from fit_project.local.postgres import SUPERUSER

PEER = ["django-survey-and-report==1.5.0", "django~=5.2.19", "psycopg[binary]~=3.3", "gunicorn~=27.0", "setuptools"]
DATABASE = "peer"
ROUNDS, FORMS, CONNECTIONS = 5, 80, 8
FIELD = re.compile(rb'name="(csrfmiddlewaretoken|submission_id)"[^>]*value="([^"]+)"')
QUESTION = re.compile(rb'name="(question_\d+)"')
MARKS = ("5.2", "6.1", "4.8", "7.0")
Visit = Callable[[http.client.HTTPConnection, str], None]


def measure() -> Iterator[Figure | NotRun]:
    """Submissions a second, ours / the peer's, in rounds that take turns; 8 people at once."""
    with running(("broker", "web")) as whole:
        python = whole.folder / "peer" / "bin" / "python"
        try:
            _install(whole)
        except (subprocess.CalledProcessError, OSError) as error:
            yield NotRun("B3", f"the peer could not be installed ({error})")
            return
        port, survey = _start(whole, str(python))
        _rate(whole.port, _ours(), visit_ours)  # every thread of each has its connection
        _rate(port, [survey] * FORMS, visit_peer)
        gather_statistics()
        with psycopg.connect(whole.postgres.url(SUPERUSER, DATABASE), autocommit=True) as theirs:
            theirs.execute("ANALYZE")
        rounds = [
            (_rate(whole.port, _ours(), visit_ours), _rate(port, [survey] * FORMS, visit_peer)) for _ in range(ROUNDS)
        ]
    ratios = tuple(ours / theirs for ours, theirs in rounds)
    rates = f"about {rounds[-1][0]:.0f} and {rounds[-1][1]:.0f} a second"
    yield Figure("B3", "form opened and sent, ours / django-survey-and-report", ratios, 3, 1.8, notes=rates)


def visit_ours(connection: http.client.HTTPConnection, path: str) -> None:
    """Open the client's form and send four marks."""
    https = {"X-Forwarded-Proto": "https"}  # the peer would ask for a Referer then
    page = _ask(connection, "GET", path, https, None, 200)
    fields = {name.decode(): value.decode() for name, value in FIELD.findall(page[0])}
    marks = dict(zip(("individual", "relations", "social", "overall"), MARKS, strict=True))
    _ask(connection, "POST", path, https, fields | marks, 303)


def visit_peer(connection: http.client.HTTPConnection, path: str) -> None:
    """Open the survey and send four numbers."""
    body, cookie = _ask(connection, "GET", path, {}, None, 200)
    fields = {name.decode(): value.decode() for name, value in FIELD.findall(body)}
    names = dict.fromkeys(name.decode() for name in QUESTION.findall(body))
    answers = dict(zip(names, MARKS, strict=True))
    _ask(connection, "POST", path, {"Cookie": cookie}, fields | answers, 302)


def _ask(connection, method: str, path: str, headers: dict[str, str], fields, wanted: int) -> tuple[bytes, str]:
    form = {"Content-Type": "application/x-www-form-urlencoded"} if fields else {}
    connection.request(method, path, urlencode(fields) if fields else None, {"Host": "localhost"} | headers | form)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != wanted:
        raise RuntimeError(f"{method} {path} was answered {answer.status}: the run is void")
    return body, "; ".join(cookie.split(";")[0] for cookie in answer.headers.get_all("Set-Cookie", []))


def _rate(port: int, paths: list[str], visit: Visit) -> float:
    waiting, faults = list(paths), []

    def person() -> None:
        try:
            while True:
                visit(http.client.HTTPConnection("127.0.0.1", port, timeout=60), waiting.pop())
        except IndexError:
            return
        except (OSError, RuntimeError, http.client.HTTPException, ValueError) as fault:
            faults.append(fault)

    people = [threading.Thread(target=person) for _ in range(CONNECTIONS)]
    start = time.perf_counter()
    for one in people:
        one.start()
    for one in people:
        one.join()
    if faults:
        raise faults[0]
    return len(paths) / (time.perf_counter() - start)


def _ours() -> list[str]:
    return open_form_paths(FORMS)


def _install(whole: Running) -> None:
    folder = whole.folder / "peer"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PEER]
    subprocess.run(pip, check=True, capture_output=True)


def _start(whole: Running, python: str) -> tuple[int, str]:
    """The peer's web server with the same numbers of processes and threads; (port, path of its survey)."""
    port = free_port()
    whole.postgres.create_database(DATABASE)
    templates = whole.folder / "peer-templates"
    templates.mkdir()
    (templates / "base.html").write_text("<!doctype html><title>Peer</title>{% block content %}{% endblock %}")
    env = {
        "PATH": whole.env.get("PATH", ""),
        "SECRET_KEY": uuid.uuid4().hex * 2,
        "PEER_DATABASE": DATABASE,
        "PEER_HOST": str(whole.postgres.run_folder),
        "PEER_TEMPLATES": str(templates),
    }
    made = subprocess.run(
        [python, "-m", "bench.peer_site"], env=env, cwd=PROJECT, check=True, capture_output=True, text=True
    )
    options = ["--workers", "2", "--threads", "4", "--worker-class", "gthread", "--bind", f"127.0.0.1:{port}"]
    whole.processes.start("peer", [python, "-m", "gunicorn", *options, "bench.peer_site"], env=env, cwd=PROJECT)
    time.sleep(5)
    return port, f"/survey/{made.stdout.split()[-1]}/"
