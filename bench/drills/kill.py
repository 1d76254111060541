"""`make drill-kill`: answers are sent while web, worker, relay, database and broker are killed. Exit 1 on any loss.

Then the form's own page in a browser that is killed (bench/drills/pages.py).
"""

import argparse
import random
import subprocess
import sys
import threading
import time

from bench.drills.answering import Ledger, answer_all, post
from bench.drills.counting import alerts_off, broken_links, lost_and_doubled, outbox_is_empty, stored_answers
from bench.drills.people import make_organisation, open_forms
from bench.running import Running, running, wait_until

TARGETS = ("web", "worker", "relay", "postgres", "broker")
UNIQUE_KEYS = ("rating_once", "rating_submission_once")
RATE = 6.0  # answers a second: about three minutes for 1,000
SESSIONS = 8  # of one client, so that the rules have curves to speak of
SETTLED = 180.0  # seconds the outbox may need when nothing is killed any more


def main() -> int:
    """Print the counts; 1 when an answer or an alert was lost or doubled, or when the control saw nothing."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--n", type=int, default=1000, help="answers")
    options.add_argument("--seed", type=int, default=int(time.time()))
    options.add_argument("--pages", type=int, default=200, help="answers through the form's page; 0: none")
    chosen = options.parse_args()
    print(f"drill-kill: {chosen.n} answers, seed {chosen.seed}", flush=True)
    with running() as whole:
        good = _drill(whole, chosen.n, chosen.seed)
        good = _control(whole) and good
    return 0 if _pages(chosen.pages, chosen.seed) and good else 1


def _pages(number: int, seed: int) -> bool:
    """Whether the drill of the form's page passes. A process of its own: its Medspil has another database."""
    if not number:
        return True
    words = [sys.executable, "-m", "bench.drills.pages", "--n", str(number), "--seed", str(seed)]
    with subprocess.Popen(words) as child:
        try:
            return child.wait() == 0
        except BaseException:
            child.terminate()  # it ends its own servers
            raise


def _drill(whole: Running, number: int, seed: int) -> bool:
    from django.db import connections

    organisation, person = make_organisation("drill")
    forms = open_forms(organisation, person, -(-number // SESSIONS), SESSIONS)[:number]
    random.Random(seed).shuffle(forms)
    ledger, kills = Ledger(), dict.fromkeys(TARGETS, 0)
    over = threading.Event()
    killer = threading.Thread(target=_kill_and_restart, args=(whole, random.Random(seed), kills, over))
    killer.start()
    start = time.monotonic()
    answer_all(whole.port, forms, ledger, rate=RATE)
    over.set()
    killer.join()
    took = time.monotonic() - start
    connections.close_all()  # the database died under this process's connection too
    settled = wait_until(outbox_is_empty, SETTLED)
    return _print(organisation, ledger, kills, len(forms), took, settled)


def _kill_and_restart(whole: Running, draw: random.Random, kills: dict[str, int], over: threading.Event) -> None:
    """Every 2 to 5 seconds one of the processes dies by SIGKILL and is started again, each in its turn."""
    order: list[str] = []
    while not over.wait(draw.uniform(2, 5)):
        order = order or draw.sample(TARGETS, len(TARGETS))
        name = order.pop()
        whole.kill(name)
        kills[name] += 1
        time.sleep(draw.uniform(0, 1))
        whole.start(name)
        # On a busy machine the web server needs longer to start than 5 s: nobody could answer between two kills.
        whole.wait_for_web()


def _print(organisation, ledger: Ledger, kills, forms: int, took: float, settled: float) -> bool:
    stored = stored_answers(organisation)
    lost, doubled = lost_and_doubled(ledger, stored)
    wanted, off = alerts_off(organisation)
    links = broken_links(organisation)
    figures = {
        "forms": forms,
        "acknowledged": len(ledger.acknowledged),
        "stored": len(stored),
        "lost": lost,
        "doubled": doubled,
        "refused": len(ledger.refused),
        "given up": len(ledger.given_up),
        "alerts": wanted,
        "alerts lost or doubled": off,
        "broken links of the access log": links,
    }
    print(f"{sum(kills.values())} kills in {took:.0f} s: {', '.join(f'{name} {n}' for name, n in kills.items())}")
    print(f"{ledger.repeats} attempts were repeated; the outbox was empty {settled:.1f} s after the last answer")
    print("; ".join(f"{name} {value}" for name, value in figures.items()))
    bad = [figures[name] for name in ("lost", "doubled", "refused", "given up", "alerts lost or doubled")]
    return not any(bad) and not links and settled < SETTLED and wanted > 0 and all(kills.values())


def _control(whole: Running) -> bool:
    """Without the unique keys and the look-up before them, the same double taps must show duplicates."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        for name in UNIQUE_KEYS:
            cursor.execute(f"ALTER TABLE sessions_app_rating DROP CONSTRAINT IF EXISTS {name}")
            cursor.execute(f"DROP INDEX IF EXISTS {name}")  # a conditional key is an index only
    whole.processes.end(["web"])
    whole.wsgi = "bench.drills.unguarded"
    whole.start("web")
    whole.wait_for_web()
    organisation, person = make_organisation("control")
    for session, token, items in open_forms(organisation, person, 2, 5):
        fields = dict.fromkeys(items, "5.0") | {"submission_id": session}
        for _ in range(2):
            post(whole.port, f"/f/{token}/", fields)
    doubled = sum(len(answers) > 1 for answers in stored_answers(organisation).values())
    print(f"control without the unique keys: {doubled} of 10 forms doubled")
    return doubled > 0


if __name__ == "__main__":
    sys.exit(main())
