"""The access log becomes a table of months, and what was there before becomes one part of it, as it lies.

No row is moved. What takes long (two indexes, looking through the rows once) locks nobody out; the rest is done in a
moment. Each step may be taken again after one that could not have its lock.
"""

# ruff: noqa: S608  (our own names, and nothing else)

from django.db import migrations, models

from organisations.database.access_months import FUNCTION, SOURCE, TABLE
from organisations.database.rls import POLICY

BEFORE = f"{TABLE}_before"
# What an attempt left unfinished.
UNFINISHED = f"""
DO $do$
DECLARE
    left_over regclass;
BEGIN
    FOR left_over IN
        SELECT indexrelid FROM pg_index WHERE NOT indisvalid
        AND indexrelid IN (to_regclass('{BEFORE}_pkey'), to_regclass('{BEFORE}_seq'))
    LOOP
        EXECUTE format('DROP INDEX %s', left_over);
    END LOOP;
END $do$
"""
# A unique index of a partitioned table has to hold the column by which it is parted.
INDEXES = (
    f"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS {BEFORE}_pkey ON {TABLE} (id, at)",
    f"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS {BEFORE}_seq ON {TABLE} (organisation_id, seq, at)",
)
# Up to a month that has not begun: rows that come while this runs fit, and so does every row that is there.
BOUND = f"""
DO $do$
BEGIN
    SET LOCAL TimeZone = 'UTC';
    IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = '{BEFORE}') THEN
        EXECUTE format('ALTER TABLE {TABLE} ADD CONSTRAINT {BEFORE} CHECK (at < %L) NOT VALID', (
            SELECT date_trunc('month', greatest(max(at), now() + interval '7 days')) + interval '1 month' FROM {TABLE}
        ));
    END IF;
END $do$
"""
LOOK_THROUGH = f"ALTER TABLE {TABLE} VALIDATE CONSTRAINT {BEFORE}"
SWAP = f"""
DO $do$
DECLARE
    one record;
    until timestamptz;
BEGIN
    SET LOCAL TimeZone = 'UTC';
    LOCK TABLE {TABLE} IN ACCESS EXCLUSIVE MODE;
    SELECT substring(pg_get_constraintdef(oid) FROM $$'([^']+)'$$)::timestamptz INTO STRICT until
        FROM pg_constraint WHERE conname = '{BEFORE}';
    ALTER TABLE {TABLE} RENAME TO {BEFORE};
    ALTER TABLE {BEFORE} DROP CONSTRAINT {TABLE}_pkey, DROP CONSTRAINT access_event_seq,
        DROP CONSTRAINT {TABLE}_organisation_id_id_key;
    ALTER TABLE {BEFORE} ADD PRIMARY KEY USING INDEX {BEFORE}_pkey;
    ALTER TABLE {BEFORE} ADD UNIQUE USING INDEX {BEFORE}_seq;
    CREATE TABLE {TABLE} (LIKE {BEFORE} INCLUDING DEFAULTS) PARTITION BY RANGE (at);
    ALTER TABLE {TABLE} ADD PRIMARY KEY (id, at);
    ALTER TABLE {TABLE} ADD CONSTRAINT access_event_seq UNIQUE (organisation_id, seq, at);
    FOR one IN SELECT conname, pg_get_constraintdef(oid) AS said FROM pg_constraint
        WHERE conrelid = '{BEFORE}'::regclass AND contype = 'f' ORDER BY conname
    LOOP
        EXECUTE format('ALTER TABLE {TABLE} ADD CONSTRAINT %I %s', one.conname, one.said);
    END LOOP;
    FOR one IN SELECT relname AS name, replace(pg_get_indexdef(indexrelid), ' public.{BEFORE} ', ' {TABLE} ') AS said
        FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        WHERE indrelid = '{BEFORE}'::regclass AND NOT indisunique ORDER BY relname
    LOOP
        EXECUTE format('ALTER INDEX %I RENAME TO %I', one.name, left('before_' || one.name, 63));
        EXECUTE one.said;
    END LOOP;
    ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY;
    ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY;
    CREATE POLICY tenant ON {TABLE} USING ({POLICY}) WITH CHECK ({POLICY});
    CREATE TABLE {TABLE}_default PARTITION OF {TABLE} DEFAULT;
    ALTER TABLE {TABLE}_default ENABLE ROW LEVEL SECURITY;
    ALTER TABLE {TABLE}_default FORCE ROW LEVEL SECURITY;
    CREATE POLICY tenant ON {TABLE}_default USING ({POLICY}) WITH CHECK ({POLICY});
    EXECUTE format('ALTER TABLE {TABLE} ATTACH PARTITION {BEFORE} FOR VALUES FROM (MINVALUE) TO (%L)', until);
    ALTER TABLE {BEFORE} DROP CONSTRAINT {BEFORE};
    -- Whoever works meanwhile goes on: their rights are on the whole table, none on a part.
    FOR one IN SELECT grantee::regrole AS role, string_agg(privilege_type, ', ') AS rights
        FROM pg_class, aclexplode(relacl) WHERE oid = '{BEFORE}'::regclass AND grantee NOT IN (0, relowner) GROUP BY 1
    LOOP
        EXECUTE format('GRANT %s ON {TABLE} TO %s', one.rights, one.role);
        EXECUTE format('REVOKE ALL ON {BEFORE} FROM %s', one.role);
    END LOOP;
END $do$
"""
# One table again, with all rows: this does move them.
BACK = f"""
DO $do$
DECLARE
    one record;
BEGIN
    LOCK TABLE {TABLE} IN ACCESS EXCLUSIVE MODE;
    CREATE TABLE {TABLE}_plain (LIKE {TABLE} INCLUDING DEFAULTS);
    INSERT INTO {TABLE}_plain SELECT * FROM {TABLE};
    ALTER TABLE {TABLE} RENAME TO {TABLE}_parted;
    ALTER TABLE {TABLE}_plain RENAME TO {TABLE};
    ALTER INDEX {TABLE}_pkey RENAME TO {TABLE}_parted_pkey;
    ALTER INDEX access_event_seq RENAME TO {TABLE}_parted_seq;
    ALTER TABLE {TABLE} ADD PRIMARY KEY (id), ADD UNIQUE (organisation_id, id),
        ADD CONSTRAINT access_event_seq UNIQUE (organisation_id, seq);
    FOR one IN SELECT conname, pg_get_constraintdef(oid) AS said FROM pg_constraint
        WHERE conrelid = '{TABLE}_parted'::regclass AND contype = 'f' AND conparentid = 0 ORDER BY conname
    LOOP
        EXECUTE format('ALTER TABLE {TABLE} ADD CONSTRAINT %I %s', one.conname, one.said);
    END LOOP;
    FOR one IN SELECT relname AS name,
        replace(pg_get_indexdef(indexrelid), ' ON ONLY public.{TABLE}_parted ', ' ON {TABLE} ') AS said
        FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        WHERE indrelid = '{TABLE}_parted'::regclass AND NOT indisunique ORDER BY relname
    LOOP
        EXECUTE format('ALTER INDEX %I RENAME TO %I', one.name, left('parted_' || one.name, 63));
        EXECUTE one.said;
    END LOOP;
    ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY;
    ALTER TABLE {TABLE} FORCE ROW LEVEL SECURITY;
    CREATE POLICY tenant ON {TABLE} USING ({POLICY}) WITH CHECK ({POLICY});
    FOR one IN SELECT grantee::regrole AS role, string_agg(privilege_type, ', ') AS rights
        FROM pg_class, aclexplode(relacl) WHERE oid = '{TABLE}_parted'::regclass AND grantee NOT IN (0, relowner)
        GROUP BY 1
    LOOP
        EXECUTE format('GRANT %s ON {TABLE} TO %s', one.rights, one.role);
    END LOOP;
    DROP TABLE {TABLE}_parted;
END $do$
"""
NOTHING = migrations.RunSQL.noop


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("organisations", "0019_detached_accesses"), ("sessions_app", "0028_sampled_access_key")]
    operations = [
        migrations.RunSQL(UNFINISHED, NOTHING),
        *(migrations.RunSQL(index, NOTHING) for index in INDEXES),
        migrations.RunSQL(BOUND, NOTHING),
        migrations.RunSQL(LOOK_THROUGH, NOTHING),
        migrations.RunSQL(
            SWAP,
            BACK,
            state_operations=[
                migrations.RemoveConstraint(model_name="accessevent", name="access_event_seq"),
                migrations.AddConstraint(
                    model_name="accessevent",
                    constraint=models.UniqueConstraint(fields=("organisation", "seq", "at"), name="access_event_seq"),
                ),
            ],
        ),
        migrations.RunSQL(SOURCE, f"DROP FUNCTION {FUNCTION}()"),
        migrations.RunSQL(f"SELECT {FUNCTION}()", NOTHING),
    ]
