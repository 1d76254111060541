"""The one way in which rows of a client go: a function of the database, made from the models after each migration.

The application may delete neither history nor a session. `erase_client` may: it belongs to the owner's role, and it
takes whoever calls it by no other argument than a client who stands in the ledger and is not held. Row security does
not bind the owner (it has BYPASSRLS for migrations of data), so each statement names the active organisation itself.
"""

# ruff: noqa: S608  (names of our own tables, and nothing else)

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, connections, models, transaction

from clients.models import Client, Erasure, LegalHold, Rater, Restriction, SubjectRequest
from clients.services.subject_graph import SubjectTable, column_of, pointers, subject_tables
from organisations.database.owned_functions import install_for_application
from organisations.history.belonging import models_with_ids, said_of_accesses
from organisations.history.tracking import event_models
from organisations.models import AccessEvent

FUNCTION = "public.erase_client"
HERE = "organisation_id = org AND"
HEAD = """
CREATE OR REPLACE FUNCTION {function}(root uuid) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $erase$
DECLARE
    org uuid := NULLIF(current_setting('app.organisation_id', true), '')::uuid;
    ignored text := coalesce(current_setting('pgtrigger.ignore', true), '');
    entered timestamptz;
    merged uuid[];
    words text[];
    everything uuid[];
    emptied bigint[];
    deleted bigint := 0;
    number bigint;
    {variables}
BEGIN
    SELECT erased_at, merged_uids INTO entered, merged FROM {ledger} WHERE organisation_id = org AND client_uid = root;
    IF entered IS NULL THEN
        RAISE EXCEPTION 'erase_client: this client does not stand in the ledger' USING ERRCODE = '42501';
    END IF;
    -- What was erased once goes again after a restore, whatever a hold of the older backup says.
    IF entered > transaction_timestamp() - interval '1 day' AND EXISTS (
        SELECT 1 FROM {holds}
        WHERE organisation_id = org AND (client_id = root OR client_id = ANY(merged))
        AND lifted_at IS NULL AND (until IS NULL OR until >= current_date)
    ) THEN
        RAISE EXCEPTION 'erase_client: a legal hold stands on this client' USING ERRCODE = '42501';
    END IF;
    IF entered > transaction_timestamp() - interval '1 day' AND (EXISTS (
        SELECT 1 FROM {requests} WHERE organisation_id = org AND (client_id = root OR client_id = ANY(merged))
        AND answered_on IS NULL
    ) OR EXISTS (
        SELECT 1 FROM {restrictions} WHERE organisation_id = org AND (client_id = root OR client_id = ANY(merged))
        AND lifted_at IS NULL
    )) THEN
        RAISE EXCEPTION 'erase_client: a request or restriction of this client stands' USING ERRCODE = '42501';
    END IF;
"""
# Nobody but the owner's role switches triggers off (organisations/database/grants.py): here it is the one that runs.
SILENT = """
    PERFORM set_config('pgtrigger.ignore', (
        SELECT array_agg(DISTINCT tgname::text)::text FROM pg_trigger
        WHERE NOT tgisinternal AND tgname LIKE 'pgtrigger\\_%'
    ), true);
"""
# What somebody typed may name the client: a search, a reason. A text about several stays if it does not.
TYPED = """
    SELECT array_agg(DISTINCT lower(word)) INTO words FROM ({words}) AS named (word) WHERE length(word) > 1;
    WITH found AS (
        UPDATE {events} SET typed = '' WHERE organisation_id = org AND typed <> '' AND (
            (client_ids <@ {clients} AND client_ids <> '{{}}')
            OR (client_ids && {clients} AND EXISTS (
                SELECT 1 FROM unnest(words) word WHERE position(word IN lower(typed)) > 0
            ))
            OR EXISTS (
                SELECT 1 FROM {client} one
                WHERE one.id = ANY({clients}) AND length(one.reference) > 3
                AND position(lower(one.reference) IN lower({events}.typed)) > 0
            )
        ) RETURNING seq
    ) SELECT coalesce(array_agg(seq ORDER BY seq), '{{}}') INTO emptied FROM found;
"""
FOOT = """
    PERFORM set_config('pgtrigger.ignore', ignored, true);
    RETURN jsonb_build_object('rows', deleted, 'emptied', to_jsonb(emptied));
END $erase$
"""


