"""Whose data a breach touched: by person, by address and by log-in, all of them and nobody else."""

import csv
import io
import uuid

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clients.models import ClientBlock
from organisations.models import AccessEvent, DeviceSession
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from reports.data_protection.breach import references_of
from tests.factories import ClientFactory, SessionFactory
from tests.kiosk import PIN, hand_over
from tests.people import PASSWORD
from tests.statements import statements_of

pytestmark = pytest.mark.django_db

MARKS = {"individual": "6.2", "relations": "7.1", "social": "5.8", "overall": "7.2"}
THIEF, OFFICE = "198.51.100.23", "192.0.2.10"


def from_address(address):
    return Browser(REMOTE_ADDR=address)


def logged_in(person, address):
    """A browser at an address, in which somebody has really logged in."""
    browser = from_address(address)
    answer = browser.post(reverse("account_login"), {"login": person.user.email, "password": PASSWORD})
    assert answer.status_code == 302
    return browser


def look(browser, *clients):
    for client in clients:
        assert browser.get(reverse("client-detail", args=[client.pk])).status_code == 200


def asked(ada, **more):
    today = today_in(ada.organisation).isoformat()
    return {"since": today, "until": today, **more}


def trace(ada, **more):
    browser = from_address(OFFICE)
    browser.force_login(ada.user)
    return browser.post(reverse("breach"), asked(ada, **more))


def references(answer):
    return {row["reference"] for row in answer.context["clients"]}


@pytest.fixture
def clients(house, red_team, blue_team):
    with tenant(house.pk):
        return [
            ClientFactory(organisation=house, reference=f"B-{number}", teams=[red_team, blue_team])
            for number in range(4)
        ]


def test_an_address_names_those_whom_it_reached_and_nobody_else(ada, ann, clients):
    look(logged_in(ann, OFFICE), clients[0], clients[1])
    look(logged_in(ann, THIEF), clients[1], clients[2])
    answer = trace(ada, address=THIEF)
    assert references(answer) == {"B-1", "B-2"}
    assert [name for name, _seen in answer.context["people"]] == [ann.name]
    assert references(trace(ada, person=ann.pk)) == {"B-0", "B-1", "B-2"}


def test_a_log_in_is_followed_through_a_new_key_of_its_session(ada, ann, clients):
    browser = logged_in(ann, THIEF)
    look(browser, clients[0])
    stored = browser.session
    stored.cycle_key()
    browser.cookies["sessionid"] = stored.session_key
    browser.cookies[next(iter(browser.cookies))] = stored.session_key
    look(browser, clients[1])
    look(logged_in(ann, THIEF), clients[2])
    log_ins = [key for key, _name, used in trace(ada, address=THIEF).context["log_ins"] if used.clients == 2]
    assert len(log_ins) == 1
    assert references(trace(ada, log_in=log_ins[0])) == {"B-0", "B-1"}


def test_the_id_of_a_log_in_opens_nothing_and_is_not_the_key_of_the_session(ann, clients):
    browser = logged_in(ann, THIEF)
    look(browser, clients[0])
    with tenant(ann.organisation_id):
        ids = set(AccessEvent.objects.exclude(log_in="").values_list("log_in", flat=True))
    assert len(ids) == 1
    assert not DeviceSession.objects.filter(session_key__in=ids).exists()


def test_a_log_in_itself_is_on_record_with_its_address(ann):
    logged_in(ann, THIEF)
    with tenant(ann.organisation_id):
        event = AccessEvent.objects.get(action="account.login")
    assert event.address == THIEF
    assert event.log_in


def test_refused_attempts_are_counted_and_reach_nobody(ada, cleo, nils):
    assert logged_in(cleo, THIEF).get(reverse("client-detail", args=[nils.pk])).status_code == 404
    answer = trace(ada, address=THIEF)
    assert (answer.context["trace"].refused, answer.context["clients"]) == (1, [])


@pytest.fixture
def meeting(ann, nils, episode):
    ann.user.set_pin(PIN)
    ann.user.save()
    with tenant(ann.organisation_id):
        return SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)


