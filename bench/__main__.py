"""`make bench`: every measurement, as ratios of rounds that took turns; it prints and asserts nothing.

`python -m bench submit pages` runs some of them only.
"""

import importlib
import subprocess
import sys

from bench.figures import machine

MODULES = ("submit", "peer", "table_size", "pages", "imports", "import_memory")


def main() -> int:
    """Each module in a process of its own: Django is connected to one database in a process."""
    chosen = sys.argv[1:] or MODULES
    if len(chosen) == 1:
        return _measure(chosen[0])
    print(machine(), flush=True)
    for module in chosen:
        subprocess.run([sys.executable, "-m", "bench", module], check=False)
    return 0


def _measure(module: str) -> int:
    for figure in importlib.import_module(f"bench.{module}").measure():
        print(figure.line(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
