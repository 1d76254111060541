"""One measurement as `make bench` prints it: ratios of rounds that ran side by side in one run."""

import os
import platform
import statistics
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figure:
    """`ratios` of interleaved rounds; `target` and `least` are the bars, `more` whether a higher ratio is better."""

    name: str
    words: str
    ratios: tuple[float, ...]
    target: float
    least: float
    more: bool = True
    notes: str = ""

    def line(self) -> str:
        """The figure with its spread, and how it stands to its bars."""
        median = statistics.median(self.ratios)
        state = "target met" if self._reaches(median, self.target) else "least met"
        if not self._reaches(median, self.least):
            state = "MISSED"
        spread = (
            f"median {median:.2f} (min {min(self.ratios):.2f}, max {max(self.ratios):.2f}, {len(self.ratios)} rounds)"
        )
        bars = f"target {'>=' if self.more else '<='} {self.target:g}, least {self.least:g}"
        return f"{self.name} {self.words}: {spread}; {bars}: {state}{'; ' + self.notes if self.notes else ''}"

    def _reaches(self, value: float, bar: float) -> bool:
        return value >= bar if self.more else value <= bar


@dataclass(frozen=True)
class NotRun:
    """A measurement that could not be made here, and why."""

    name: str
    why: str
    words: str = field(default="")

    def line(self) -> str:
        return f"{self.name} NOT RUN: {self.why}"


def machine() -> str:
    """What the figures were taken on."""
    model = platform.processor() or platform.machine()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return f"{os.cpu_count()} cores ({model}), load {load:.1f} at the start, Python {platform.python_version()}"
