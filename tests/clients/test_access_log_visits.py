"""The access log by visits: one line that opens, with its reason, and all of it as a file."""

import csv
import io
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation

from organisations.audit import hash_chain, purposes
from organisations.audit.texts import reason_of
from organisations.audit.visits import PAUSE, SHOWN, Visits
from organisations.models import AccessEvent, AccessHead
from organisations.tenancy.context import tenant
from tests.factories import ClientFactory
from tests.statements import statements_of

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 10, 12, tzinfo=ZoneInfo("Europe/Copenhagen"))
MINUTE = timedelta(minutes=1)


def looked(person, minutes, clients, action="client.view", **more):
    """Events of a person, that many minutes after noon, about these clients."""
    fields = {"role": person.role, "practitioner": person, "purpose": "", "request_id": "r"} | more
    fields |= {"action": action, "client_ids": sorted(client.pk for client in clients)}
    events = [AccessEvent(organisation_id=person.organisation_id, at=NOON + one * MINUTE, **fields) for one in minutes]
    with tenant(person.organisation_id):
        for start in range(0, len(events), 1000):
            hash_chain.append(events[start : start + 1000])


@pytest.fixture
def nora(ann, red_team):
    with tenant(ann.organisation_id):
        return ClientFactory(organisation=ann.organisation, reference="X-2", teams=[red_team])


def minutes_of(person, **options):
    """Each visit as the minutes of its events, the newest visit first."""
    with tenant(person.organisation_id):
        events = AccessEvent.objects.select_related("practitioner")
        page = Visits(events, "Europe/Copenhagen", **options).page(None, 50)
        return [[int((event.at - NOON) / MINUTE) for event in reversed(visit.events)] for visit in page.visits]


def test_events_of_one_person_about_one_client_are_one_visit_until_a_longer_pause(ann, nils):
    pause = int(PAUSE / MINUTE)
    looked(ann, [0, 10, 10 + pause, 11 + 2 * pause], [nils])
    assert minutes_of(ann) == [[11 + 2 * pause], [0, 10, 10 + pause]]


def test_another_person_another_client_another_role_and_another_day_are_other_visits(ann, lea, nils, nora):
    looked(ann, [0, 4], [nils])
    looked(lea, [1], [nils])
    looked(ann, [2], [nora])
    looked(ann, [3], [nils], role="admin")
    looked(ann, [12 * 60 - 1, 12 * 60], [nora])
    assert minutes_of(ann) == [[720], [719], [0, 4], [3], [2], [1]]


def test_a_list_between_two_looks_does_not_part_a_clients_own_visit(ann, nils, nora):
    looked(ann, [0, 2], [nils])
    looked(ann, [1], [nils, nora], "client.list")
    assert minutes_of(ann) == [[0, 2], [1]]
    assert minutes_of(ann, of_client=True) == [[0, 1, 2]]


def test_what_no_person_did_is_a_visit_too(ann, nils):
    looked(ann, [0, 1], [nils], "rating.submit", practitioner=None, role="capability")
    assert minutes_of(ann) == [[0, 1]]


def test_a_visit_that_was_begun_on_the_page_before_does_not_come_again(ann, nils, nora):
    looked(ann, [0, 2, 4], [nils])
    looked(ann, [1, 3, 5], [nora])
    with tenant(ann.organisation_id):
        visits = Visits(AccessEvent.objects.all(), "Europe/Copenhagen")
        first, second, third = (visits.page(number, 1) for number in ("1", "2", "3"))
    assert [len(page.visits) for page in (first, second, third)] == [1, 1, 0]
    assert [page.visits[0].last.client_ids for page in (first, second)] == [[nora.pk], [nils.pk]]
    assert [(page.has_previous, page.has_next) for page in (first, second)] == [(False, True), (True, False)]


def test_a_long_visit_says_how_much_is_not_shown(browser, ada, ann, nils):
    looked(ann, [0] * (SHOWN + 7), [nils])
    browser.force_login(ada.user)
    page = browser.get(reverse("access-log")).content.decode()
    assert f"({SHOWN + 7} looks)" in page
    assert "7 earlier ones" in page
    assert page.count("<li>") - page.count("7 earlier") >= SHOWN


def test_one_visit_is_one_line_that_opens(browser, ada, ann, nils):
    looked(ann, [0, 5], [nils])
    looked(ann, [9], [nils], "session.skip", purpose="ors")
    browser.force_login(ada.user)
    page = browser.get(reverse("access-log")).content.decode()
    [line] = re.findall(r"<tr><th scope=\"row\".*?</tr>", page, re.S)
    assert "12:00" in line
    assert "12:09" in line
    assert line.count("<details ") == line.count("<summary>") == 1
    assert re.findall(r"<li>(\d\d:\d\d:\d\d)", line) == ["12:00:00", "12:05:00", "12:09:00"]
    assert "Well-being (ORS)" in line
    assert "30 minutes" in page


def test_all_on_one_page_is_open_to_be_printed(browser, lea, ann, nils):
    looked(ann, [0, 5], [nils])
    browser.force_login(lea.user)
    address = reverse("client-looks", args=[nils.pk])
    assert '<details class="visit">' in browser.get(address).content.decode()
    assert '<details class="visit" open>' in browser.get(address, {"all": 1}).content.decode()


# The reason


