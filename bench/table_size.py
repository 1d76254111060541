"""B11: an answer sent while a table is large, against the same with a small one: that of ratings, and the access log.

BENCH_RATINGS is how many ratings the large one holds (8,000,000), BENCH_EVENTS how many rows the large log has over 24
months (none, else for example 50,000,000); with 0 that one is not measured. Both databases are copies of one, so the
same forms stand open in both and the two servers can take turns.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from bench.figures import Figure, NotRun
from bench.load import run
from bench.running import DATABASE, SERVICES, Running, running
from bench.submit import open_requests
from fit_project.local.broker import free_port
from fit_project.local.postgres import SUPERUSER

SMALL, LARGE = 10_000, int(os.environ.get("BENCH_RATINGS", "8000000"))
EVENTS = int(os.environ.get("BENCH_EVENTS") or 0)
LARGE_DATABASE = f"{DATABASE}_large"
ROUNDS, ANSWERS = 7, 60
TABLE, LOG = "sessions_app_rating", "organisations_accessevent"
# Every column as in one real rating, but ids of its own: what matters is how large the table and its indexes are.
FRESH = {"id", "session_id", "submission_id"}


# A month a part for two years back, as it is when the log has been kept for as long.
PAST_MONTHS = """
DO $past$
DECLARE
    month timestamptz;
BEGIN
    SET LOCAL TimeZone = 'UTC';
    CREATE TEMPORARY TABLE bound ON COMMIT DROP AS SELECT until FROM ({bounds}) AS bounds WHERE name = '{log}_before';
    ALTER TABLE {log} DETACH PARTITION {log}_before;
    FOR month IN SELECT generate_series(
        date_trunc('month', now()) - interval '24 months', until - interval '1 month', interval '1 month') FROM bound
    LOOP
        EXECUTE format('CREATE TABLE %I PARTITION OF {log} FOR VALUES FROM (%L) TO (%L)',
            '{log}_' || to_char(month, 'YYYY_MM'), month, month + interval '1 month');
    END LOOP;
    INSERT INTO {log} SELECT * FROM {log}_before;
    DROP TABLE {log}_before;
END $past$
"""
# Behind the chain's back, with numbers before its first: how long the next row takes does not hang on the hashes.
LOOKS = f"""
    INSERT INTO {LOG} (id, organisation_id, role, action, client_ids, purpose, request_id, at, seq, previous_hash, hash)
    SELECT gen_random_uuid(), head.organisation_id, 'practitioner', 'client.view',
        ARRAY[md5((n %% 20000)::text)::uuid], '', gen_random_uuid()::text,
        now() - (%(count)s - n) * (interval '730 days' / %(count)s), n - %(count)s, md5(n::text) || md5(n::text),
        md5((n + 1)::text) || md5((n + 1)::text)
    FROM (SELECT organisation_id FROM organisations_accesshead LIMIT 1) head, generate_series(1, %(count)s) AS n
"""


def measure() -> Iterator[Figure | NotRun]:
    """p50 of one connection, large / small, in rounds that take turns."""
    if LARGE:
        ratios = _ratios(lambda whole, name: _fill(whole, name, SMALL if name == DATABASE else LARGE))
        yield Figure("B11", f"one answer, p50 with {LARGE:,} / {SMALL:,} ratings", ratios, 1.15, 1.5, more=False)
    else:
        yield NotRun("B11", "BENCH_RATINGS is 0")
    if EVENTS:
        ratios = _ratios(lambda whole, name: _fill_log(whole, name, 0 if name == DATABASE else EVENTS))
        yield Figure(
            "B11", f"one answer, p50 with {EVENTS:,} rows in the access log / few", ratios, 1.15, 1.5, more=False
        )


def _ratios(fill: Callable[[Running, str], None]) -> tuple[float, ...]:
    """Of each round; `fill` fills a database by name, the small one and the large one."""
    with running(("broker",)) as whole:
        prepared = [open_requests(ANSWERS) for _ in range(ROUNDS + 1)]
        whole.start("web")
        whole.wait_for_web()
        run(whole.port, prepared.pop(), 1)  # one real rating for the others to be copied from
        whole.processes.end(["web"])
        fill(whole, DATABASE)
        large = _large(whole, fill)
        whole.start("web")
        whole.wait_for_web()
        time.sleep(5)  # until the second server answers as well
        ports = {"small": whole.port, "large": large}
        rounds = [{name: run(port, requests, 1).p50 for name, port in ports.items()} for requests in prepared]
    return tuple(one["large"] / one["small"] for one in rounds)


def _large(whole: Running, fill: Callable[[Running, str], None]) -> int:
    """A copy of the database, filled, with a web server of its own; returns its port."""
    from django.db import connections

    connections.close_all()  # a database that somebody is connected to cannot be copied
    names = {"copy": sql.Identifier(LARGE_DATABASE), "base": sql.Identifier(DATABASE)}
    with psycopg.connect(whole.postgres.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {copy} TEMPLATE {base} OWNER fit_owner").format(**names))
    whole.postgres.create_database(LARGE_DATABASE)  # its rights are not copied with it
    start = time.monotonic()
    fill(whole, LARGE_DATABASE)
    print(f"The large table was made in {time.monotonic() - start:.0f} s", file=sys.stderr)
    port = free_port()
    urls = {name: whole.postgres.url(role, LARGE_DATABASE) for name, role in (("DATABASE_URL", "fit_app"),)}
    whole.processes.start("web-large", SERVICES["web"], env=whole.env | urls | {"PORT": str(port)})
    return port


@contextmanager
def _filling(whole: Running, database: str) -> Iterator[psycopg.Connection]:
    """A connection whose rows meet neither triggers nor foreign keys; the indexes are kept up."""
    with psycopg.connect(whole.postgres.url(SUPERUSER, database), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")  # of this connection only, and only while it fills
        yield connection


def _fill_log(whole: Running, database: str, count: int) -> None:
    """The access log in months of two years, with `count` rows in them; no count, no rows."""
    from organisations.database.access_months import BOUNDS

    with _filling(whole, database) as connection:
        if not count:
            connection.execute(PAST_MONTHS.format(log=LOG, bounds=BOUNDS))
            connection.execute(f"ALTER TABLE {LOG} OWNER TO fit_owner")
            for (name,) in connection.execute(f"SELECT name FROM ({BOUNDS}) AS bounds").fetchall():
                connection.execute(sql.SQL("ALTER TABLE {} OWNER TO fit_owner").format(sql.Identifier(name)))
        else:
            connection.execute(LOOKS, {"count": count})
        connection.execute(f"VACUUM ANALYZE {LOG}")


def _fill(whole: Running, database: str, count: int) -> None:
    """Ratings of sessions that do not exist."""
    with _filling(whole, database) as connection:
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
