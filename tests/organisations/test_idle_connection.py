"""A kept connection is looked at before a request's first statement, without a round trip; what it keeps planned."""

import select

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connection, connections

from organisations.database.postgresql.base import DatabaseWrapper


@pytest.fixture
def kept(db):
    """A connection of its own, which is idle."""
    own = DatabaseWrapper(connection.settings_dict)
    own.ensure_connection()
    yield own
    own.close()


def test_the_application_looks_at_its_connections_so():
    assert settings.DATABASES["default"]["ENGINE"] == "organisations.database.postgresql"
    assert isinstance(connections["default"], DatabaseWrapper)
    assert settings.DATABASES["default"]["CONN_HEALTH_CHECKS"]


def test_an_idle_connection_is_not_asked(kept, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", lambda *_: pytest.fail("asked"))
        assert kept.is_usable()


def test_one_whose_server_has_gone_is_no_longer_usable(kept):
    with psycopg.connect(**kept.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [kept.connection.info.backend_pid])
    assert select.select([kept.connection], [], [], 60)[0]
    assert not kept.is_usable()
    with pytest.raises(OperationalError):
        kept.cursor().execute("SELECT 1")


def test_one_that_the_server_said_something_to_is_asked(kept):
    """A notice or a changed setting is something to read too; the connection goes on."""
    with psycopg.connect(**kept.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        kept.cursor().execute("LISTEN somebody")
        other.execute("NOTIFY somebody")
    assert select.select([kept.connection], [], [], 60)[0]
    assert kept.is_usable()


def test_statements_of_many_pages_stay_planned(kept):
    with kept.cursor() as cursor:
        for _round in range(settings.PREPARE_THRESHOLD + 1):
            for number in range(300):
                cursor.execute(f"SELECT {number}")
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        assert cursor.fetchone()[0] >= 300


def test_savepoints_are_the_same_statements_in_each_transaction(kept):
    names = []
    for _transaction in range(2):
        kept.set_autocommit(False)
        names.append([kept.savepoint(), kept.savepoint()])
        kept.commit()
        kept.set_autocommit(True)
    assert names[0] == names[1]
    assert len(set(names[0])) == 2