def event(purpose="", action="client.view", typed=""):
    return AccessEvent(action=action, purpose=purpose, typed=typed)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (event("API abc123"), "API token abc123…"),
        (event("token abc123"), "API token abc123…"),
        (event("cors:teacher-2 qr"), "Well-being (CORS): Teacher 2, A code on this screen, for the phone's camera"),
        (event("password, totp", "account.login"), "password, code from an app"),
        (event("archived", "client.list"), "archived clients"),
        (event("told 01234567-89ab-4def-8123-456789abcdef", "alert.mail"), ""),
        (event("404", "denied:client-detail"), "there is no such page, or not for them"),
        (event("", "session.move", typed="Nils was meant"), "with a written reason"),
        (event("current", "client.list", typed="nils"), "current clients"),
    ],
)
def test_a_reason_is_told_in_words(told, words):
    assert reason_of(told) == words


def test_every_purpose_of_the_program_has_words():
    silent = {word for word, told in purposes.KNOWN.items() if not str(told)}
    assert silent == {"", "told"}
    with translation.override("da"):
        same = {word for word in purposes.KNOWN if word and purposes.in_words(word) == word}
    assert same == set()


def test_a_written_reason_stands_on_no_page_of_the_log(browser, ada, lea, ann, nils):
    looked(ann, [0], [nils], "session.move", typed="it was Karenina's")
    for person, address in ((ada, reverse("access-log")), (lea, reverse("client-looks", args=[nils.pk]))):
        browser.force_login(person.user)
        page = browser.get(address).content.decode()
        assert "with a written reason" in page
        assert "Karenina" not in page


# The file


def file_of(browser, **asked):
    answer = browser.get(reverse("access-log-export"), asked)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    assert answer.content.startswith("\ufeff".encode())
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def test_the_file_holds_what_the_search_finds(browser, ada, ann, lea, nils):
    looked(ann, [0, 5], [nils])
    looked(lea, [0], [nils])
    browser.force_login(ada.user)
    head, *rows = file_of(browser, person=ann.pk, since="2026-03-10", until="2026-03-10")
    assert head == ["When", "Name", "Role", "What for", "Reason", "Searched for", "Clients"]
    told = ["Ann Holm", "Practitioner", "Opened the client's page", "", "", "N-014"]
    assert rows == [[f"2026-03-10 12:0{minute}:00+01:00", *told] for minute in (5, 0)]


def test_the_file_is_itself_on_record(browser, ada, ann, nils, nora):
    looked(ann, [0], [nils])
    browser.force_login(ada.user)
    file_of(browser, person=ann.pk)
    with tenant(ada.organisation_id):
        export = AccessEvent.objects.get(action="access.export")
    assert (export.practitioner, export.client_ids, export.typed) == (ada, [nils.pk], "Ann Holm")
    call_command("verify_audit", verbosity=0)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_no_cell_of_the_file_is_worked_out_by_a_spreadsheet(browser, ada, ann, nils, sign):
    ann.name = f'{sign}HYPERLINK("x")'
    nils.reference = f"{sign}N-014"
    with tenant(ann.organisation_id):
        ann.save()
        nils.save()
    looked(ann, [0], [nils])
    browser.force_login(ada.user)
    [_head, row] = file_of(browser, person=ann.pk)
    assert (row[1], row[6]) == (f'\'{sign}HYPERLINK("x")', f"'{sign}N-014")


def test_the_file_names_no_client_and_no_word_that_may_be_one(browser, ada, ann, nils):
    looked(ann, [0], [nils], "client.list", typed="Nils")
    looked(ann, [1], [nils], "session.move", typed="Nils again")
    browser.force_login(ada.user)
    assert "Nils" not in str(file_of(browser))


def test_a_file_of_too_many_rows_is_refused_in_a_sentence(browser, ada, ann, nils, monkeypatch):
    monkeypatch.setattr("clients.services.access_log.MOST", 2)
    looked(ann, [0, 1, 2], [nils])
    browser.force_login(ada.user)
    answer = browser.get(reverse("access-log-export"), {"person": ann.pk})
    assert answer.status_code == 422
    assert "more than 2 rows" in answer.content.decode()
    monkeypatch.setattr("clients.services.access_log.MOST", 3)
    assert len(file_of(browser, person=ann.pk)) == 4


def test_a_search_that_cannot_be_read_gives_no_file(browser, ada):
    browser.force_login(ada.user)
    answer = browser.get(reverse("access-log-export"), {"since": "yesterday"})
    assert answer.status_code == 422
    assert answer["Content-Type"].startswith("text/html")


def test_ten_thousand_events_cost_as_many_statements_as_a_hundred(browser, ada, ann, nils):
    browser.force_login(ada.user)
    browser.get(reverse("access-log"))  # what is read once a process
    with tenant(ann.organisation_id):
        AccessHead.objects.create(organisation_id=ann.organisation_id)  # else the first row of all makes it
    costs, there = [], 0
    fields = {"organisation_id": ann.organisation_id, "practitioner": ann, "role": ann.role, "request_id": "r"}
    fields |= {"action": "client.view", "client_ids": [nils.pk]}
    for count in (120, 10_000):
        with tenant(ann.organisation_id):
            numbers = range(there, count)
            rows = [AccessEvent(seq=10**6 + number, at=NOON - number * 40 * MINUTE, **fields) for number in numbers]
            AccessEvent.objects.bulk_create(rows, batch_size=1000)
        there = count
        for address, asked in (("access-log", {}), ("access-log", {"page": 2}), ("access-log-export", {})):
            answer, statements = statements_of(
                lambda address=address, asked=asked: browser.get(reverse(address), asked)
            )
            assert answer.status_code == 200
            costs.append(len(statements))
        assert answer.content.count(b"\n") > count
    assert costs[:3] == costs[3:]
