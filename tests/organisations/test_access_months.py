"""The access log's months: nothing is lost between them, none opens by its name, and old ones go without a break."""

from datetime import UTC, datetime, timedelta
from importlib import import_module
from itertools import pairwise

import psycopg
import pytest
from django.conf import settings
from django.db import ProgrammingError, connection, connections, transaction
from django.utils import timezone

from organisations.audit import hash_chain
from organisations.audit.record import SYSTEM
from organisations.database.access_months import AHEAD, FUNCTION, TABLE, make_months, months
from organisations.models import AccessEvent
from organisations.periodic import make_access_months
from organisations.tenancy.context import tenant
from reports.subject.looks import events_about
from tests.organisations.test_access_log import kinds, look

pytestmark = pytest.mark.django_db

ROLE = settings.DATABASES["default"]["USER"]


@pytest.fixture(autouse=True)
def outside(settings, tmp_path):
    """Where the signed heads are kept."""
    settings.DATA_DIR = tmp_path


def event(organisation, at, action="client.view"):
    """A look at a moment, chained."""
    told = AccessEvent(
        organisation=organisation, role=SYSTEM, action=action, client_ids=[], purpose="", request_id="-", at=at
    )
    with tenant(organisation.pk):
        hash_chain.append([told])
    return told


def ask(statement, *values, using="default"):
    with connections[using].cursor() as cursor:
        cursor.execute(statement, list(values))
        return cursor.fetchall() if cursor.description else []


def begins(moment):
    return datetime(moment.year, moment.month, 1, tzinfo=UTC)


def later(moment, number):
    """The beginning of the month so many months later."""
    months = moment.year * 12 + moment.month - 1 + number
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)


# What there is


def test_months_follow_each_other_without_a_gap_and_reach_ahead():
    found = months()
    assert [month.name for month in found[:1] + found[-1:]] == [f"{TABLE}_before", f"{TABLE}_default"]
    for one, following in pairwise(found[:-1]):
        assert one.until == following.since
    assert found[-2].until == later(timezone.now(), AHEAD + 1)
    assert (found[0].since, found[-1].since, found[-1].until) == (None, None, None)


def test_a_row_goes_to_its_month_and_one_of_a_month_that_is_missing_is_kept(house):
    months_ahead = months()[1:-1]
    for month in months_ahead:
        event(house, month.since)
    far = event(house, later(timezone.now(), 30))
    with tenant(house.pk):
        assert AccessEvent.objects.get(pk=far.pk).at == far.at
    # Which partition holds it, the owner alone sees: of rows that are not committed it sees none.
    with tenant(house.pk):
        found = dict(ask(f"SELECT tableoid::regclass::text, count(*) FROM {TABLE} GROUP BY 1"))
    assert found == {month.name: 1 for month in months_ahead} | {f"{TABLE}_default": 1}
    assert not kinds()


def test_the_job_of_the_night_makes_what_is_missing_once():
    assert make_access_months() == 0


# Who may


def partitions():
    return [month.name for month in months()]


def test_every_part_has_the_walls_of_the_whole():
    expected = ask(
        "SELECT relrowsecurity, relforcerowsecurity, polname, pg_get_expr(polqual, polrelid), "
        "pg_get_expr(polwithcheck, polrelid), polcmd, polroles FROM pg_class JOIN pg_policy ON polrelid = pg_class.oid "
        "WHERE relname = %s",
        TABLE,
    )
    assert expected[0][:2] == (True, True)
    for name in partitions():
        found = ask(
            "SELECT relrowsecurity, relforcerowsecurity, polname, pg_get_expr(polqual, polrelid), "
            "pg_get_expr(polwithcheck, polrelid), polcmd, polroles FROM pg_class "
            "JOIN pg_policy ON polrelid = pg_class.oid WHERE relname = %s",
            name,
        )
        assert found == expected, name
        rights = ask("SELECT has_table_privilege(%s, %s, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')", ROLE, name)
        assert rights == [(False,)], name


