"""The access log's chain: whatever is done to it behind the program's back is found."""

import json
import threading
import uuid
from io import StringIO

import psycopg
import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, connections, transaction
from django.urls import reverse

from organisations.audit import hash_chain, record
from organisations.models import AccessEvent, AccessHead
from organisations.periodic import sign_access_heads
from organisations.tenancy.context import tenant

pytestmark = pytest.mark.django_db

EVENTS, HEADS = "organisations_accessevent", "organisations_accesshead"


@pytest.fixture(autouse=True)
def outside(settings, tmp_path):
    """Where the signed heads are kept."""
    settings.DATA_DIR = tmp_path
    return tmp_path / "audit-heads"


def look(organisation, times=1, action="client.view"):
    """Accesses of one organisation, a transaction each."""
    for _ in range(times):
        with tenant(organisation.pk), record.recorded(organisation_id=organisation.pk, request_id=str(uuid.uuid4())):
            record.record_access(action, [uuid.uuid4()], purpose="demo")


def verify(*arguments):
    """(exit status, the report of each organisation by its slug)."""
    out = StringIO()
    status = 0
    try:
        call_command("verify_audit", "--json", *arguments, stdout=out)
    except SystemExit as end:
        status = end.code
    return status, {report["organisation"]: report for report in json.loads(out.getvalue())}


def kinds(*arguments):
    """What is wrong, in all organisations."""
    status, reports = verify(*arguments)
    found = {fault["kind"] for report in reports.values() for fault in report["faults"]}
    assert bool(found) == bool(status)
    return found


def test_rows_are_numbered_and_linked(house):
    look(house, 3)
    with tenant(house.pk):
        events = list(AccessEvent.objects.order_by("seq"))
        head = AccessHead.objects.get()
    assert [event.seq for event in events] == [1, 2, 3]
    assert [event.previous_hash for event in events] == ["", events[0].hash, events[1].hash]
    assert (head.seq, head.hash) == (3, events[2].hash)


def test_an_untouched_log_is_in_order(house, elsewhere):
    look(house, 3)
    look(elsewhere, 2)
    sign_access_heads()
    look(house, 2)
    status, reports = verify()
    assert status == 0
    assert [(reports[slug]["rows"], reports[slug]["signed"]) for slug in ("solsikke", "fjord")] == [(5, 1), (2, 1)]
    assert list(verify("--organisation", "fjord")[1]) == ["fjord"]


def test_the_report_can_be_read(house):
    look(house)
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert out.getvalue() == "solsikke: 1 rows, no signed heads yet, 0 faults\n"


# Tampering: what the database's owner, or somebody above them, can do with SQL. {e} is the table of events,
# {h} that of heads, {o} the organisation. The log has rows 1 to 6; row 4 is the last that was signed outside.

