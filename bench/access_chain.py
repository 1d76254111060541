"""CHAIN: the access log's head is one row an organisation, held from its statement to COMMIT: what that costs.

The same answers are sent by 8 connections, once all of one organisation and once each of another, in turns; a ratio of
1 is a lock that nobody feels. How long the row is held is read from the server's log of an answer sent alone: the
statement that takes it, the time until COMMIT is asked for, COMMIT itself.
"""

import re
import statistics
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import psycopg

from bench.figures import Figure
from bench.load import run
from bench.running import DATABASE, Running, gather_statistics, running
from bench.submit import open_requests
from fit_project.local.postgres import SUPERUSER

WRITERS, ANSWERS, ROUNDS, ALONE = 8, 160, 7, 60
# Milliseconds since 1970 and the connection's process, then what a statement took.
LOGGED = re.compile(r"^(\d+)\.(\d+) \[(\d+)\] LOG:  duration: ([\d.]+) ms  (?:statement|execute [^:]*): (.*)$")
COMMIT = "COMMIT"


def measure() -> Iterator[Figure]:
    """Ratios one organisation / eight, and what an answer alone holds the row for."""
    with running(("broker", "web")) as whole:
        _round(whole, _of_many())  # every thread has its connection
        gather_statistics()
        rounds = [(_round(whole, open_requests(ANSWERS)), _round(whole, _of_many())) for _ in range(ROUNDS)]
        held = _held(whole)
    told = "an answer alone holds the row for " + ", ".join(f"{name} {ms:.2f} ms" for name, ms in held.items())
    words = f"of one organisation / of {WRITERS} organisations, {WRITERS} connections"
    rates = tuple(one[0] / many[0] for one, many in rounds)
    yield Figure("CHAIN", f"answers a second {words}", rates, 0.9, 0.75, notes=told)
    spent = tuple(one[1] / many[1] for one, many in rounds)
    yield Figure("CHAIN", f"CPU an answer {words}", spent, 1.1, 1.25, more=False, notes="web and database together")


def _of_many() -> list[bytes]:
    """As many answers, one of each organisation after the other."""
    return list(chain.from_iterable(zip(*(open_requests(ANSWERS // WRITERS) for _ in range(WRITERS)), strict=True)))


def _round(whole: Running, requests: list[bytes]) -> tuple[float, float]:
    """Answers a second, and CPU seconds of web and database."""
    before = whole.cpu_seconds()
    load = run(whole.port, requests, WRITERS)
    return load.rate, (whole.cpu_seconds() - before).total()


def _held(whole: Running) -> dict[str, float]:
    """Medians in milliseconds of the parts of the time for which the row is held."""
    log = Path(whole.processes.log("postgres"))
    with psycopg.connect(whole.postgres.url(SUPERUSER, DATABASE), autocommit=True) as superuser:
        superuser.execute("ALTER SYSTEM SET log_line_prefix = '%n [%p] '")
        superuser.execute(f"ALTER ROLE fit_app IN DATABASE {DATABASE} SET log_min_duration_statement = 0")
        superuser.execute("SELECT pg_reload_conf()")
        # The web server's connections are made anew, and have the setting from then on.
        superuser.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'fit_app'")
    from django.db import connections

    connections.close_all()
    requests = open_requests(2 * ALONE)
    run(whole.port, requests[:ALONE], 1)
    begun = log.stat().st_size
    run(whole.port, requests[ALONE:], 1)
    with log.open(encoding="utf-8", errors="replace") as lines:
        lines.seek(begun)
        return _parts(lines)


def _parts(lines: Iterator[str]) -> dict[str, float]:
    taken: dict[str, tuple[float, float]] = {}
    parts: dict[str, list[float]] = {"statement": [], "until COMMIT is asked for": [], "COMMIT": []}
    for line in lines:
        if not (found := LOGGED.match(line)):
            continue
        seconds, fraction, process, took, said = found.groups()
        ended, lasted = float(f"{seconds}.{fraction}") * 1000, float(took)
        if said.strip().startswith(COMMIT) and process in taken:
            before, first = taken.pop(process)
            for name, value in zip(parts, (first, max(ended - lasted - before, 0), lasted), strict=True):
                parts[name].append(value)
        else:  # the last one before COMMIT is the access log's
            taken[process] = ended, lasted
    return {name: statistics.median(values) for name, values in parts.items()}