def test_of_a_clients_own_form_no_address_is_kept(ann, meeting):
    browser = logged_in(ann, THIEF)
    assert browser.post(hand_over(browser, meeting), MARKS).status_code == 303
    with tenant(ann.organisation_id):
        event = AccessEvent.objects.get(role="capability", action="rating.submit")
    assert (event.address, event.log_in) == ("", "")


def test_a_log_in_is_the_same_after_a_client_had_the_device(ada, ann, nils, meeting):
    browser = logged_in(ann, THIEF)
    hand_over(browser, meeting)
    assert browser.post(reverse("unlock"), {"secret": PIN}).status_code == 302
    look(browser, nils)
    log_ins = trace(ada, person=ann.pk).context["log_ins"]
    assert len(log_ins) == 1


def test_another_organisations_rows_are_not_found(ada, dora, clients):
    browser = logged_in(dora, THIEF)
    with tenant(dora.organisation_id):
        theirs = ClientFactory(organisation=dora.organisation, reference="X-1", teams=list(dora.teams.all()))
    look(browser, theirs)
    answer = trace(ada, address=THIEF)
    assert not answer.context["trace"].events
    assert b"Nothing is on record" in answer.content


def test_days_before_and_after_are_left_out(ada, ann, clients):
    look(logged_in(ann, THIEF), clients[0])
    answer = trace(ada, address=THIEF, since="2020-01-01", until="2020-01-31")
    assert not answer.context["trace"].events


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"address": "not an address"}, b"This is no address on the network"),
        ({"address": ""}, b"Choose a person or type an address."),
        ({"address": THIEF, "since": "2026-02-01", "until": "2026-01-01"}, b"The last day lies before the first one."),
    ],
)
def test_what_cannot_be_asked_is_said_beside_its_field(ada, wrong, words):
    answer = trace(ada, **wrong)
    assert answer.status_code == 422
    assert words in answer.content


def test_an_address_is_found_however_it_is_written(ada, ann, clients):
    look(logged_in(ann, "2001:db8::7"), clients[0])
    assert references(trace(ada, address=" 2001:0DB8:0:0::0007 ")) == {"B-0"}


def test_the_question_and_whom_it_named_are_on_record(ada, ann, clients):
    look(logged_in(ann, THIEF), clients[0])
    trace(ada, address=THIEF)
    with tenant(ada.organisation_id):
        event = AccessEvent.objects.get(action="breach.trace")
    assert event.client_ids == [clients[0].pk]
    assert THIEF in event.typed


def test_the_file_has_a_line_for_each_client_with_who_can_tell_them(ada, ann, clients):
    look(logged_in(ann, THIEF), *clients[:3])
    browser = from_address(OFFICE)
    browser.force_login(ada.user)
    answer = browser.post(reverse("breach-csv"), asked(ada, address=THIEF))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert [row["Client"] for row in rows] == ["B-0", "B-1", "B-2"]
    assert rows[0]["Teams"] == "Blue team, Red team"
    with tenant(ada.organisation_id):
        assert len(AccessEvent.objects.get(action="breach.export").client_ids) == 3


def test_who_is_blocked_for_administrators_or_erased_is_counted_and_said_to_be(ada, ann, clients):
    look(logged_in(ann, THIEF), clients[0], clients[1])
    with tenant(ada.organisation_id):
        block = {"client": clients[0], "people": [ann.pk], "wish": "client", "reason": "-", "made_by": ann}
        ClientBlock.objects.create(organisation=ada.organisation, **block)
    assert references(trace(ada, address=THIEF)) == {"A blocked client", "B-1"}
    found = references_of([uuid.uuid4()], ada)
    assert list(found.values()) == ["An erased client"]


def test_queries_do_not_grow_with_the_clients(ada, ann, clients):
    look(logged_in(ann, THIEF), clients[0])
    _answer, few = statements_of(lambda: trace(ada, address=THIEF))
    look(logged_in(ann, THIEF), *clients)
    answer, many = statements_of(lambda: trace(ada, address=THIEF))
    assert len(answer.context["clients"]) == 4
    assert len(many) == len(few)
