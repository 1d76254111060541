"""Results, fidelity and exports read from a streaming replica: two servers of the wheel, one following the other."""

import datetime
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import DatabaseError, connection, connections
from django.db.backends.signals import connection_created
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clients.models import Client
from fit_project.local.postgres import SUPERUSER
from organisations.audit import record
from organisations.database import replica, role
from organisations.database.statements import written_once
from organisations.models import AccessEvent
from organisations.tenancy.context import tenant
from reports.fit_in_use.page import read_page
from reports.results.read import read_results
from tests.reports.research.conftest import NO, again, agree, ask, enrol, make_study, say, work
from tests.results_rows import add_episodes
from tests.standby import Standby

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "replica"])
PAIRS = [(150 + 10 * n, 250) for n in range(12)]
FILES = ["results-csv", "results-xlsx", "results-pdf", "fit-in-use-csv"]


@pytest.fixture(scope="module", autouse=True)
def standby(django_db_setup):
    """Follows the tests' server for the length of this file, and the settings name it."""
    primary = connections["default"].settings_dict
    if not Path(primary["HOST"]).is_dir():
        pytest.skip("the tests' server is not ours to be followed")
    made = Standby()
    made.make()
    place = {"HOST": str(made.postgres.run_folder), "ATOMIC_REQUESTS": False}
    connections.settings["replica"] = primary | place
    yield made
    del connections["replica"], connections.settings["replica"]
    made.remove()


@pytest.fixture
def followed(standby, transactional_db, monkeypatch):
    """Nothing is remembered of it from the test before."""
    monkeypatch.setattr(replica, "_asked_again_at", 0.0)
    monkeypatch.setattr(connections["replica"], "settings_dict", connections.settings["replica"])
    yield standby
    connections["replica"].close()


@pytest.fixture
def held(followed):
    """A standby that does not replay what comes from now on."""

    def hold():
        followed.hold()

    yield hold
    followed.let_go()


def where(**_how):
    """The database that is asked."""
    with connections[replica.alias_of_reads()].cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery()")
        return "replica" if cursor.fetchone()[0] else "primary"


def read_where(organisation, **how):
    with tenant(organisation.pk):
        return replica.read_on_replica(lambda _as_of: where(), **how)


def shown(browser, name="results", **chosen):
    answer = browser.get(reverse(name), chosen)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def figures(page):
    """What stands in the middle of a page, whether or not it says how old that is; without tokens and moments."""
    middle = re.search("<main.*</main>", page)[0]
    told = r'<p class="muted small">Figures as of [^<]+</p> ?'
    return re.sub(rf'{told}|value="\w{{64}}"|<[^>]*data-opened[^>]*>', "", middle)


def questions(context):
    return [one["sql"].strip() for one in context if not one["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT"))]


def asked_for_ratings(context):
    return [sql for sql in questions(context) if sql.startswith("SELECT") and "sessions_app_rating" in sql]


@pytest.mark.parametrize("name", ["results", "fit-in-use"])
def test_a_page_is_read_from_the_replica_and_shows_what_the_primary_shows(
    name, followed, browser, ann, service, red_team, monkeypatch
):
    add_episodes(ann, service, PAIRS, team=red_team, contact=ann)
    followed.settle()
    browser.force_login(ann.user)
    shown(browser, name)
    with CaptureQueriesContext(connection) as here, CaptureQueriesContext(connections["replica"]) as there:
        page = shown(browser, name)
    assert asked_for_ratings(there) and not asked_for_ratings(here)
    monkeypatch.delitem(connections.settings, "replica")
    with CaptureQueriesContext(connection) as alone:
        assert figures(shown(browser, name)) == figures(page)
    assert len(questions(here)) + len(questions(there)) == len(questions(alone)) + 4


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read_from_the_replica(name, followed, browser, ada, ann, service, red_team):
    add_episodes(ann, service, PAIRS, team=red_team, contact=ann)
    browser.force_login(ada.user)
    followed.settle()
    with CaptureQueriesContext(connection) as here, CaptureQueriesContext(connections["replica"]) as there:
        assert browser.get(reverse(name)).status_code == 200
    assert asked_for_ratings(there) and not asked_for_ratings(here)


@pytest.mark.parametrize("name", ["results", "fit-in-use"])
def test_a_page_says_how_old_its_figures_are_where_the_replica_lags(
    name, held, followed, browser, ann, service, red_team
):
    house = ann.organisation
    house.time_zone = "America/Nuuk"
    house.save(update_fields=["time_zone"])
    add_episodes(ann, service, PAIRS, team=red_team, contact=ann)
    browser.force_login(ann.user)
    held()
    (until,) = followed.ask("SELECT pg_last_xact_replay_timestamp()")
    add_episodes(ann, service, PAIRS, team=red_team, contact=ann)
    followed_by = until.astimezone(ZoneInfo("America/Nuuk"))
    followed.send()
    page = shown(browser, name)
    assert f"Figures as of {followed_by:%H:%M}<" in page
    with tenant(house.pk):
        assert read_results(ann, {}).figures.clients == 12
        assert read_results(ann, {}, to_keep=True).figures.clients == 24


