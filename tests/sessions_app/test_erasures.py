"""After an erasure nothing names the client in any table, another one is as before, and the access log holds."""

import datetime
import json
import uuid

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from clients.models import Client, Erasure, LegalHold
from clients.services.erasure_function import function_source
from clients.services.erasure_ledger import chain_faults, file_of, read_ledger, write_missing_lines
from clients.services.subject_graph import subject_ids, subject_tables
from organisations.audit import hash_chain, record
from organisations.models import AccessEvent, EmptiedAccess
from organisations.tenancy.context import tenant
from sessions_app.services.erasures import erase_client, replay_erasures
from sessions_app.services.retention_entries import ENTRIES, NOT_ENTRIES
from tests.factories import ClientFactory
from tests.filled_world import FilledWorld, rows_with

pytestmark = pytest.mark.django_db
ONE, OTHER = "Qvzone77", "Wxkother88"
LEDGER = "clients_erasure"
# Where the random key of somebody who was erased goes on standing, and leads nowhere (decision 74)
KEYS_STAY = {LEDGER, "organisations_accessevent"}


@pytest.fixture
def world(ann, red_team, service):
    with tenant(ann.organisation_id):
        yield FilledWorld(ann, red_team, service)


def looked_up(world, client, typed):
    """Rows of the log as a search and a page write them."""
    with record.recorded(organisation_id=world.organisation.pk, request_id="r"):
        record.record_access("client.view", [client.pk])
        record.record_access("client.list", [client.pk], typed=typed)


def ledger_row(client, **values):
    people = {"first_by": client.pk, "second_by": client.organisation_id}
    days = {"kept_until": datetime.date(2020, 1, 1), "first_on": datetime.date(2026, 11, 1)}
    second = {"second_on": datetime.date(2026, 11, 1), "rules": "dk-health-5"}
    return Erasure(organisation=client.organisation, client_uid=client.pk, **(people | days | second | values))


def erase(client, **values):
    with record.recorded(organisation_id=client.organisation_id, request_id="e"):
        return erase_client(ledger_row(client, **values))


def chain_of(organisation):
    return list(hash_chain.faults_of(organisation, {}))


def test_nothing_of_one_client_is_left_and_the_other_is_byte_equal(world):
    one, other = world.fill(ONE), world.fill(OTHER)
    for client, mark in ((one, ONE), (other, OTHER)):
        looked_up(world, client, f"look for {mark}")
        world.note_look(client, mark)
    ids = [str(key) for keys in subject_ids(one).values() for key in keys]
    before = rows_with(OTHER, *(str(key) for keys in subject_ids(other).values() for key in keys))
    filled = {table for table, _text in rows_with(ONE, *ids)}
    assert filled >= {table.model._meta.db_table for table in subject_tables()}  # nothing is empty by chance
    assert filled >= {table.events._meta.db_table for table in subject_tables() if table.events}
    erased = erase(one, merged_uids=[])
    assert rows_with(ONE) == []
    assert {table for table, _text in rows_with(*ids)} <= KEYS_STAY
    assert rows_with(OTHER, *(str(key) for keys in subject_ids(other).values() for key in keys)) == before
    assert erased.count >= len(subject_tables())
    assert chain_of(world.organisation) == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no key leads to a row that is gone


def test_access_log_holds_after_an_erasure_and_shows_who_changes_an_emptied_row(world):
    one = world.fill(ONE)
    looked_up(world, one, f"look for {ONE}")
    erase(one)
    emptied = EmptiedAccess.objects.get()
    event = AccessEvent.objects.get(seq=emptied.seq)
    assert (event.typed, event.action) == ("", "client.list")
    event.role = "admin"
    assert hash_chain.digest_of(event) != emptied.digest
    assert chain_of(world.organisation) == []
    # Told by nobody, an emptied row is a changed one.
    EmptiedAccess.objects.create(organisation=world.organisation, seq=1, digest="0" * 64, batch=emptied.batch)
    assert [fault.kind for fault in chain_of(world.organisation)] == ["changed"]


def test_merged_records_go_with_the_one_that_stayed(world):
    one, other = world.fill(ONE), world.fill(OTHER)
    Client.objects.filter(pk=other.pk).update(merged_into=one)
    erase(one)
    assert rows_with(ONE, OTHER) == []


def test_a_record_that_an_older_backup_has_not_merged_goes_too(world):
    """The ledger names it: what a restore brings back is two records again."""
    one, other = world.fill(ONE), world.fill(OTHER)
    erase(one, merged_uids=[other.pk])
    assert rows_with(ONE, OTHER) == []