@dataclass(frozen=True)
class ErasedRows:
    """How many rows went, and of which rows of the access log what was typed is gone."""

    count: int
    emptied: list[int]


def erase_rows(client: UUID) -> ErasedRows:
    """Let the database erase a client who stands in the ledger; ProgrammingError where it refuses."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (found->>'rows')::bigint, found->>'emptied' FROM erase_client(%s) AS found", [client])
        count, emptied = cursor.fetchone()
    return ErasedRows(count, [int(seq) for seq in emptied.strip("[]").split(",") if seq.strip()])


def install_erasure(using: str, **kwargs) -> None:
    """Make the function anew after a migration, for the application's role alone; not in a database half migrated."""
    database = connections[using]
    with transaction.atomic(using=using), database.cursor() as cursor:
        tables = set(database.introspection.table_names(cursor))
        if not tables.issuperset(_tables()):
            return
        install_for_application(cursor, using, function_source(), f"{FUNCTION}(uuid)")


def _tables() -> Iterator[str]:
    yield from (table.model._meta.db_table for table in subject_tables())
    yield from (table.events._meta.db_table for table in subject_tables() if table.events)
    yield from (model._meta.db_table for model in models_with_ids())
    yield Erasure._meta.db_table


def function_source() -> str:
    """The function as the models are now. `of_*` are the rows of a table, `had_*` those with rows that were deleted."""
    tables = subject_tables()
    variables = "".join(f"of_{_name(one)} uuid[]; had_{_name(one)} uuid[]; " for one in tables)
    names = {"function": FUNCTION, "ledger": Erasure._meta.db_table, "holds": LegalHold._meta.db_table}
    names |= {"requests": SubjectRequest._meta.db_table, "restrictions": Restriction._meta.db_table}
    parts = [
        HEAD.format(variables=variables, **names),
        *map(_find, tables),
        f"everything := {' || '.join(f'had_{_name(one)}' for one in tables)};\n",
        TYPED.format(
            words=_words(),
            events=AccessEvent._meta.db_table,
            client=Client._meta.db_table,
            clients=f"of_{Client._meta.db_table}",
        ),
        SILENT,
        *_empty_pointers(),
        *_empty_words(),
        *_delete_by_ids(),
        *(_delete(table) for table in reversed(tables)),
        FOOT,
    ]
    return "".join(parts)


def _name(table: SubjectTable) -> str:
    return table.model._meta.db_table


def _hangs_on(table: SubjectTable, *, prefix: str, columns: set[str] | None = None) -> str:
    """A condition of rows of the table (or of its history, which may lack columns): they hang on a client's."""
    found = [
        f"{edge.db_column} = ANY({prefix}_{edge.parent._meta.db_table})"
        for edge in table.owned_by
        if columns is None or edge.column in columns
    ]
    return " OR ".join(found) or "false"


def _find(table: SubjectTable) -> str:
    name = _name(table)
    if table.model is Client:
        found = f"""
    SELECT coalesce(array_agg(id), '{{}}') INTO of_{name}
    FROM {name} WHERE {HERE} (id = root OR id = ANY(merged));
    LOOP
        number := cardinality(of_{name});
        SELECT coalesce(array_agg(id), '{{}}') INTO of_{name}
        FROM {name} WHERE {HERE} (id = ANY(of_{name}) OR {_hangs_on(table, prefix="of")});
        EXIT WHEN cardinality(of_{name}) <= number;
    END LOOP;
"""
    else:
        condition = _hangs_on(table, prefix="of")
        found = f"    SELECT coalesce(array_agg(id), '{{}}') INTO of_{name} FROM {name} WHERE {HERE} ({condition});\n"
    found += f"    had_{name} := of_{name};\n"
    if table.events is None or table.model is Client:
        return found
    # Rows that somebody deleted meanwhile stand in the history only.
    return found + (
        f"    SELECT of_{name} || coalesce(array_agg(DISTINCT pgh_obj_id), '{{}}') INTO had_{name} "
        f"FROM {table.events._meta.db_table} WHERE {HERE} ({_of_history(table)}) "
        f"AND NOT EXISTS (SELECT 1 FROM {name} WHERE id = pgh_obj_id);\n"
    )


