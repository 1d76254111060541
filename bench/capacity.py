"""B17, B21: what a session costs, and how many of them two cores bear: practitioners at work on a whole Medspil.

The loop is closed: each practitioner waits for an answer, thinks, and goes on (bench/holding_sessions.py); thinking is
shortened by a stated factor, so that few people make the load of many. More and more of them work until the slowest
twentieth of the answers takes longer than LIMIT; from the last step before, and from the CPU that a session took there,
follows how many practitioners a core bears. AGAINST=REV compares the CPU of a session (B17), the two in turns.
BENCH_PEOPLE="8 16 32" chooses the steps, BENCH_SECONDS (60) how long each lasts, BENCH_SHORTER (60) the factor.
"""

import os
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.against import in_turns, sides, take_turns
from bench.drills.people import staff_cookie
from bench.figures import Figure, NotRun
from bench.holding_sessions import PIN, Practitioner, Said
from bench.large_team import fill
from bench.running import Running, gather_statistics, running, wait_until
from bench.scale import Growth, growth, sizes

PEOPLE = tuple(int(number) for number in (os.environ.get("BENCH_PEOPLE") or "8 16 24 32 48 64").split())
SECONDS = float(os.environ.get("BENCH_SECONDS") or 60)
SHORTER = float(os.environ.get("BENCH_SHORTER") or 60)
SCALE = os.environ.get("BENCH_SCALE")  # a file for what it makes of a whole country
TEAM, CASELOAD = 5, 8
LIMIT = 0.3  # seconds: the 95th percentile of every answer
WARM_UP = 20.0  # seconds of work before the first step: each process reads once what it keeps
SETTLED = 60.0  # seconds for what goes on after the last answer
BUSY_HOUR = 1.0  # sessions of one practitioner in the busiest hour of a day
HEADROOM = 0.5  # of a core in that hour: mails, exports, the night's jobs and a bad day have the other half


@dataclass(frozen=True)
class Step:
    """So many practitioners at once: seconds it took, what was said, CPU seconds by process."""

    people: int
    seconds: float
    said: Said
    cpu: Counter[str]

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.said.every(), n=20)[-1]

    @property
    def cost(self) -> float:
        """CPU seconds a session."""
        return self.cpu.total() / self.said.sessions

    @property
    def parts(self) -> str:
        """The same by process, in words."""
        return ", ".join(f"{name} {used / self.said.sessions:.3f}" for name, used in self.cpu.most_common())

    def line(self) -> str:
        answers = statistics.quantiles(self.said.seconds["answer"], n=20)[-1]
        slowest = max(self.said.seconds, key=lambda step: statistics.median(self.said.seconds[step]))
        middle = statistics.median(self.said.seconds[slowest])
        rate = 60 * self.said.sessions / self.seconds
        return (
            f"  {self.people} practitioners, thinking {SHORTER:g} times as fast: {rate:.0f} sessions a minute, "
            f"p95 {1000 * self.p95:.0f} ms, of a client's answer {1000 * answers:.0f} ms, "
            f"the slowest step is {slowest} (middle {1000 * middle:.0f} ms); "
            f"CPU seconds a session {self.cost:.3f} ({self.parts})"
        )


@dataclass(frozen=True)
class Capacity:
    """Lines of a sizing table, from the last step that kept LIMIT."""

    step: Step

    def line(self) -> str:
        rate, cost = 60 * self.step.said.sessions / self.step.seconds, self.step.cost
        people = 3600 * HEADROOM / cost / BUSY_HOUR
        return (
            f"CAPACITY {rate:.0f} sessions a minute at p95 {1000 * self.step.p95:.0f} ms (limit {1000 * LIMIT:.0f}) on "
            f"{os.cpu_count()} cores, which the bench's own {self.step.people} practitioners share; a core, half of it "
            f"kept free, bears {people:,.0f} practitioners with {BUSY_HOUR:g} session each in the busiest hour "
            f"({cost:.3f} CPU seconds a session)"
        )


def measure() -> Iterator[Figure | Capacity | Growth | NotRun]:
    """The steps, and the table; or the ratio of the CPU of a session here and in AGAINST."""
    against = os.environ.get("AGAINST")
    if against:
        yield _compared(against)
        return
    with running() as whole:
        bench = Bench(whole, max(PEOPLE))
        bench.work(PEOPLE[0], WARM_UP)
        kept, held, before = None, 0, sizes()
        for people in PEOPLE:
            step = bench.work(people, SECONDS)
            held += step.said.sessions
            print(step.line(), flush=True)
            if step.p95 > LIMIT:
                break
            kept = step
        added = growth(before, sessions=held, cost=(kept or step).cost)
    yield added
    found: Capacity | NotRun = (
        Capacity(kept) if kept else NotRun("CAPACITY", f"already {PEOPLE[0]} practitioners wait longer than the limit")
    )
    if SCALE:
        Path(SCALE).write_text(f"{added.document()}\n**One machine.** {found.line()}.\n")
    yield found


