"""Migrations lose nothing, do not wait for locks, and leave the version before them running."""

import gzip
import os
import re
import subprocess
import sys
import uuid
from functools import partial
from io import StringIO
from pathlib import Path
from unittest import mock

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connections
from django_migration_linter import MigrationLinter
from django_migration_linter.sql_analyser import analyse_sql_statements
from psycopg import sql

from fit_project.local.postgres import binaries
from organisations.management.commands import migrate

ROOT = Path(__file__).resolve().parent.parent
OWN = ("organisations", "clients", "sessions_app")

# The schema of the version before the first release, as `pg_dump --schema-only --no-owner --no-privileges` wrote it,
# with the rows of django_migrations, django_content_type and auth_permission.
BEFORE = ROOT / "tests" / "data" / "databases" / "before_first_release.sql.gz"
# What the linter finds in our migrations, and why it was right there.
DELIBERATE: dict[tuple[str, str, str], str] = {
    ("clients", "0003_references_by_normal_form", "ADD_UNIQUE"): "rows that the version before writes have no key yet, "
    "and those are left out of it",
    **dict.fromkeys(
        [("clients", "0013_word_keys", "ALTER_COLUMN"), ("sessions_app", "0025_sealed_words", "ALTER_COLUMN")],
        "words get a longer type that needs no row written anew; the version before is stopped for this upgrade "
        "(docs/operations.md), since it would show sealed words as they stand",
    ),
    ("organisations", "0020_access_months", "RENAME_TABLE"): "a table of its name is there when the statement ends, "
    "with the same columns, rights and rows",
    ("organisations", "0020_access_months", "ADD_UNIQUE"): "by the number that the version before counts as well; with "
    "the moment it forbids less than before",
    ("organisations", "0016_provisioning", "ADD_UNIQUE"): "of one confirmation without a team, which the version "
    "before writes none of",
    (
        "sessions_app",
        "0009_development_document_and_goals",
        "ALTER_COLUMN",
    ): "a text column gets wider: no row is written anew, and what the version before writes fits",
}


@pytest.mark.django_db
def test_no_migration_breaks_the_version_that_still_runs():
    linter = MigrationLinter(no_cache=True, no_output=True)
    found = set()
    for app, name in sorted(linter.migration_loader.disk_migrations):
        if app in OWN:
            errors, _ignored, _warnings = analyse_sql_statements(linter.sql_analyser_class, linter.get_sql(app, name))
            found |= {(app, name, error.code) for error in errors}
    assert found == set(DELIBERATE), (
        "the version before has to go on writing: a column that may not be empty has a db_default"
    )


@pytest.mark.django_db
def test_a_column_that_disappears_is_seen():
    linter = MigrationLinter(no_cache=True, no_output=True)
    errors, *_ = analyse_sql_statements(linter.sql_analyser_class, ["ALTER TABLE clients_client DROP COLUMN label"])
    assert [error.code for error in errors] == ["DROP_COLUMN"]


# An old database, with rows, brought up to date.


def place(database):
    given = connections["owner"].settings_dict
    return {
        "host": given["HOST"],
        "port": given["PORT"] or None,
        "user": given["USER"],
        "password": given["PASSWORD"] or None,
        "dbname": database,
    }


@pytest.fixture
def old(django_db_setup):
    """(connection as the owner, migrate) of an empty database of its own."""
    here, name = connections["default"].settings_dict["NAME"], f"medspil_old_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(**place(here), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        urls = {key: os.environ[key].rsplit("/", 1)[0] + "/" + name for key in ("DATABASE_URL", "OWNER_DATABASE_URL")}

        def manage(*commands):
            script = "import django; django.setup(); from django.core.management import call_command\n"
            script += "\n".join(f"call_command({', '.join(map(repr, command))})" for command in commands)
            subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=os.environ | urls, check=True)

        def migrate(*targets):
            manage(*[("migrate", "--database", "owner", "--verbosity", "0", *target) for target in targets])

        with psycopg.connect(**place(name), autocommit=True) as connection:
            yield connection, migrate, manage
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


