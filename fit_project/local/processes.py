"""The processes of one demo: started, watched and ended in order; and those an earlier one left."""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

import psutil

MARK = "MEDSPIL_CHILD_OF"  # an environment variable: whose child a process is, however many parents have died
RECORD = "processes.json"
SAME_START = 1.0  # seconds; two readings of one process's start time differ by less


class Stopped(Exception):
    """Somebody asked the demo to end."""


class Processes:
    """The children of this process for one data folder."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.children: dict[str, subprocess.Popen] = {}
        self.asked_to_stop = False
        self.parent = os.getppid()

    def start(self, name: str, command: list[str], *, env: dict[str, str], **options) -> subprocess.Popen:
        """Start a program whose words go to log/NAME.log, and remember it across a crash of ours."""
        with self.log(name).open("ab") as log:
            options = {"stdin": subprocess.DEVNULL, "start_new_session": True} | options
            child = subprocess.Popen(command, stdout=log, stderr=log, env=env | {MARK: str(self.folder)}, **options)
        self.children[name] = child
        self._record()
        return child

    def wait(self, name: str) -> int:
        """Wait for a child's end and return its exit code; raises Stopped when we are to end meanwhile."""
        while self.children[name].poll() is None:
            self.pause(0.05)
        return self.children.pop(name).returncode

    def log(self, name: str) -> Path:
        return self.folder / "log" / f"{name}.log"

    def pause(self, seconds: float) -> None:
        """Sleep; raises Stopped when somebody asked us to end, or when the `make` that started us is gone."""
        time.sleep(seconds)
        orphaned = "MAKELEVEL" in os.environ and os.getppid() != self.parent
        if self.asked_to_stop or orphaned:
            raise Stopped

    def ended(self) -> str | None:
        """The name of a child that has ended by itself, if one has."""
        return next((name for name, child in self.children.items() if child.poll() is not None), None)

    def end(self, names: Iterable[str], how: int = signal.SIGTERM, *, seconds: float = 10) -> None:
        """End these children together: ask first; after some seconds kill what is left of their sessions."""
        chosen = {name: self.children.pop(name) for name in names if name in self.children}
        for child in chosen.values():
            if child.poll() is None:
                child.send_signal(how)
        deadline = time.monotonic() + seconds
        for child in chosen.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(0.1, deadline - time.monotonic()))
            # Its own children are in its session: none may outlive it.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
        self._record()

    def _record(self) -> None:
        rows = []
        for name, child in self.children.items():
            with contextlib.suppress(psutil.Error):
                rows.append({"name": name, "pid": child.pid, "started": psutil.Process(child.pid).create_time()})
        path = self.folder / RECORD
        path.with_suffix(".new").write_text(json.dumps(rows))
        path.with_suffix(".new").replace(path)


def end_stale(folder: Path) -> list[str]:
    """End what an earlier demo of this folder left running, PostgreSQL last; returns what it was.

    A process is ours by its number together with its start time, by the folder PostgreSQL stands in, or by
    the mark in its environment; never by its number alone.
    """
    recorded = list(_recorded(folder))
    server = _postmaster(folder / "postgres")
    left = {process.pid: process for process in [*recorded, *_marked(folder)]}
    for process in recorded:
        with contextlib.suppress(psutil.Error):
            left |= {child.pid: child for child in process.children(recursive=True)}
    names = [_name(process) for process in left.values()]
    if server:
        # Its own children end with it.
        for process in [server, *server.children(recursive=True)]:
            left.pop(process.pid, None)
    _end_all(list(left.values()), signal.SIGTERM)
    if server:
        names.append("postgres")
        _end_all([server], signal.SIGINT)  # PostgreSQL's "fast" shutdown
    (folder / "postgres" / "postmaster.pid").unlink(missing_ok=True)
    (folder / RECORD).unlink(missing_ok=True)
    return sorted(set(names))


def _name(process: psutil.Process) -> str:
    try:
        return process.name()
    except psutil.Error:
        return "a process"


def _recorded(folder: Path) -> Iterable[psutil.Process]:
    try:
        rows = json.loads((folder / RECORD).read_text())
    except (OSError, ValueError):
        return
    for row in rows:
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(row["pid"])
            if abs(process.create_time() - row["started"]) < SAME_START:
                yield process


def _marked(folder: Path) -> Iterable[psutil.Process]:
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.pid == os.getpid():
                continue
            if _works_in(process, folder / "postgres") or process.environ().get(MARK) == str(folder):
                yield process


def _postmaster(folder: Path) -> psutil.Process | None:
    """The server of a data folder, by postmaster.pid; None when that number is another program's now."""
    try:
        process = psutil.Process(int((folder / "postmaster.pid").read_text().split()[0]))
        return process if _works_in(process, folder) else None
    except (OSError, ValueError, IndexError, psutil.Error):
        return None


def _works_in(process: psutil.Process, folder: Path) -> bool:
    """Whether a process is PostgreSQL on this data folder: server and sessions alike stand in it."""
    return process.name() == "postgres" and process.cwd() == str(folder)


def _end_all(processes: list[psutil.Process], how: int) -> None:
    for process in processes:
        with contextlib.suppress(psutil.Error):
            process.send_signal(how)
    _, alive = psutil.wait_procs(processes, timeout=10)
    for process in alive:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(alive, timeout=5)
