"""This tree and another commit in turns (A B A B ...), each in a folder and with data of its own."""

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from bench.figures import Figure
from fit_project.local.demo import PROJECT

# Of this process, and of no other that is measured.
OURS = ("STATIC_ROOT", "DATABASE_URL", "OWNER_DATABASE_URL", "MEDSPIL_DATA", "MEDSPIL_ENV", "BROKER_URL", "AGAINST")
Figures = dict[tuple[str, str], float]  # by bar and words
TURNS = int(os.environ.get("BENCH_TURNS") or 3)


def surroundings() -> dict[str, str]:
    """The environment of a measured process."""
    return {name: value for name, value in os.environ.items() if name not in OURS}


@contextlib.contextmanager
def tree_of(revision: str) -> Iterator[Path]:
    """A folder with that commit's code, measured by the bench that stands here."""
    packed = subprocess.run(["git", "archive", revision], cwd=PROJECT, check=True, capture_output=True).stdout
    with tempfile.TemporaryDirectory(prefix="medspil-against-") as folder:
        Path(folder).chmod(0o711)
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        shutil.rmtree(Path(folder) / "bench", ignore_errors=True)
        shutil.copytree(PROJECT / "bench", Path(folder) / "bench", ignore=shutil.ignore_patterns("__pycache__"))
        yield Path(folder)


class Side:
    """One of two trees: `python -m bench.MODULE` there says {} when it is ready, then one JSON line for each turn."""

    def __init__(self, tree: Path, module: str):
        self.process = subprocess.Popen(
            [sys.executable, "-m", f"bench.{module}"],
            cwd=tree,
            env=surroundings(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def heard(self) -> dict[str, Any]:
        """The next line. Raises RuntimeError where the process broke off: the run is void."""
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            raise RuntimeError("one side broke off: the run is void")
        return json.loads(line)

    def turn(self) -> dict[str, Any]:
        """Take one turn and say what was measured in it."""
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self.heard()

    def end(self) -> None:
        if self.process.stdin:
            self.process.stdin.close()
        self.process.wait(120)


def take_turns(measured: Any) -> None:
    """The other end of a Side: `measured()` once for each line of standard input."""
    print("{}", flush=True)
    for _line in sys.stdin:
        print(json.dumps(measured()), flush=True)


@contextlib.contextmanager
def sides(revision: str, module: str) -> Iterator[tuple[Side, Side]]:
    """(this tree, the other): both ready."""
    with tree_of(revision) as tree, contextlib.ExitStack() as stack:
        both = []
        for root in (PROJECT, tree):
            side = Side(root, module)
            stack.callback(side.end)
            side.heard()
            both.append(side)
        yield both[0], both[1]


def in_turns(here: Any, there: Any, turns: int = TURNS) -> Iterator[tuple[Any, Any]]:
    """(what `here()` and `there()` said) of each turn; each begins every other one."""
    for number in range(turns):
        if number % 2:
            before = there()
            yield here(), before
        else:
            first = here()
            yield first, there()


def compare_module(name: str, revision: str) -> Iterator[str]:
    """Lines: each Figure of a module as it is here and in that commit, and the one divided by the other."""
    with tree_of(revision) as tree:
        turns = list(in_turns(lambda: _figures(PROJECT, name), lambda: _figures(tree, name)))
    yield from said_of_both(turns, revision)


def said_of_both(turns: Sequence[tuple[Figures, Figures]], revision: str) -> Iterator[str]:
    """A line for each figure that both have: the medians, and the ratio with its spread unless one is nought there."""
    for bar, words in turns[0][0]:
        key = (bar, words)
        both = [(ours[key], theirs[key]) for ours, theirs in turns if key in ours and key in theirs]
        if not both:
            continue
        here, there = (median(side) for side in zip(*both, strict=True))
        line = f"{bar} {words}: here {here:.3g}, {revision} {there:.3g}"
        if all(theirs for _ours, theirs in both):
            ratios = [ours / theirs for ours, theirs in both]
            line += f"; here / {revision}: median {median(ratios):.2f} (min {min(ratios):.2f}, max {max(ratios):.2f})"
        yield f"{line}, {len(both)} turns"


def _figures(tree: Path, name: str) -> Figures:
    command = [sys.executable, "-m", "bench", "--json", name]
    ended = subprocess.run(command, cwd=tree, env=surroundings(), stdout=subprocess.PIPE, text=True, check=False)
    if ended.returncode:
        raise RuntimeError(f"{name} broke off in {tree}: the run is void")
    lines = [json.loads(line) for line in ended.stdout.splitlines() if line.startswith("{")]
    return {(one["name"], one["words"]): median(one["ratios"]) for one in lines}


def as_json(figure: Any) -> str:
    """A Figure as `_figures` reads it; "" for anything else."""
    return json.dumps(asdict(figure)) if isinstance(figure, Figure) else ""
