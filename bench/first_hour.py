"""B18: the first `make demo` of a fresh clone, against the version that AGAINST names; the two take turns.

A bare machine has nothing of ours: each turn is a clone of its own with empty caches of pip and uv, and what is asked
of the package index is asked anew. What is committed is measured. BENCH_ROUNDS chooses how often (2).
"""

import contextlib
import os
import resource
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
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
    ratios, used, notes = [], [], []
    for number in range(int(os.environ.get("BENCH_ROUNDS") or ROUNDS)):
        revisions = ["HEAD", against] if number % 2 else [against, "HEAD"]
        took = {revision: first_demo(revision) for revision in revisions}
        new, old = took["HEAD"], took[against]
        ratios.append((new.packages + new.rest) / (old.packages + old.rest))
        used.append(new.processor / old.processor)
        notes.append(f"{new} / {old}")
    words = f"first `make demo` of a fresh clone / that of {against}, caches of pip and uv empty"
    yield Figure(
        "B18", f"{words}: seconds", tuple(ratios), 0.5, 0.7, more=False, notes="packages + rest: " + ", ".join(notes)
    )
    yield Figure("B18", f"{words}: seconds of the processor", tuple(used), 0.5, 0.7, more=False)


@dataclass(frozen=True)
class Took:
    """Seconds that the packages took, and then until the demo told its address; the processor's for all of it."""

    packages: float
    rest: float
    processor: float

    def __str__(self) -> str:
        return f"{self.packages:.0f} + {self.rest:.0f} s ({self.processor:.0f} s of the processor)"


def first_demo(revision: str) -> Took:
    """Raises RuntimeError when it does not come up."""
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


def _timed(clone: Path, log: Path, env: dict[str, str]) -> Took:
    start, installed, before = time.monotonic(), None, _processor()
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
        told = time.monotonic()
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(demo.pid, signal.SIGTERM)
        demo.wait(120)
    installed = installed or start
    return Took(installed - start, told - installed, _processor() - before)


def _processor() -> float:
    """Seconds that our ended children and theirs have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