@pytest.mark.parametrize(
    "change",
    ["SELECT * FROM {}", "INSERT INTO {} SELECT * FROM " + TABLE, "UPDATE {} SET role = ''", "DELETE FROM {}"],
)
def test_the_application_reaches_no_part_by_its_name(change):
    for name in partitions():
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            ask(change.format(name))


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE {table} DETACH PARTITION {part}",
        "DROP TABLE {part}",
        "TRUNCATE {part}",
        "ALTER TABLE {part} DISABLE ROW LEVEL SECURITY",
        "CREATE TABLE public.one PARTITION OF {table} FOR VALUES FROM ('2090-01-01') TO ('2090-02-01')",
    ],
)
def test_the_application_takes_no_part_away(change):
    for name in partitions():
        with pytest.raises(ProgrammingError, match=r"must be owner|permission denied"), transaction.atomic():
            ask(change.format(table=TABLE, part=name))


def test_the_function_that_makes_months_is_the_owners_and_looks_up_names_in_one_place():
    [(owner, definer, config, anybody)] = ask(
        "SELECT proowner::regrole::text, prosecdef, proconfig, has_function_privilege('public', oid, 'EXECUTE') "
        "FROM pg_proc WHERE oid = %s::regproc",
        FUNCTION,
    )
    assert (owner, definer, anybody) == (connections["owner"].settings_dict["USER"], True, False)
    assert "search_path=public, pg_temp" in config


@pytest.fixture
def owner(django_db_setup):
    """SQL as the owner of the tables."""
    given = connections["owner"].settings_dict
    place = {"host": given["HOST"], "port": given["PORT"] or None, "dbname": connection.settings_dict["NAME"]}
    with psycopg.connect(**place, user=given["USER"], password=given["PASSWORD"] or None, autocommit=True) as connected:
        yield connected


@pytest.mark.django_db(transaction=True)
def test_a_part_shows_each_organisation_its_own_rows_even_to_who_has_the_right(house, elsewhere, owner):
    look(house)
    look(elsewhere)
    try:
        owner.execute(f"GRANT SELECT ON {TABLE}_before TO {ROLE}")
        assert ask(f"SELECT count(*) FROM {TABLE}_before") == [(0,)]
        with tenant(house.pk):
            assert ask(f"SELECT organisation_id FROM {TABLE}_before") == [(house.pk,)]
    finally:
        owner.execute(f"REVOKE ALL ON {TABLE}_before FROM {ROLE}")


@pytest.mark.django_db(transaction=True)
def test_rows_of_a_month_that_was_missing_move_into_it(house, owner):
    last = months()[-2]
    owner.execute(f"DROP TABLE {last.name}")
    try:
        late = event(house, last.since + timedelta(days=3))
        far = event(house, later(timezone.now(), 30))
        assert owner.execute(f"SELECT count(*) FROM {TABLE}_default").fetchone() == (2,)
    finally:
        assert make_months() == 1
    assert [month.name for month in months()][-2] == last.name
    assert owner.execute(f"SELECT id FROM {last.name}").fetchall() == [(late.pk,)]
    assert owner.execute(f"SELECT id FROM {TABLE}_default").fetchall() == [(far.pk,)]
    test_every_part_has_the_walls_of_the_whole()
    assert not kinds()


# What it costs


def plan_of(queryset):
    """The nodes of the plan, with the planner told that reading all rows is no way: the test's table has few."""
    statement, values = queryset.query.sql_with_params()
    with transaction.atomic():
        ask("SET LOCAL enable_seqscan = off")
        [[[told]]] = ask(f"EXPLAIN (FORMAT JSON, COSTS OFF) {statement}", *values)
    return list(nodes(told["Plan"]))


def nodes(plan):
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def read_in(plan):
    return {node["Relation Name"] for node in plan if "Relation Name" in node}


def test_who_has_looked_at_a_client_is_found_by_an_index_in_each_month(nils):
    with tenant(nils.organisation_id):
        plan = plan_of(events_about(nils).select_related(None))
    assert read_in(plan) == set(partitions())
    by_organisation = [node for node in plan if "organisation_id = " in node.get("Index Cond", "")]
    assert len(by_organisation) == len(partitions())
    assert not [node for node in plan if node["Node Type"] == "Seq Scan"]


