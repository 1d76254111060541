"""The PostgreSQL of one test run: from the wheel, as roles that are neither superuser nor above row security.

Without further settings each run has a server of its own, thrown away at its end. MEDSPIL_TEST_POSTGRES
names a folder that keeps it (the next run starts in a second, and `--reuse-db` works); several runs at once
share the server and have a database each. DATABASE_URL and OWNER_DATABASE_URL together name another server.
"""

import atexit
import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psutil

from fit_project.local.postgres import SUPERUSER, Postgres

PREFIX = "medspil-test-server-"
# Tells the processes of one run (pytest-xdist) that the server is the run's own: they are given addresses, no server.
SUPERUSER_VARIABLE = "MEDSPIL_TEST_SUPERUSER"


class TestServer:
    """One test run's share in a server."""

    __test__ = False

    def __init__(self):
        kept = os.environ.get("MEDSPIL_TEST_POSTGRES")
        self.kept = bool(kept)
        self.home = Path(kept).resolve() if kept else Path(tempfile.mkdtemp(prefix=PREFIX, dir=short_folder()))
        self.home.mkdir(parents=True, exist_ok=True)
        self.home.chmod(0o711)
        self.locks = {}
        self.postgres = None

    def start(self) -> str:
        """Start the server unless it runs, and return the name of a database that no other run uses."""
        with self._alone():
            self._lock("users", fcntl.LOCK_SH)
            run_folder = self.home / "run"
            run_folder.mkdir(mode=0o700, exist_ok=True)
            self.postgres = Postgres(self.home / "data", run_folder, durable=False)
            if not self.postgres.answers():
                self._start_server()
            return self._free_database()

    def stop(self) -> None:
        """Leave the server; the last run ends it."""
        if self.postgres is None:
            return
        with self._alone():
            self.locks.pop("users").close()
            with contextlib.suppress(BlockingIOError):
                self._lock("users", fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._end_server()
        for lock in self.locks.values():
            lock.close()
        self.postgres = None
        if not self.kept:
            shutil.rmtree(self.home, ignore_errors=True)

    def _start_server(self) -> None:
        self.postgres.initialise()
        log = self.home / "log"
        options = self.postgres.process_options()
        with log.open("ab") as output:
            process = subprocess.Popen(self.postgres.command(), stdout=output, stderr=output, **options)
        self.postgres.wait(process, log)
        self.postgres.create_roles()

    def _end_server(self) -> None:
        end_server(self.postgres.folder)

    def _free_database(self) -> str:
        for number in range(1, 100):
            with contextlib.suppress(BlockingIOError):
                self._lock(f"database-{number}", fcntl.LOCK_EX | fcntl.LOCK_NB)
                return f"medspil_{number}"
        raise RuntimeError("a hundred test runs at once share this server")

    def _lock(self, name: str, how: int) -> None:
        handle = (self.home / f"{name}.lock").open("w")
        try:
            fcntl.flock(handle, how)
        except BlockingIOError:
            handle.close()
            raise
        self.locks[name] = handle

    @contextlib.contextmanager
    def _alone(self):
        with (self.home / "start.lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def end_server(folder: Path) -> None:
    """Stop the server of this data folder, whoever started it, and wait for its end."""
    pidfile = folder / "postmaster.pid"
    with contextlib.suppress(OSError, ValueError, psutil.Error):
        server = psutil.Process(int(pidfile.read_text().split()[0]))
        if server.name() == "postgres" and server.cwd() == str(folder):
            server.send_signal(signal.SIGINT)  # PostgreSQL's "fast" shutdown
            server.wait(60)


def sweep() -> None:
    """End and remove what earlier runs left that were killed: their servers' folders are locked by nobody."""
    for home in Path(short_folder()).glob(f"{PREFIX}*"):
        lock = home / "users.lock"
        with contextlib.suppress(OSError):
            if time.time() - lock.stat().st_mtime < 60 or lock.stat().st_uid != os.geteuid():
                continue  # a run may be about to lock it
            with lock.open("a") as handle:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                end_server(home / "data")
                shutil.rmtree(home, ignore_errors=True)


def short_folder() -> str:
    """Where temporary folders lie, unless a socket's path there would be too long."""
    return tempfile.gettempdir() if len(tempfile.gettempdir()) < 60 else "/tmp"


def provide() -> TestServer | None:
    """Start the server and point the settings at it; None when DATABASE_URL names another one."""
    os.environ["MEDSPIL_ENV"] = "test"
    os.environ["DJANGO_SETTINGS_MODULE"] = "fit_project.settings"
    # A data folder of the run's own, so that no test meets the demo's.
    data = tempfile.TemporaryDirectory(prefix="medspil-test-data-")
    atexit.register(data.cleanup)
    os.environ["MEDSPIL_DATA"] = data.name
    (Path(data.name) / "static").mkdir()
    # Addresses in pages and answers are those of the settings, not of whoever runs a demo beside the tests.
    for name in ("PORT", "SITE_URL", "DATABASE_REPLICA_URL"):
        os.environ.pop(name, None)
    if os.environ.get("DATABASE_URL"):
        return None
    sweep()
    server = TestServer()
    database = server.start()
    os.environ["DATABASE_URL"] = server.postgres.url("fit_app", database)
    os.environ["OWNER_DATABASE_URL"] = server.postgres.url("fit_owner", database)
    os.environ[SUPERUSER_VARIABLE] = SUPERUSER
    return server


def superuser() -> str:
    """The superuser of the run's own server, in each of the run's processes; "" where the server is another's."""
    return os.environ.get(SUPERUSER_VARIABLE, "")
