"""Who has looked at a client: found by an index at the cost of that client's rows, and of no other organisation's."""

import uuid
from datetime import timedelta

import psycopg
import pytest
from django.conf import settings
from django.db import ProgrammingError, connection, connections, transaction
from django.utils import timezone

from clients.services.access_log import events_asked
from organisations.audit import hash_chain
from organisations.audit.record import SYSTEM
from organisations.audit.visits import Visits
from organisations.database.access_months import TABLE, months
from organisations.database.client_accesses import FUNCTION, SIGNATURE, about_clients
from organisations.models import AccessEvent
from organisations.tenancy.context import tenant
from reports.subject.looks import events_about
from tests.conftest import OWNER
from tests.organisations.test_access_months import ask, plan_of

pytestmark = pytest.mark.django_db

ROLE = settings.DATABASES["default"]["USER"]
OTHERS = 3000
# What the transaction has read so far of the log's parts, by whatever way; a function's reading is counted as well.
READ = f"""
    SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::int FROM pg_stat_xact_user_tables
    WHERE relname IN (SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = '{TABLE}'::regclass)
"""


def noted(organisation, *looked_at, at=None):
    """A look at each of these lists of clients, chained."""
    facts = {"role": SYSTEM, "action": "client.view", "purpose": "", "request_id": "-", "at": at or timezone.now()}
    with tenant(organisation.pk):
        rows = [AccessEvent(organisation=organisation, client_ids=list(clients), **facts) for clients in looked_at]
        for start in range(0, len(rows), 1000):
            hash_chain.append(rows[start : start + 1000])
    return rows


@pytest.fixture
def looks(nils):
    """Three looks at one client, one of them in a list and one of a month to come, among many at others."""
    house = nils.organisation
    others = [[uuid.uuid4()] for _ in range(OTHERS)] + [[uuid.uuid4() for _ in range(5)] for _ in range(OTHERS)]
    noted(house, *others, at=timezone.now() - timedelta(days=40))
    last = months()[-2]
    own = noted(house, [nils.pk], [uuid.uuid4(), nils.pk, uuid.uuid4()])
    return own + noted(house, [nils.pk], at=last.since + timedelta(days=2))


@pytest.fixture
def counted(looks):
    """The same looks, when the planner has counted the rows, as it does within minutes of use."""
    server = connections["default"].settings_dict
    owner = {"host": server["HOST"], "port": server["PORT"] or None, "dbname": server["NAME"], "user": OWNER}
    with psycopg.connect(**owner, autocommit=True) as cursor:
        cursor.execute(f"ANALYZE {TABLE}")
    return looks


def read_by(question):
    """(what a question gives, how many rows of the log are read for it)."""
    [[before]] = ask(READ)
    found = question()
    [[after]] = ask(READ)
    return found, after - before


@pytest.mark.django_db(transaction=True)
def test_the_looks_at_one_client_are_read_and_no_others(ann, nils, counted):
    looks, expected = counted, {event.pk for event in counted}
    with tenant(nils.organisation_id):
        found, read = read_by(lambda: {event.pk for event in events_about(nils)})
        assert (found, read) == (expected, 2 * len(looks))  # once by the index of clients, once by their keys

        found, read = read_by(lambda: {event.pk for event in events_asked({"reference": nils.reference}, ann)})
        assert (found, read) == (expected, 2 * len(looks))

        visits = Visits(AccessEvent.objects.visible_to(ann).filter(about_clients([nils.pk])), "UTC", of_client=True)
        page, read = read_by(lambda: visits.page(None, 50))
        assert {event.pk for visit in page.visits for event in visit.events} == expected
        assert read <= 4 * len(looks)  # the visits' ends, and then what belongs to them


def test_row_security_keeps_the_planner_from_the_index_of_clients(nils, looks):
    """Why there is a function at all; where PostgreSQL vouches for `&&` one day, it may go."""
    with tenant(nils.organisation_id):
        plain = AccessEvent.objects.filter(client_ids__overlap=[nils.pk])
        found, read = read_by(lambda: {event.pk for event in plain})
    assert found == {event.pk for event in looks}
    assert read > 2 * OTHERS


@pytest.mark.django_db(transaction=True)
def test_the_application_reads_the_found_rows_by_their_keys_under_row_security(nils, counted):
    with tenant(nils.organisation_id):
        plan = plan_of(events_about(nils).select_related(None))
    assert [node["Function Name"] for node in plan if "Function Name" in node] == ["accesses_of_clients"]
    # Of a month without rows nobody needs the index.
    [part] = [node for node in plan if node.get("Relation Name") == f"{TABLE}_before"]
    assert " AND (at = accesses_of_clients.at)" in part["Index Cond"]
    assert "organisation_id = " in part["Index Cond"] + part.get("Filter", "")


@pytest.mark.parametrize("clients", [[], [uuid.UUID(int=1)]], ids=["no client", "one whom nobody looked at"])
def test_a_question_about_no_client_of_the_log_finds_nothing(nils, looks, clients):
    with tenant(nils.organisation_id):
        assert not AccessEvent.objects.filter(about_clients(clients)).exists()


# Who may


def found_by_function(*clients):
    return {key for key, _at in ask(f"SELECT id, at FROM {FUNCTION}(%s::uuid[])", list(clients))}


def test_the_function_tells_of_the_active_organisation_alone(nils, elsewhere, looks):
    other = uuid.uuid4()
    [theirs] = noted(elsewhere, [other])
    # No client is of two organisations; should a row say so, it is still told to its own alone.
    [both] = noted(elsewhere, [nils.pk])
    with tenant(nils.organisation_id):
        assert found_by_function(nils.pk, other) == {event.pk for event in looks}
    with tenant(elsewhere.pk):
        assert found_by_function(nils.pk, other) == {theirs.pk, both.pk}


def test_without_an_organisation_the_function_tells_nothing(nils, looks):
    assert ask("SELECT current_setting('app.organisation_id', true)")[0][0] in (None, "")
    assert found_by_function(nils.pk) == set()


def test_the_function_is_the_owners_for_the_application_alone_and_looks_up_names_in_one_place():
    [(owner, definer, config, anybody, application)] = ask(
        "SELECT proowner::regrole::text, prosecdef, proconfig, has_function_privilege('public', oid, 'EXECUTE'), "
        "has_function_privilege(%s, oid, 'EXECUTE') FROM pg_proc WHERE oid = %s::regprocedure",
        ROLE,
        SIGNATURE,
    )
    assert (owner, definer, anybody) == (connections["owner"].settings_dict["USER"], True, False)
    assert application
    assert "search_path=public, pg_temp" in config


def test_a_table_of_the_session_does_not_stand_in_for_the_log(nils, looks):
    with tenant(nils.organisation_id):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            ask("CREATE TABLE public.organisations_accessevent_2 (id uuid)")
        assert connection.settings_dict["USER"] == ROLE
        ask(f"CREATE TEMPORARY TABLE {TABLE} (id uuid, at timestamptz, organisation_id uuid, client_ids uuid[])")
        assert found_by_function(nils.pk) == {event.pk for event in looks}
        ask(f"DROP TABLE pg_temp.{TABLE}")
