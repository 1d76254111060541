"""A database role with rights it should not have: refused by check, web, worker, beat and relay alike."""

import os

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from organisations.database import role
from tests.test_production import COMMANDS, SURROUNDINGS, address_of, run, said_by

NAME = f"rights_{os.getpid()}"  # of a database and a role; each process of a test run has its own
BOUND = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION"


def as_superuser(*statements, database="postgres"):
    with psycopg.connect(address_of("postgres", database), autocommit=True) as superuser:
        for statement in statements:
            superuser.execute(sql.SQL(statement).format(name=sql.Identifier(NAME)))


@pytest.fixture(scope="module")
def other_database():
    """A database like the application's, with one table, and a role that may use it; both go again."""
    as_superuser(
        f"CREATE ROLE {{name}} {BOUND}",
        "CREATE DATABASE {name} OWNER fit_owner",
    )
    as_superuser(
        "ALTER SCHEMA public OWNER TO fit_owner",
        "CREATE TABLE public.client (id int)",
        "ALTER TABLE public.client OWNER TO fit_owner",
        "GRANT USAGE ON SCHEMA public TO {name}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON public.client TO {name}",
        database=NAME,
    )
    yield NAME
    as_superuser("DROP DATABASE {name} WITH (FORCE)", "DROP OWNED BY {name}", "DROP ROLE {name}")


def found(database):
    with psycopg.connect(address_of(NAME, database)) as connected:
        return role.faults(connected)


def test_a_role_that_may_read_and_write_rows_is_taken(other_database):
    assert found(other_database) == []


@pytest.mark.parametrize(
    ("give", "take", "words"),
    [
        ("ALTER ROLE {name} SUPERUSER", "ALTER ROLE {name} NOSUPERUSER", "is a superuser"),
        ("ALTER ROLE {name} BYPASSRLS", "ALTER ROLE {name} NOBYPASSRLS", "has BYPASSRLS"),
        ("ALTER ROLE {name} CREATEROLE", "ALTER ROLE {name} NOCREATEROLE", "has CREATEROLE"),
        ("ALTER ROLE {name} CREATEDB", "ALTER ROLE {name} NOCREATEDB", "has CREATEDB"),
        ("ALTER ROLE {name} REPLICATION", "ALTER ROLE {name} NOREPLICATION", "has REPLICATION"),
        ("GRANT pg_read_all_data TO {name}", "REVOKE pg_read_all_data FROM {name}", "is a member"),
        ("ALTER TABLE client OWNER TO {name}", "ALTER TABLE client OWNER TO fit_owner", "owns the database"),
        ("ALTER DATABASE {name} OWNER TO {name}", "ALTER DATABASE {name} OWNER TO fit_owner", "owns the database"),
        ("GRANT CREATE ON SCHEMA public TO {name}", "REVOKE CREATE ON SCHEMA public FROM {name}", "may CREATE"),
        ("GRANT CREATE ON SCHEMA public TO PUBLIC", "REVOKE CREATE ON SCHEMA public FROM PUBLIC", "may CREATE"),
        ("GRANT TRUNCATE ON client TO {name}", "REVOKE TRUNCATE ON client FROM {name}", "may TRUNCATE"),
        ("GRANT TRIGGER ON client TO {name}", "REVOKE TRIGGER ON client FROM {name}", "may TRUNCATE"),
    ],
)
def test_each_right_too_many_is_a_sentence(other_database, give, take, words):
    as_superuser(give, database=other_database)
    try:
        sentences = found(other_database)
    finally:
        as_superuser(take, database=other_database)
    assert any(words in sentence for sentence in sentences), sentences
    # Who owns a table or a database has further rights there; of everything else there is one sentence.
    assert len(sentences) == 1 or words == "owns the database", sentences
    assert found(other_database) == []


def test_a_member_of_the_owners_role_is_told_all_that_this_gives(other_database):
    as_superuser("GRANT fit_owner TO {name} WITH INHERIT FALSE, SET TRUE")
    try:
        sentences = found(other_database)
    finally:
        as_superuser("REVOKE fit_owner FROM {name}")
    assert ["is a member" in sentences[0], "owns the database" in sentences[1]] == [True, True]


