"""B4 and B5: the sums of a report from the summaries of episodes, against the same worked out from every rating.

BENCH_EPISODES is how many episodes there are (1,000,000), each with eight ratings; with 0 nothing is measured. The
ratings are summed up by window functions in the same database (B4), and by DuckDB over a Parquet file of them (B5),
which is as old as the file. A run whose sums differ in one integer is void.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from bench.figures import Figure, NotRun
from bench.running import DATABASE, Running, running
from fit_project.local.postgres import SUPERUSER

EPISODES, EACH, ROUNDS = int(os.environ.get("BENCH_EPISODES", "1000000")), 8, 5
DUCKDB = "duckdb==2.0.1"
TOTAL = "(60 + abs(hashint8({episode}::bigint * 31 + {session})::bigint) % 280)"
EPISODE_ID = "('e' || lpad(to_hex({0}), 31, '0'))::uuid"
SESSION_ID = "('5' || lpad(to_hex({0}::bigint * 16 + {1}), 31, '0'))::uuid"
# What of a report is a sum: how many, from where to where, who is better and who is worse.
SUMS = """SELECT count(*), sum(first), sum(last), count(*) FILTER (WHERE last - first >= 50),
  count(*) FILTER (WHERE last - first <= -50), count(*) FILTER (WHERE first < 250 AND last >= 250)
  FROM ({episodes}) one"""
FROM_SUMMARIES = """SELECT outcome_first AS first, outcome_last AS last FROM clients_episode
  WHERE organisation_id = {organisation} AND outcome_count >= 2 AND ended_on IS NOT NULL"""
FROM_RATINGS = """SELECT max(total) FILTER (WHERE up = 1) AS first, max(total) FILTER (WHERE down = 1) AS last FROM (
  SELECT episode, total, row_number() OVER (PARTITION BY episode ORDER BY held_on) AS up,
    row_number() OVER (PARTITION BY episode ORDER BY held_on DESC) AS down FROM ({ratings}) rated
) ordered GROUP BY episode HAVING count(*) >= 2"""
RATINGS = """SELECT s.episode_id AS episode, s.held_on, r.total FROM sessions_app_rating r
  JOIN sessions_app_session s ON s.id = r.session_id JOIN clients_episode e ON e.id = s.episode_id
  WHERE r.organisation_id = {organisation} AND r.instrument = 'ors' AND e.ended_on IS NOT NULL"""
IN_DUCKDB = """
import json, sys, time, duckdb
csv, parquet, query, rounds = sys.argv[1:]
duckdb.execute("SET enable_progress_bar = false")  # it would stand between the lines
duckdb.execute(f"COPY (SELECT * FROM read_csv('{csv}', header = true)) TO '{parquet}' (FORMAT parquet)")
query = query.replace("RATED", f"SELECT * FROM read_parquet('{parquet}')")
for _ in range(int(rounds) + 1):
    start = time.perf_counter()
    [row] = duckdb.execute(query).fetchall()
    print(json.dumps([time.perf_counter() - start, [int(value) for value in row]]), flush=True)
"""


def measure() -> Iterator[Figure | NotRun]:
    """Seconds of the ways, in rounds that take turns; DuckDB's own rounds follow, in its own process."""
    if not EPISODES:
        yield NotRun("B4, B5", "BENCH_EPISODES is 0")
        return
    with running(()) as whole:
        organisation = _fill(whole)
        summaries = SUMS.format(episodes=FROM_SUMMARIES)
        ratings = SUMS.format(episodes=FROM_RATINGS.format(ratings=RATINGS))
        with psycopg.connect(whole.postgres.url("fit_app", DATABASE), autocommit=True) as connection:
            connection.execute("SELECT set_config('app.organisation_id', %s, false)", [organisation])
            ask = _asking(connection, organisation)
            expected = ask(ratings)[1]
            rounds = [(ask(summaries), ask(ratings)) for _ in range(ROUNDS)]
            _require_same(expected, [found for pair in rounds for _seconds, found in pair])
        words = f"sums of {EPISODES:,} episodes with {EACH} ratings each"
        ratios = tuple(raw / ours for (ours, _), (raw, _) in rounds)
        yield Figure("B4", f"{words}, window functions over the ratings / from summaries: seconds", ratios, 60, 30)
        ours = sorted(seconds for (seconds, _), _ in rounds)[ROUNDS // 2]
        yield _against_duckdb(whole, organisation, ours, expected, words)


def _asking(connection, organisation: str) -> Callable[[str], tuple[float, list[int]]]:
    def ask(query: str) -> tuple[float, list[int]]:
        statement = sql.SQL(query).format(organisation=sql.Literal(organisation))
        start = time.perf_counter()
        row = connection.execute(statement).fetchone()
        return time.perf_counter() - start, [int(value) for value in row]

    return ask


def _require_same(expected: list[int], found: list[list[int]]) -> None:
    if any(one != expected for one in found):
        raise RuntimeError(f"the sums differ from {expected}: the run is void")


def _against_duckdb(whole: Running, organisation: str, ours: float, expected: list[int], words: str) -> Figure | NotRun:
    folder = whole.folder / "duckdb"
    python = str(folder / "bin" / "python")
    try:
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True)
        pip = [
            python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--only-binary",
            ":all:",
            DUCKDB,
        ]
        subprocess.run(pip, check=True, capture_output=True)
    except (subprocess.CalledProcessError, OSError) as error:
        return NotRun("B5", f"{DUCKDB} could not be installed ({error})")
    csv = folder / "ratings.csv"
    _write_ratings(whole, organisation, csv)
    query = SUMS.format(episodes=FROM_RATINGS.format(ratings="RATED"))
    said = subprocess.run(
        [python, "-c", IN_DUCKDB, str(csv), str(folder / "ratings.parquet"), query, str(ROUNDS)],
        check=True,
        capture_output=True,
        text=True,
    )
    rounds = [json.loads(line) for line in said.stdout.splitlines()][1:]
    _require_same(expected, [found for _seconds, found in rounds])
    ratios = tuple(ours / seconds for seconds, _ in rounds)
    return Figure("B5", f"{words}, from summaries / {DUCKDB} over Parquet: seconds", ratios, 0.4, 1, more=False)


