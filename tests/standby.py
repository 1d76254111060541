"""A second PostgreSQL of the wheel that follows the tests' server: a base backup of it, and its log as it comes."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
from django.db import connections

from fit_project.local.postgres import PORT, SUPERUSER, Postgres
from tests.server import short_folder


class Standby:
    """One standby, without a slot of the primary's that would outlive it."""

    def __init__(self):
        self.database = connections["default"].settings_dict["NAME"]
        self.primary_folder = connections["default"].settings_dict["HOST"]
        self.home = Path(tempfile.mkdtemp(prefix="medspil-standby-", dir=short_folder()))
        self.home.chmod(0o711)
        self.postgres = Postgres(self._folder("data"), self._folder("run"), durable=False)

    def _folder(self, name: str) -> Path:
        (self.home / name).mkdir(mode=0o700)
        return self.home / name

    def make(self) -> None:
        """Copy the primary as it is now, and follow it."""
        if account := self.postgres.account:
            os.chown(self.postgres.folder, account.pw_uid, account.pw_gid)
        command = [self.postgres.bin / "pg_basebackup", "--pgdata", self.postgres.folder, "--host", self.primary_folder]
        options = ["--port", str(PORT), "--username", SUPERUSER, "--write-recovery-conf", "--checkpoint=fast"]
        done = subprocess.run(
            [*command, *options, "--no-sync"], capture_output=True, text=True, **self.postgres.process_options()
        )
        assert done.returncode == 0, done.stderr
        self.postgres.initialise()  # a data folder is there: only the way to it is opened
        self.start()

    def start(self) -> None:
        log = self.home / "log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                self.postgres.command(), stdout=output, stderr=output, **self.postgres.process_options()
            )
        self.postgres.wait(process, log)

    def kill(self) -> None:
        """As a machine that goes: without a word to anybody."""
        postmaster = int((self.postgres.folder / "postmaster.pid").read_text().split()[0])
        os.killpg(postmaster, signal.SIGKILL)  # a session of its own: its children are in the group

    def remove(self) -> None:
        self.kill()
        shutil.rmtree(self.home, ignore_errors=True)

    def ask(self, statement: str) -> tuple:
        """A row of the standby's, as its superuser."""
        return _ask(self.postgres.url(SUPERUSER, self.database), statement)

    def ask_primary(self, statement: str) -> tuple:
        """A row of the primary's, as its superuser."""
        return _ask(Postgres(self.postgres.folder, Path(self.primary_folder)).url(SUPERUSER, self.database), statement)

    def send(self) -> str:
        """Let the primary write its log up to here: the tests' server does so a moment after COMMIT. Where it ends."""
        self.ask_primary("SET synchronous_commit = on; SELECT pg_logical_emit_message(true, 'tests', '')")
        return self.ask_primary("SELECT pg_current_wal_flush_lsn()")[0]

    def settle(self) -> None:
        """Wait until it has whatever was committed."""
        end = self.send()
        deadline = time.monotonic() + 30
        while not self.ask(f"SELECT pg_last_wal_replay_lsn() >= '{end}'")[0]:
            assert time.monotonic() < deadline, "the standby does not follow"
            time.sleep(0.02)

    def hold(self) -> None:
        """Let it receive and not replay, until `let_go`."""
        self.settle()
        self.ask("SELECT pg_wal_replay_pause()")
        while self.ask("SELECT pg_get_wal_replay_pause_state()") != ("paused",):
            time.sleep(0.02)

    def let_go(self) -> None:
        self.ask("SELECT pg_wal_replay_resume()")


def _ask(url: str, statement: str) -> tuple:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement)
        while cursor.nextset():
            pass
        return cursor.fetchone()
