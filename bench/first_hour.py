"""B18: the first `make demo` of a fresh clone, against the version that AGAINST names; the two take turns.

A bare machine has nothing of ours: each turn is a clone of its own with empty caches of pip and uv, and what is asked
of the package index is asked anew. What is committed is measured. BENCH_ROUNDS chooses how often (2).
"""

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure, NotRun
from fit_project.local.broker import free_port
from fit_project.local.demo import PROJECT

ROUNDS = 2
STARTS, ENDS = "Creating the database", "Medspil runs at"
SECONDS_TO_ANSWER = 600
# A bare machine says nothing of these.
NOT_OURS = ("PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV", "MAKEFLAGS", "MAKELEVEL", "STATIC_ROOT", "DATABASE_URL")


def measure() -> Iterator[Figure | NotRun]:
    against = os.environ.get("AGAINST")
    if not against:
        yield NotRun("B18", "AGAINST=REV names the version to compare with")
        return
    ratios, notes = [], []
    for number in range(int(os.environ.get("BENCH_ROUNDS") or ROUNDS)):
        revisions = ["HEAD", against] if number % 2 else [against, "HEAD"]
        seconds = {revision: first_demo(revision) for revision in revisions}
        ratios.append(sum(seconds["HEAD"]) / sum(seconds[against]))
        notes.append(f"{_told(seconds['HEAD'])} / {_told(seconds[against])}")
    words = f"first `make demo` of a fresh clone / that of {against}, caches of pip and uv empty"
    yield Figure("B18", words, tuple(ratios), 0.5, 0.7, more=False, notes="packages + rest: " + ", ".join(notes))


def first_demo(revision: str) -> tuple[float, float]:
    """Seconds that the packages took, and then until the demo had told its address. Raises RuntimeError."""
    with tempfile.TemporaryDirectory(prefix="medspil-first-hour-") as home:
        Path(home).chmod(0o711)
        clone = Path(home) / "medspil"
        subprocess.run(["git", "clone", "--quiet", PROJECT, clone], check=True)
        commit = subprocess.run(["git", "rev-parse", revision], cwd=PROJECT, check=True, capture_output=True, text=True)
        subprocess.run(["git", "checkout", "--quiet", "--detach", commit.stdout.strip()], cwd=clone, check=True)
        env = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
        env |= {"MEDSPIL_DATA": f"{home}/data", "PORT": str(free_port()), "XDG_CACHE_HOME": f"{home}/cache"}
        env |= {"PIP_CACHE_DIR": f"{home}/cache/pip", "UV_CACHE_DIR": f"{home}/cache/uv"}
        return _timed(clone, Path(home) / "log", env)


def _timed(clone: Path, log: Path, env: dict[str, str]) -> tuple[float, float]:
    start, installed = time.monotonic(), None
    with log.open("w") as output:
        demo = subprocess.Popen(
            ["make", "demo"], cwd=clone, env=env, stdout=output, stderr=output, start_new_session=True
        )
    try:
        while ENDS not in (said := log.read_text(errors="replace")):
            if demo.poll() is not None or time.monotonic() - start > SECONDS_TO_ANSWER:
                raise RuntimeError(f"the demo did not start: {said[-500:]}")
            if installed is None and STARTS in said:
                installed = time.monotonic()
            time.sleep(0.1)
        return (installed or start) - start, time.monotonic() - (installed or start)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(demo.pid, signal.SIGTERM)
        demo.wait(120)


def _told(seconds: tuple[float, float]) -> str:
    return f"{seconds[0]:.0f} + {seconds[1]:.0f} s"
