"""`make drill-restore`: backup and WAL, the cluster is damaged, a second one is restored. Exit 1 if it is unequal.

After that moment one client is erased: the restored cluster brings them back, and `replay_erasures` erases them again.
`--break row` and `--break segment` show that the comparison sees a difference and a gap, `--break ledger` that a lost
ledger brings the client back.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
from psycopg import sql

from bench.drills.answering import Ledger, answer_all
from bench.drills.counting import outbox_is_empty
from bench.drills.erasing import ERASE
from bench.drills.people import make_organisation, open_forms
from bench.running import DATABASE, MANAGE, Running, running, wait_until
from fit_project.local import StepRefused
from fit_project.local.demo import PROJECT
from fit_project.local.postgres import SUPERUSER, Postgres

ARCHIVE_SECONDS = 5  # archive_timeout: a segment is archived at least this often; operations.md advises 60
SECONDS_TO_RESTORE = 120


def main() -> int:
    """Print counts, RPO and RTO; 1 when a table differs, the access log does not hold or nothing comes up."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--n", type=int, default=120, help="answers")
    options.add_argument(
        "--break", dest="broken", choices=["row", "segment", "ledger"], help="a control that must fail"
    )
    arguments = options.parse_args()
    with running() as whole:
        drill = Drill(whole)
        try:
            return drill.run(arguments.n, arguments.broken or "")
        finally:
            drill.end()


