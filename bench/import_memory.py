"""B12: the memory that an import of 50,000 sessions needs, against one of 5,000.

BENCH_LARGE=1000000 (or what the machine has the time for) puts one import of so many beside one of 50,000 instead.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.database import migrated
from bench.figures import Figure

LARGEST = int(os.environ.get("BENCH_LARGE") or 0)
LARGE, SMALL, ROUNDS = 50_000, 5_000, 3


def measure() -> Iterator[Figure]:
    """Each import in a process of its own; its peak is what the system says of it at its end."""
    with migrated():
        if LARGEST:
            yield _figure(LARGEST, LARGE, 1, least=1.3)
        else:
            yield _figure(LARGE, SMALL, ROUNDS, least=1.5)


def _figure(many: int, few: int, rounds: int, *, least: float) -> Figure:
    peaks = [(_peak(many), _peak(few)) for _ in range(rounds)]
    words = f"peak memory of an import of {many:,} / {few:,} lines"
    notes = f"{peaks[-1][0] / 1024:.0f} MB and {peaks[-1][1] / 1024:.0f} MB"
    return Figure("B12", words, tuple(large / small for large, small in peaks), 1.1, least, more=False, notes=notes)


def _peak(lines: int) -> int:
    command = [sys.executable, "-m", "bench.import_memory", str(lines)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1])


def main() -> None:
    """Import as many lines as the argument says and print this process's peak in kilobytes.

    Not `ru_maxrss`: that one begins with what the process that started this one needed, and hides a smaller peak.
    """
    import django

    django.setup()
    from bench.imports import import_file
    from organisations.models import Organisation

    lines = int(sys.argv[1])
    organisation = Organisation.objects.create(name="Bench", slug=f"bench-{os.getpid()}", language="en")
    if import_file(organisation, lines) != lines:
        raise RuntimeError("not every line was imported: the run is void")
    status = Path("/proc/self/status").read_text().splitlines()
    print(next(line for line in status if line.startswith("VmHWM:")).split()[1])


if __name__ == "__main__":
    main()
