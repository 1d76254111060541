"""Starts child.py on a file and takes over what it says. Loads nothing that unpacks pictures."""

import base64
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
CHILD = "sessions_app.paper_reading.child"
SECONDS = 90  # of computing for a file; a picture takes about one
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


def read_file(content: bytes) -> list[ReadPage]:
    """What stands on each page; what ends the process that reads it is a fault of the file ("slow", "broken")."""
    try:
        done = subprocess.run(
            [sys.executable, "-s", "-m", CHILD],
            cwd=ROOT,
            input=content,
            capture_output=True,
            timeout=LONGEST_WAIT,
            check=False,
            env=ENVIRONMENT,
        )
    except subprocess.TimeoutExpired:
        return [ReadPage(1, "slow")]
    pages = [_page(json.loads(line)) for line in done.stdout.splitlines() if line.endswith(b"}")]
    if done.returncode != 0:
        # A page that was told of is worth keeping; the one that it ended at is not known.
        return pages or [ReadPage(1, "slow" if done.returncode in (-9, -24) else "broken")]
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
