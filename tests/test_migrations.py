"""Migrations lose nothing, do not wait for locks, and leave the version before them running."""

import os
import subprocess
import sys
import uuid
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from django_migration_linter import MigrationLinter
from django_migration_linter.sql_analyser import analyse_sql_statements
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
OWN = ("organisations", "clients", "sessions_app")

# What the linter finds in our migrations, and why it was right there. A running version has rows and writers;
# before the first release there are none, so a column may come without a default in the database.
BEFORE_RELEASE = "before the first release: nobody runs the version before"
GROWS = "a column made wider: the version before goes on writing what it wrote"
DELIBERATE = {
    ("organisations", "0001_initial", "NOT_NULL"): BEFORE_RELEASE,
    ("organisations", "0003_standards", "NOT_NULL"): BEFORE_RELEASE,
    ("organisations", "0004_access_chain", "NOT_NULL"): BEFORE_RELEASE,
    ("organisations", "0005_chain_access_events", "ADD_UNIQUE"): BEFORE_RELEASE,
    ("organisations", "0006_form_detail", "ALTER_COLUMN"): GROWS,
    ("organisations", "0007_log_in", "NOT_NULL"): BEFORE_RELEASE,
    ("organisations", "0010_links", "NOT_NULL"): BEFORE_RELEASE,
    ("clients", "0006_raters", "NOT_NULL"): BEFORE_RELEASE,
    ("sessions_app", "0005_packs", "NOT_NULL"): BEFORE_RELEASE,
    ("sessions_app", "0006_ratings_of_all_forms", "ALTER_COLUMN"): GROWS,
    ("sessions_app", "0009_held_answers", "NOT_NULL"): BEFORE_RELEASE,
}


@pytest.mark.django_db
def test_no_migration_breaks_the_version_that_still_runs():
    linter = MigrationLinter(no_cache=True, no_output=True)
    found = set()
    for app, name in sorted(linter.migration_loader.disk_migrations):
        if app in OWN:
            errors, _ignored, _warnings = analyse_sql_statements(linter.sql_analyser_class, linter.get_sql(app, name))
            found |= {(app, name, error.code) for error in errors}
    assert found == set(DELIBERATE)


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
    """Rows of the first version: a client with a session, an answer, words and three looks."""
    house = insert(connection, "organisations_organisation", name="Old house", slug="old", country="DK", language="da")
    own = {"organisation_id": house}
    service = insert(connection, "organisations_service", **own, name="Harbour", kind="adults")
    person = insert(connection, "organisations_practitioner", **own, name="Ann", role="practitioner", is_active=True)
    client = insert(connection, "clients_client", **own, reference="O-1", first_name="Nils", form_language="da")
    episode = insert(
        connection, "clients_episode", **own, client_id=client, service_id=service, outcome_count=1, outcome_first=206
    )
    session = insert(
        connection,
        "sessions_app_session",
        **own,
        client_id=client,
        episode_id=episode,
        practitioner_id=person,
        attendance="attended",
    )
    about = {"session_id": session, "instrument": "ors", "rater": "client", "entry_mode": "device"}
    insert(connection, "sessions_app_rating", **own, **about, marks=[51, 52, 53, 50], total=206)
    insert(connection, "sessions_app_note", **own, session_id=session, kind="after_ors", text="Som sagt: æøå")
    for minute in (3, 1, 2):
        at = f"2025-03-01T10:0{minute}:00Z"
        insert(connection, "organisations_accessevent", **own, action="client.view", client_ids=[client], at=at)
    return house, client


@pytest.mark.django_db
def test_an_old_database_comes_whole_into_the_newest_version(old):
    connection, migrate, manage = old
    migrate(["sessions_app", "0002"])
    house, client = fill(connection)
    # Forwards, back and forwards again over the migration that chains the looks that were there.
    migrate(["organisations", "0005"], ["organisations", "0004"], ["organisations", "0005"])
    chained = connection.execute("SELECT seq, at FROM organisations_accessevent ORDER BY seq").fetchall()
    assert [seq for seq, _at in chained] == [1, 2, 3]
    assert [at for _seq, at in chained] == sorted(at for _seq, at in chained)
    migrate([])
    manage(["verify_audit"])  # ends with 1 if a link is broken
    one = connection.execute
    assert one("SELECT reference, first_name, organisation_id FROM clients_client").fetchall() == [
        ("O-1", "Nils", house)
    ]
    assert one("SELECT marks, total, superseded_by_id FROM sessions_app_rating").fetchall() == [
        ([51, 52, 53, 50], 206, None)
    ]
    assert one("SELECT text FROM sessions_app_note").fetchall() == [("Som sagt: æøå",)]
    assert one("SELECT outcome_first FROM clients_episode").fetchall() == [(206,)]
    # The history begins with what was there.
    assert one("SELECT pgh_label, pgh_obj_id, first_name FROM clients_clientevent").fetchall() == [
        ("baseline", client, "Nils")
    ]


@pytest.mark.django_db
def test_stored_sort_keys_are_recomputed_by_the_organisations_language(old):
    """Keys of the version before, which read "aa" as two letters everywhere."""
    connection, migrate, _manage = old
    migrate(["pghistory"], ["clients", "0007"])
    stored = {}
    for slug, language in (("dk", "da"), ("no", "nb"), ("se", "sv")):
        house = insert(connection, "organisations_organisation", name=slug, slug=slug, country="DK", language=language)
        for name, key in (("Aage", "aage a-000000000001"), ("Ida", "ida a-000000000002")):
            reference = f"A-{key[-1]}"
            row = {"reference": reference, "first_name": name, "form_language": "da", "sort_key": key}
            insert(connection, "clients_client", organisation_id=house, **row)
            stored[slug, name] = key
    events = connection.execute("SELECT count(*) FROM clients_clientevent").fetchone()
    migrate(["clients"])
    keys = connection.execute(
        "SELECT slug, first_name, sort_key FROM clients_client "
        "JOIN organisations_organisation house ON house.id = organisation_id"
    ).fetchall()
    expected = stored | {("dk", "Aage"): "}ge a-000000000001", ("no", "Aage"): "}ge a-000000000001"}
    assert {(slug, name): key for slug, name, key in keys} == expected
    assert connection.execute("SELECT count(*) FROM clients_clientevent").fetchone() == events, "no change of a name"


@pytest.mark.django_db
def test_a_migration_gives_up_a_lock_it_cannot_have(django_db_setup):
    """A waiting ALTER TABLE lets nobody else in; after five seconds it gives up and the release is tried again."""
    options = settings.DATABASES["owner"]["OPTIONS"]["options"]
    given = place(connections["default"].settings_dict["NAME"])
    with psycopg.connect(**given, options=options) as owner:
        assert owner.execute("SHOW lock_timeout").fetchone() == ("5s",)
    with psycopg.connect(**given) as reader, psycopg.connect(**given, options=options) as owner:
        reader.execute("SELECT count(*) FROM clients_client")
        owner.execute("SET lock_timeout = '50ms'")  # the same refusal, sooner
        with pytest.raises(psycopg.errors.LockNotAvailable):
            owner.execute("ALTER TABLE clients_client ADD COLUMN anything integer")
