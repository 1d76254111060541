"""B16: memory of the whole demo at rest, as the sum of what each of its processes holds (PSS: what is shared by
several counts once); against the version that AGAINST names, the two in turns. BENCH_TURNS chooses how often (3).

At rest is after some pages of a practitioner and of a client, ten seconds later.
"""

import contextlib
import http.client
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path

import psutil

from bench.against import in_turns, surroundings, tree_of
from bench.figures import Figure, NotRun
from fit_project.local.broker import free_port
from fit_project.local.demo import PROJECT

PERSON, PASSWORD = "trine@solby.example", "prov-medspil-nu"
SECONDS_TO_START, SECONDS_OF_REST = 600, 10
PAGES = ("/today/", "/clients/", "/groups/", "/handbook/")
TIMES = 4  # each page, so that every process of the web server has answered


def measure() -> Iterator[Figure | NotRun]:
    """The whole demo; with the parts of the last turn in the notes."""
    against = os.environ.get("AGAINST")
    if not against:
        yield NotRun("B16", f"AGAINST=REV names the version to compare with; here: {_said(at_rest(PROJECT))}")
        return
    with tree_of(against) as tree:
        both = list(in_turns(lambda: at_rest(PROJECT), lambda: at_rest(tree)))
    ratios = tuple(ours.total() / theirs.total() for ours, theirs in both)
    notes = f"here {_said(both[-1][0])}; {against} {_said(both[-1][1])}"
    yield Figure("B16", f"memory of the demo at rest / that of {against}", ratios, 0.45, 0.6, more=False, notes=notes)


def _said(parts: Counter[str]) -> str:
    each = ", ".join(f"{name} {size / 1024:.0f}" for name, size in parts.most_common())
    return f"{parts.total() / 1024:.0f} MB ({each})"


def at_rest(tree: Path) -> Counter[str]:
    """kB by kind of process of a demo of that tree. Raises RuntimeError when it does not come up."""
    with tempfile.TemporaryDirectory(prefix="medspil-memory-") as home:
        Path(home).chmod(0o711)
        log, port = Path(home) / "log", free_port()
        env = surroundings() | {"MEDSPIL_DATA": f"{home}/data", "PORT": str(port)}
        command = [sys.executable, "-m", "fit_project.local.demo"]
        with log.open("w") as output:
            demo = subprocess.Popen(command, cwd=tree, env=env, stdout=output, stderr=output, start_new_session=True)
        try:
            _wait(demo, log)
            _use(f"http://localhost:{port}")
            time.sleep(SECONDS_OF_REST)
            return _held(psutil.Process(demo.pid))
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(demo.pid, signal.SIGTERM)
            demo.wait(120)


def _wait(demo: subprocess.Popen, log: Path) -> None:
    start = time.monotonic()
    while "Medspil runs at" not in (said := log.read_text(errors="replace")):
        if demo.poll() is not None or time.monotonic() - start > SECONDS_TO_START:
            raise RuntimeError(f"the demo did not start: {said[-500:]}")
        time.sleep(0.2)


def _use(address: str) -> None:
    """Log in and look at pages, several at once."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(path: str) -> str:
        with browser.open(address + path, timeout=60) as answer:
            return answer.read().decode()

    csrf = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', get("/account/login/"))
    if csrf is None:
        raise RuntimeError("no form to log in by: the run is void")
    fields = {"login": PERSON, "password": PASSWORD, "csrfmiddlewaretoken": csrf[1]}
    request = urllib.request.Request(f"{address}/account/login/", urllib.parse.urlencode(fields).encode())
    with browser.open(request, timeout=60) as answer:
        if not answer.url.endswith("/today/"):
            raise RuntimeError(f"the log-in led to {answer.url}: the run is void")
    client = re.search(r'href="(/clients/[0-9a-f-]{36}/)', get("/clients/"))
    for path in [*PAGES, *([client[1]] if client else [])] * TIMES:
        get(path)
    for _ in range(TIMES * 2):  # without a kept connection: by any process
        connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)
        connection.request("GET", "/account/login/")
        connection.getresponse().read()
        connection.close()


def _held(demo: psutil.Process) -> Counter[str]:
    """kB of PSS of this process and all below it, by what they are."""
    parts: Counter[str] = Counter()
    for process in [demo, *demo.children(recursive=True)]:
        with contextlib.suppress(psutil.Error, OSError):
            rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
            found = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
            parts[_kind(process.cmdline())] += int(found[1]) if found else 0
    return parts


def _kind(words: list[str]) -> str:
    said = " ".join(words)
    kinds = {"gunicorn": "web", "celery": "worker", "local.jobs": "jobs", "manage.py relay": "relay"}
    kinds |= {"local.demo": "supervisor", "postgres": "database", "valkey": "broker"}
    return next((kind for sign, kind in kinds.items() if sign in said), words[0] if words else "?")
