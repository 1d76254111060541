"""Which rows of the access log are about some clients: found by the index of `client_ids`, whatever the log's size.

Row security lets no condition near a row that might tell of it before the policy has looked, and PostgreSQL does not
vouch for `&&` of arrays: asked as the application, the index of `client_ids` is never used and every row of the
organisation is read. So a function of the owner's asks the index and gives keys alone, those of the active
organisation; the rows themselves are then read by their keys, as the application, under row security as ever.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connections, transaction
from django.db.models import BooleanField, F, Func, UUIDField, Value

from organisations.database.access_months import TABLE
from organisations.database.owned_functions import install_for_application
from organisations.database.rls import POLICY

FUNCTION = "public.accesses_of_clients"
SIGNATURE = f"{FUNCTION}(uuid[])"
# A client is one organisation's, so the index is asked by clients alone, and the planner has nothing else to choose.
# ROWS 1: whoever joins it reads row by row. The planner does not see that a row's moment leads to one month, and would
# rather read all rows of an organisation.
SOURCE = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}(clients uuid[]) RETURNS TABLE (id uuid, at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 1 SET search_path = public, pg_temp SET enable_seqscan = off AS $found$
    WITH found AS MATERIALIZED (
        SELECT id, at, organisation_id FROM {TABLE} WHERE client_ids && clients
    )
    SELECT id, at FROM found WHERE {POLICY}
$found$
"""  # noqa: S608  our own names


class _AboutClients(Func):
    """Whether the row of these keys is about one of the clients."""

    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, tuple[Any, ...]]:
        parts = [compiler.compile(part) for part in self.get_source_expressions()]
        key, moment, clients = (statement for statement, _values in parts)
        return (
            f"({key}, {moment}) IN (SELECT id, at FROM {FUNCTION}({clients}))",  # noqa: S608  as above
            tuple(value for _statement, values in parts for value in values),
        )


def about_clients(clients: Collection[UUID]) -> Func:
    """A condition of AccessEvents: they are about one of these clients of the active organisation."""
    return _AboutClients(F("pk"), F("at"), Value(list(clients), ArrayField(UUIDField())))


def install_client_accesses(using: str, **kwargs: Any) -> None:
    """Make the function anew after a migration, for the application's role alone; not where there is no log yet."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [TABLE])
        if cursor.fetchone()[0]:
            install_for_application(cursor, using, SOURCE, SIGNATURE)