def _write_ratings(whole: Running, organisation: str, csv: Path) -> None:
    query = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv, HEADER)").format(
        sql.SQL(RATINGS).format(organisation=sql.Literal(organisation))
    )
    with (
        psycopg.connect(whole.postgres.url(SUPERUSER, DATABASE)) as connection,
        connection.cursor().copy(query) as copy,
        csv.open("wb") as file,
    ):
        for block in copy:
            file.write(block)


def _fill(whole: Running) -> str:
    """Episodes with sessions, ratings and summaries, all worked out from their number; returns the organisation."""
    from bench.submit import open_requests

    open_requests(1)  # one row of each table, to be copied
    start = time.monotonic()
    with psycopg.connect(whole.postgres.url(SUPERUSER, DATABASE), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")  # of this connection only, and only while it fills
        row = connection.execute("SELECT organisation_id, practitioner_id, client_id FROM sessions_app_session LIMIT 1")
        organisation, practitioner, _client = row.fetchone()
        first, last = (TOTAL.format(episode="n", session=number) for number in (1, EACH))
        summary = {
            "id": EPISODE_ID.format("n"),
            "started_on": "DATE '2026-01-12'",
            "ended_on": "DATE '2026-06-01'",
            "ending": "'planned'",
            "outcome_first": first,
            "outcome_last": last,
            "outcome_count": str(EACH),
            "sessions_count": str(EACH),
        }
        _copy(connection, "clients_episode", summary, f"generate_series(1, {EPISODES}) n")
        numbers = f"generate_series(1, {EPISODES}) n, generate_series(1, {EACH}) s"
        held = {
            "id": SESSION_ID.format("n", "s"),
            "episode_id": EPISODE_ID.format("n"),
            "held_on": "DATE '2026-01-05' + 7 * s",
        }
        _copy(connection, "sessions_app_session", held, numbers)
        rated = {
            "id": SESSION_ID.format("n", "s"),
            "session_id": SESSION_ID.format("n", "s"),
            "submission_id": SESSION_ID.format("n", "s"),
            "organisation_id": f"'{organisation}'::uuid",
            "instrument": "'ors'",
            "rater": "'client'",
            "total": TOTAL.format(episode="n", session="s"),
            "entry_mode": "'imported'",
            "recorded_by_id": f"'{practitioner}'::uuid",
        }
        _insert(connection, "sessions_app_rating", rated, numbers)
        for table in ("clients_episode", "sessions_app_session", "sessions_app_rating"):
            connection.execute(sql.SQL("VACUUM ANALYZE {}").format(sql.Identifier(table)))
    print(f"{EPISODES:,} episodes were made in {time.monotonic() - start:.0f} s", file=sys.stderr)
    return str(organisation)


def _copy(connection, table: str, other: dict[str, str], numbers: str) -> None:
    """Rows like the one there is, with `other` values."""
    names = _columns(connection, table)
    values = [sql.SQL(other[name]) if name in other else sql.Identifier("one", name) for name in names]
    statement = "INSERT INTO {table} ({names}) SELECT {values} FROM (SELECT * FROM {table} LIMIT 1) one, {numbers}"
    connection.execute(
        sql.SQL(statement).format(
            table=sql.Identifier(table),
            names=sql.SQL(",").join(map(sql.Identifier, names)),
            values=sql.SQL(",").join(values),
            numbers=sql.SQL(numbers),
        )
    )


def _insert(connection, table: str, values: dict[str, str], numbers: str) -> None:
    """Rows of these values; what else a row needs is empty."""
    empty = {"character varying": "''", "timestamp with time zone": "now()", "boolean": "false"}
    kinds = _columns(connection, table, needed=True)
    given = {name: empty[kind] for name, kind in kinds.items() if kind in empty} | values
    connection.execute(
        sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {}").format(
            sql.Identifier(table),
            sql.SQL(",").join(map(sql.Identifier, given)),
            sql.SQL(",").join(map(sql.SQL, given.values())),
            sql.SQL(numbers),
        )
    )


def _columns(connection, table: str, *, needed: bool = False) -> dict[str, str]:
    """The columns of a table with their types, without generated ones; with `needed` those that may not be empty."""
    rows = connection.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'"
        " AND (is_nullable = 'NO' OR NOT %s) ORDER BY ordinal_position",
        [table, needed],
    )
    return dict(rows.fetchall())
