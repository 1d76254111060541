"""A whole Medspil as in production, in a folder of its own, for benches and drills: each process can be killed."""

import contextlib
import logging
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil

from fit_project.local import folders
from fit_project.local.broker import Broker, free_port
from fit_project.local.demo import PROJECT
from fit_project.local.demo import SERVICES as OF_THE_DEMO
from fit_project.local.postgres import Postgres
from fit_project.local.processes import Processes

DATABASE = "medspil_bench"
MANAGE = [sys.executable, "manage.py"]
HOST = "localhost"
SECONDS_TO_ANSWER = 120
# In production relay and worker are processes of their own: each can be killed alone.
SERVICES = {
    "web": OF_THE_DEMO["web"],
    "relay": [*MANAGE, "relay"],
    "worker": [
        *[sys.executable, "-m", "celery", "-A", "fit_project", "worker", "--beat", "--concurrency", "2"],
        *["--loglevel", "INFO", "--without-gossip", "--without-mingle"],
    ],
}
ALL = ("broker", "web", "relay", "worker")
OF_ONE_QUEUE = [
    sys.executable,
    "-m",
    "celery",
    "-A",
    "fit_project",
    "worker",
    "--loglevel",
    "INFO",
    "--concurrency",
    "1",
]


def gather_static(env: dict[str, str]) -> None:
    """Gather and compress the static files, in STATIC_ROOT if there is one."""
    subprocess.run([*MANAGE, "collectstatic", "--noinput", "-v", "0"], cwd=PROJECT, env=env, check=True)


def add_word_key(file: Path, key_id: str) -> None:
    """Write a new key below the others of a key file, as operations.md tells: it wraps from now on."""
    text = file.read_text() if file.exists() else ""
    beside = file.with_suffix(".new")
    beside.write_text(f"{text}{key_id} {secrets.token_hex(32)}\n")
    beside.chmod(0o600)
    beside.replace(file)  # at once: no reader sees half a line


