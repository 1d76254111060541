"""B15: from a client's answer until its alert can be seen, at so many answers a second, on a whole Medspil.

The load is open: answers are sent when their time comes, however long others take. Each is a first answer above the
cutoff, which raises an alert at once; its way is the outbox, the relay, a real broker, a worker and the evaluation.
It is seen by a connection of the bench's own, which looks every LOOK seconds, and counts from the answer's 303 on.
Where an alert never came, or the answers could not be sent at their rate, the run is void. AGAINST=REV compares with
that commit, in turns. BENCH_RATE (50 answers a second) is lowered on a machine that cannot bear them; BENCH_SECONDS
(20) is how long a turn lasts.
"""

import os
import statistics
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bench.against import in_turns, sides, take_turns
from bench.drills.answering import post
from bench.drills.people import make_organisation, open_forms
from bench.figures import Figure, NotRun
from bench.running import gather_statistics, running

RATE = float(os.environ.get("BENCH_RATE") or 50)
SECONDS = float(os.environ.get("BENCH_SECONDS") or 20)
SENDERS = 16  # answers that may be on their way at once
LOOK = 0.005
PATIENCE = 60.0  # seconds for the alerts after the last answer
RATE_KEPT = 0.9  # of the wanted rate; less than that is another measurement
RULE = "O7"  # above the cutoff from the start
WARMING = 5.0  # answers a second before anything is measured, for as many seconds


def measure() -> Iterator[Figure | NotRun]:
    """The ratio of the 95th percentiles, turn by turn; alone, what this tree needs."""
    against = os.environ.get("AGAINST")
    if not against:
        yield NotRun("B15", "AGAINST=REV names the version to compare with")
        return
    with sides(against, "alert_latency") as (here, there):
        both = list(in_turns(here.turn, there.turn))
    ratios = tuple(ours["p95"] / theirs["p95"] for ours, theirs in both)
    notes = "; ".join(
        f"{name} p50 {_middle(said, 'p50'):.0f} ms, p95 {_middle(said, 'p95'):.0f} ms, {said[-1]['rate']:.1f} a second"
        for name, said in (("here", [one for one, _ in both]), ("there", [one for _, one in both]))
    )
    words = f"answer to visible alert, p95 at {RATE:g} answers a second / that of {against}"
    yield Figure("B15", words, ratios, 0.4, 0.6, more=False, notes=notes)


def _middle(said: list[dict[str, Any]], name: str) -> float:
    """Milliseconds: the median of the turns."""
    return 1000 * statistics.median(one[name] for one in said)


class Watch(threading.Thread):
    """When each session's alert was first seen (`seen`: session id -> seconds of the monotonic clock)."""

    def __init__(self, organisation_id: uuid.UUID):
        super().__init__(daemon=True)
        self.organisation_id = organisation_id
        self.seen: dict[str, float] = {}
        self.ready, self.ending = threading.Event(), threading.Event()

    def run(self) -> None:
        from django.db import connection

        from organisations.tenancy.context import tenant

        with tenant(self.organisation_id), connection.cursor() as cursor:
            while not self.ending.is_set():
                cursor.execute(
                    "SELECT session_id FROM sessions_app_alert WHERE rule = %s AND NOT session_id = ANY(%s::uuid[])",
                    [RULE, list(self.seen)],
                )
                now = time.monotonic()
                self.seen |= {str(session): now for (session,) in cursor.fetchall()}
                self.ready.set()
                self.ending.wait(LOOK)
        connection.close()


def latencies(port: int, name: str, rate: float, seconds: float) -> tuple[list[float], float]:
    """(seconds from each answer until its alert was seen, answers a second), of a new organisation of that name."""
    organisation, person = make_organisation(name)
    forms = open_forms(organisation, person, int(rate * seconds), 1)
    gather_statistics()
    watch = Watch(organisation.pk)
    watch.start()
    watch.ready.wait()
    answered, took = _answer(port, forms, rate)
    deadline = time.monotonic() + PATIENCE
    while len(watch.seen) < len(forms) and time.monotonic() < deadline:
        time.sleep(0.05)
    watch.ending.set()
    watch.join()
    if missing := answered.keys() - watch.seen.keys():
        raise RuntimeError(f"{len(missing)} of {len(forms)} alerts never came: the run is void")
    # A thread that waits for its 303 may hear of it after the alert was seen.
    return [max(0.0, watch.seen[session] - at) for session, at in answered.items()], len(forms) / took


def _answer(port: int, forms: list[tuple[str, str, tuple[str, ...]]], rate: float) -> tuple[dict[str, float], float]:
    """(when each session's answer was stored, seconds that all of them took)."""
    start = time.monotonic()

    def one(place: int) -> tuple[str, float]:
        session, token, items = forms[place]
        fields = dict.fromkeys(items, "7.0") | {"submission_id": str(uuid.uuid4())}
        time.sleep(max(0.0, start + place / rate - time.monotonic()))
        status = post(port, f"/f/{token}/", fields).status
        if status != 303:
            raise RuntimeError(f"an answer was answered {status}: the run is void")
        return session, time.monotonic()

    with ThreadPoolExecutor(SENDERS) as pool:
        answered = dict(pool.map(one, range(len(forms))))
    return answered, time.monotonic() - start


def main() -> None:
    """One side of a comparison."""
    with running() as whole:
        latencies(whole.port, "warming", WARMING, WARMING)
        turns = iter(range(1_000_000))

        def turn() -> dict[str, float]:
            found, rate = latencies(whole.port, f"turn-{next(turns)}", RATE, SECONDS)
            if rate < RATE_KEPT * RATE:
                raise RuntimeError(
                    f"only {rate:.1f} answers a second could be sent (lower BENCH_RATE): the run is void"
                )
            ranks = statistics.quantiles(found, n=20)
            return {"p50": ranks[9], "p95": ranks[18], "rate": rate}

        take_turns(turn)


if __name__ == "__main__":
    main()
