"""Every table of an organisation's can be spread over machines by `organisation_id`, as Citus and its like do it.

Such a database wants the column in each unique key and in each foreign key between spread tables; the few tables of no
organisation are copied to every machine (reference tables). Nothing is changed in ours until somebody needs it: here
it is changed, in a transaction that is taken back, and the catalogue is read afterwards.
"""

from collections.abc import Iterable, Iterator

import psycopg
import pytest
from django.db import connections

from organisations.tenancy.context import GLOBAL_TABLES

COLUMN = "organisation_id"
# Of a table in parts the whole, whose keys its parts have.
KEYS = """
    SELECT t.relname, i.relname, x.indisprimary, con.conname, pg_get_expr(x.indpred, t.oid), ARRAY(
        SELECT a.attname::text FROM unnest(x.indkey) WITH ORDINALITY AS k(number, place)
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number ORDER BY k.place)
    FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
    LEFT JOIN pg_constraint con ON con.conindid = i.oid AND con.contype IN ('p', 'u')
    WHERE x.indisunique AND t.relnamespace = 'public'::regnamespace AND NOT t.relispartition"""
FOREIGN_KEYS = """
    SELECT c.conrelid::regclass::text, c.conname, c.confrelid::regclass::text, ARRAY(
        SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey))
    FROM pg_constraint c WHERE c.contype = 'f' AND c.conparentid = 0"""
# Random and 256 bits long: no two organisations ever draw the same one, so the key may hold the organisation too.
RANDOM = {("organisations_signonattempt", "state_hash"), ("organisations_capability", "token_hash")}


@pytest.fixture
def owner(django_db_setup) -> Iterator[psycopg.Connection]:
    """A connection that may change the tables; what it did is taken back."""
    facts = connections["owner"].settings_dict
    place = {"host": facts["HOST"], "port": facts["PORT"] or None, "dbname": facts["NAME"]}
    with psycopg.connect(**place, user=facts["USER"], password=facts["PASSWORD"] or None) as connection:
        connection.execute("SET LOCAL lock_timeout = '20s'")
        yield connection
        connection.rollback()


def tenant_tables(owner) -> set[str]:
    query = f"""SELECT t.relname FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = '{COLUMN}'
        WHERE t.relkind IN ('r', 'p') AND t.relnamespace = 'public'::regnamespace AND NOT t.relispartition"""
    return {name for (name,) in owner.execute(query)} - set(GLOBAL_TABLES)


def without_the_column(owner, tables: Iterable[str]) -> tuple[list[tuple], list[tuple]]:
    """(unique keys, foreign keys between such tables) that do not hold the column."""
    spread = set(tables)
    keys = [key for key in owner.execute(KEYS) if key[0] in spread and COLUMN not in key[5]]
    between = [key for key in owner.execute(FOREIGN_KEYS) if {key[0], key[2]} <= spread and COLUMN not in key[3]]
    return keys, between


def test_every_key_between_organisations_rows_has_a_twin_that_holds_the_organisation(owner):
    tables = tenant_tables(owner)
    _, between = without_the_column(owner, tables)
    twins = {
        (table, to, *sorted(set(of) - {COLUMN})) for table, _, to, of in owner.execute(FOREIGN_KEYS) if COLUMN in of
    }
    assert [key for key in between if (key[0], key[2], *sorted(key[3])) not in twins] == []


def test_no_table_of_none_points_at_an_organisations_row(owner):
    """A reference table cannot have a foreign key to a spread one."""
    tables = tenant_tables(owner)
    assert [key for key in owner.execute(FOREIGN_KEYS) if key[0] not in tables and key[2] in tables] == []


def test_a_key_without_the_organisation_is_of_ids_that_are_drawn_at_random_or_belong_to_one_row_of_it(owner):
    """So the key says the same with the organisation in it: ids of ours are random, or of a row of the same one."""
    keys, between = without_the_column(owner, tenant_tables(owner))
    points = {(table, *of) for table, _, _, of in between}
    unsure = [
        (table, *columns)
        for table, _, is_primary, _, _, columns in keys
        if not is_primary and (table, *columns) not in points | RANDOM
    ]
    assert unsure == []


def test_after_the_change_each_key_holds_the_organisation(owner):
    tables = tenant_tables(owner)
    keys, between = without_the_column(owner, tables)
    assert keys
    assert between, "nothing to change: the test has lost its subject"
    for table, name, _, _ in between:
        owner.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
    for table, index, is_primary, constraint, predicate, columns in keys:
        named = ", ".join(f'"{column}"' for column in (COLUMN, *columns))
        owner.execute(
            f'ALTER TABLE "{table}" DROP CONSTRAINT "{constraint}"' if constraint else f'DROP INDEX "{index}"'
        )
        kind = "PRIMARY KEY" if is_primary else "UNIQUE"
        if predicate:
            owner.execute(f'CREATE UNIQUE INDEX "{index}" ON "{table}" ({named}) WHERE {predicate}')
        else:
            owner.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT "{index}" {kind} ({named})')
    assert without_the_column(owner, tables) == ([], [])
