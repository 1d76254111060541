"""The wall between organisations: which one the open transaction belongs to."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

SETTING = "app.organisation_id"
USER_SETTING = "app.user_id"

# Every table without row-level security, and why. A test fails on any table that is neither here nor walled.
GLOBAL_TABLES = {
    "django_migrations": "which migrations ran",
    "django_content_type": "Django's list of models",
    "auth_permission": "Django's, unused",
    "auth_group": "Django's, unused",
    "auth_group_permissions": "Django's, unused",
    "django_session": "Django's, unused",
    "organisations_devicesession": "a session exists before its organisation is known",
    "mfa_authenticator": "a second factor is asked for before an organisation is known",
    "account_emailaddress": "log-in by e-mail, before an organisation is known",
    "account_emailconfirmation": "log-in by e-mail, before an organisation is known",
    "django_celery_beat_clockedschedule": "the scheduler's, no client data",
    "django_celery_beat_crontabschedule": "the scheduler's, no client data",
    "django_celery_beat_intervalschedule": "the scheduler's, no client data",
    "django_celery_beat_periodictask": "the scheduler's, no client data",
    "django_celery_beat_periodictasks": "the scheduler's, no client data",
    "django_celery_beat_solarschedule": "the scheduler's, no client data",
    "pghistory_context": "the history library's, empty: our contexts stand in the event rows",
    "organisations_user": "one person may work in two organisations",
    "organisations_organisation": "the list of tenants itself",
    "organisations_organisationstate": "the operator's: suspended or not, how far a copy and a deletion are",
    "organisations_organisationuse": "the operator's: counts of a month, those of few never stored",
    "organisations_maintenancenotice": "the operator's words to everybody",
    "organisations_partstate": "whether the database, the broker and the worker answer",
    "organisations_operatoract": "what operators did; an organisation's name and no more",
    "organisations_capability": "a token leads to its organisation; holds a hash and ids only",
    "organisations_outbox": "the relay serves all organisations; holds ids and a task's name only",
}


def _set(name: str, value: str, using: str = DEFAULT_DB_ALIAS) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])


def active() -> str:
    """The organisation of this transaction, "" when none is set."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting(%s, true), '')", [SETTING])
        return cursor.fetchone()[0]


def _need_transaction(using: str = DEFAULT_DB_ALIAS) -> None:
    if not connections[using].in_atomic_block:
        raise RuntimeError("A tenant lives in a transaction; outside one the setting would be lost at once.")


def activate(organisation_id: UUID | str | None, *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Set (or, with None, clear) the organisation until the end of the transaction."""
    _need_transaction(using)
    _set(SETTING, str(organisation_id or ""), using)


@contextmanager
def tenant(organisation_id: UUID | str) -> Iterator[None]:
    """A transaction that belongs to one organisation; puts the previous one back at its end."""
    is_whole = not connection.in_atomic_block  # there is none before it, and it is gone with the transaction
    with transaction.atomic():
        before = "" if is_whole else active()
        activate(organisation_id)
        yield
        if not is_whole:
            # After an error the savepoint's rollback has already put it back, and SQL would be refused.
            activate(before)


@contextmanager
def as_user(user_id: UUID | str) -> Iterator[None]:
    """Let a user find their own Practitioner rows while no organisation is chosen yet (log-in, switcher).

    Inside a transaction; an error in it ends the setting together with the transaction.
    """
    look_as_user(user_id)
    yield
    _set(USER_SETTING, "")


def look_as_user(user_id: UUID | str) -> None:
    """The same until `history.enter` or the end of the transaction."""
    _need_transaction()
    _set(USER_SETTING, str(user_id))