EMPTY = {
    "uuid": lambda: uuid.uuid4(),
    "boolean": lambda: False,
    "jsonb": lambda: "{}",
    "ARRAY": list,
    "date": lambda: "2025-03-01",
    "timestamp with time zone": lambda: "2025-03-01T10:00:00Z",
}


def insert(connection, table, **values):
    """A row with `values`, and something empty in every other column that needs a value; returns its id."""
    columns = connection.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s "
        "AND (is_nullable = 'NO' OR column_name = ANY(%s)) AND column_default IS NULL",
        [table, list(values)],
    ).fetchall()
    row = {
        name: values.get(name, EMPTY.get(kind, lambda kind=kind: "" if "char" in kind or kind == "text" else 0)())
        for name, kind in columns
    }
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, row)),
        sql.SQL(", ").join([sql.Placeholder()] * len(row)),
    )
    connection.execute(statement, list(row.values()))
    return row.get("id")


def fill(connection):
    """Rows as the version before wrote them; returns {what: id}."""
    add = partial(insert, connection)
    house = add("organisations_organisation", name="Old house", slug="old", country="DK", language="da")
    own = {"organisation_id": house}
    connection.execute("SELECT set_config('app.organisation_id', %s, false)", [str(house)])
    service = add("organisations_service", **own, name="Harbour", kind="adults")
    person = add("organisations_practitioner", **own, name="Ann", role="practitioner", is_active=True)
    client = add(
        "clients_client", **own, reference="O-1", first_name="Nils", form_language="da", ors_rhythm=14, srs_rhythm=7
    )
    counted = {"ors_count": 1, "ors_first": 206, "ors_last": 206, "srs_count": 0}
    episode = add("clients_episode", **own, client_id=client, service_id=service, **counted)
    meeting = {"client_id": client, "episode_id": episode, "practitioner_id": person, "attendance": "attended"}
    session = add("sessions_app_session", **own, **meeting, srs_skipped="no_time")
    about = {"session_id": session, "instrument": "ors", "rater": "client", "entry_mode": "device"}
    add("sessions_app_rating", **own, **about, marks=[51, 52, 53, 50], total=206)
    add("sessions_app_note", **own, session_id=session, kind="after_ors", text="Som sagt: æøå")
    kept = {"episode_id": episode, "instrument": "srs", "rater": "client", "marks": [90, 91, 92, 93], "why": "ahead"}
    answer = add("sessions_app_heldanswer", **own, **kept, submission_id=uuid.uuid4())
    alarm = add("sessions_app_lookalarm", **own, practitioner_id=person, clients_count=9, note="En fejl")
    return {"house": house, "client": client, "episode": episode, "answer": answer, "alarm": alarm, "person": person}


@pytest.fixture
def upgraded(old):
    """(connection, manage, ids): the database of the version before with rows in it, brought to this version."""
    connection, migrate, manage = old
    connection.execute(gzip.decompress(BEFORE.read_bytes()).decode())
    connection.execute("SET search_path TO public")
    ids = fill(connection)
    migrate([])
    return connection, manage, ids


def rights_in(connection):
    """{(table, right)} of the application's role, on every table and sequence."""
    rows = connection.execute(
        "SELECT relname, privilege_type FROM pg_class, aclexplode(relacl), pg_roles "
        "WHERE relnamespace = 'public'::regnamespace AND grantee = pg_roles.oid AND rolname = %s",
        [settings.DATABASES["default"]["USER"]],
    )
    return set(rows.fetchall())


def schema_of(database):
    """Each statement of `pg_dump --schema-only`, and each line of a table by itself: its columns have no order."""
    url = os.environ["OWNER_DATABASE_URL"].rsplit("/", 1)[0] + "/" + database
    command = [binaries() / "pg_dump", "--schema-only", "--no-owner", "--no-privileges", url]
    dumped = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    dumped = re.sub(r"(?m)^(--|\\(un)?restrict ).*\n", "", dumped)
    # A condition that was dumped and read again has casts and brackets that the one written first has not.
    bare = partial(re.sub, r"::(character varying|text)(\[\])?|[()]", "")
    found = set()
    for statement in dumped.split(";\n\n"):
        head, opened, lines = statement.strip().partition(" (\n")
        is_table = opened and head.startswith("CREATE TABLE")
        parts = [f"{head}: {line.strip(' ,')}" for line in lines.split("\n")] if is_table else [statement.strip()]
        found |= set(map(bare, parts))
    return found


