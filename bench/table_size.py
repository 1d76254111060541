"""B11: an answer sent while the table of ratings is large, against the same with a small one.

BENCH_RATINGS is how many ratings the large one holds (8,000,000); with 0 nothing is measured. Both databases are
copies of one, so the same forms stand open in both and the two servers can take turns.
"""

import os
import sys
import time
from collections.abc import Iterator

import psycopg
from psycopg import sql

from bench.figures import Figure, NotRun
from bench.load import run
from bench.running import DATABASE, SERVICES, Running, running
from bench.submit import open_requests
from fit_project.local.broker import free_port
from fit_project.local.postgres import SUPERUSER

SMALL, LARGE = 10_000, int(os.environ.get("BENCH_RATINGS", "8000000"))
LARGE_DATABASE = f"{DATABASE}_large"
ROUNDS, ANSWERS = 7, 60
TABLE = "sessions_app_rating"
# Every column as in one real rating, but ids of its own: what matters is how large the table and its indexes are.
FRESH = {"id", "session_id", "submission_id"}


def measure() -> Iterator[Figure | NotRun]:
    """p50 of one connection, large / small, in rounds that take turns."""
    if not LARGE:
        yield NotRun("B11", "BENCH_RATINGS is 0")
        return
    with running(("broker",)) as whole:
        prepared = [open_requests(ANSWERS) for _ in range(ROUNDS + 1)]
        whole.start("web")
        whole.wait_for_web()
        run(whole.port, prepared.pop(), 1)  # one real rating for the others to be copied from
        whole.processes.end(["web"])
        _fill(whole, DATABASE, SMALL)
        large = _large(whole)
        whole.start("web")
        whole.wait_for_web()
        time.sleep(5)  # until the second server answers as well
        ports = {"small": whole.port, "large": large}
        rounds = [{name: run(port, requests, 1).p50 for name, port in ports.items()} for requests in prepared]
    ratios = tuple(one["large"] / one["small"] for one in rounds)
    yield Figure("B11", f"one answer, p50 with {LARGE:,} / {SMALL:,} ratings", ratios, 1.15, 1.5, more=False)


def _large(whole: Running) -> int:
    """A copy of the database, filled, with a web server of its own; returns its port."""
    from django.db import connections

    connections.close_all()  # a database that somebody is connected to cannot be copied
    names = {"copy": sql.Identifier(LARGE_DATABASE), "base": sql.Identifier(DATABASE)}
    with psycopg.connect(whole.postgres.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {copy} TEMPLATE {base} OWNER fit_owner").format(**names))
    whole.postgres.create_database(LARGE_DATABASE)  # its rights are not copied with it
    start = time.monotonic()
    _fill(whole, LARGE_DATABASE, LARGE)
    print(f"{LARGE:,} ratings were made in {time.monotonic() - start:.0f} s", file=sys.stderr)
    port = free_port()
    urls = {name: whole.postgres.url(role, LARGE_DATABASE) for name, role in (("DATABASE_URL", "fit_app"),)}
    whole.processes.start("web-large", SERVICES["web"], env=whole.env | urls | {"PORT": str(port)})
    return port


def _fill(whole: Running, database: str, count: int) -> None:
    """Ratings of sessions that do not exist, without triggers and foreign keys; the indexes are kept up."""
    with psycopg.connect(whole.postgres.url(SUPERUSER, database), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")  # of this connection only, and only while it fills
        columns = [
            name
            for (name,) in connection.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
                "AND attgenerated = ''",
                [TABLE],
            )
        ]
        values = [sql.SQL("gen_random_uuid()") if name in FRESH else sql.Identifier(name) for name in columns]
        statement = sql.SQL(
            "INSERT INTO {table} ({columns}) SELECT {values} FROM (SELECT * FROM {table} LIMIT 1) one, "
            "generate_series(1, {count})"
        ).format(
            table=sql.Identifier(TABLE),
            columns=sql.SQL(",").join(map(sql.Identifier, columns)),
            values=sql.SQL(",").join(values),
            count=sql.Literal(count),
        )
        connection.execute(statement)
        connection.execute(sql.SQL("VACUUM ANALYZE {}").format(sql.Identifier(TABLE)))
