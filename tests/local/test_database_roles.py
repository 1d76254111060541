"""The tests' own ground: which role they run as, and that a transactional test leaves nothing behind."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import ProgrammingError, connection, connections, transaction


@pytest.mark.django_db
def test_the_application_role_is_bound_by_row_security():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole"
            " FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("fit_app", False, False, False, False)


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_owner_sees_all_rows_and_is_no_superuser():
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == ("fit_owner", False, True)
        cursor.execute("SELECT current_database()")
        owners_database = cursor.fetchone()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == owners_database


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    ["CREATE TABLE mine (id int)", "TRUNCATE django_session", "ALTER TABLE django_session ADD mine int"],
)
def test_the_application_role_changes_no_tables(statement):
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("turn", ["first", "second"])
@pytest.mark.django_db(transaction=True)
def test_a_transactional_test_leaves_nothing_behind(turn):
    content_types = ContentType.objects.count()
    assert content_types > 5, "what the migrations wrote is there"
    assert not ContentType.objects.filter(app_label="left-behind").exists()
    ContentType.objects.create(app_label="left-behind", model=turn)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_session")
        assert cursor.fetchone() == (0,)
        cursor.execute("INSERT INTO django_session VALUES (%s, '', now())", [turn])
