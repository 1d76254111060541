"""B19: the pages of ordinary work in a team of 10,000 imported clients: CPU of the server, bytes of the page.

BENCH_CLIENTS is how many clients the team has (10,000). CPU is the application's and its database connection's.
"""

import datetime
import gzip
import io
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.database import migrated
from bench.figures import Figure

CLIENTS, ROUNDS = int(os.environ.get("BENCH_CLIENTS", "10000")), 5
SESSIONS = 6  # of each client
CPU_TARGET, CPU_LEAST = 0.5, 1.0  # seconds
BYTES_TARGET, BYTES_LEAST = 60.0, 120.0  # thousands
TICKS = os.sysconf("SC_CLK_TCK")
PAGES = {
    "Today": "/today/",
    "Today, who is late": "/today/?need=late&page=3",
    "groups": "/groups/",
    "paper": "/paper/",
    "clients": "/clients/",
}


@dataclass(frozen=True)
class Page:
    """CPU seconds of one answer, and its bytes as they are and compressed."""

    cpu: float
    size: int
    compressed: int


def measure() -> Iterator[Figure]:
    """Each round asks for every page once."""
    with migrated():
        browser = _team()
        for address in PAGES.values():
            _ask(browser, address)  # what is read once a process
        rounds = [{name: _ask(browser, address) for name, address in PAGES.items()} for _ in range(ROUNDS)]
    words = f"{CLIENTS:,} clients, %s: "
    for name in PAGES:
        pages = [one[name] for one in rounds]
        cpu, size = tuple(page.cpu for page in pages), tuple(page.size / 1000 for page in pages)
        compressed = f"{pages[0].compressed / 1000:.1f} compressed"
        yield Figure("B19", words % name + "CPU seconds", cpu, CPU_TARGET, CPU_LEAST, more=False)
        yield Figure("B19", words % name + "kB", size, BYTES_TARGET, BYTES_LEAST, more=False, notes=compressed)


def _team():
    """A browser of somebody in a team with so many clients."""
    from django.db import connections
    from django.test import Client

    from organisations.models import Membership, Organisation, Practitioner, Service, Team, User
    from organisations.services.local_day import today_in
    from organisations.tenancy.context import tenant

    organisation = Organisation.objects.create(name="Bench", slug="bench-large-team", language="da")
    user = User.objects.create_user("ann@example.org", "a long enough password")
    with tenant(organisation.pk):
        service = Service.objects.create(organisation=organisation, name="House")
        team = Team.objects.create(organisation=organisation, service=service, name="Red")
        ann = Practitioner.objects.create(organisation=organisation, user=user, name="Ann", role="practitioner")
        Membership.objects.create(organisation=organisation, practitioner=ann, team=team)
    start = time.monotonic()
    fill(organisation, CLIENTS, today=today_in(organisation))
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum does a minute after an import
    print(f"{CLIENTS:,} clients were made in {time.monotonic() - start:.0f} s", file=sys.stderr)
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(user)
    return browser


def fill(
    organisation,
    clients: int,
    *,
    today: datetime.date,
    first: int = 0,
    team: Callable[[int], str] = lambda _number: "Red",
) -> None:
    """Import so many clients, numbered from `first`, into service "House" and the `team` of that number, with alerts.

    Most get an appointment, some a rhythm.
    """
    from clients.models import Client
    from organisations.audit import record
    from organisations.tenancy.context import tenant
    from sessions_app.imports.service import import_sessions
    from sessions_app.periodic import follow_tones

    file = _file(range(first, first + clients), today, team)
    with tenant(organisation.pk), record.recorded(organisation_id=organisation.pk, request_id="bench"):
        report = import_sessions(organisation=organisation, file=file, by=None)
        if report.imported != clients * SESSIONS:
            raise RuntimeError(f"{report.imported} sessions were imported: the run is void")
        draw = random.Random(2)
        changed = list(Client.objects.filter(organisation=organisation).order_by("reference"))
        for client in changed:
            client.next_on = draw.choice((None, *(today + datetime.timedelta(days=days) for days in range(-14, 30))))
            client.outcome_rhythm = draw.choice((0, 7, 14, 30))
        Client.objects.bulk_update(changed, ["next_on", "outcome_rhythm"], batch_size=1000)
    follow_tones()


def _file(clients: range, today: datetime.date, team: Callable[[int], str]) -> io.BytesIO:
    draw = random.Random(clients.start)
    lines = ["client_reference;service;team;held_on;ors_total;srs_total"]
    for number in clients:
        last, ors = today - datetime.timedelta(days=draw.randint(1, 40)), draw.randint(80, 300)
        for session in range(SESSIONS):
            day = last - datetime.timedelta(days=14 * (SESSIONS - 1 - session))
            ors = min(400, max(0, ors + draw.randint(-40, 55)))
            lines.append(f"L-{number};House;{team(number)};{day};{ors / 10};{draw.randint(300, 400) / 10}")
    return io.BytesIO("\n".join(lines).encode())


def _ask(browser, address: str) -> Page:
    before = _used()
    answer = browser.get(address, secure=True)
    used = _used() - before
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}: the run is void")
    return Page(used, len(answer.content), len(gzip.compress(answer.content, 6)))


def _used() -> float:
    """CPU seconds so far of this process and of the database's process for its connection."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    fields = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
    return time.process_time() + (int(fields[11]) + int(fields[12])) / TICKS
