"""B12: the memory that an import of 50,000 sessions needs, against one of 5,000."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.database import migrated
from bench.figures import Figure

LARGE, SMALL, ROUNDS = 50_000, 5_000, 3


def measure() -> Iterator[Figure]:
    """Each import in a process of its own; its peak is what the system says of it at its end."""
    with migrated():
        ratios = tuple(_peak(LARGE) / _peak(SMALL) for _ in range(ROUNDS))
    yield Figure("B12", f"peak memory of an import of {LARGE} / {SMALL} lines", ratios, 1.1, 1.5, more=False)


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