class Drill:
    """One cluster that is written to, its backup, and the cluster that comes out of it."""

    def __init__(self, whole: Running):
        self.whole = whole
        self.backup, self.archive, self.kept = (whole.folder / name for name in ("backup", "archive", "kept"))
        restored, sockets = whole.folder / "restored", whole.folder / "r"
        for folder in (self.backup, self.archive, restored, sockets):
            folder.mkdir(mode=0o700)
            self._give_away(folder)
        self.kept.mkdir(mode=0o700)
        self.second = Postgres(restored, sockets)

    def run(self, answers: int, broken: str) -> int:
        self.archive_wal()
        organisation, person = make_organisation("restore")
        forms = open_forms(organisation, person, clients=max(1, answers // 6), sessions=6)[:answers]
        third = len(forms) // 3
        ledger = Ledger()
        writer = threading.Thread(target=answer_all, args=(self.whole.port, forms[:third], ledger), kwargs={"rate": 20})
        writer.start()
        took = self.take_backup()
        writer.join()
        answer_all(self.whole.port, forms[third : 2 * third], ledger, rate=50)
        wait_until(outbox_is_empty, 60)
        before = self.freeze()
        moment = self.now()
        time.sleep(1)
        answer_all(self.whole.port, forms[2 * third :], ledger, rate=50)
        erased = self.erase_one(lose=broken == "ledger")
        wait_until(lambda: self.newest_archived() > moment, 60)
        age = self.age_of_archive()
        start = time.monotonic()
        self.damage()
        if broken == "segment":
            self.lose_segment()
        if not self.restore(moment):
            print("NOT RESTORED: the second cluster did not come up at that moment")
            return 1
        answers_again = time.monotonic() - start
        if broken == "row":
            self.change_row()
        unequal = self.compare(before)
        back, left = self.is_there(erased), self.replay(erased)
        holds = self.audit_holds()
        print(f"base backup of {took:.1f} s while answers came in; restored to {moment}")
        print(f"answers acknowledged {len(ledger.acknowledged)}, of them after that moment {len(forms) - 2 * third}")
        print(
            f"tables {len(before)}, rows {sum(rows for rows, _ in before.values())}, unequal {len(unequal)} {unequal}"
        )
        print(f"access log: {'holds' if holds else 'DOES NOT HOLD'}")
        print(f"RPO: the newest archived WAL was {age:.1f} s old at the damage (archive_timeout {ARCHIVE_SECONDS} s)")
        print(
            f"RTO: the second cluster answered after {answers_again:.1f} s, compared {time.monotonic() - start:.1f} s"
        )
        print(f"erased after that moment: {'back' if back else 'NOT BACK'} in the restored cluster, ", end="")
        print("THERE AFTER replay_erasures" if left else "gone after replay_erasures")
        return int(bool(unequal) or not holds or not back or left)

    # The first cluster

    def archive_wal(self) -> None:
        """As operations.md tells: each finished segment is copied to another place before it is used again."""
        for name, value in {
            "archive_mode": "on",
            "archive_command": f"test ! -f {self.archive}/%f && cp %p {self.archive}/%f",
            "archive_timeout": str(ARCHIVE_SECONDS),
        }.items():
            self._first(sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), sql.Literal(value)))
        self.whole.processes.end(["postgres"], signal.SIGINT)
        self.whole.start("postgres")

    def take_backup(self) -> float:
        """Seconds that the base backup took; it holds no WAL of its own, so that the archive is put to the test."""
        start = time.monotonic()
        server = ["-h", str(self.whole.postgres.run_folder), "-U", SUPERUSER]
        self._program("pg_basebackup", "-D", str(self.backup), *server, "-X", "none", "-c", "fast", "--no-sync")
        self._program("pg_verifybackup", "--no-parse-wal", str(self.backup))
        return time.monotonic() - start

    def freeze(self) -> dict[str, tuple[int, str]]:
        """Sign the access log's heads, keep them elsewhere, and take the checksum of each table."""
        subprocess.run([*MANAGE, "shell", "-v", "0", "-c", SIGN], cwd=PROJECT, env=self.whole.env, check=True)
        shutil.copytree(self.whole.folder / "audit-heads", self.kept / "audit-heads")
        return checksums(self.whole.postgres)

    def erase_one(self, *, lose: bool) -> str:
        """Erase a client, and keep the signed ledger elsewhere, unless it is lost; the client's key."""
        said = self._manage(self.whole.env, "shell", "-v", "0", "-c", ERASE)
        if not lose:
            shutil.copytree(self.whole.folder / "erasures", self.kept / "erasures")
        return said.split()[-1]

    def now(self) -> str:
        return str(self._first("SELECT clock_timestamp()::text"))

    def newest_archived(self) -> str:
        """When the newest segment was archived; empty before the first."""
        return str(self._first("SELECT coalesce(max(last_archived_time)::text, '') FROM pg_stat_archiver"))

    def age_of_archive(self) -> float:
        age = "SELECT extract(epoch FROM clock_timestamp() - last_archived_time)::float8 FROM pg_stat_archiver"
        return float(self._first(age))

    def damage(self) -> None:
        """Kill the cluster and spoil it until it does not come up again."""
        for name in list(self.whole.processes.children):
            self.whole.kill(name)
        data = self.whole.postgres.folder
        shutil.rmtree(data / "pg_wal")
        (data / "global" / "pg_control").write_bytes(b"\0" * 8192)
        for table in sorted(data.glob("base/*/[0-9]*"), key=lambda path: path.stat().st_size)[-20:]:
            table.write_bytes(os.urandom(8192))
        try:
            self._start(self.whole.postgres, seconds=10)
        except StepRefused:
            return
        raise RuntimeError("the damaged cluster came up: nothing would be shown by a restore")

    # The second

    def restore(self, moment: str) -> bool:
        """Base backup and archived WAL up to `moment`; whether it came up and takes writes."""
        shutil.copytree(self.backup, self.second.folder, dirs_exist_ok=True)
        settings = {
            "restore_command": f"cp {self.archive}/%f %p",
            "recovery_target_time": moment,
            "recovery_target_action": "promote",
            "archive_mode": "off",
        }
        lines = "".join(f"{name} = '{value}'\n" for name, value in settings.items())
        with (self.second.folder / "postgresql.auto.conf").open("a") as conf:
            conf.write(lines)
        (self.second.folder / "recovery.signal").touch()
        self._give_away_all(self.second.folder)
        try:
            self._start(self.second, seconds=SECONDS_TO_RESTORE)
        except StepRefused as refusal:
            print(refusal)
            return False
        return wait_until(self._promoted, SECONDS_TO_RESTORE) < SECONDS_TO_RESTORE

    def _promoted(self) -> bool:
        try:
            return not ask(self.second, "SELECT pg_is_in_recovery()")
        except psycopg.OperationalError:
            return False

    def compare(self, before: dict[str, tuple[int, str]]) -> list[str]:
        """The tables whose rows are not what they were."""
        after = checksums(self.second)
        return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))

    def is_there(self, client: str) -> bool:
        """Whether the second cluster has a client."""
        return bool(ask(self.second, sql.SQL("SELECT count(*) FROM clients_client WHERE id = {}").format(client)))

    def replay(self, client: str) -> bool:
        """Erase again what the kept ledger tells of; whether the client is there all the same."""
        print(self._manage(self._second_env(), "replay_erasures").strip())
        return self.is_there(client)

    def _second_env(self) -> dict[str, str]:
        return self.whole.env | {
            "DATABASE_URL": self.second.url("fit_app", DATABASE),
            "OWNER_DATABASE_URL": self.second.url("fit_owner", DATABASE),
            "MEDSPIL_DATA": str(self.kept),
        }

    def audit_holds(self) -> bool:
        """verify_audit on the second cluster, with the signed heads that were kept elsewhere."""
        command = [*MANAGE, "verify_audit", "--json"]
        env = self._second_env()
        ended = subprocess.run(command, cwd=PROJECT, env=env, capture_output=True, text=True, check=False)
        reports = json.loads(ended.stdout or "[]")
        for report in reports:
            print(f"access log: {report['rows']} rows, {report['signed']} signed heads, {report['faults']}")
        return ended.returncode == 0 and any(report["rows"] and report["signed"] for report in reports)

    def end(self) -> None:
        self.whole.processes.end(["restored"], signal.SIGINT)

    # What must be seen

    def lose_segment(self) -> None:
        segments = sorted(path for path in self.archive.iterdir() if len(path.name) == 24)
        segments[len(segments) // 2].unlink()

    def change_row(self) -> None:
        with psycopg.connect(self.second.url(SUPERUSER, DATABASE), autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(
                "UPDATE clients_client SET birth_year = 1999 WHERE ctid = (SELECT min(ctid) FROM clients_client)"
            )

    # Programs

    def _manage(self, env: dict[str, str], *arguments: str) -> str:
        command = [*MANAGE, *arguments]
        return subprocess.run(command, cwd=PROJECT, env=env, check=True, capture_output=True, text=True).stdout

    def _program(self, name: str, *arguments: str) -> None:
        options = self.whole.postgres.process_options()
        subprocess.run([str(self.second.bin / name), *arguments], check=True, stdout=subprocess.DEVNULL, **options)

    def _start(self, postgres: Postgres, *, seconds: float) -> None:
        processes = self.whole.processes
        name = "restored" if postgres is self.second else "postgres"
        server = processes.start(name, postgres.command(), env=self.whole.env, **postgres.process_options())
        postgres.wait(server, processes.log(name), seconds=seconds)

    def _first(self, statement) -> object:
        return ask(self.whole.postgres, statement)

    def _give_away(self, path: Path) -> None:
        account = self.whole.postgres.account
        if account:
            os.chown(path, account.pw_uid, account.pw_gid)

    def _give_away_all(self, folder: Path) -> None:
        folder.chmod(0o700)
        for path in (folder, *folder.rglob("*")):
            self._give_away(path)


SIGN = "from organisations.periodic import sign_access_heads; sign_access_heads()"


def ask(postgres: Postgres, statement) -> object:
    """The first column of the first row; None for a statement without rows."""
    with psycopg.connect(postgres.url(SUPERUSER, DATABASE), autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None


def checksums(postgres: Postgres) -> dict[str, tuple[int, str]]:
    """(rows, md5 of all rows in order) of each table of the application, in one snapshot."""
    found = {}
    with psycopg.connect(postgres.url(SUPERUSER, DATABASE)) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (name,) in tables:
            rows = sql.SQL("SELECT md5(one::text) AS row FROM {} AS one").format(sql.Identifier(name))
            total = sql.SQL("SELECT count(*), coalesce(md5(string_agg(row, '' ORDER BY row)), '') FROM ({}) AS rows")
            found[name] = connection.execute(total.format(rows)).fetchone()
    return found


if __name__ == "__main__":
    sys.exit(main())
