"""`make drill-keys`: the key of clients' words is rotated while they are written, and what rotates is killed.

Afterwards every word that was acknowledged opens with the new key, none with the old one, none of a shredded client,
and a dump of the database holds no word. Exit 1 otherwise. `--break plain|old|lost` are controls that must fail: a
word in plain, a rotation that was never finished, a new key that is gone.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from bench.drills.people import make_organisation, open_forms
from bench.drills.sealing import MARKER, SLUG
from bench.running import DATABASE, MANAGE, Running, add_word_key, running
from fit_project.local.demo import PROJECT
from fit_project.local.postgres import SUPERUSER

WRITERS = 3
SEALING = [sys.executable, "-m", "bench.drills.sealing"]


def main() -> int:
    """Print counts; 1 when a word was lost, opens where it must not, or lies in the dump."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--clients", type=int, default=120)
    options.add_argument("--kills", type=int, default=6)
    options.add_argument("--seed", type=int, default=int(time.time()))
    options.add_argument("--break", dest="broken", choices=["plain", "old", "lost"], default="")
    chosen = options.parse_args()
    print(f"drill-keys: {chosen.clients} clients, {chosen.kills} kills, seed {chosen.seed}", flush=True)
    with running(()) as whole:
        drill = Drill(whole, random.Random(chosen.seed))
        try:
            return drill.run(chosen.clients, chosen.kills, chosen.broken)
        finally:
            drill.end_writers()