def test_nothing_is_said_where_the_replica_has_everything(followed, browser, ann, monkeypatch):
    monkeypatch.setattr(replica, "_as_of", lambda *_: None)
    browser.force_login(ann.user)
    assert "Figures as of" not in shown(browser) + shown(browser, "fit-in-use")


def test_a_replica_too_far_behind_is_not_read(held, followed, ann, service, red_team, monkeypatch, caplog):
    add_episodes(ann, service, PAIRS, team=red_team, contact=ann)
    held()
    add_episodes(ann, service, PAIRS, team=red_team, contact=ann)
    followed.send()
    assert read_where(ann.organisation) == "replica"
    monkeypatch.setattr(replica, "MOST_BEHIND", datetime.timedelta(0))
    assert read_where(ann.organisation) == "primary"
    assert "more than 0 seconds behind" in caplog.text
    with tenant(ann.organisation_id):
        found = read_results(ann, {})
    assert (found.figures.clients, found.as_of) == (24, None)


def test_what_is_kept_is_read_from_a_replica_only_once_that_has_everything(held, followed, ann, monkeypatch):
    assert read_where(ann.organisation, whole=True) == "replica"
    held()
    followed.ask_primary("UPDATE clients_client SET birth_year = 1901 RETURNING true")
    followed.send()
    monkeypatch.setattr(replica, "CATCH_UP_SECONDS", 0.1)
    assert read_where(ann.organisation) == "replica"
    assert read_where(ann.organisation, whole=True) == "primary"


def test_a_no_that_the_replica_has_not_heard_of_keeps_a_client_out_of_a_study(
    held, followed, ann, ada, lea, service, red_team, monkeypatch
):
    study = make_study(ada)
    episodes = add_episodes(ann, service, PAIRS, team=red_team, contact=ann)
    enrol(study, ada, episodes, (ann,))
    export = ask(study, ada)
    agree(export, lea)
    held()
    say(ada, [episodes[0].client_id], NO)
    followed.send()
    monkeypatch.setattr(replica, "CATCH_UP_SECONDS", 0.1)
    work(ada.organisation)
    with tenant(ada.organisation_id):
        out = set(again(export).members.values_list("client", flat=True))
    assert out == {one.client_id for one in episodes[1:]}


def test_a_killed_replica_is_left_alone_until_it_is_back(followed, ann, monkeypatch, caplog, browser):
    browser.force_login(ann.user)
    assert read_where(ann.organisation) == "replica"
    followed.kill()
    try:
        assert "Figures as of" not in shown(browser)
        assert "the replica does not answer (OperationalError)" in caplog.text
        # The next ones do not wait for it either.
        with CaptureQueriesContext(connection) as asked:
            assert read_where(ann.organisation) == "primary"
        assert not [one for one in asked if "pg_current_wal" in one["sql"]]
    finally:
        followed.start()
    monkeypatch.setattr(replica, "_asked_again_at", 0.0)
    assert read_where(ann.organisation) == "replica"


def test_a_read_that_the_replica_gives_up_on_is_done_on_the_primary(followed, ann, caplog):
    places = []

    def read(_as_of):
        places.append(where())
        if places == ["replica"]:
            followed.ask(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'fit_app' "
                "AND backend_type = 'client backend'"
            )
        return where(), Client.objects.count()

    with tenant(ann.organisation_id):
        assert replica.read_on_replica(read) == ("primary", 0)
    assert places == ["replica", "primary"]
    assert "the replica gave up (AdminShutdown)" in caplog.text


def test_what_is_no_replica_of_this_database_is_not_read(followed, ann, caplog):
    settings = connections["replica"].settings_dict
    for other in ({"HOST": connection.settings_dict["HOST"]}, {"NAME": "postgres"}):
        connections["replica"].close()
        connections["replica"].settings_dict = settings | other
        with CaptureQueriesContext(connections["replica"]) as asked:
            assert read_where(ann.organisation) == "primary"
        assert len(asked) == 1
    assert caplog.text.count("leads to no replica of this database") == 2