def test_a_question_about_some_days_reads_their_months_alone(house):
    ahead = months()[1]
    with tenant(house.pk):
        rows = AccessEvent.objects.filter(
            organisation=house, at__gte=ahead.since, at__lt=ahead.since + timedelta(days=3)
        )
        assert read_in(plan_of(rows)) == {ahead.name}


def test_the_newest_rows_come_from_the_indexes_without_sorting(house):
    with tenant(house.pk):
        plan = plan_of(AccessEvent.objects.filter(organisation=house).order_by("-seq")[:20])
    kinds_of = {node["Node Type"] for node in plan}
    assert "Merge Append" in kinds_of
    assert not {"Sort", "Incremental Sort", "Seq Scan"} & kinds_of


def test_an_answers_row_is_one_statement_into_one_month(house, django_assert_num_queries):
    with tenant(house.pk):
        event(house, timezone.now())
        told = AccessEvent(
            organisation=house, role=SYSTEM, action="a", client_ids=[], purpose="", request_id="-", at=timezone.now()
        )
        with django_assert_num_queries(1) as asked:
            hash_chain.append([told])
        [[[plan]]] = ask(f"EXPLAIN (FORMAT JSON, COSTS OFF) {asked.captured_queries[0]['sql']}")
    writes = [node for node in nodes(plan["Plan"]) if node.get("Operation") == "Insert"]
    assert [node["Relation Name"] for node in writes] == [TABLE]
    # The rows go to their month one by one: no part is opened to find out which.
    assert not read_in(nodes(plan["Plan"])) & set(partitions())


# The upgrade


STATE = f"""
    SELECT relkind::text, relrowsecurity, relforcerowsecurity, relacl::text,
        ARRAY(SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = pg_class.oid ORDER BY 1),
        ARRAY(SELECT relname::text FROM pg_index JOIN pg_class one ON one.oid = indexrelid
            WHERE indrelid = pg_class.oid ORDER BY 1)
    FROM pg_class WHERE oid = '{TABLE}'::regclass
"""


@pytest.mark.django_db(transaction=True)
def test_the_table_of_before_becomes_a_part_as_it_lies_and_goes_back(house, owner):
    """The steps of the migration, in one transaction that is taken back."""
    steps = import_module("organisations.migrations.0020_access_months")
    moments = [datetime(2019, 5, 1, tzinfo=UTC), timezone.now(), later(timezone.now(), 13)]
    with owner.transaction(force_rollback=True):
        parted = owner.execute(STATE).fetchone()
        owner.execute(steps.BACK)
        for number, at in enumerate(moments, 1):
            owner.execute(
                f"INSERT INTO {TABLE} (id, organisation_id, role, action, client_ids, purpose, request_id, at, seq, "
                "previous_hash, hash) VALUES (gen_random_uuid(), %s, '', '', '{}', '', '', %s, %s, '', '')",
                [house.pk, at, number],
            )
        owner.execute("SET CONSTRAINTS ALL IMMEDIATE")
        [plain] = owner.execute(STATE).fetchall()
        assert (plain[0], parted[0], plain[1:4]) == ("r", "p", parted[1:4])
        assert "UNIQUE (organisation_id, seq)" in str(plain[4])
        lies_in = owner.execute(f"SELECT pg_relation_filenode('{TABLE}')").fetchone()
        for step in (steps.UNFINISHED, *steps.INDEXES, steps.BOUND, steps.LOOK_THROUGH, steps.SWAP):
            owner.execute(step.replace(" CONCURRENTLY", ""))  # which goes in no transaction
        assert owner.execute(STATE).fetchone() == parted
        assert owner.execute(f"SELECT pg_relation_filenode('{TABLE}_before')").fetchone() == lies_in
        assert owner.execute(
            f"SELECT has_table_privilege('{ROLE}', '{TABLE}_before', 'SELECT, INSERT')"
        ).fetchone() == (False,)
        assert owner.execute(f"SELECT at FROM {TABLE}_before ORDER BY seq").fetchall() == [(at,) for at in moments]
        owner.execute(steps.BACK)
        assert owner.execute(STATE).fetchone() == plain
        assert owner.execute(f"SELECT count(*) FROM {TABLE}").fetchone() == (3,)