def _compared(against: str) -> Figure:
    with sides(against, "capacity") as (here, there):
        both = list(in_turns(here.turn, there.turn))
    ratios = tuple(ours["cost"] / theirs["cost"] for ours, theirs in both)
    notes = f"{both[-1][0]['cost']:.3f} s here ({both[-1][0]['parts']}), {both[-1][1]['cost']:.3f} s there"
    words = f"CPU seconds a session of {PEOPLE[0]} practitioners / that of {against}"
    return Figure("B17", words, ratios, 0.35, 0.5, more=False, notes=notes)


class Bench:
    """The people, their clients and their log-ins on a running Medspil."""

    def __init__(self, whole: Running, people: int):
        self.whole = whole
        self.people = _make_people(people)
        self.number = 0

    def work(self, people: int, seconds: float) -> Step:
        """Raises RuntimeError when somebody could not go on."""
        end = time.monotonic() + seconds
        self.number += 1
        at_work = [
            Practitioner(f"http://localhost:{self.whole.port}", *_of(person), SHORTER, self.number * 1000 + place)
            for place, person in enumerate(self.people[:people])
        ]
        before, start = self.whole.cpu_seconds(), time.monotonic()
        threads = [threading.Thread(target=one.hold, args=(lambda: time.monotonic() > end,)) for one in at_work]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.monotonic() - start
        self._settle()
        if faults := [fault for one in at_work for fault in one.said.faults]:
            raise RuntimeError(f"{len(faults)} could not go on: {faults[0]}: the run is void")
        return Step(people, took, _together([one.said for one in at_work]), self.whole.cpu_seconds() - before)

    def _settle(self) -> None:
        """What the last answers asked of relay and worker belongs to their sessions."""
        from bench.drills.counting import outbox_is_empty

        wait_until(outbox_is_empty, SETTLED)


def _of(person: dict[str, Any]) -> tuple[dict[str, str], list[str]]:
    return person["cookies"], person["clients"]


def _together(all_said: list[Said]) -> Said:
    whole = Said()
    for said in all_said:
        whole.sessions += said.sessions
        for step, seconds in said.seconds.items():
            whole.seconds.setdefault(step, []).extend(seconds)
    return whole


def _make_people(number: int) -> list[dict[str, Any]]:
    """Teams of five with eight clients each, who have had six sessions; each with the cookies of a log-in."""
    from clients.models import Client
    from organisations.models import Membership, Organisation, Practitioner, Service, Team, User
    from organisations.services.local_day import today_in
    from organisations.tenancy.context import tenant

    organisation = Organisation.objects.create(name="Bench", slug="bench-capacity", language="da")
    typical = User()
    typical.set_pin(PIN)
    people = []
    with tenant(organisation.pk):
        service = Service.objects.create(organisation=organisation, name="House")
        for place in range(-(-number // TEAM)):
            team = Team.objects.create(organisation=organisation, service=service, name=f"Team {place}")
            for member in range(place * TEAM, (place + 1) * TEAM):
                user = User.objects.create(email=f"p{member}@bench.example", pin_hash=typical.pin_hash)
                facts = {"organisation": organisation, "user": user, "name": f"P {member}", "role": "practitioner"}
                person = Practitioner.objects.create(**facts)
                Membership.objects.create(organisation=organisation, practitioner=person, team=team)
                people.append({"person": person, "user": user, "team": team.name})
    fill(
        organisation,
        len(people) * CASELOAD,
        today=today_in(organisation),
        team=lambda client: people[client // CASELOAD]["team"],
    )
    for place, person in enumerate(people):
        references = [f"L-{client}" for client in range(place * CASELOAD, (place + 1) * CASELOAD)]
        with tenant(organisation.pk):
            own = Client.objects.filter(reference__in=references)
            own.update(contact=person["person"])
            person["clients"] = [str(key) for key in own.values_list("pk", flat=True)]
        person["cookies"] = dict([staff_cookie(person["user"])])
    gather_statistics()
    return people


def main() -> None:
    """One side of a comparison."""
    with running() as whole:
        bench = Bench(whole, PEOPLE[0])
        bench.work(PEOPLE[0], WARM_UP)

        def turn() -> dict[str, Any]:
            step = bench.work(PEOPLE[0], SECONDS)
            return {"cost": step.cost, "parts": step.parts}

        take_turns(turn)


if __name__ == "__main__":
    main()
