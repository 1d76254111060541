"""What clients ask for by law: written down, with a clock, handed over, extended, answered, and a letter about it."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from clients.models import SubjectRequest
from clients.periodic import warn_of_requests
from clients.services.subject_deadlines import last_day
from organisations.models import AccessEvent, OutgoingMail
from organisations.roles import Role
from organisations.tenancy.context import tenant
from tests.people import person
from tests.reports.pdf.pdf_reading import faults_of, said_of_itself, text_of

pytestmark = pytest.mark.django_db
DAY = datetime.date
NOON = datetime.datetime(2026, 3, 2, 11, tzinfo=datetime.UTC)  # a Monday


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def asked_by_nils(nils, by, **more):
    with tenant(nils.organisation_id):
        arrived = more.pop("arrived_on", DAY(2026, 3, 2))
        about = {"kind": "access", "arrived_on": arrived, "due_on": last_day(arrived), "recorded_by": by} | more
        return SubjectRequest.objects.create(organisation=nils.organisation, client=nils, **about)


def stored(nils):
    with tenant(nils.organisation_id):
        return SubjectRequest.objects.select_related("handler", "decided_by").get()


@pytest.mark.parametrize(
    ("arrived", "month", "three_months"),
    [
        (DAY(2026, 3, 2), DAY(2026, 4, 2), DAY(2026, 6, 2)),
        (DAY(2028, 1, 31), DAY(2028, 2, 29), DAY(2028, 5, 1)),  # no 31st of April; 30 April 2028 is a Sunday
        (DAY(2027, 1, 31), DAY(2027, 3, 1), DAY(2027, 4, 30)),  # 28 February 2027 is a Sunday
        (DAY(2028, 2, 29), DAY(2028, 3, 29), DAY(2028, 5, 29)),
        (DAY(2026, 11, 30), DAY(2026, 12, 30), DAY(2027, 3, 1)),  # no 30 February; the 28th is a Sunday
        (DAY(2026, 12, 15), DAY(2027, 1, 15), DAY(2027, 3, 15)),
        (DAY(2026, 7, 1), DAY(2026, 8, 3), DAY(2026, 10, 1)),  # 1 August is a Saturday
    ],
)
def test_the_last_day_is_counted_as_the_regulation_counts_months(arrived, month, three_months):
    assert last_day(arrived) == month
    assert last_day(arrived, extended=True) == three_months


def test_whoever_works_with_the_client_writes_it_down_and_the_clock_begins(browser, nils, ann, ben):
    browser.force_login(ann.user)
    url = reverse("subject-request-new", args=[nils.pk])
    sent = {"kind": "copy", "wish": "All of it", "arrived_on": "2026-02-27", "handler": ben.pk}
    assert browser.post(url, sent).url == reverse("client-rights", args=[nils.pk])
    made = stored(nils)
    assert (made.kind, made.wish, made.due_on, made.handler, made.recorded_by) == (
        "copy",
        "All of it",
        DAY(2026, 3, 27),
        ben,
        ann,
    )
    page = browser.get(reverse("client-rights", args=[nils.pk])).content.decode()
    assert "All of it" in page and "25 days left" in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"arrived_on": "2026-03-03"}, "That day is still to come."),
        ({"kind": "objection"}, "Say what the client objects to."),
        ({"kind": "everything"}, "Select a valid choice"),
        ({"arrived_on": "soon"}, "Enter a valid date"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_nothing_is_lost(browser, nils, ann, wrong, said):
    browser.force_login(ann.user)
    sent = {"kind": "access", "wish": "Tell me", "arrived_on": "2026-03-02"} | wrong
    answer = browser.post(reverse("subject-request-new", args=[nils.pk]), sent)
    assert answer.status_code == 422 and said in answer.content.decode() and "Tell me" in answer.content.decode()
    with tenant(nils.organisation_id):
        assert not SubjectRequest.objects.exists()


def test_a_lead_answers_and_the_letter_is_in_the_clients_language(browser, nils, lea):
    with tenant(nils.organisation_id):
        nils.form_language = "da"
        nils.save()
    asked = asked_by_nils(nils, lea, kind="correction", wish="Jeg er født i 1981")
    browser.force_login(lea.user)
    url = reverse("subject-request", args=[asked.pk])
    assert browser.get(reverse("subject-letter", args=[asked.pk])).url == url  # nothing to tell yet
    sent = {"answer-decision": "refused", "answer-reason": "Det står sådan i journalen.", "answer-answered_on": ""}
    assert browser.post(url, sent).status_code == 422
    sent |= {"answer-answered_on": "2026-03-02", "answer-statement": "Jeg er stadig født i 1981"}
    assert browser.post(url, sent).status_code == 302
    made = stored(nils)
    assert (made.decision, made.decided_by, made.answered_on) == ("refused", lea, DAY(2026, 3, 2))
    assert browser.post(url, sent | {"answer-decision": "granted"}).status_code == 422  # answered once
    assert stored(nils).decision == "refused"
    letter = browser.get(reverse("subject-letter", args=[asked.pk]))
    assert letter["Content-Type"] == "application/pdf" and "Nils" not in letter["Content-Disposition"]
    text = text_of(letter.content).replace("\n", " ")
    for words in ("Din anmodning", "Jeg er stadig født i 1981", "Det står sådan i journalen.", "Datatilsynet"):
        assert words in text, words
    assert faults_of(letter.content) == [] and said_of_itself(letter.content)["language"] == "da"
    rights = browser.get(reverse("client-rights", args=[nils.pk])).content.decode()
    assert "What was put right, and what was not" in rights and "Jeg er stadig født i 1981" in rights


def test_an_answer_lies_between_the_day_it_came_and_today(browser, nils, lea):
    asked = asked_by_nils(nils, lea)
    browser.force_login(lea.user)
    for day in ("2026-03-01", "2026-03-03"):
        sent = {"answer-decision": "granted", "answer-reason": "Yes", "answer-answered_on": day}
        answer = browser.post(reverse("subject-request", args=[asked.pk]), sent)
        assert answer.status_code == 422 and "Between the day it came and today." in answer.content.decode()


def test_it_is_extended_once_for_a_reason_that_the_client_was_told_in_time(browser, nils, lea):
    asked = asked_by_nils(nils, lea, arrived_on=DAY(2026, 1, 30))  # due on 2 March: 28 February is a Saturday
    assert asked.due_on == DAY(2026, 3, 2)
    browser.force_login(lea.user)
    url = reverse("subject-request-extend", args=[asked.pk])
    late = browser.post(url, {"extend-extension_reason": "Much to read", "extend-told_extension_on": "2026-03-03"})
    assert late.status_code == 422 and "within the first month" in late.content.decode()
    sent = {"extend-extension_reason": "Much to read", "extend-told_extension_on": "2026-03-02"}
    assert browser.post(url, sent).status_code == 302
    made = stored(nils)
    assert (made.due_on, made.extended_on, made.extension_reason) == (DAY(2026, 4, 30), DAY(2026, 3, 2), "Much to read")
    again = browser.post(url, sent)
    assert again.status_code == 422 and "extended already" in again.content.decode()
    letter = text_of(browser.get(reverse("subject-letter", args=[asked.pk])).content)
    assert "Much to read" in letter and "2026" in letter


def test_an_extension_after_the_month_is_refused(browser, nils, lea):
    asked = asked_by_nils(nils, lea, arrived_on=DAY(2026, 1, 15))  # due on 16 February
    browser.force_login(lea.user)
    sent = {"extend-extension_reason": "Much to read", "extend-told_extension_on": "2026-03-02"}
    assert browser.post(reverse("subject-request-extend", args=[asked.pk]), sent).status_code == 422
    assert stored(nils).extended_on is None


def test_somebody_handles_it_and_nobody_of_another_organisation_can(browser, nils, lea, ben, dora):
    asked = asked_by_nils(nils, lea)
    browser.force_login(lea.user)
    url = reverse("subject-request-hand", args=[asked.pk])
    assert browser.post(url, {"hand-handler": ben.pk}).status_code == 302 and stored(nils).handler == ben
    assert browser.post(url, {"hand-handler": dora.pk}).status_code == 422 and stored(nils).handler == ben
    assert browser.post(url, {"hand-handler": ""}).status_code == 302 and stored(nils).handler is None


def test_an_administrator_sees_references_and_days_and_no_word(browser, nils, lea, ada):
    asked_by_nils(nils, lea, wish="kolibri", arrived_on=DAY(2026, 1, 15))
    browser.force_login(ada.user)
    page = browser.get(reverse("subject-requests")).content.decode()
    assert "N-014" in page and "14 days too late" in page and "kolibri" not in page and "Nils" not in page
    file = browser.get(reverse("subject-requests-csv")).content.decode("utf-8-sig")
    assert file.splitlines()[1].startswith("N-014;To see what is kept;2026-01-15;2026-02-16;-14;")
    assert "kolibri" not in file and "Nils" not in file
    with tenant(nils.organisation_id):
        assert AccessEvent.objects.get(action="subject_request.export").client_ids == [nils.pk]


def test_the_list_is_filtered_and_the_most_pressing_comes_first(browser, nils, lea):
    late = asked_by_nils(nils, lea, arrived_on=DAY(2026, 1, 15))
    fresh = asked_by_nils(nils, lea, kind="erasure")
    done = {"decision": "granted", "reason": "Yes", "decided_by": lea, "answered_on": DAY(2026, 2, 2)}
    old = asked_by_nils(nils, lea, kind="looks", arrived_on=DAY(2026, 1, 2), **done)
    browser.force_login(lea.user)

    def shown(**query):
        lines = browser.get(reverse("subject-requests"), query).context["lines"]
        return [line.request.pk for line in lines]

    assert shown() == [late.pk, fresh.pk, old.pk]
    assert shown(state="late") == [late.pk] and shown(state="open") == [late.pk, fresh.pk]
    assert shown(state="answered") == [old.pk] and shown(kind="erasure") == [fresh.pk]


def test_what_presses_stands_on_a_leads_start_page_alone(browser, nils, lea, ann):
    asked_by_nils(nils, lea, arrived_on=DAY(2026, 2, 5))  # three days left
    browser.force_login(lea.user)
    assert "Clients wait for an answer about their data" in browser.get(reverse("today")).content.decode()
    browser.force_login(ann.user)
    assert "Clients wait for an answer" not in browser.get(reverse("today")).content.decode()
    with tenant(nils.organisation_id):
        SubjectRequest.objects.update(due_on=DAY(2026, 3, 20))
    browser.force_login(lea.user)
    assert "Clients wait for an answer" not in browser.get(reverse("today")).content.decode()


def test_mails_name_no_client_and_leave_once_a_stage(nils, lea, ann, ada):
    asked_by_nils(nils, lea, wish="kolibri", arrived_on=DAY(2026, 2, 5), handler=ann)
    warn_of_requests()
    assert [one.to for one in mail.outbox] == [[ann.user.email]]
    warn_of_requests()
    assert len(mail.outbox) == 1
    with time_machine.travel(NOON + datetime.timedelta(days=10), tick=False):
        warn_of_requests()
        warn_of_requests()
    assert sorted(one.to[0] for one in mail.outbox[1:]) == sorted([ann.user.email, lea.user.email, ada.user.email])
    for one in mail.outbox:
        told = one.subject + one.body
        assert not [word for word in ("Nils", "N-014", "kolibri", str(nils.pk)) if word in told]
    with time_machine.travel(NOON + datetime.timedelta(days=17), tick=False):
        warn_of_requests()
    assert len(mail.outbox) == 7  # a week later once more
    with tenant(nils.organisation_id):
        assert OutgoingMail.objects.count() == 7


def test_a_lead_of_another_team_sees_none_of_it(browser, nils, lea, blue_team):
    asked = asked_by_nils(nils, lea)
    other = person(blue_team, "Otto Kvist", Role.TEAM_LEAD)
    browser.force_login(other.user)
    assert browser.get(reverse("subject-request", args=[asked.pk])).status_code == 404
    assert browser.get(reverse("subject-requests")).context["lines"] == []
