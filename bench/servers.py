"""SERVERS: the web server we ship (gunicorn, threads) beside granian, on the same application, database and load.

Granian comes from the package index that pip knows here, into a folder of the bench's own, and is used by nothing else.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.figures import Figure, NotRun
from bench.load import run
from bench.running import Running, gather_statistics, running
from bench.submit import open_requests, wait_until_it_listens
from fit_project.local.broker import free_port

OTHER = "granian==2.8.9"
ROUNDS, ANSWERS, CONNECTIONS = 7, 160, 8
WORKERS, THREADS = 2, 4  # as fit_project.webserver has them


@dataclass(frozen=True)
class Round:
    """Answers a second, and CPU milliseconds of the server's processes for an answer."""

    rate: float
    cpu: float


def measure() -> Iterator[Figure | NotRun]:
    """The same prepared answers to both, in rounds that take turns, after one that warms both up."""
    with running(("broker", "web")) as whole:
        try:
            port = _start(whole)
        except (subprocess.CalledProcessError, OSError) as error:
            yield NotRun("SERVERS", f"{OTHER} could not be installed ({error})")
            return
        ports = {"web": whole.port, "other": port}
        wait_until_it_listens(port)
        _turn(whole, ports)
        gather_statistics()
        rounds = [_turn(whole, ports) for _ in range(ROUNDS)]
        held = {name: _held(whole.processes.children[name].pid) for name in ports}
    rates = {name: statistics.median(one[name].rate for one in rounds) for name in ports}
    notes = f"about {rates['web']:.0f} and {rates['other']:.0f} a second"
    ratios = tuple(one["web"].rate / one["other"].rate for one in rounds)
    yield Figure("SERVERS", f"answers a second, gunicorn / {OTHER}", ratios, 1, 0.9, notes=notes)
    costs = {name: statistics.median(one[name].cpu for one in rounds) for name in ports}
    notes = f"{costs['web']:.1f} and {costs['other']:.1f} ms of CPU; {held['web']:.0f} and {held['other']:.0f} MB (PSS)"
    ratios = tuple(one["web"].cpu / one["other"].cpu for one in rounds)
    yield Figure("SERVERS", "CPU of an answer, the same two", ratios, 1, 1.1, more=False, notes=notes)


def _turn(whole: Running, ports: dict[str, int]) -> dict[str, Round]:
    return {name: _round(whole, name, port) for name, port in ports.items()}


def _round(whole: Running, name: str, port: int) -> Round:
    requests, before = open_requests(ANSWERS), whole.cpu_seconds()[name]
    rate = run(port, requests, CONNECTIONS).rate
    time.sleep(0.2)  # what an answer leaves to be done after it
    return Round(rate, (whole.cpu_seconds()[name] - before) / ANSWERS * 1000)


def _held(pid: int) -> float:
    head = psutil.Process(pid)
    rollups = [Path(f"/proc/{one.pid}/smaps_rollup").read_text() for one in (head, *head.children(recursive=True))]
    return sum(int(line.split()[1]) for text in rollups for line in text.splitlines() if line.startswith("Pss:")) / 1024


def _start(whole: Running) -> int:
    folder, port = whole.folder / "granian", free_port()
    pip = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--target", str(folder), OTHER]
    subprocess.run(pip, check=True, capture_output=True)
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-access-log"]
    options += ["--workers", str(WORKERS), "--blocking-threads", str(THREADS)]
    # Behind our own packages: what both have is ours.
    code = f"import sys; sys.path.append({str(folder)!r}); from granian.cli import entrypoint; entrypoint()"
    env = whole.env | {"PYTHONPATH": str(folder)}
    whole.processes.start("other", [sys.executable, "-c", code, *options, "fit_project.wsgi:application"], env=env)
    return port
