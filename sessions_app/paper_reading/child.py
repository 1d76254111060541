"""Reads one file: its bytes on standard input, a line of JSON for each page on standard output.

A process of its own, started by process.py: the bytes are a stranger's and the libraries that unpack them large, so it
has little memory, little time, and takes nobody with it.
"""

import base64
import json
import resource
import sys
from typing import Any

from sessions_app.paper_reading.process import MOST_MEMORY, SECONDS


def main() -> None:
    """Exit status 0 when every page was told of, the last one perhaps with the fault of the whole file."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Loaded under the limits, with one thread each: others would reserve memory that the pictures need.
    import cv2

    from sessions_app.paper_reading.faults import PictureError
    from sessions_app.paper_reading.reading import read_pages

    cv2.setNumThreads(1)
    try:
        for page in read_pages(sys.stdin.buffer.read()):
            _tell(
                page=page.page,
                fault=page.fault,
                number=page.number,
                lines=[(line.millimetres, line.notice) for line in page.lines],
                cut_outs=[base64.b64encode(cut_out).decode() for cut_out in page.cut_outs],
                overview=base64.b64encode(page.overview).decode(),
            )
    except PictureError as error:
        _tell(page=1, fault=error.code, number="", lines=[], cut_outs=[], overview="")


def _tell(**page: Any) -> None:
    sys.stdout.write(json.dumps(page) + "\n")


if __name__ == "__main__":
    main()
