"""Starts child.py on a file and takes over what it says. Loads nothing that unpacks pictures."""

import base64
import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
CHILD = "sessions_app.paper_reading.child"
SECONDS = 90  # of computing for a file; a picture takes about one
SIGN_EVERY = 5  # seconds
LONGEST_WAIT = 240  # seconds on the clock, on a machine that is busy
MOST_MEMORY = 3 * 1024**3  # bytes of address space, of which the libraries themselves reserve a good part
ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OPENCV_IO_MAX_IMAGE_PIXELS": "64000000"}


@dataclass(frozen=True)
class ReadPage:
    """A page of a file: `fault` (paper_reading.faults), or the sheet's number and its lines.

    A line is (tenths of a point 0-100 or None, notice); `cut_outs` are JPEG, one for each line.
    """

    page: int
    fault: str
    number: str = ""
    lines: tuple[tuple[int | None, str], ...] = ()
    cut_outs: tuple[bytes, ...] = ()
    overview: bytes = b""


def _nobody_asks() -> None:
    """Nobody watches whether it goes on."""


def read_file(content: bytes, *, going_on: Callable[[], None] = _nobody_asks) -> list[ReadPage]:
    """What stands on each page; what ends the process that reads it is a fault of the file ("slow", "broken").

    `going_on` is called every few seconds.
    """
    pipe = subprocess.PIPE
    command = [sys.executable, "-s", "-m", CHILD]
    child = subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
    end, given = time.monotonic() + LONGEST_WAIT, content or None
    with child:
        while True:
            try:
                told, _errors = child.communicate(given, timeout=min(SIGN_EVERY, LONGEST_WAIT))
                break
            except subprocess.TimeoutExpired:
                given = None  # it has been sent, or is on its way
                going_on()
                if time.monotonic() >= end:
                    child.kill()
    pages = [_page(json.loads(line)) for line in told.splitlines() if line.endswith(b"}")]
    if child.returncode != 0:
        # A page that was told of is worth keeping; the one that it ended at is not known.
        return pages or [ReadPage(1, "slow" if child.returncode in (-9, -24) else "broken")]
    return pages or [ReadPage(1, "no_sheet")]


def _page(told: dict) -> ReadPage:
    return ReadPage(
        told["page"],
        told["fault"],
        told["number"],
        tuple((None if mark is None else round(mark), notice) for mark, notice in told["lines"]),
        tuple(base64.b64decode(cut_out) for cut_out in told["cut_outs"]),
        base64.b64decode(told["overview"]),
    )
