"""Words from before they were sealed: found in tables and history, and sealed there without a trace of a change.

The history is the owner's to change, so this runs as the owner (`manage.py seal_words --database owner`).
"""

import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import connections, models, transaction
from psycopg import sql

from clients.models.sealed_text import MARK, seal_texts, sealed_fields
from organisations.history.tracking import event_model_of, keeps_history

AT_A_TIME = 500
LOOKS, PAUSE = 10, 0.3  # seconds
PLAIN = sql.SQL("{column} <> '' AND left({column}, {length}) <> {mark}")

Column = tuple[type[models.Model], Any]


def sealed_columns() -> Iterator[Column]:
    """(model, field) of every sealed column, each followed by that of its history."""
    for field in sealed_fields():
        yield field.model, field
        if keeps_history(field.model):
            events = event_model_of(field.model)
            yield events, events._meta.get_field(field.name)


def plain_left(using: str) -> dict[str, int]:
    """How many rows of each column ("table.column") are not sealed yet."""
    found = {}
    with connections[using].cursor() as cursor:
        for model, field in sealed_columns():
            cursor.execute(sql.SQL("SELECT count(*) FROM {table} WHERE {plain}").format(**_names(model, field)))
            if count := cursor.fetchone()[0]:
                found[f"{model._meta.db_table}.{field.column}"] = count
    return found


def sessions_of_others(using: str, role: str, name: str) -> int:
    """How many sessions of the application's role in this database do not call themselves `name`, as this version does.

    Their name is all that the owner is shown of them, and enough.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = %s "
            "AND application_name IS DISTINCT FROM %s",
            [role, name],
        )
        return cursor.fetchone()[0]


def wait_for_the_ended(using: str, role: str, name: str) -> int:
    """How many such sessions are still there some seconds later: the server shows one for a moment after its end."""
    for _attempt in range(LOOKS):
        if not (others := sessions_of_others(using, role, name)):
            break
        time.sleep(PAUSE)
    return others


def seal_plain_words(using: str, at_a_time: int = AT_A_TIME) -> Iterator[tuple[str, int]]:
    """Seal what is plain, a few rows in a transaction; yields (table.column, rows) after each.

    Neither the history nor `updated_at` tells of it: nothing was changed that anybody wrote.
    """
    for model, field in sealed_columns():
        while True:
            with transaction.atomic(using=using):
                _leave_no_trace(model, using)
                count = _seal_some(model, field, using, at_a_time)
            if not count:
                break
            yield f"{model._meta.db_table}.{field.column}", count


def _leave_no_trace(model: type[models.Model], using: str) -> None:
    """Until the end of the transaction our triggers of the table do nothing; the application cannot say this."""
    ours = "SELECT array_agg(tgname)::text FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE 'pgtrigger_%%'"
    ignore = f"SELECT set_config('pgtrigger.ignore', coalesce(({ours}), '{{}}'), true)"
    with connections[using].cursor() as cursor:
        cursor.execute(ignore, [model._meta.db_table])


def _seal_some(model: type[models.Model], field: Any, using: str, at_a_time: int) -> int:
    names = _names(model, field) | {"key": sql.Identifier(_pk(model)), "limit": sql.Literal(at_a_time)}
    with connections[using].cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "SELECT {key}, {column} FROM {table} WHERE {plain} ORDER BY {key} LIMIT {limit} FOR UPDATE SKIP LOCKED"
            ).format(**names)
        )
        texts = dict(cursor.fetchall())
        about = _clients_of(model, field, using, texts)
        for organisation in {row[1] for row in about.values()}:
            rows = [(key, *row) for key, row in about.items() if row[1] == organisation]
            given = [(client, row_id, texts[key]) for key, client, _organisation, row_id in rows]
            sealed = [words.text for words in seal_texts(field, organisation, given, using)]
            cursor.executemany(
                sql.SQL("UPDATE {table} SET {column} = %s WHERE {key} = %s").format(**names),
                list(zip(sealed, (row[0] for row in rows), strict=True)),
            )
    return len(about)


def _clients_of(
    model: type[models.Model], field: Any, using: str, keys: dict[Any, str]
) -> dict[Any, tuple[UUID, UUID, UUID]]:
    """(client, organisation, the row that it is or is the history of) of each row."""
    row = "pgh_obj_id" if _pk(model) == "pgh_id" else "pk"
    path = row if field.words_of == "pk" else field.words_of.replace(".", "__")
    rows = model._default_manager.using(using).filter(pk__in=list(keys))
    found = rows.values_list("pk", path, "organisation_id", row)
    return {key: (client, organisation, row_id) for key, client, organisation, row_id in found if client}


def _pk(model: type[models.Model]) -> str:
    return str(model._meta.pk.column)


def _names(model: type[models.Model], field: Any) -> dict[str, sql.Composable]:
    column = sql.Identifier(field.column)
    plain = PLAIN.format(column=column, length=sql.Literal(len(MARK)), mark=sql.Literal(MARK))
    return {"table": sql.Identifier(model._meta.db_table), "column": column, "plain": plain}
