"""`make demo` from its start to its end, with real servers, and after a death without warning."""

import contextlib
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psutil
import pytest

from fit_project.local.broker import free_port
from fit_project.local.processes import MARK

ROOT = Path(__file__).parents[2]
OTHERS = {"DATABASE_URL", "OWNER_DATABASE_URL", "BROKER_URL", "MEDSPIL_ENV", "SECRET_KEY", "MAKELEVEL"}
DEADLINE = 240  # seconds; for a machine that does other things as well


@pytest.fixture
def surroundings():
    """The environment of a newcomer whose data folder has a long path with a space in it."""
    # Not pytest's folder: as root, another run of pytest would close it to PostgreSQL's account.
    home = tempfile.TemporaryDirectory(prefix="medspil-demo-test-")
    folder = Path(home.name).resolve() / "a folder" / ("long-" * 20)
    environment = {key: value for key, value in os.environ.items() if key not in OTHERS}
    yield environment | {"MEDSPIL_DATA": str(folder), "PORT": str(free_port())}
    for process in children_of(folder):
        with contextlib.suppress(psutil.Error):
            process.kill()
    home.cleanup()


@pytest.fixture
def start(surroundings, tmp_path):
    """Start the demo in a process group of its own, as a shell does, and wait until it answers."""
    started = []

    def begin():
        log = tmp_path / f"demo-{len(started)}.log"
        with log.open("w") as output:
            command = [sys.executable, "-m", "fit_project.local.demo"]
            demo = subprocess.Popen(
                command, cwd=ROOT, env=surroundings, stdout=output, stderr=output, start_new_session=True
            )
        started.append(demo)
        until(lambda: "Medspil runs at" in log.read_text() or demo.poll() is not None)
        assert demo.poll() is None, log.read_text()
        return demo, log

    yield begin
    for demo in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(demo.pid, signal.SIGKILL)
        demo.wait()


def until(condition):
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def children_of(folder) -> list[psutil.Process]:
    """Every process that a demo on this folder started, PostgreSQL's sessions too."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.environ().get(MARK) == str(folder) or process.cwd().startswith(str(folder)):
                found.append(process)
    return [process for process in found if process.status() != psutil.STATUS_ZOMBIE]


def python(surroundings, *arguments) -> str:
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=surroundings, check=True, text=True, stdout=subprocess.PIPE).stdout


def healthz(surroundings) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{surroundings['PORT']}/healthz", timeout=30) as answer:
        return answer.read()


def test_a_demo_starts_serves_survives_a_kill_and_ends_without_a_trace(surroundings, start):
    folder = Path(surroundings["MEDSPIL_DATA"])
    demo, log = start()
    assert healthz(surroundings) == b"ok"
    assert stat.S_IMODE((folder / "run.env").stat().st_mode) == 0o600
    assert len((folder / "run-folder").read_text()) < 80, "a socket's path is short wherever the data lies"
    told = log.read_text()
    assert told.index("Creating the database") < told.index("Loading the demo data") < told.index("Medspil runs at")

    # Any command of the folder finds the database, as the role that row security binds.
    question = "from django.db import connection as c; k = c.cursor(); k.execute('SELECT current_user')"
    command = ["manage.py", "shell", "-v", "0", "-c", f"{question}; print(*k.fetchone())"]
    assert python(surroundings, *command).strip() == "fit_app"

    os.killpg(demo.pid, signal.SIGKILL)
    demo.wait()
    assert children_of(folder), "its servers are in sessions of their own"
    demo, log = start()
    assert "An earlier demo was cut off" in log.read_text()
    assert healthz(surroundings) == b"ok"

    # Ctrl-C in a terminal reaches the whole process group.
    os.killpg(demo.pid, signal.SIGINT)
    assert demo.wait(60) == 0
    assert children_of(folder) == []
    assert "Traceback" not in log.read_text()
    assert not (folder / "run.env").exists()

    assert "is gone" in python(surroundings, "-m", "fit_project.local.demo", "reset")
    assert not folder.exists()
