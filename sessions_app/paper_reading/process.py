"""Starts child.py on a file and takes over what it says. Loads nothing that unpacks pictures."""

import base64
import json
import subprocess
import sys
import tempfile
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
    command = [sys.executable, "-s", "-m", CHILD]
    end = time.monotonic() + LONGEST_WAIT
    # Through a file without a name: what is left to send to a pipe is forgotten when `communicate` is called again.
    with tempfile.TemporaryFile() as given:
        given.write(content)
        given.seek(0)
        with subprocess.Popen(
            command, cwd=ROOT, env=ENVIRONMENT, stdin=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as child:
            told = _told(child, end, going_on)
    pages = [_page(json.loads(line)) for line in told.splitlines() if line.endswith(b"}")]
    if child.returncode != 0:
        # A page that was told of is worth keeping; the one that it ended at is not known.
        return pages or [ReadPage(1, "slow" if child.returncode in (-9, -24) else "broken")]
    return pages or [ReadPage(1, "no_sheet")]


def _told(child: subprocess.Popen[bytes], end: float, going_on: Callable[[], None]) -> bytes:
    """All that the child says; it is killed when its time is over."""
    while True:
        try:
            return child.communicate(timeout=min(SIGN_EVERY, LONGEST_WAIT))[0]
        except subprocess.TimeoutExpired:
            going_on()
            if time.monotonic() >= end:
                child.kill()


def _page(told: dict) -> ReadPage:
    return ReadPage(
        told["page"],
        told["fault"],
        told["number"],
        tuple((None if mark is None else round(mark), notice) for mark, notice in told["lines"]),
        tuple(base64.b64decode(cut_out) for cut_out in told["cut_outs"]),
        base64.b64decode(told["overview"]),
    )
