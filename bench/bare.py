"""The yardstick: a bare WSGI application that stores an answer with the same SQL as ours, and nothing around it.

The same locks, rows and triggers: episode and session locked, what is stored already read, the rating inserted,
the client's last 20 sessions read, summary, outbox, capability and chained access event written, one commit.
"""

import hashlib
import json
import os
import sys
import threading
import uuid
from datetime import UTC, datetime
from urllib.parse import parse_qs

import psycopg

ITEMS = ("individual", "relations", "social", "overall")
local = threading.local()

# Gunicorn's configuration, as fit_project.webserver has it; that one needs Django.
bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class, workers, threads, timeout = "gthread", 2, 4, 60
control_socket_disable = True


def post_fork(server, worker) -> None:
    """Threads take turns as in fit_project.webserver."""
    sys.setswitchinterval(0.0005)


def connection() -> psycopg.Connection:
    """One connection a thread."""
    if not hasattr(local, "connection"):
        local.connection = psycopg.connect(os.environ["DATABASE_URL"])
    return local.connection


def submit(token: str, submission_id: str, marks: list[int]) -> None:
    """Store one answer; every value that our own code would write stands in the same column."""
    with connection().transaction(), connection().cursor() as cursor:
        cursor.execute(
            "SELECT token_hash, organisation_id, object_id, detail, used_at FROM organisations_capability "
            "WHERE token_hash = %s",
            [hashlib.sha256(token.encode()).digest()],
        )
        found, organisation, session, instrument, _used = cursor.fetchone()
        cursor.execute("SELECT set_config('app.organisation_id', %s, true)", [str(organisation)])
        cursor.execute(
            "SELECT s.client_id, e.id FROM sessions_app_session s JOIN clients_episode e ON e.id = s.episode_id "
            "WHERE s.id = %s FOR UPDATE OF e, s",
            [session],
        )
        client, episode = cursor.fetchone()
        cursor.execute(
            "SELECT submission_id, marks FROM sessions_app_rating WHERE session_id = %s AND instrument = %s",
            [session, instrument],
        )
        if cursor.fetchone():
            return
        _insert(cursor, organisation, session, instrument, submission_id, marks)
        _summarise(cursor, episode)
        now = datetime.now(UTC)
        cursor.execute(
            "INSERT INTO organisations_outbox (id, task, organisation_id, object_id, created_at, due_at, attempts) "
            "VALUES (%s, 'sessions_app.tasks.evaluate_episode', %s, %s, %s, %s, 0)",
            [uuid.uuid4(), organisation, episode, now, now],
        )
        cursor.execute("UPDATE organisations_capability SET used_at = %s WHERE token_hash = %s", [now, found])
        _chain(cursor, organisation, client, now)


def _insert(cursor, organisation, session, instrument, submission_id, marks) -> None:
    values = {
        **_DEFAULTS,
        "id": uuid.uuid4(),
        "organisation_id": organisation,
        "session_id": session,
        "instrument": instrument,
        "rater": "client",
        "marks": marks,
        "total": sum(marks),
        "entry_mode": "device",
        "submission_id": submission_id,
        "created_at": datetime.now(UTC),
    }
    columns = ",".join(values)
    cursor.execute(
        f"INSERT INTO sessions_app_rating ({columns}) VALUES ({','.join(['%s'] * len(values))})", list(values.values())
    )


# What our own code leaves at a model's default.
_DEFAULTS: dict[str, object] = json.loads(os.environ.get("BENCH_RATING_DEFAULTS", "{}"))


def _summarise(cursor, episode) -> None:
    cursor.execute(
        "SELECT s.held_on, r.total FROM sessions_app_session s JOIN sessions_app_rating r ON r.session_id = s.id "
        "WHERE s.episode_id = %s AND r.instrument = 'ors' ORDER BY s.held_on DESC LIMIT 20",
        [episode],
    )
    rows = cursor.fetchall()
    totals = [total for _, total in rows]
    cursor.execute(
        "UPDATE clients_episode SET outcome_count = %s, outcome_first = %s, outcome_last = %s, outcome_best = %s, "
        "outcome_last_on = %s, "
        "sessions_count = %s WHERE id = %s",
        [len(rows), totals[-1], totals[0], max(totals), rows[0][0], len(rows), episode],
    )


def _chain(cursor, organisation, client, now) -> None:
    cursor.execute(
        "INSERT INTO organisations_accesshead (id, organisation_id, seq, hash) VALUES (gen_random_uuid(), %s, 0, '') "
        "ON CONFLICT (organisation_id) DO UPDATE SET seq = organisations_accesshead.seq RETURNING seq, hash",
        [organisation],
    )
    seq, last = cursor.fetchone()
    event, request = uuid.uuid4(), str(uuid.uuid4())
    row = [seq + 1, str(organisation), str(event), "", "capability", "rating.submit", "", [str(client)], request]
    row.append(now.isoformat(timespec="microseconds"))
    link = hashlib.sha256(f"{last}{json.dumps(row, separators=(',', ':'))}".encode()).hexdigest()
    cursor.execute(
        "INSERT INTO organisations_accessevent (id, organisation_id, role, action, client_ids, purpose, request_id, "
        "at, seq, previous_hash, hash) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [event, organisation, "capability", "rating.submit", [client], "", request, now, seq + 1, last, link],
    )
    cursor.execute(
        "UPDATE organisations_accesshead SET seq = %s, hash = %s WHERE organisation_id = %s",
        [seq + 1, link, organisation],
    )


def application(environ, start_response):
    """POST /f/TOKEN/ as our own."""
    token = environ["PATH_INFO"].split("/")[2]
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"] or 0)).decode()
    fields = {name: values[0] for name, values in parse_qs(body).items()}
    submit(token, fields["submission_id"], [round(float(fields[item]) * 10) for item in ITEMS])
    start_response("303 See Other", [("Location", f"/f/{token}/thanks/"), ("Content-Length", "0")])
    return [b""]
