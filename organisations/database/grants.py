"""What the application's database role may do: rows, never tables; the access log only ever grows."""

from django.conf import settings
from django.db import connections
from psycopg import sql

from organisations.history.tracking import event_models

# Of these tables the application may not change or delete what stands there.
APPEND_ONLY = ("organisations_accessevent", "sessions_app_trajectoryfit", "sessions_app_measurevalue")
NEVER_DELETED = (
    "sessions_app_rating",
    "sessions_app_session",
    "sessions_app_conflictinganswer",
    "sessions_app_pendinganswer",
    "organisations_accesshead",
    "sessions_app_groupmeeting",
    "sessions_app_groupmember",
)

# Of these the triggers library would let any code switch a trigger off. The owner may (data migrations), the
# application may not: neither a stored rating's guard nor the writing of the history.
NOBODY_IGNORES = """
    CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN AS $$
        BEGIN
            RETURN session_user <> {role}
                AND trigger_name::text = ANY(NULLIF(current_setting('pgtrigger.ignore', true), '')::text[]);
        END;
    $$ LANGUAGE plpgsql
"""


def grant_to_app_role(using: str, **kwargs) -> None:
    """Give fit_app its rights on every table after a migration; does nothing if it owns them itself."""
    role = settings.DATABASES["default"]["USER"]
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, EXISTS (SELECT 1 FROM pg_roles WHERE rolname = %s)", [role])
        migrator, exists = cursor.fetchone()
        if migrator == role or not exists:
            return
        quoted = connection.ops.quote_name(role)
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted}")
        tables = set(connection.introspection.table_names(cursor))
        history = {model._meta.db_table for model in event_models()}
        for table in tables.intersection({*APPEND_ONLY, *history}):
            cursor.execute(f"REVOKE UPDATE, DELETE ON {table} FROM {quoted}")
        for table in tables.intersection(NEVER_DELETED):
            cursor.execute(f"REVOKE DELETE ON {table} FROM {quoted}")
        if tables & history:
            cursor.execute(sql.SQL(NOBODY_IGNORES).format(role=sql.Literal(role)))
