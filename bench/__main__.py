"""`make bench`: every measurement, as ratios of rounds that took turns; it prints and judges nothing.

`make bench ONLY="submit B9"` runs some of them only, by module or by bar. It ends with 1 if one broke off. With
AGAINST=REV each is measured here and in that commit, A B A B ..., and printed as a ratio of the two.
"""

import importlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

from bench.against import as_json, compare_module
from bench.figures import NotRun, machine
from bench.running import gather_static

# These compare two commits by themselves; with AGAINST the others are run whole in both, in turns.
BY_THEMSELVES = ("alert_latency", "capacity", "first_hour", "memory", "page_cpu", "trace_rating")
# Each module and the bars that it measures.
MODULES = {
    "submit": ("B1", "B2", "B6"),
    "peer": ("B3",),
    "servers": ("SERVERS",),
    "pages": ("B9", "B10"),
    "imports": ("B12",),
    "import_memory": ("B12",),
    "table_size": ("B11",),
    "results_sums": ("B4", "B5"),
    "first_hour": ("B18",),
    "memory": ("B16",),
    "page_cpu": ("B13", "B14"),
    "alert_latency": ("B15",),
    "capacity": ("B17", "CAPACITY"),
    "queues": ("QUEUES",),
    "alarms": ("ALARMS",),
    "access_chain": ("CHAIN",),
    "breach": ("BREACH",),
    "sealed": ("SEALED",),
    "news": ("NEWS",),
    "large_team": ("B19",),
    "trace_rating": ("TRACE",),
    "taps": ("TAPS",),
    "photographed": ("PHOTO",),
    "paper_keys": ("KEYS",),
}


def main() -> int:
    """Each module in a process of its own: Django is connected to one database in a process."""
    if sys.argv[1:2] == ["--here"]:
        return _measure(sys.argv[2])
    if sys.argv[1:2] == ["--json"]:
        return _measure(sys.argv[2], as_json)
    unknown = [name for name in sys.argv[1:] if name not in MODULES and not _measuring(name)]
    if unknown:
        bars = sorted({bar for bars in MODULES.values() for bar in bars}, key=lambda bar: (len(bar), bar))
        print(f"no such measurement: {', '.join(unknown)}; there are {', '.join([*MODULES, *bars])}")
        return 2
    chosen = [name for name in MODULES if not sys.argv[1:] or {name, *MODULES[name]} & set(sys.argv[1:])]
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory(prefix="medspil-static-") as static:
        os.environ["STATIC_ROOT"] = static  # compressed once for all of them
        gather_static(os.environ | {"MEDSPIL_ENV": "demo"})
        broken = [name for name in chosen if not _ran(name)]
    for name in broken:
        print(NotRun(", ".join(MODULES[name]), f"{name} broke off; what it said stands above").line(), flush=True)
    return 1 if broken else 0


def _measuring(bar: str) -> list[str]:
    return [name for name, bars in MODULES.items() if bar in bars]


def _ran(name: str) -> bool:
    start = time.monotonic()
    ended = subprocess.run([sys.executable, "-m", "bench", "--here", name], check=False)
    print(f"  ({name}: {time.monotonic() - start:.0f} s)", flush=True)
    return ended.returncode == 0


def _measure(module: str, say: Callable[[Any], str] = lambda figure: figure.line()) -> int:
    against = os.environ.get("AGAINST")
    if against and module not in BY_THEMSELVES:
        for line in compare_module(module, against):
            print(line, flush=True)
        return 0
    for figure in importlib.import_module(f"bench.{module}").measure():
        print(say(figure), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