def test_the_wall_stands_on_the_replica(followed, nils, dora):
    with tenant(dora.organisation_id):
        own = Client.objects.create(organisation=dora.organisation, reference="D-1", birth_year=1980)
    followed.settle()

    def seen(_as_of):
        named = Client.objects.filter(pk__in=[nils.pk, own.pk])
        return where(), {one.pk for one in Client.objects.all()}, {one.pk for one in named}, set(_references([own]))

    with tenant(nils.organisation_id):
        assert replica.read_on_replica(seen) == ("replica", {nils.pk}, {nils.pk}, set())
    with tenant(dora.organisation_id):
        assert replica.read_on_replica(seen) == ("replica", {own.pk}, {own.pk}, {own.pk})
    # Nobody's transaction is nobody's there too, and a connection that was used before keeps nothing.
    assert replica.read_on_replica(seen) == ("replica", set(), set(), set())
    with psycopg.connect(followed.postgres.url("fit_app", followed.database)) as bare:
        assert bare.execute("SELECT count(*) FROM clients_client").fetchone() == (0,)
        forced = "SELECT bool_and(relforcerowsecurity) FROM pg_class WHERE relname IN ('clients_client', %s)"
        assert bare.execute(forced, ["sessions_app_rating"]).fetchone() == (True,)


def test_who_may_see_a_client_is_asked_on_the_replica_as_on_the_primary(
    followed, ann, cleo, dora, service, red_team, monkeypatch
):
    add_episodes(ann, service, PAIRS, team=red_team, contact=ann)
    followed.settle()
    monkeypatch.setattr(replica, "_as_of", lambda *_: None)
    for person, count in ((ann, 12), (cleo, 0), (dora, 0)):
        with tenant(person.organisation_id), CaptureQueriesContext(connections["replica"]) as there:
            assert read_results(person, {}).figures.clients == count
        assert there.captured_queries


@written_once
def _clients_of(organisation):
    return Client.objects.filter(organisation=organisation)


def _references(clients):
    return [one.pk for client in clients for one in _clients_of(client.organisation)]


def test_a_question_that_is_written_once_is_asked_where_reads_are_asked(held, followed, ann):
    house = ann.organisation
    held()
    with tenant(house.pk):
        Client.objects.create(organisation=house, reference="N-1", birth_year=1980)
        assert len(_clients_of(house)) == 1
    followed.send()
    with tenant(house.pk):
        assert replica.read_on_replica(lambda _as_of: len(_clients_of(house))) == 0
        assert len(_clients_of(house)) == 1


def test_one_state_is_read_from_the_first_to_the_last_question(followed, nils):
    followed.settle()

    def read(_as_of):
        before = Client.objects.count()
        followed.ask_primary("UPDATE clients_client SET birth_year = 1901 RETURNING true")
        followed.settle()
        return where(), before, Client.objects.filter(birth_year=1901).count()

    with tenant(nils.organisation_id):
        assert replica.read_on_replica(read) == ("replica", 1, 0)


def test_nothing_is_written_on_the_replica_and_what_is_written_is_the_primarys(followed, nils, ann, browser):
    followed.settle()
    # Nor where it was promoted: then it takes what is written.
    for host in (connections["replica"].settings_dict["HOST"], connection.settings_dict["HOST"]):
        connections["replica"].close()
        connections["replica"].settings_dict = connections["replica"].settings_dict | {"HOST": host}
        on_it = replica._reading(str(nils.organisation_id))
        refused = pytest.raises(DatabaseError, match="read-only transaction")
        with refused, on_it, connections["replica"].cursor() as cursor:
            cursor.execute("UPDATE clients_client SET birth_year = 1901")
    connections["replica"].close()
    connections["replica"].settings_dict = connections.settings["replica"]

    def read(_as_of):
        found = Client.objects.get()
        assert found._state.db == "replica"
        found.birth_year = 1902
        found.save(update_fields=["birth_year"])
        return where()

    with tenant(nils.organisation_id), record.recorded(organisation_id=nils.organisation_id, request_id="test"):
        assert replica.read_on_replica(read) == "replica"
        assert Client.objects.get().birth_year == 1902
    browser.force_login(ann.user)
    shown(browser)
    with tenant(nils.organisation_id):
        assert AccessEvent.objects.filter(action="results").count() == 1


def test_a_role_that_row_security_does_not_bind_is_not_read_with(followed, nils, caplog):
    connections["replica"].settings_dict = connections["replica"].settings_dict | {"USER": SUPERUSER}
    role.guard_connections()
    try:
        assert read_where(nils.organisation) == "primary"
    finally:
        connection_created.disconnect(dispatch_uid="refuse-bypassing-role")
    assert "RoleBypassesRowSecurity" in caplog.text
    sentences = role.look("replica")
    assert sentences == ["The database role of DATABASE_REPLICA_URL " + role.SUPERUSER.words + f"; {role.CURE}."]


def test_without_a_replica_nothing_more_is_asked(ann, django_assert_num_queries, monkeypatch):
    monkeypatch.delitem(connections.settings, "replica")
    with tenant(ann.organisation_id):
        with django_assert_num_queries(0):
            assert replica.read_on_replica(lambda as_of: (as_of, replica.alias_of_reads())) == (None, "default")
        assert read_results(ann, {}).as_of is read_page(ann, {}).as_of is None
