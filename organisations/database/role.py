"""In production the application works only as a database role that row security binds."""

import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseError
from django.db import connection
from django.db.backends.signals import connection_created

logger = logging.getLogger(__name__)
QUERY = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
SENTENCE = (
    "The database role of DATABASE_URL bypasses row security (it is a superuser or has BYPASSRLS); "
    "use fit_app as docs/operations.md creates it."
)


class RoleBypassesRowSecurity(ImproperlyConfigured):
    """Every organisation would see every other's clients."""


def bypasses(database: Any = connection) -> bool:
    """Whether this connection's role sees rows whatever the policies say. Raises django.db.Error."""
    with database.cursor() as cursor:
        cursor.execute(QUERY)
        return bool(cursor.fetchone()[0])


def refuse_bypassing(sender: Any, connection: Any, **kwargs: Any) -> None:
    """On each new connection: not one statement is run as such a role."""
    if connection.alias == "default" and bypasses(connection):
        connection.close()
        raise RoleBypassesRowSecurity(SENTENCE)


def guard_connections() -> None:
    """Watch every connection from now on; `migrate --database owner` has one of its own."""
    connection_created.connect(refuse_bypassing, dispatch_uid="refuse-bypassing-role")


def refuse_to_start() -> None:
    """End the process with one sentence when the role is wrong; a database that is away is no reason to."""
    if not settings.PRODUCTION:
        return
    try:
        wrong = bypasses()
    except RoleBypassesRowSecurity:
        wrong = True
    except DatabaseError:
        logger.warning("The database is out of reach at the start; its role is looked at with the first connection")
        wrong = False
    finally:
        connection.close()
    if wrong:
        raise SystemExit(f"Medspil does not start:\n- {SENTENCE}")
