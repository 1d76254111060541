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
class Count:
    """How often something happened, and how often it may (`at_most`; None: any number) and must (`at_least`)."""

    name: str
    words: str
    number: int
    at_most: int | None = None
    at_least: int = 0
    notes: str = ""

    def line(self) -> str:
        """The number and how it stands to its bars."""
        met = self.at_least <= self.number and (self.at_most is None or self.number <= self.at_most)
        bar = f"at least {self.at_least}" if self.at_most is None else f"at most {self.at_most}"
        return f"{self.name} {self.words}: {self.number}; {bar}: {'met' if met else 'MISSED'}; {self.notes}"


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