def test_the_database_erases_nobody_who_stands_not_in_the_ledger(world):
    one = world.fill(ONE)
    with pytest.raises(ProgrammingError, match="ledger"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT erase_client(%s)", [one.pk])
    assert Client.objects.filter(pk=one.pk).exists()


def test_the_database_erases_nobody_who_is_held(world):
    one = world.fill(ONE)
    LegalHold.objects.create(organisation=world.organisation, client=one, reason="a complaint", made_by=world.by)
    with pytest.raises(ProgrammingError, match="legal hold"), transaction.atomic():
        erase(one)
    assert Client.objects.filter(pk=one.pk).exists()
    assert not Erasure.objects.exists()


def test_another_organisations_client_is_out_of_reach(world, elsewhere):
    with tenant(elsewhere.pk):
        theirs = ClientFactory(organisation=elsewhere)
    stolen = ledger_row(theirs)
    stolen.organisation = world.organisation
    with record.recorded(organisation_id=world.organisation.pk, request_id="e"):
        assert erase_client(stolen).count == 0
    with tenant(elsewhere.pk):
        assert Client.objects.filter(pk=theirs.pk).exists()


@pytest.mark.parametrize("change", ["UPDATE {} SET rules = 'x'", "DELETE FROM {}"])
def test_the_ledger_only_grows(world, change):
    erase(world.fill(ONE))
    with pytest.raises(ProgrammingError, match="denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(LEDGER))


def test_the_application_switches_no_trigger_off(world):
    """Only while the function runs, which is the owner's."""
    world.fill(ONE)
    statement = "SELECT set_config('pgtrigger.ignore', (SELECT array_agg(tgname)::text FROM pg_trigger), true)"
    with connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.execute("UPDATE clients_client SET first_name = 'another' WHERE reference = %s", [ONE])
        cursor.execute("SELECT count(*) FROM clients_clientevent WHERE first_name = 'another'")
        assert cursor.fetchone() == (1,)


def test_function_in_the_database_is_made_from_the_models_of_today(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc, proacl::text FROM pg_proc WHERE proname = 'erase_client'")
        [(source, rights)] = cursor.fetchall()
    assert source in function_source()
    assert "fit_app=X" in rights
    assert "{=X" not in rights  # not everybody's


def test_each_table_of_a_client_says_whether_it_holds_entries():
    named = {one.model for one in ENTRIES} | set(NOT_ENTRIES)
    assert named == {table.model for table in subject_tables()}
    assert not {one.model for one in ENTRIES} & set(NOT_ENTRIES)


def test_ledger_file_names_nobody_and_erases_again_after_a_restore(world, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    one, other = world.fill(ONE), world.fill(OTHER)
    backup = transaction.savepoint()
    erase(one, erased_at=timezone.now() - datetime.timedelta(3))
    assert write_missing_lines(world.organisation) == 1
    assert write_missing_lines(world.organisation) == 0
    assert ONE not in file_of(world.organisation).read_text()
    transaction.savepoint_rollback(backup)  # an older backup: the client is there, the ledger knows nothing
    assert Client.objects.filter(pk=one.pk).exists()
    LegalHold.objects.create(organisation=world.organisation, client=one, reason="lifted since", made_by=world.by)
    assert replay_erasures(world.organisation) == (1, [])
    assert rows_with(ONE) == []
    assert Client.objects.filter(pk=other.pk).exists()
    assert chain_faults(world.organisation) == []
    assert replay_erasures(world.organisation) == (0, [])


def test_forged_and_missing_lines_of_the_ledger_are_told(world, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    one, other = world.fill(ONE), world.fill(OTHER)
    erase(one)
    write_missing_lines(world.organisation)
    path = file_of(world.organisation)
    forged = json.loads(path.read_text()) | {"client_uid": str(other.pk)}
    path.write_text(path.read_text() + json.dumps(forged) + "\n")
    assert [line.fault for line in read_ledger(world.organisation)] == ["", "is not ours"]
    assert replay_erasures(world.organisation) == (0, ["line 2 is not ours"])
    assert Client.objects.filter(pk=other.pk).exists()
    assert timezone.now() >= Erasure.objects.get().erased_at


def test_the_command_tells_of_a_row_that_stands_in_no_chain(world, settings, tmp_path, capsys):
    settings.DATA_DIR = tmp_path
    erase(world.fill(ONE))
    row = Erasure.objects.get()
    row.pk, row.client_uid, row.previous_hash, row.hash = uuid.uuid4(), uuid.uuid4(), "f" * 64, "e" * 64
    row.save(force_insert=True)
    with pytest.raises(SystemExit):
        call_command("replay_erasures")
    assert "1 of 2 rows follow no other" in capsys.readouterr().out