@pytest.fixture(scope="module")
def roles(other_database):
    """Two roles too many, by the words that refuse them."""
    bypassing, maker = f"{NAME}_bypassing", f"{NAME}_maker"
    with psycopg.connect(address_of("postgres"), autocommit=True) as superuser:
        for name, right in ((bypassing, "BYPASSRLS"), (maker, "CREATEROLE")):
            superuser.execute(sql.SQL("CREATE ROLE {} LOGIN " + right).format(sql.Identifier(name)))
    yield {"has BYPASSRLS: it bypasses row security": bypassing, "has CREATEROLE": maker}
    with psycopg.connect(address_of("postgres"), autocommit=True) as superuser:
        for name in (bypassing, maker):
            superuser.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


@pytest.mark.parametrize("words", ["has BYPASSRLS: it bypasses row security", "has CREATEROLE"])
@pytest.mark.parametrize("name", COMMANDS)
def test_no_process_starts_with_a_role_that_may_do_more(name, words, roles, other_database):
    surroundings = SURROUNDINGS | {"DATABASE_URL": address_of(roles[words], other_database)}
    ended = run(*COMMANDS[name], surroundings=surroundings)
    assert ended.returncode == 1
    assert f"The database role of DATABASE_URL {words}" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("name", ["check", "relay"])
def test_the_role_on_the_replica_is_looked_at_as_well(name, roles, other_database):
    found = roles["has CREATEROLE"]
    given = {"DATABASE_URL": address_of(found, other_database), "DATABASE_REPLICA_URL": address_of(found, "postgres")}
    ended = run(*COMMANDS[name], surroundings=SURROUNDINGS | given)
    assert ended.returncode == 1
    assert "The database role of DATABASE_REPLICA_URL has CREATEROLE" in ended.stderr


def test_the_role_stands_in_the_list_of_all_faults(roles, other_database):
    url = address_of(roles["has CREATEROLE"], other_database)
    sentences = said_by(run("manage.py", "check", surroundings=SURROUNDINGS | {"DATABASE_URL": url, "DEBUG": "1"}))
    assert ["DEBUG is on" in sentences[0], "has CREATEROLE" in sentences[1]] == [True, True]


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "check"])
def test_no_process_that_runs_on_knows_the_owner(name, other_database):
    given = {"DATABASE_URL": address_of(NAME, other_database), "OWNER_DATABASE_URL": address_of("fit_owner")}
    ended = run(*COMMANDS[name], surroundings=SURROUNDINGS | given)
    assert ended.returncode == 1
    assert "OWNER_DATABASE_URL is set" in ended.stderr


def test_the_migration_is_not_kept_from_putting_rights_straight(settings, monkeypatch):
    settings.PRODUCTION = True
    monkeypatch.setattr(role, "look", lambda _alias: ["wrong"])
    assert role.role_may_do_no_more(None, databases=["owner"]) == []
    assert [error.msg for error in role.role_may_do_no_more(None)] == ["wrong"]
    assert [error.msg for error in role.role_may_do_no_more(None, databases=["default"])] == ["wrong"]


@pytest.mark.django_db
def test_the_tests_own_role_may_do_no_more():
    assert role.faults() == []
    assert not role.bypasses()
    role.refuse_bypassing(None, connection)


@pytest.mark.django_db
def test_a_bypassing_role_is_refused_before_the_first_statement(monkeypatch):
    class Fake:
        alias = "default"
        closed = False

        cursor = connection.cursor

        def close(self):
            self.closed = True

    monkeypatch.setattr(role, "QUERY", "SELECT true")
    fake = Fake()
    with pytest.raises(role.RoleBypassesRowSecurity):
        role.refuse_bypassing(None, fake)
    assert fake.closed
    fake.alias, fake.closed = "replica", False
    with pytest.raises(role.RoleBypassesRowSecurity):
        role.refuse_bypassing(None, fake)
    assert fake.closed
    fake.alias = "owner"
    role.refuse_bypassing(None, fake)