class Drill:
    """Writers, each with a file of what it was told is stored, and what rotates the keys meanwhile."""

    def __init__(self, whole: Running, draw: random.Random):
        self.whole, self.draw = whole, draw
        self.env = whole.env | {"DJANGO_SETTINGS_MODULE": "fit_project.settings"}
        self.writers: list[subprocess.Popen[bytes]] = []
        self.told: list[Path] = []
        self.writing = whole.folder / "writing.json"

    def run(self, clients: int, kills: int, broken: str) -> int:
        written, shredded = self.begin(clients)
        old = self.whole.word_keys.read_text()
        self.start_writers()
        add_word_key(self.whole.word_keys, "second")
        wrapped = [self.rotate_and_kill() for _ in range(kills)]
        left = self.wrapped_by_the_old()
        if broken != "old":
            print(self.rotate_to_the_end())
        self.end_writers()
        told = self.acknowledged()
        new = "".join(self.whole.word_keys.read_text().splitlines(keepends=True)[-1:])
        if broken == "lost":
            new = f"second {os.urandom(32).hex()}\n"
        if broken == "plain":
            self.put_in_plain()
        print(f"{len(told)} clients written to by {WRITERS} writers, {len(shredded)} shredded before")
        print(f"killed {kills} times while rotating, after {wrapped} keys, {left} left; a writer with each of them")
        print(f"acknowledged words {sum(len(set(words)) for words in told.values())}, at the beginning {written}")
        if not left or not sum(wrapped):
            print("VOID: nothing was killed in between; take more clients, or fewer kills")
            return 1
        return self.judge(self.read(new, told), self.read(old, told), self.read(old + new, shredded), len(told))

    def judge(self, with_new: dict[str, int], with_old: dict[str, int], of_shredded: dict[str, int], rows: int) -> int:
        """Print what opens with which key and what the dump holds; 1 when anything is not as it must be."""
        marks, size = self.dumped()
        print(f"with the new key alone: {with_new['open']} open, {with_new['shut']} shut")
        print(f"with the old key alone: {with_old['open']} open, {with_old['shut']} shut, rows {with_old['rows_open']}")
        print(f"of shredded clients with both: {of_shredded['open']} open, rows {of_shredded['rows_open']}")
        print(f"a dump of {size} bytes holds a marker word {marks} times")
        good = with_new["open"] and not with_new["shut"] and with_new["rows_open"] == rows
        shut = not (with_old["open"] or with_old["rows_open"] or of_shredded["open"] or of_shredded["rows_open"])
        print("HOLDS" if good and shut and not marks else "DOES NOT HOLD")
        return 0 if good and shut and not marks else 1

    # Before

    def begin(self, clients: int) -> tuple[int, dict[str, list[str]]]:
        """Words of every client, and some clients shredded again: (words, {shredded client: its words})."""
        from clients.models import Client
        from clients.services.word_keys import shred_words
        from organisations.audit import record
        from organisations.tenancy.context import tenant

        organisation, person = make_organisation(SLUG)
        open_forms(organisation, person, clients=clients, sessions=1)
        with tenant(organisation.pk), record.recorded(organisation_id=organisation.pk, request_id="drill"):
            rows = list(Client.objects.order_by("pk"))
            for row in rows:
                row.contact_note = f"{MARKER}-first-{row.pk}"
                row.save(update_fields=["contact_note"])
            shredded = rows[::8]
            for row in shredded:
                shred_words(row, by=person)
        gone = {str(row.pk): [f"{MARKER}-first-{row.pk}"] for row in shredded}
        self.first = {str(row.pk): [f"{MARKER}-first-{row.pk}"] for row in rows if str(row.pk) not in gone}
        self.writing.write_text(json.dumps(list(self.first)))
        return len(rows), gone

    # Meanwhile

    def start_writers(self) -> None:
        for _number in range(WRITERS):
            self.start_writer()
        deadline = time.monotonic() + 120
        while not all(path.stat().st_size for path in self.told) and time.monotonic() < deadline:
            time.sleep(0.1)

    def start_writer(self) -> None:
        told = self.whole.folder / f"told-{len(self.told)}"
        with told.open("wb") as file:
            self.writers.append(subprocess.Popen([*SEALING, "write", str(self.writing)], **self._process(file)))
        self.told.append(told)

    def rotate_and_kill(self) -> int:
        """Kill what rotates after some of its transactions, or in one, and a writer; how many keys were wrapped."""
        count, stop = 0, self.draw.randint(1, 3)
        with subprocess.Popen([*SEALING, "rotate", "-"], **self._process(subprocess.PIPE)) as child:
            for number, line in enumerate(child.stdout or [], 1):
                count += int(line)
                if number == stop:
                    time.sleep(self.draw.random() * 0.1)
                    break
            child.kill()
        victim = self.writers.pop(0)
        victim.kill()
        victim.wait()
        self.start_writer()
        return count

    def wrapped_by_the_old(self) -> int:
        from clients.services.word_keys import wrapped_by

        return wrapped_by()["first"]

    def rotate_to_the_end(self) -> str:
        command = [*MANAGE, "rotate_word_keys"]
        ended = subprocess.run(command, env=self.whole.env, cwd=PROJECT, capture_output=True, text=True, check=False)
        return (ended.stdout + ended.stderr).strip()

    def end_writers(self) -> None:
        while self.writers:
            writer = self.writers.pop()
            writer.send_signal(signal.SIGKILL)
            writer.wait()

    # Afterwards

    def acknowledged(self) -> dict[str, list[str]]:
        """By client every text of which a writer printed that it is stored; half a line was not told."""
        found = {client: list(words) for client, words in self.first.items()}
        for path in self.told:
            for line in path.read_text().splitlines(keepends=True):
                if line.endswith("\n"):
                    client, words = line.split()
                    found[client].append(words)
        return found

    def read(self, keys: str, wanted: dict[str, list[str]]) -> dict[str, int]:
        """What a process with this key file can open of the wanted words."""
        file, asked = self.whole.folder / "read-keys", self.whole.folder / "asked.json"
        file.write_text(keys)
        file.chmod(0o600)
        asked.write_text(json.dumps(wanted))
        env = self.env | {"WORD_KEYS_FILE": str(file)}
        command = [*SEALING, "read", str(asked)]
        said = subprocess.run(command, env=env, cwd=PROJECT, check=True, capture_output=True, text=True).stdout
        return json.loads(said.splitlines()[-1])

    def put_in_plain(self) -> None:
        with psycopg.connect(self.whole.postgres.url(SUPERUSER, DATABASE), autocommit=True) as connection:
            connection.execute("UPDATE organisations_team SET name = %s", [MARKER])

    def dumped(self) -> tuple[int, int]:
        """How often a marker stands in a dump of everything, and how large that is."""
        path = self.whole.folder / "dump.sql"
        url = self.whole.postgres.url(SUPERUSER, DATABASE)
        subprocess.run([str(self.whole.postgres.bin / "pg_dump"), "--file", str(path), url], check=True)
        content = path.read_bytes()
        return content.count(MARKER.encode()), len(content)

    def _process(self, stdout) -> dict:
        return {"env": self.env, "cwd": PROJECT, "stdout": stdout}


if __name__ == "__main__":
    sys.exit(main())
