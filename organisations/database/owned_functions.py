"""Functions of the database that run with the owner's rights, and that the application alone may call."""

from typing import Any

from django.conf import settings
from django.db import connections


def install_for_application(cursor: Any, using: str, source: str, signature: str) -> None:
    """Make a function anew and let the application's role call it, and nobody else.

    `signature` is its name with the types of its arguments. Without such a role (a database that is made by one role
    alone) the owner calls it.
    """
    database, role = connections[using], settings.DATABASES["default"]["USER"]
    cursor.execute(source)
    cursor.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
    cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = %s)", [role])
    if cursor.fetchone()[0]:
        cursor.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {database.ops.quote_name(role)}")