@pytest.mark.django_db
def test_a_database_of_before_and_one_from_nothing_have_the_same_schema(upgraded):
    connection, _manage, _ids = upgraded
    assert schema_of(connection.info.dbname) == schema_of(connections["default"].settings_dict["NAME"])


@pytest.mark.django_db
def test_the_application_has_the_same_rights_in_both(upgraded):
    """Also where it had more: a table's rights stay with it when it is renamed."""
    connection, manage, _ids = upgraded
    role = sql.Identifier(settings.DATABASES["default"]["USER"])
    connection.execute(sql.SQL("GRANT ALL ON ALL TABLES IN SCHEMA public TO {}").format(role))
    manage(["migrate", "--database", "owner", "--verbosity", "0"])
    with psycopg.connect(**place(connections["default"].settings_dict["NAME"])) as fresh:
        expected = rights_in(fresh)
    assert ("sessions_app_rating", "UPDATE") in expected
    assert ("sessions_app_rating", "DELETE") not in expected
    assert rights_in(connection) == expected


@pytest.mark.django_db
def test_rows_of_the_version_before_are_there_under_the_new_names(upgraded):
    connection, manage, ids = upgraded
    manage(["verify_audit"])

    def one(query):
        return connection.execute(query).fetchall()

    assert one("SELECT reference, first_name, outcome_rhythm, alliance_rhythm FROM clients_client") == [
        ("O-1", "Nils", 14, 7)
    ]
    assert one("SELECT outcome_count, outcome_first, outcome_last, alliance_count FROM clients_episode") == [
        (1, 206, 206, 0)
    ]
    assert one("SELECT outcome_skipped, alliance_skipped FROM sessions_app_session") == [("", "no_time")]
    assert one("SELECT marks, total FROM sessions_app_rating") == [([51, 52, 53, 50], 206)]
    assert one("SELECT text FROM sessions_app_note") == [("Som sagt: æøå",)]
    assert one("SELECT id, why, marks FROM sessions_app_pendinganswer") == [(ids["answer"], "ahead", [90, 91, 92, 93])]
    assert one("SELECT id, note FROM sessions_app_accessalarm") == [(ids["alarm"], "En fejl")]
    assert one("SELECT count(*) FROM django_content_type WHERE model IN ('heldanswer', 'lookalarm')") == [(0,)]
    assert one("SELECT count(*) FROM django_content_type WHERE model = 'pendinganswer'") == [(1,)]


@pytest.mark.django_db
def test_a_change_after_the_upgrade_is_in_the_history(upgraded):
    """The triggers of renamed tables write under the new names, beside what was written under the old."""
    connection, _manage, ids = upgraded
    connection.execute("UPDATE clients_client SET outcome_rhythm = 30")
    connection.execute("UPDATE sessions_app_pendinganswer SET late = true")
    rhythms = connection.execute("SELECT outcome_rhythm, pgh_label FROM clients_clientevent ORDER BY pgh_id").fetchall()
    assert rhythms == [(14, "insert"), (30, "update")]
    late = connection.execute("SELECT late FROM sessions_app_pendinganswerevent ORDER BY pgh_id").fetchall()
    assert late == [(False,), (True,)]
    with pytest.raises(psycopg.errors.RaiseException):
        connection.execute("DELETE FROM sessions_app_pendinganswerevent")


@pytest.mark.django_db
def test_a_database_older_than_the_version_before_is_refused(old):
    connection, migrate, _manage = old
    connection.execute(gzip.decompress(BEFORE.read_bytes()).decode())
    connection.execute("DELETE FROM public.django_migrations WHERE app = 'clients' AND name LIKE '0010%'")
    with pytest.raises(subprocess.CalledProcessError):
        migrate([])
    assert connection.execute(
        "SELECT count(*) FROM information_schema.columns WHERE column_name = 'ors_rhythm'"
    ).fetchone() == (2,)