FORGED = (
    "INSERT INTO {e} (id, organisation_id, role, action, client_ids, purpose, request_id, at, seq, "
    "previous_hash, hash) "
    "SELECT gen_random_uuid(), organisation_id, role, 'client.list', client_ids, purpose, request_id, at, {seq}, "
    "previous_hash, {hash} FROM {e} WHERE organisation_id = {o} AND seq = {like}"
)
TAMPERINGS = {
    "another action": ("UPDATE {e} SET action = 'client.list' WHERE organisation_id = {o} AND seq = 2", "changed"),
    "another person": ("UPDATE {e} SET practitioner_id = {person} WHERE organisation_id = {o} AND seq = 2", "changed"),
    "another role": ("UPDATE {e} SET role = 'admin' WHERE organisation_id = {o} AND seq = 2", "changed"),
    "another client": (
        "UPDATE {e} SET client_ids = ARRAY[gen_random_uuid()] WHERE organisation_id = {o} AND seq = 2",
        "changed",
    ),
    "no client": ("UPDATE {e} SET client_ids = '{{}}' WHERE organisation_id = {o} AND seq = 2", "changed"),
    "another purpose": ("UPDATE {e} SET purpose = 'asked to' WHERE organisation_id = {o} AND seq = 2", "changed"),
    "another address": ("UPDATE {e} SET address = '192.0.2.9' WHERE organisation_id = {o} AND seq = 2", "changed"),
    "another log-in": ("UPDATE {e} SET log_in = 'x' WHERE organisation_id = {o} AND seq = 2", "changed"),
    "another word that was typed": ("UPDATE {e} SET typed = 'Oda' WHERE organisation_id = {o} AND seq = 2", "changed"),
    "another time": (
        "UPDATE {e} SET at = at - interval '1 microsecond' WHERE organisation_id = {o} AND seq = 2",
        "changed",
    ),
    "another request": ("UPDATE {e} SET request_id = '-' WHERE organisation_id = {o} AND seq = 2", "changed"),
    "another id": ("UPDATE {e} SET id = gen_random_uuid() WHERE organisation_id = {o} AND seq = 2", "changed"),
    "another hash": ("UPDATE {e} SET hash = repeat('0', 64) WHERE organisation_id = {o} AND seq = 2", "link"),
    "another link": ("UPDATE {e} SET previous_hash = repeat('0', 64) WHERE organisation_id = {o} AND seq = 2", "link"),
    "the first row deleted": ("DELETE FROM {e} WHERE organisation_id = {o} AND seq = 1", "deleted"),
    "a row in the middle deleted": ("DELETE FROM {e} WHERE organisation_id = {o} AND seq = 3", "deleted"),
    "a row deleted and the later ones renumbered": (
        "DELETE FROM {e} WHERE organisation_id = {o} AND seq = 3; "
        "UPDATE {e} SET seq = seq - 100 WHERE organisation_id = {o} AND seq > 3; "
        "UPDATE {e} SET seq = seq + 99 WHERE organisation_id = {o} AND seq < 0; "
        "UPDATE {h} SET seq = 5 WHERE organisation_id = {o}",
        "link",
    ),
    "the tail deleted": ("DELETE FROM {e} WHERE organisation_id = {o} AND seq > 5", "tail"),
    "the whole log deleted": ("DELETE FROM {e} WHERE organisation_id = {o}", "tail"),
    "two rows swapped": (
        "UPDATE {e} SET seq = -1 WHERE organisation_id = {o} AND seq = 2; "
        "UPDATE {e} SET seq = 2 WHERE organisation_id = {o} AND seq = 3; "
        "UPDATE {e} SET seq = 3 WHERE organisation_id = {o} AND seq = -1",
        "link",
    ),
    "a row outside the chain": (FORGED.format(e="{e}", o="{o}", seq=0, hash="''", like=3), "forged"),
    "a row forged at the end": (FORGED.format(e="{e}", o="{o}", seq=7, hash="repeat('a', 64)", like=6), "changed"),
    "a row moved to another organisation": (
        "UPDATE {e} SET organisation_id = {other} WHERE organisation_id = {o} AND seq = 6",
        "changed",
    ),
    "the head's number": ("UPDATE {h} SET seq = 9 WHERE organisation_id = {o}", "tail"),
    "the head's hash": ("UPDATE {h} SET hash = repeat('0', 64) WHERE organisation_id = {o}", "head"),
    "the head deleted": ("DELETE FROM {h} WHERE organisation_id = {o}", "head"),
    "the tail deleted and the head put back": (
        "DELETE FROM {e} WHERE organisation_id = {o} AND seq > 3; UPDATE {h} SET seq = 3, hash = "
        "(SELECT hash FROM {e} WHERE organisation_id = {o} AND seq = 3) WHERE organisation_id = {o}",
        "signed",
    ),
    "everything deleted, the head too": (
        "DELETE FROM {e} WHERE organisation_id = {o}; DELETE FROM {h} WHERE organisation_id = {o}",
        "signed",
    ),
}


@pytest.fixture
def owner(django_db_setup):
    """SQL as the owner of the tables, whom row security does not bind."""
    given = connections["owner"].settings_dict
    place = {"host": given["HOST"], "port": given["PORT"] or None, "dbname": connection.settings_dict["NAME"]}
    with psycopg.connect(**place, user=given["USER"], password=given["PASSWORD"] or None, autocommit=True) as connected:
        yield connected


@pytest.mark.django_db(transaction=True)
def test_every_kind_of_tampering_is_found(house, elsewhere, ann, owner):
    look(house, 4)
    sign_access_heads()
    look(house, 2)
    words = {"e": EVENTS, "h": HEADS, "o": f"'{house.pk}'", "other": f"'{elsewhere.pk}'", "person": f"'{ann.pk}'"}
    kept = {table: owner.execute(f"SELECT * FROM {table}").fetchall() for table in (EVENTS, HEADS)}
    missed = {}
    for name, (sql, kind) in TAMPERINGS.items():
        for statement in sql.format(**words).split(";"):
            assert owner.execute(statement).rowcount, name
        found = kinds()
        if kind not in found:
            missed[name] = found
        put_back(owner, kept)
        assert not kinds(), name
    assert len(TAMPERINGS) >= 20
    assert not missed


