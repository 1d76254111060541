"""Processes end with their children, and no process of somebody else does."""

import json
import os
import subprocess
import sys

import psutil
import pytest

from fit_project.local import folders
from fit_project.local.processes import MARK, RECORD, Processes, end_stale

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
# Ignores SIGTERM, has a child that does the same, and says when both are there.
STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if len(sys.argv) < 2:
    child = subprocess.Popen([sys.executable, __file__, "child"], stdout=subprocess.PIPE)
    child.stdout.readline()
    open(sys.argv[0] + ".pid", "w").write(str(child.pid))
print("ready", flush=True)
time.sleep(600)
"""


@pytest.fixture
def folder(tmp_path):
    folders.prepare(tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def sleeper():
    """`sleeper(env)`: a process that sleeps; ended after the test."""
    started = []

    def begin(env=None):
        started.append(subprocess.Popen(SLEEP, env=os.environ | (env or {})))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.wait()


def test_a_child_that_does_not_listen_is_ended_with_its_own_children(folder, tmp_path):
    script = tmp_path / "stubborn.py"
    script.write_text(STUBBORN)
    processes = Processes(folder)
    child = processes.start("stubborn", [sys.executable, str(script)], env=dict(os.environ))
    while "ready" not in processes.log("stubborn").read_text():
        assert child.poll() is None
    grandchild = psutil.Process(int((tmp_path / "stubborn.py.pid").read_text()))
    processes.end(["stubborn"], seconds=0.5)
    assert child.returncode == -9
    grandchild.wait(30)


def test_what_an_earlier_demo_left_is_ended(folder, sleeper):
    recorded, marked = sleeper(), sleeper({MARK: str(folder)})
    started = psutil.Process(recorded.pid).create_time()
    (folder / RECORD).write_text(json.dumps([{"name": "web", "pid": recorded.pid, "started": started}]))
    end_stale(folder)
    assert None not in (recorded.poll(), marked.poll())


def test_a_process_that_has_inherited_a_recorded_number_lives_on(folder, sleeper):
    other, neighbour = sleeper(), sleeper({MARK: str(folder) + "-of-a-neighbour"})
    (folder / RECORD).write_text(json.dumps([{"name": "web", "pid": other.pid, "started": 12345.0}]))
    (folder / "postgres").mkdir()
    (folder / "postgres" / "postmaster.pid").write_text(f"{other.pid}\n")
    assert end_stale(folder) == []
    assert (other.poll(), neighbour.poll()) == (None, None)
    assert not (folder / "postgres" / "postmaster.pid").exists(), "it would keep PostgreSQL from starting"