@pytest.mark.django_db
def test_stored_alerts_of_who_is_late_get_their_own_rule_and_level(old):
    """Forwards, back and forwards again: alerts without a session are M2, and the level chosen for both holds."""
    connection, migrate, _manage = old
    connection.execute(gzip.decompress(BEFORE.read_bytes()).decode())
    connection.execute("SET search_path TO public")
    own = {"organisation_id": fill(connection)["house"]}
    migrate(["sessions_app", "0002"])
    (episode,) = connection.execute("SELECT id FROM clients_episode").fetchone()
    (session,) = connection.execute("SELECT id FROM sessions_app_session").fetchone()
    (person,) = connection.execute("SELECT id FROM organisations_practitioner").fetchone()
    alert = {**own, "episode_id": episode, "rule": "M1", "level": "amber"}
    late = insert(connection, "sessions_app_alert", **alert, numbers='{"overdue_days": 4}')
    missing = insert(connection, "sessions_app_alert", **alert, session_id=session)
    insert(connection, "sessions_app_notice", **own, alert_id=late, practitioner_id=person)
    for value, day in ((1, "2025-03-01"), (2, "2025-03-02")):
        chosen = {"key": "m1-level", "value": value, "by_id": person, "at": f"{day}T10:00:00Z"}
        insert(connection, "sessions_app_measurevalue", **own, **chosen)

    def found():
        rules = dict(connection.execute("SELECT id, rule FROM sessions_app_alert").fetchall())
        levels = connection.execute("SELECT key, value FROM sessions_app_measurevalue ORDER BY at, key").fetchall()
        return rules[late], rules[missing], levels

    before = ("M1", "M1", [("m1-level", 1), ("m1-level", 2)])
    after = ("M2", "M1", [*before[2], ("m2-level", 2)])
    assert found() == before
    for target, expected in (("0003", after), ("0002", before), ("0003", after)):
        migrate(["sessions_app", target])
        assert found() == expected
    assert connection.execute("SELECT alert_id FROM sessions_app_notice").fetchall() == [(late,)]


@pytest.mark.django_db
def test_a_migration_gives_up_a_lock_it_cannot_have(django_db_setup):
    """A waiting ALTER TABLE lets nobody else in; after a second it gives up and is tried again."""
    options = settings.DATABASES["owner"]["OPTIONS"]["options"]
    given = place(connections["default"].settings_dict["NAME"])
    with psycopg.connect(**given, options=options) as owner:
        assert owner.execute("SHOW lock_timeout").fetchone() == ("1s",)
    with psycopg.connect(**given) as reader, psycopg.connect(**given, options=options) as owner:
        reader.execute("SELECT count(*) FROM clients_client")
        owner.execute("SET lock_timeout = '50ms'")  # the same refusal, sooner
        with pytest.raises(psycopg.errors.LockNotAvailable):
            owner.execute("ALTER TABLE clients_client ADD COLUMN anything integer")


def refused(cause):
    fault = OperationalError("refused")
    fault.__cause__ = cause
    return fault


@pytest.mark.parametrize("cause", [psycopg.errors.LockNotAvailable(), psycopg.errors.DeadlockDetected()])
def test_migrate_asks_again_for_a_lock_that_it_could_not_have(monkeypatch, cause):
    answers = [refused(cause), refused(cause), None]
    handled = mock.Mock(side_effect=answers)
    monkeypatch.setattr(migrate.Migrate, "handle", handled)
    monkeypatch.setattr(migrate.time, "sleep", lambda _seconds: None)
    said = StringIO()
    call_command("migrate", database="owner", stderr=said)
    assert handled.call_count == 3
    assert said.getvalue().count("trying again") == 2


def test_migrate_does_not_try_for_ever_and_another_fault_only_once(monkeypatch):
    monkeypatch.setattr(migrate.time, "sleep", lambda _seconds: None)
    for cause, times in ((psycopg.errors.LockNotAvailable(), migrate.ATTEMPTS), (psycopg.errors.UndefinedTable(), 1)):
        handled = mock.Mock(side_effect=refused(cause))
        monkeypatch.setattr(migrate.Migrate, "handle", handled)
        with pytest.raises(OperationalError):
            call_command("migrate", database="owner", stderr=StringIO())
        assert handled.call_count == times
