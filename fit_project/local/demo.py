"""`make demo`: everything that Medspil needs, on this machine, until Ctrl-C."""

import contextlib
import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from fit_project.local import StepRefused, folders, static
from fit_project.local.broker import Broker
from fit_project.local.postgres import Postgres
from fit_project.local.processes import Processes, Stopped, end_stale
from fit_project.run_env import NAME as RUN_ENV
from fit_project.run_env import write_run_env

PROJECT = Path(__file__).resolve().parents[2]
DATABASE = "medspil"
SECONDS_TO_ANSWER = 120
SECONDS_TO_END = 10
MANAGE = [sys.executable, "manage.py"]
SERVICES = {
    "web": [sys.executable, "-m", "gunicorn", "--config", "python:fit_project.webserver", "fit_project.wsgi"],
    "jobs": [sys.executable, "-m", "fit_project.local.jobs"],
}


def say(words: str) -> None:
    print(words, flush=True)


class Demo:
    """One run of the demo on one data folder."""

    def __init__(self, folder: Path, port: int):
        self.folder, self.port = folder, port
        self.processes = Processes(folder)
        self.env = os.environ | {"MEDSPIL_DATA": str(folder), "PYTHONUNBUFFERED": "1"}
        self.address = f"http://localhost:{port}"

    def run(self) -> None:
        """Start everything, say where it is, and watch it; returns only by an exception."""
        self.start_servers()
        # Compressing the static files needs no database: it runs beside the migration.
        gathers = not static.is_gathered(PROJECT, self.folder)
        if gathers:
            self.begin("static", "Gathering the static files", "collectstatic", "--noinput", "-v", "0")
        self.manage("migrate", "Bringing the database up to date", "migrate", "--database", "owner")
        self.manage("demo-data", "Loading the demo data (first time: some seconds)", "load_demo")
        if gathers:
            self.finish("static", "collectstatic")
            static.remember(PROJECT, self.folder)
        say("Starting the web server and what works after a request ...")
        for name, command in SERVICES.items():
            self.processes.start(name, command, env=self.env, cwd=PROJECT)
        self.wait_for_answer()
        self.welcome()
        while True:
            self.report_ended()
            self.processes.pause(0.5)

    def start_servers(self) -> None:
        """PostgreSQL and the broker, and run.env, by which other commands of this folder find them."""
        run_folder = folders.make_run_folder(self.folder)
        postgres = Postgres(self.folder / "postgres", run_folder, say=say)
        new = not (self.folder / "postgres").exists()
        say("Creating the database (first time: some seconds) ..." if new else "Starting the database ...")
        postgres.initialise()
        self.processes.log("postgres").unlink(missing_ok=True)
        server = self.processes.start("postgres", postgres.command(), env=self.env, **postgres.process_options())
        postgres.wait(server, self.processes.log("postgres"), pause=self.processes.pause)
        postgres.create_roles()
        postgres.create_database(DATABASE)
        say("Starting the broker ...")
        broker = Broker(self.folder)
        broker.wait(self.processes.start("broker", broker.command(), env=self.env), pause=self.processes.pause)
        values = {
            "MEDSPIL_ENV": "demo",
            "DATABASE_URL": postgres.url("fit_app", DATABASE),
            "OWNER_DATABASE_URL": postgres.url("fit_owner", DATABASE),
            "BROKER_URL": broker.url,
            "SECRET_KEY": self.secret_key(),
            "PORT": str(self.port),
            "SITE_URL": self.address,
            "EMAIL_FILE_PATH": str(self.folder / "mail"),
        }
        write_run_env(self.folder, values)
        self.env |= values

    def secret_key(self) -> str:
        """Kept in the data folder, so that nobody is logged out by a restart."""
        path = self.folder / "secret-key"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(48))
        return path.read_text()

    def manage(self, log: str, words: str, *command: str) -> None:
        """Run a management command. Raises Refusal with its last words when it fails."""
        self.begin(log, words, *command)
        self.finish(log, command[0])

    def begin(self, log: str, words: str, *command: str) -> None:
        """Start a management command; `finish` waits for it."""
        say(f"{words} ...")
        self.processes.log(log).unlink(missing_ok=True)
        self.processes.start(log, [*MANAGE, *command], env=self.env, cwd=PROJECT)

    def finish(self, log: str, command: str) -> None:
        """Wait for a management command that was begun. Raises Refusal with its last words when it fails."""
        if self.processes.wait(log):
            path = self.processes.log(log)
            last = (path.read_text(errors="replace").strip().splitlines() or ["it said nothing"])[-1]
            raise StepRefused(f"`manage.py {command}` failed ({last}); its log is {path}")

    def wait_for_answer(self) -> None:
        """Return when /healthz answers 200. Raises Refusal when a process ends or it takes too long."""
        deadline = time.monotonic() + SECONDS_TO_ANSWER
        while not self.healthy():
            self.report_ended()
            if time.monotonic() > deadline:
                raise StepRefused(f"The web server does not answer; its log is {self.processes.log('web')}")
            self.processes.pause(0.2)

    def healthy(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def report_ended(self) -> None:
        """Raises Refusal when one of the processes has ended by itself."""
        name = self.processes.ended()
        if name:
            code = self.processes.children[name].returncode
            path = self.processes.log(name)
            raise StepRefused(f"The process {name} ended by itself (exit code {code}); its log is {path}")

    def welcome(self) -> None:
        say(f"\nMedspil runs at {self.address}\n")
        say(self.processes.log("demo-data").read_text(errors="replace").strip())
        say(f"\nMails are written to {self.folder / 'mail'}, logs to {self.folder / 'log'}.")
        say("Every person in it is made up. Ctrl-C ends it; `make demo-reset` forgets its data.")

    def end(self) -> None:
        """End every process, those that use the servers first, and remove what told of them."""
        (self.folder / RUN_ENV).unlink(missing_ok=True)
        servers = {"postgres", "broker"}
        self.processes.end([name for name in self.processes.children if name not in servers])
        self.processes.end(["broker"], seconds=3)
        self.processes.end(["postgres"], signal.SIGINT)  # PostgreSQL's "fast" shutdown
        (self.folder / "valkey.conf").unlink(missing_ok=True)
        folders.remove_run_folder(self.folder)


def chosen_port() -> int:
    """PORT, or 8000. Raises Refusal when it is no port."""
    text = os.environ.get("PORT") or "8000"
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise StepRefused(f"PORT is {text!r}, which is not a port: choose a number from 1024 to 65535.")
    return int(text)


def check_port(port: int) -> None:
    """Raises Refusal when the port cannot be ours."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise StepRefused(
                f"Port {port} may not be used by this user; choose another: make demo PORT=8001"
            ) from None
        except OSError:
            other = port + 1 if port < 65535 else 8000
            raise StepRefused(f"Port {port} is in use; choose another: make demo PORT={other}") from None


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the data folder for this process. Raises Refusal while another demo holds it."""
    deadline = time.monotonic() + SECONDS_TO_END
    if (lock := folders.lock(folder)) is None:
        say("Another demo uses this data; waiting for it to end, if it is ending ...")
    while lock is None and (lock := folders.lock(folder)) is None:
        if time.monotonic() > deadline:
            raise StepRefused(f"A demo already runs on {folder}; end it first with Ctrl-C where it was started.")
        time.sleep(0.2)
    with lock:
        left = end_stale(folder)
        if left:
            say(f"An earlier demo was cut off; ended what it had left running ({', '.join(left)}).")
        (folder / RUN_ENV).unlink(missing_ok=True)
        yield


def ask_to_stop(demo: Demo) -> None:
    """From now on Ctrl-C, a hang-up and SIGTERM end the demo in order; a second one changes nothing."""

    def remember(signum, frame):
        demo.processes.asked_to_stop = True

    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, remember)


def start() -> None:
    port, folder = chosen_port(), folders.data_folder()
    folders.prepare(folder)
    with held(folder):
        check_port(port)
        demo = Demo(folder, port)
        ask_to_stop(demo)
        try:
            demo.run()
        except Stopped:
            with contextlib.suppress(OSError):  # the terminal may be gone
                say("\nEnding the demo ...")
        finally:
            demo.end()


def reset() -> None:
    folder = folders.data_folder()
    if folders.is_ours(folder):
        with held(folder):
            folders.forget(folder)
    else:
        folders.forget(folder)
    say(f"The demo's data is gone: {folder}")


def main() -> int:
    os.umask(0o077)
    try:
        reset() if sys.argv[1:] == ["reset"] else start()
    except StepRefused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except subprocess.SubprocessError as error:
        print(f"A program could not be started: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