class Running:
    """PostgreSQL (fsync on), broker, web, relay and worker. Only what it started itself is ever killed."""

    def __init__(self, folder: Path, *, smtp_port: int = 0, environment: str = "production", project: Path = PROJECT):
        self.folder, self.project = folder, project
        self.port = free_port()
        self.processes = Processes(folder)
        folders.prepare(folder)
        self.postgres = Postgres(folder / "postgres", folders.make_run_folder(folder))
        self.broker = Broker(folder)
        self.wsgi = "fit_project.wsgi"
        self.word_keys = folder / "word-keys"
        add_word_key(self.word_keys, "first")
        self.env = os.environ | {
            "MEDSPIL_ENV": environment,
            "MEDSPIL_DATA": str(folder),
            "WORD_KEYS_FILE": str(self.word_keys),
            "PYTHONUNBUFFERED": "1",
            "DATABASE_URL": self.postgres.url("fit_app", DATABASE),
            "BROKER_URL": self.broker.url,
            "SECRET_KEY": secrets.token_urlsafe(64),
            "ALLOWED_HOSTS": HOST,
            "SITE_URL": f"https://{HOST}" if environment == "production" else f"http://{HOST}:{self.port}",
            "PORT": str(self.port),
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(smtp_port or 1),
            "DEFAULT_FROM_EMAIL": "medspil@fit.example.org",
            "TRUSTED_PROXIES": "1",
        }
        self.owner_env = self.env | {"OWNER_DATABASE_URL": self.postgres.url("fit_owner", DATABASE)}

    def prepare(self) -> None:
        """Create the database, migrate it, gather the static files, and connect this process's Django as fit_app."""
        self.postgres.initialise()
        self.start("postgres")
        self.postgres.create_roles()
        self.postgres.create_database(DATABASE)
        # Root alone may leave the server's account; the owner's URL is needed by this command only.
        subprocess.run(
            [*MANAGE, "migrate", "--database", "owner", "-v", "0"], cwd=self.project, env=self.owner_env, check=True
        )
        if "STATIC_ROOT" not in self.env:
            gather_static(self.env)
        os.environ |= self.owner_env
        os.environ["DJANGO_SETTINGS_MODULE"] = "fit_project.settings"
        import django

        django.setup()
        logging.disable(logging.WARNING)  # of this process; the others write to their files

    def start(self, name: str) -> None:
        """Start one of postgres, broker, web, relay, worker, and wait until the servers among them answer."""
        if name == "postgres":
            self._start_postgres()
        elif name == "broker":
            self.broker.wait(self.processes.start("broker", self.broker.command(), env=self.env))
        else:
            command = [word if word != "fit_project.wsgi" else self.wsgi for word in SERVICES[name]]
            self.processes.start(name, command, env=self.env, cwd=self.project)

    def start_worker(self, queue: str) -> None:
        """A worker of this queue alone, as docker-compose.yml has them."""
        command = [*OF_ONE_QUEUE, "-Q", queue]
        self.processes.start(f"worker-{queue}", command, env=self.env, cwd=self.project)

    def _start_postgres(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_ANSWER
        while True:
            # After a kill its last children hold the shared memory for a moment, and a new server refuses to start.
            server = self.processes.start("postgres", self.postgres.command(), env=self.env, **self._as_server())
            try:
                return self.postgres.wait(server, self.processes.log("postgres"))
            except Exception:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.3)

    def _as_server(self) -> dict:
        return self.postgres.process_options()

    def kill(self, name: str) -> None:
        """SIGKILL to a process and everything it started."""
        child = self.processes.children[name]
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()

    def wait_for_web(self, port: int = 0) -> None:
        """Return when /healthz answers 200; `port` where it is not this Medspil's own."""
        from bench.drills.answering import get

        deadline = time.monotonic() + SECONDS_TO_ANSWER
        while get(port or self.port, "/healthz").status != 200:
            if time.monotonic() > deadline:
                raise TimeoutError(f"the web server does not answer; its log is {self.processes.log('web')}")
            time.sleep(0.2)

    def cpu_seconds(self) -> Counter[str]:
        """CPU seconds so far, by process; of the database by what its connections' processes have used."""
        used: Counter[str] = Counter()
        for name, child in self.processes.children.items():
            with contextlib.suppress(psutil.Error):
                parent = psutil.Process(child.pid)
                for process in [parent, *parent.children(recursive=True)]:
                    with contextlib.suppress(psutil.Error):
                        times = process.cpu_times()
                        used[name] += times.user + times.system
                ended = parent.cpu_times()
                used[name] += ended.children_user + ended.children_system
        return used

    def end(self) -> None:
        """End everything, the servers last."""
        names = list(self.processes.children)
        self.processes.end([name for name in names if name not in ("postgres", "broker")])
        self.processes.end(["broker"], seconds=3)
        self.processes.end(["postgres"], signal.SIGINT)
        folders.remove_run_folder(self.folder)


@contextlib.contextmanager
def running(names: tuple[str, ...] = ALL, **facts: Any) -> Iterator[Running]:
    """A prepared Medspil with these processes beside its database; gone afterwards. On a failure its logs stay.

    `facts` are Running's own: smtp_port, environment, project (the folder of the code that its processes run).
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # nothing of ours outlives us
    folder = Path(tempfile.mkdtemp(prefix="medspil-bench-"))
    whole = Running(folder, **facts)
    try:
        whole.prepare()
        for name in names:
            whole.start(name)
        if "web" in names:
            whole.wait_for_web()
        yield whole
    except BaseException:
        print(f"The logs are kept in {folder / 'log'}")
        _end(whole)
        raise
    _end(whole)
    folders.forget(folder)


def gather_statistics() -> None:
    """What the planner knows of the tables, as autovacuum gathers it within a minute in use.

    Without it PostgreSQL plans for empty tables, and a query walks the whole organisation in loops.
    """
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")


def _end(whole: Running) -> None:
    from django.db import connections

    connections.close_all()
    whole.end()


def wait_until(holds: Callable[[], bool], seconds: float) -> float:
    """Seconds until `holds()`; `seconds` when it never did."""
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        if holds():
            return time.monotonic() - start
        time.sleep(0.2)
    return seconds
