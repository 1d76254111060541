"""When foreign keys are checked."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection
from django.db.models import Model

KEYS = """SELECT conname FROM pg_constraint
    WHERE contype = 'f' AND conrelid = %s::regclass AND confrelid = %s::regclass"""


@contextmanager
def checked_at_once(*, but_for: Sequence[tuple[type[Model], type[Model]]] = ()) -> Iterator[None]:
    """Inside, foreign keys are checked with each statement; after it at the end of the transaction, as always.

    Until its end PostgreSQL keeps a note of every written row and key in memory, which for a long file is more than
    all the rest. Only inside a transaction: rows must be written after those that they point at, `but_for` those of a
    first model that point at a second one.
    """
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        late = []
        for pointing, pointed_at in but_for:
            cursor.execute(KEYS, [pointing._meta.db_table, pointed_at._meta.db_table])
            late += [quote(name) for (name,) in cursor.fetchall()]
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        if late:
            cursor.execute(f"SET CONSTRAINTS {', '.join(late)} DEFERRED")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