def put_back(owner, kept):
    for table, rows in kept.items():
        owner.execute(f"DELETE FROM {table}")
        for row in rows:
            owner.execute(f"INSERT INTO {table} VALUES ({', '.join(['%s'] * len(row))})", row)


@pytest.mark.django_db(transaction=True)
def test_a_chain_forged_from_a_row_on_is_found_by_what_was_signed(house, owner):
    """Who knows the program can compute every hash anew, but cannot sign."""
    look(house, 4)
    sign_access_heads()
    with tenant(house.pk):
        events = list(AccessEvent.objects.order_by("seq"))
    last = events[1].hash
    events[2].purpose = "asked to"
    for event in events[2:]:
        event.previous_hash = last
        event.hash = last = hash_chain.link_hash(last, event)
        values = [event.purpose, event.previous_hash, event.hash, event.pk]
        owner.execute(f"UPDATE {EVENTS} SET purpose = %s, previous_hash = %s, hash = %s WHERE id = %s", values)
    owner.execute(f"UPDATE {HEADS} SET hash = %s", [last])
    assert kinds() == {"signed"}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda lines: [lines[0].replace('"seq": 2', '"seq": 1'), *lines[1:]],
        lambda lines: [lines[0].replace('"hash": "', '"hash": "0'), *lines[1:]],
        lambda lines: [*lines, "not a line"],
        lambda lines: [*lines, '{"seq": 9}'],
        lambda lines: lines[1:],
        lambda lines: lines[::-1],
    ],
)
def test_a_file_of_heads_that_was_changed_is_found(house, outside, spoil):
    for _ in range(2):
        look(house, 2)
        sign_access_heads()
    path = outside / "solsikke.jsonl"
    path.write_text("\n".join(spoil(path.read_text().splitlines())) + "\n")
    assert "signature" in kinds()


def test_heads_of_another_key_are_not_believed(house, settings):
    look(house)
    sign_access_heads()
    settings.SECRET_KEY = "another " * 8
    assert "signature" in kinds()


def test_a_head_that_has_not_moved_is_signed_once(house, outside):
    look(house)
    assert (sign_access_heads(), sign_access_heads()) == (1, 0)
    assert len((outside / "solsikke.jsonl").read_text().splitlines()) == 1


WRITERS, ROWS = 8, 1_250


@pytest.mark.django_db(transaction=True)
def test_many_writers_break_no_link(house):
    faults = []

    def work():
        try:
            look(house, ROWS)
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    writers = [threading.Thread(target=work) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert not faults
    status, reports = verify()
    print(f"{WRITERS} writers: {reports['solsikke']['rows']} rows, {len(reports['solsikke']['faults'])} broken links")  # noqa: T201
    assert (status, reports["solsikke"]["rows"]) == (0, WRITERS * ROWS)


# Refused attempts.


@pytest.mark.parametrize(("who", "status"), [("cleo", 404), ("ada", 403), ("dora", 404)])
def test_a_refused_attempt_is_on_record_where_the_person_works(who, status, nils, browser, request):
    person = request.getfixturevalue(who)
    browser.force_login(person.user)
    answer = browser.get(reverse("client-detail", args=[nils.pk]))
    assert answer.status_code == status
    with tenant(person.organisation_id):
        event = AccessEvent.objects.get()
    assert (event.action, event.purpose, event.practitioner_id) == ("denied:client-detail", str(status), person.pk)
    assert event.client_ids == []
    assert str(nils.pk) not in answer.content.decode()
    assert not kinds()


def test_an_address_that_leads_nowhere_is_no_attempt(browser, ann):
    browser.force_login(ann.user)
    assert browser.get("/nothing/here/").status_code == 404
    with tenant(ann.organisation_id):
        assert not AccessEvent.objects.exists()


def test_the_head_may_not_be_deleted_by_the_application(house):
    look(house)
    with tenant(house.pk), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        AccessHead.objects.all().delete()
