"""What the application's database role may do: rows, never tables; the access log only ever grows."""

from django.conf import settings
from django.db import connections, transaction
from psycopg import sql

from organisations.database.access_months import partitions_in
from organisations.history.row_rights import append_only_tables, never_deleted_tables
from organisations.history.tracking import event_models

# Of these the triggers library would let any code switch a trigger off. The owner may (data migrations, and the
# function that erases a client, which runs as the owner whoever calls it), the application may not: neither a stored
# rating's guard nor the writing of the history.
NOBODY_IGNORES = """
    CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN AS $$
        BEGIN
            RETURN current_user <> {role}
                AND trigger_name::text = ANY(NULLIF(current_setting('pgtrigger.ignore', true), '')::text[]);
        END;
    $$ LANGUAGE plpgsql
"""


def grant_to_app_role(using: str, **kwargs) -> None:
    """Give fit_app its rights on every table after a migration, and no others; does nothing if it owns them itself."""
    role = settings.DATABASES["default"]["USER"]
    connection = connections[using]
    # All at once: whoever works meanwhile is never without a right.
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute("SELECT current_user, EXISTS (SELECT 1 FROM pg_roles WHERE rolname = %s)", [role])
        migrator, exists = cursor.fetchone()
        if migrator == role or not exists:
            return
        quoted = connection.ops.quote_name(role)
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {quoted}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted}")
        # A part of a table would answer by its own name, past what may be done with the whole.
        for part in list(partitions_in(cursor)):
            cursor.execute(f"REVOKE ALL ON {part} FROM {quoted}")
        tables = set(connection.introspection.table_names(cursor))
        history = {model._meta.db_table for model in event_models()}
        for table in tables.intersection(append_only_tables() | history):
            cursor.execute(f"REVOKE UPDATE, DELETE ON {table} FROM {quoted}")
        for table in tables.intersection(never_deleted_tables()):
            cursor.execute(f"REVOKE DELETE ON {table} FROM {quoted}")
        if tables & history:
            cursor.execute(sql.SQL(NOBODY_IGNORES).format(role=sql.Literal(role)))
