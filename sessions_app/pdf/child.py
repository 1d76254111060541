"""A document set by a process of its own: words are others', a typesetter is large."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent


class CannotBeSet(RuntimeError):
    """The words cannot be set in our fonts, or not in time; its text says why."""


def typeset(module: str, data: dict[str, Any], *, seconds: int) -> bytes:
    """What a module makes of `data`, given to it as JSON; it limits its own memory and computing.

    `seconds` are on the clock, on a machine that is busy. CannotBeSet where nothing comes of it.
    """
    # No variable of ours reaches the child: what it works on was written by others.
    try:
        done = subprocess.run(
            [sys.executable, "-s", "-m", module],
            cwd=ROOT,
            input=json.dumps(data, ensure_ascii=True).encode(),
            capture_output=True,
            timeout=seconds,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired as error:
        raise CannotBeSet("It took too long.") from error
    if done.returncode != 0 or not done.stdout:
        raise CannotBeSet(done.stderr.decode(errors="replace")[-500:])
    return done.stdout
