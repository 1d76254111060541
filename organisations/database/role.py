"""In production the application works only as a database role that row security binds, and that may do no more."""

import logging
from collections.abc import Iterable
from typing import Any, LiteralString, NamedTuple

import psycopg
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseError
from django.db import connection, connections
from django.db.backends.signals import connection_created
from psycopg import sql

logger = logging.getLogger(__name__)
QUERY = """
    SELECT bool_or(rolsuper OR rolbypassrls) FROM pg_roles WHERE rolname IN (session_user, current_user)
"""
SECONDS_TO_ANSWER = 3
CURE = "use fit_app as docs/operations.md creates it"
OWNER_IS_KNOWN = "OWNER_DATABASE_URL is set; only `manage.py migrate --database owner` may know it."
OUT_OF_REACH = "The database of %s is out of reach: what its role may do was not looked at."
# Both run as the application, and what one may not do the other may not either.
VARIABLES = {"default": "DATABASE_URL", "replica": "DATABASE_REPLICA_URL"}


class RoleBypassesRowSecurity(ImproperlyConfigured):
    """Every organisation would see every other's clients; its arguments are sentences."""


class Right(NamedTuple):
    """Something that the application's role may not be able to do, and how PostgreSQL tells whether it is."""

    words: str
    condition: LiteralString  # of a row `me` of pg_roles: the role itself


# Of a superuser nothing else is said: it may do all of it.
SUPERUSER = Right("is a superuser: it bypasses row security", "me.rolsuper")
RIGHTS = (
    SUPERUSER,
    Right("has BYPASSRLS: it bypasses row security", "me.rolbypassrls"),
    Right("has CREATEROLE: it could make itself another role", "me.rolcreaterole"),
    Right("has CREATEDB", "me.rolcreatedb"),
    Right("has REPLICATION: it could copy every organisation's rows", "me.rolreplication"),
    Right(
        "is a member of a role with rights of that kind, or of one of PostgreSQL's own (pg_...)",
        "EXISTS (SELECT 1 FROM pg_roles other WHERE other.oid <> me.oid AND pg_has_role(me.oid, other.oid, 'MEMBER') "
        "AND (other.rolsuper OR other.rolbypassrls OR other.rolcreaterole OR other.rolcreatedb OR other.rolreplication "
        r"OR other.rolname LIKE 'pg\_%'))",
    ),
    Right(
        "owns the database, the schema or tables of it: it could switch row security off",
        "EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = to_regnamespace('public') "
        "AND pg_has_role(me.oid, relowner, 'MEMBER')) "
        "OR EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = 'public' AND pg_has_role(me.oid, nspowner, 'MEMBER')) "
        "OR EXISTS (SELECT 1 FROM pg_database WHERE datname = current_database() "
        "AND pg_has_role(me.oid, datdba, 'MEMBER'))",
    ),
    Right(
        "may CREATE in the schema public",
        "EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = 'public' AND has_schema_privilege(me.oid, oid, 'CREATE'))",
    ),
    Right(
        "may TRUNCATE tables or put triggers on them, which row security does not see",
        "EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = to_regnamespace('public') AND relkind IN ('r', 'p') "
        "AND has_table_privilege(me.oid, oid, 'TRUNCATE, REFERENCES, TRIGGER'))",
    ),
)
# The role that logs in counts, whatever it became by SET ROLE: it can go back.
RIGHTS_QUERY = sql.SQL("SELECT {} FROM pg_roles me WHERE me.rolname = session_user").format(
    sql.SQL(", ").join(sql.SQL("({})").format(sql.SQL(right.condition)) for right in RIGHTS)
)


def bypasses(database: Any = connection) -> bool:
    """Whether this connection's role sees rows whatever the policies say. Raises django.db.Error."""
    with database.cursor() as cursor:
        cursor.execute(QUERY)
        return bool(cursor.fetchone()[0])


def faults(database: Any = connection, variable: str = VARIABLES["default"]) -> list[str]:
    """A sentence for each right that this connection's role has and should not. Raises the database's Error."""
    with database.cursor() as cursor:
        cursor.execute(RIGHTS_QUERY)
        return _sentences(cursor.fetchone(), variable)


def faults_at(url: str) -> list[str]:
    """The same of a role by its address, without Django's settings; none where the database does not answer."""
    try:
        with psycopg.connect(url, connect_timeout=SECONDS_TO_ANSWER) as database:
            return faults(database)
    except psycopg.Error:
        return []


def _sentences(has: Iterable[bool], variable: str) -> list[str]:
    found = [right for right, is_so in zip(RIGHTS, has, strict=True) if is_so]
    told = [SUPERUSER] if SUPERUSER in found else found
    return [f"The database role of {variable} {right.words}; {CURE}." for right in told]


def refuse_bypassing(sender: Any, connection: Any, **kwargs: Any) -> None:
    """On each new connection: not one statement is run as such a role."""
    variable = VARIABLES.get(connection.alias)
    if variable and bypasses(connection):
        found = faults(connection, variable)
        connection.close()
        raise RoleBypassesRowSecurity(*found)


def guard_connections() -> None:
    """Watch every connection from now on; `migrate --database owner` has one of its own."""
    connection_created.connect(refuse_bypassing, dispatch_uid="refuse-bypassing-role")


def look(alias: str = "default") -> list[str]:
    """What is wrong with the role, also where a new connection is refused for it. Raises the database's Error."""
    try:
        return faults(connections[alias], VARIABLES[alias])
    except RoleBypassesRowSecurity as refusal:
        return list(refusal.args)
    finally:
        connections[alias].close()


def look_at_all() -> tuple[list[str], list[str]]:
    """What is wrong with the roles of all databases that the application asks, and a sentence for each out of reach."""
    found: list[str] = []
    away = []
    for alias, variable in VARIABLES.items():
        try:
            found += look(alias) if alias in connections else []
        except DatabaseError:
            away.append(OUT_OF_REACH % variable)
    return found, away


@checks.register()
def role_may_do_no_more(app_configs, databases=None, **kwargs) -> list[checks.CheckMessage]:
    """`manage.py check` in production; not before `migrate --database owner`, which puts some of it right."""
    if not settings.PRODUCTION or (databases and "default" not in databases):
        return []
    found, away = look_at_all()
    return [
        *(checks.Error(sentence, id="fit.E002") for sentence in found),
        *(checks.Warning(sentence, id="fit.W001") for sentence in away),
    ]


def refuse_to_start() -> None:
    """End web, worker, beat or relay with every sentence about the role; a database that is away is no reason to."""
    if not settings.PRODUCTION:
        return
    found, away = look_at_all()
    for sentence in away:
        logger.warning(sentence)
    found = [OWNER_IS_KNOWN, *found] if settings.OWNER_DATABASE_URL else found
    if found:
        raise SystemExit("\n".join(["Medspil does not start:", *(f"- {sentence}" for sentence in found)]))
