"""`make drill-upgrade`: answers come in while the web processes, in two groups, are started anew, killed and upgraded.

A proxy of the drill's own sends each connection to the next group that takes it, as any proxy does. With AGAINST=REV
everything begins as that commit, and steps 3 to 5 of "Upgrade" in docs/operations.md bring it here under load. A
practitioner stays logged in and asks for Today all the time. Exit 1 on an answer lost or doubled, a log-in lost, or a
wait for a lock of more than LOCK seconds. With --kill-one all that happens is that a group is killed on the way and
stays away.
"""

import argparse
import contextlib
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench.against import tree_of
from bench.drills.answering import HEADERS, Ledger, answer_all
from bench.drills.counting import broken_links, lost_and_doubled, outbox_is_empty, stored_answers
from bench.drills.locks import LongestWait
from bench.drills.proxy import Proxy
from bench.running import MANAGE, SERVICES, Running, gather_static, running, wait_until
from fit_project.local.broker import free_port
from fit_project.local.demo import PROJECT

GROUPS = ("web-a", "web-b")
RATE = 6.0  # answers a second
SESSIONS = 8
LOCK = 1.0  # seconds
SETTLED = 180.0


def main() -> int:
    """Print the counts; 0 when nothing was lost."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--n", type=int, default=1000, help="answers")
    options.add_argument("--seed", type=int, default=int(time.time()))
    options.add_argument("--kill-one", action="store_true", help="kill one of the two groups once, start nothing anew")
    chosen = options.parse_args()
    before = os.environ.get("AGAINST")
    with tree_of(before) if before else contextlib.nullcontext(PROJECT) as tree:
        words = f"{before}, upgraded to this tree" if before else "this tree"
        print(f"drill-upgrade: {chosen.n} answers, seed {chosen.seed}, {words}", flush=True)
        with running(("broker", "relay", "worker"), project=tree) as whole:
            kind = KillOne if chosen.kill_one else Upgrade
            return 0 if kind(whole, tree, chosen.seed).run(chosen.n) else 1


class Upgrade:
    """Two groups of web processes, the proxy before them, and what is done to them."""

    wanted: tuple[str, ...] = ("restarts", "kills")  # what has to have happened, for the run to say anything

    def __init__(self, whole: Running, tree: Path, seed: int):
        self.whole, self.tree, self.draw = whole, tree, random.Random(seed)
        self.ports = {group: free_port() for group in GROUPS}
        self.proxy = Proxy(whole.port, self.ports)
        self.number = 0
        self.done: Counter[str] = Counter()
        self.over = threading.Event()
        self.ledger = Ledger()
        self.log_in = LogIn(whole.port)

    def run(self, number: int) -> bool:
        people = self._people(number)
        self.number = number
        forms = [(session, token, tuple(items)) for session, token, items in people["forms"][:number]]
        self.draw.shuffle(forms)
        for group in GROUPS:
            self._start(group)
        with self.proxy.serving(), LongestWait(self.whole) as waiting, self.log_in.used(people["cookie"], self.over):
            worker = threading.Thread(target=self._work_on_them)
            worker.start()
            answer_all(self.whole.port, forms, self.ledger, rate=RATE)
            self.over.set()
            worker.join()
        return self._print(people["organisation"], len(forms), waiting.seconds)

    def _people(self, number: int) -> dict:
        """Made by the version that everything begins as: this one may know columns that are not there yet."""
        command = [sys.executable, "-m", "bench.drills.people", str(-(-number // SESSIONS)), str(SESSIONS)]
        made = subprocess.run(
            command, cwd=self.tree, env=self.whole.owner_env, check=True, stdout=subprocess.PIPE, text=True
        )
        return json.loads(made.stdout)

    def _work_on_them(self) -> None:
        """The upgrade once, if there is one; then restarts and kills in turn until the last answer."""
        time.sleep(3)
        if self.tree != PROJECT:
            self._upgrade()
        while not self.over.wait(self.draw.uniform(1, 3)):
            self._restart(self.draw.choice(GROUPS))
            if self.over.wait(self.draw.uniform(1, 3)):
                break
            self._kill(self.draw.choice(GROUPS))

    def _upgrade(self) -> None:
        """Steps 3 to 5 of docs/operations.md."""
        env = self.whole.owner_env
        subprocess.run([*MANAGE, "migrate", "--database", "owner", "-v", "0"], cwd=PROJECT, env=env, check=True)
        gather_static(self.whole.env)
        self.tree = self.whole.project = PROJECT
        for group in GROUPS:
            self._restart(group)
        for name in ("relay", "worker"):
            self.whole.processes.end([name])
            self.whole.start(name)
        self.done["upgrades"] += 1

    def _restart(self, group: str) -> None:
        """Out of the proxy, ended with its open requests answered, started, and in again."""
        self.proxy.leave_out(group)
        self.whole.processes.end([group], seconds=60)
        self._start(group)
        self.done["restarts"] += 1

    def _kill(self, group: str) -> None:
        self.whole.kill(group)
        self._start(group)
        self.done["kills"] += 1

    def _start(self, group: str) -> None:
        port = self.ports[group]
        env = self.whole.env | {"PORT": str(port)}
        self.whole.processes.start(group, SERVICES["web"], env=env, cwd=self.tree)
        self.whole.wait_for_web(port)
        self.proxy.take_in(group)

    def _print(self, organisation: str, forms: int, waited: float) -> bool:
        from django.db import connections

        from organisations.models import Organisation

        connections.close_all()
        settled = wait_until(outbox_is_empty, SETTLED)
        there = Organisation.objects.get(pk=organisation)
        stored = stored_answers(there)
        lost, doubled = lost_and_doubled(self.ledger, stored)
        figures = {
            "forms": forms,
            "acknowledged": len(self.ledger.acknowledged),
            "lost": lost,
            "doubled": doubled,
            "refused": len(self.ledger.refused),
            "given up": len(self.ledger.given_up),
            "log-ins lost": self.log_in.lost,
            "broken links of the access log": broken_links(there),
        }
        print(", ".join(f"{name} {number}" for name, number in self.done.items()))
        print(
            f"{self.ledger.repeats} attempts were repeated; Today was shown {self.log_in.shown} times to one log-in; "
            f"the longest wait for a lock {waited:.2f} s; the outbox was empty after {settled:.1f} s"
        )
        print("; ".join(f"{name} {value}" for name, value in figures.items()))
        bad = [value for name, value in figures.items() if name not in ("forms", "acknowledged")]
        tried = all(self.done[name] for name in self.wanted) and self.log_in.shown
        return (
            not any(bad) and figures["acknowledged"] == forms and waited <= LOCK and settled < SETTLED and bool(tried)
        )


class KillOne(Upgrade):
    """One group is killed when a third of the answers is stored, and the other is left with the rest."""

    wanted = ("kills", "shown after the kill")

    def _work_on_them(self) -> None:
        while len(self.ledger.acknowledged) < self.number / 3 and not self.over.wait(0.05):
            pass
        self.whole.kill(GROUPS[0])
        self.done["kills"] += not self.over.is_set()
        shown = self.log_in.shown
        self.over.wait()
        self.done["shown after the kill"] = self.log_in.shown - shown


class LogIn:
    """A practitioner's browser that asks for Today: how often it was shown, and how often a log-in was asked for."""

    def __init__(self, port: int):
        self.port, self.shown, self.lost = port, 0, 0

    @contextlib.contextmanager
    def used(self, cookie: str, over: threading.Event) -> Iterator[None]:
        asking = threading.Thread(target=self._ask, args=(cookie, over))
        asking.start()
        try:
            yield
        finally:
            over.set()
            asking.join()

    def _ask(self, cookie: str, over: threading.Event) -> None:
        import http.client

        while not over.wait(0.3):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            with contextlib.suppress(OSError, http.client.HTTPException):  # asked again, as somebody would
                connection.request("GET", "/today/", headers=HEADERS | {"Cookie": cookie})
                answer = connection.getresponse()
                answer.read()
                self.shown += answer.status == 200
                self.lost += answer.status in (302, 403)
            connection.close()


if __name__ == "__main__":
    sys.exit(main())