def _of_history(table: SubjectTable) -> str:
    columns = {field.name for field in table.events._meta.local_fields} if table.events else set()
    return _hangs_on(table, prefix="had", columns=columns)


def _delete(table: SubjectTable) -> str:
    name = _name(table)
    parts = [f"    DELETE FROM {name} WHERE {HERE} id = ANY(of_{name}); GET DIAGNOSTICS number = ROW_COUNT;"]
    if table.events is not None:
        parts.append(
            f"    DELETE FROM {table.events._meta.db_table} WHERE {HERE} "
            f"(pgh_obj_id = ANY(had_{name}) OR {_of_history(table)});"
        )
    return "\n".join([*parts, "    deleted := deleted + number;\n"])


def _empty_pointers() -> Iterator[str]:
    """Of rows that stay: those that go need not be right on their way."""
    of_client = {table.model for table in subject_tables()}
    for edge in pointers():
        table, column = edge.model._meta.db_table, edge.db_column
        values = f"{column} = NULL"
        if table == "clients_consent" and edge.column == "merge":
            # A row that put another one right because of the merge needs a reason of its own then.
            values += ", reason = CASE WHEN reason = '' AND corrects_id IS NOT NULL THEN '-' ELSE reason END"
        stays = f" AND id <> ALL(of_{table})" if edge.model in of_client else ""
        parent = edge.parent._meta.db_table
        yield f"    UPDATE {table} SET {values} WHERE {HERE} {column} = ANY(of_{parent}){stays};\n"


def _empty_words() -> Iterator[str]:
    """What somebody noted at a row of the access log that is about nobody else."""
    history = {event.pgh_tracked_model: event for event in event_models()}
    clients, events = f"of_{Client._meta.db_table}", AccessEvent._meta.db_table
    looks = f"SELECT id FROM {events} WHERE {HERE} client_ids <@ {clients} AND client_ids <> '{{}}'"
    for model, (key, column) in said_of_accesses().items():
        for table in filter(None, (model, history.get(model))):
            found = column_of(model, key)
            yield (
                f"    UPDATE {table._meta.db_table} SET {column} = '' "
                f"WHERE {HERE} {column} <> '' AND {found} IN ({looks});\n"
            )


def _delete_by_ids() -> Iterator[str]:
    for model, columns in models_with_ids().items():
        table = model._meta.db_table
        for column in columns:
            is_array = isinstance(model._meta.get_field(column), models.Field) and hasattr(
                model._meta.get_field(column), "base_field"
            )
            found = f"{column} && everything" if is_array else f"{column} = ANY(everything)"
            yield f"    DELETE FROM {table} WHERE {HERE} {found};\n"


def _words() -> str:
    """What the client and those around it were called, now and before."""
    tables = {table.model: table for table in subject_tables()}
    found = []
    for model, columns in ((Client, ("reference", "first_name")), (Rater, ("label",))):
        events = tables[model].events
        for column in columns:
            found.append(f"SELECT {column} FROM {model._meta.db_table} WHERE id = ANY(of_{model._meta.db_table})")
            if events is not None:
                name = model._meta.db_table
                found.append(f"SELECT {column} FROM {events._meta.db_table} WHERE pgh_obj_id = ANY(had_{name})")
    return " UNION ALL ".join(found)
