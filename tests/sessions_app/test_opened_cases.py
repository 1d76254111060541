"""A case is opened to a consultant from outside: who opens it, what they read of it, and how it ends."""

import datetime

import pytest
from django.core import mail
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, Consent, ConsentPurpose, ConsentState
from clients.services.consent_closings import open_now
from clients.services.consents import record_consent
from clients.services.identities import without_names
from organisations.audit import record
from organisations.models import AccessEvent, Outbox, Practitioner
from organisations.roles import Role
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from sessions_app.models import Note, OpenedCase, QuestionReply, SessionDecision, TeamQuestion, WaitsFor
from sessions_app.periodic import close_opened_cases
from tests.people import person
from tests.sessions_app.test_team_meetings import course
from tests.statements import statements_of

pytestmark = pytest.mark.django_db
YES, NO = ConsentState.GIVEN, ConsentState.WITHDRAWN
ASKED = "What does Nils need from us now?"


@pytest.fixture
def today(house):
    return today_in(house)


@pytest.fixture
def mette(red_team, today):
    """A consultant from outside, for three weeks."""
    somebody = person(red_team, "Mette Ravn", teams=[])
    with tenant(somebody.organisation_id):
        until = today + datetime.timedelta(weeks=3)
        Practitioner.objects.filter(pk=somebody.pk).update(role=Role.CONSULTANT, access_until=until)
        return Practitioner.objects.select_related("organisation", "user").get(pk=somebody.pk)


@pytest.fixture
def case(ann, red_team):
    """Nils, whose words name him."""
    with tenant(ann.organisation_id):
        episode = course(ann, red_team, "N-77", 200, 180, 150, contact=ann)
        Client.objects.filter(pk=episode.client_id).update(first_name="Nils")
        session = episode.sessions.latest("held_on")
        Note.objects.create(
            organisation=ann.organisation, session=session, kind="after_ors", text="They say Nils, get up"
        )
        Note.objects.create(
            organisation=ann.organisation, session=session, kind="development", text="Our own remark of Nils"
        )
        SessionDecision.objects.create(organisation=ann.organisation, session=session, text="Ring the landlord")
        episode.client.refresh_from_db()
        return episode


def logged_in(someone):
    browser = Browser()
    browser.force_login(someone.user)
    return browser


def text_of(answer):
    return " ".join(answer.content.decode().split())


def says(by, case, state):
    with tenant(by.organisation_id), record.recorded(organisation_id=by.organisation_id, request_id="test"):
        record_consent(client=case.client, by=by, purpose=ConsentPurpose.CONSULTANT, state=state)


def send(by, case, consultant, until, **more):
    sent = {"consultant": consultant.pk, "until": until.isoformat(), "question": ASKED} | more
    return logged_in(by).post(reverse("opened-case-new", args=[case.pk]), sent)


@pytest.fixture
def opened(ann, case, mette, today):
    says(ann, case, YES)
    answer = send(ann, case, mette, today + datetime.timedelta(days=7))
    assert answer.status_code == 302, text_of(answer)
    with tenant(ann.organisation_id):
        return OpenedCase.objects.get()


def reads(mette, opened):
    return logged_in(mette).get(reverse("consultant-case", args=[opened.pk]))


def test_a_consultant_reads_the_case_by_its_number_alone(mette, opened):
    start = logged_in(mette).get("/", follow=True)
    assert start.redirect_chain[-1][0] == reverse("consultant-cases")
    assert "Case 1" in text_of(start)
    assert "A question waits for you" in text_of(start)
    page = text_of(reads(mette, opened))
    assert "Case 1" in page
    assert "<svg" in page
    assert "Decision" in page
    assert "They say …, get up" in page
    assert "What does … need from us now?" in page
    for word in ("Nils", "N-77", "Our own remark", "landlord"):
        assert word not in page
        assert word not in text_of(start)


def test_every_look_is_on_record_with_its_purpose(mette, opened, case, ann):
    reads(mette, opened)
    with tenant(ann.organisation_id):
        row = AccessEvent.objects.get(action="consultant.view")
    assert (row.practitioner_id, row.role, row.client_ids) == (mette.pk, Role.CONSULTANT, [case.client_id])
    log = text_of(logged_in(ann).get(reverse("client-looks", args=[case.client_id])))
    assert "Read the case as a consultant, without name" in log
    assert "External FIT consultant" in log
    assert "the case was opened to a consultant" in log


def test_without_the_client_s_yes_nothing_is_opened(ann, case, mette, today):
    page = text_of(logged_in(ann).get(reverse("opened-case-new", args=[case.pk])))
    assert "The client has not said yes yet" in page
    answer = send(ann, case, mette, today)
    assert answer.status_code == 422
    assert "The client has not said yes" in text_of(answer)
    with tenant(ann.organisation_id):
        assert not OpenedCase.objects.exists()


def test_a_no_hides_the_case_at_once_and_a_later_yes_does_not_bring_it_back(ann, case, mette, opened):
    with tenant(ann.organisation_id):
        assert open_now(case.client, ConsentPurpose.CONSULTANT) == ["1 case open to a consultant"]
    says(ann, case, NO)
    assert reads(mette, opened).status_code == 404
    says(ann, case, YES)
    assert reads(mette, opened).status_code == 404
    assert "No case is open to you now" in text_of(logged_in(mette).get(reverse("consultant-cases")))


def test_a_no_hides_the_case_even_where_nothing_closed_it(ann, case, mette, opened):
    """The page asks for the yes itself."""
    with tenant(ann.organisation_id):
        no = {"purpose": ConsentPurpose.CONSULTANT, "state": NO, "said_on": today_in(ann.organisation)}
        Consent.objects.create(
            organisation=ann.organisation, client=case.client, **no, taken_by=ann, recorded_by=ann,
            recorded_at=timezone.now(),
        )  # fmt: skip
    assert reads(mette, opened).status_code == 404


def test_a_case_is_closed_at_once_by_whoever_sees_the_client(ann, ben, cleo, case, mette, opened):
    head = text_of(logged_in(ben).get(reverse("client-detail", args=[case.client_id])))
    assert "Open to the consultant Mette Ravn" in head
    assert logged_in(cleo).post(reverse("opened-case-close", args=[opened.pk])).status_code == 404
    assert reads(mette, opened).status_code == 200
    assert logged_in(ben).post(reverse("opened-case-close", args=[opened.pk])).status_code == 302
    assert reads(mette, opened).status_code == 404
    head = text_of(logged_in(ben).get(reverse("client-detail", args=[case.client_id])))
    assert "Open to the consultant" not in head


def test_a_case_is_open_until_its_day_and_never_beyond_the_consultant_s_own(ann, case, mette, today):
    says(ann, case, YES)
    for day, sentence in (
        (today - datetime.timedelta(days=1), "That day is past."),
        (mette.access_until + datetime.timedelta(days=1), "Their access ends on"),
    ):
        refused = send(ann, case, mette, day)
        assert refused.status_code == 422
        assert sentence in text_of(refused)
        assert ASKED in text_of(refused)
    assert send(ann, case, mette, today).status_code == 302
    with tenant(ann.organisation_id):
        opened = OpenedCase.objects.get()
        OpenedCase.objects.update(until=today - datetime.timedelta(days=1))
    assert reads(mette, opened).status_code == 404


def test_a_case_is_opened_once_and_keeps_its_number_when_opened_again(ann, case, mette, opened, today):
    refused = send(ann, case, mette, today)
    assert refused.status_code == 422
    assert "open to this consultant already" in text_of(refused)
    logged_in(ann).post(reverse("opened-case-close", args=[opened.pk]))
    assert send(ann, case, mette, today).status_code == 302
    with tenant(ann.organisation_id):
        assert list(OpenedCase.objects.values_list("number", flat=True)) == [1, 1]


def test_nobody_else_s_case_is_read_and_no_other_page_opens(ann, red_team, mette, case, opened, today):
    other = person(red_team, "Otto Berg", teams=[])
    with tenant(ann.organisation_id):
        Practitioner.objects.filter(pk=other.pk).update(role=Role.CONSULTANT, access_until=today)
        question = TeamQuestion.objects.get()
    assert reads(other, opened).status_code == 404
    assert logged_in(other).get(reverse("consultant-question", args=[question.pk])).status_code == 404
    browser = logged_in(mette)
    assert browser.get(reverse("client-detail", args=[case.client_id])).status_code == 403
    assert browser.get(reverse("client-list")).status_code == 403
    with tenant(ann.organisation_id):
        mette.memberships.create(organisation=ann.organisation, team=red_team)
        assert not Client.objects.visible_to(mette).exists(), "a place in a team gives a consultant nothing"


def test_a_question_is_answered_and_comes_back_to_whoever_asked(ann, lea, mette, opened):
    with tenant(ann.organisation_id):
        question = TeamQuestion.objects.get()
    assert "waits for your answer" not in text_of(logged_in(lea).get(reverse("today"))), "the lead is not asked"
    address = reverse("consultant-question", args=[question.pk])
    assert logged_in(mette).post(address, {"text": " "}).status_code == 422
    assert logged_in(mette).post(address, {"text": "Ask what a good morning is."}).status_code == 302
    with tenant(ann.organisation_id):
        question.refresh_from_db()
        reply = QuestionReply.objects.get()
    assert (question.waits_for, reply.written_by_id) == (WaitsFor.ASKER, mette.pk)
    assert "1 question of yours has an answer" in text_of(logged_in(ann).get(reverse("today")))
    shown = text_of(logged_in(ann).get(reverse("question", args=[question.pk])))
    assert "Ask what a good morning is." in shown
    assert "Asked of the consultant Mette Ravn" in shown
    assert logged_in(mette).post(reverse("consultant-reply-withdraw", args=[reply.pk])).status_code == 302
    assert "good morning" not in text_of(logged_in(mette).get(address))
    assert logged_in(mette).post(reverse("consultant-reply-restore", args=[reply.pk])).status_code == 302
    assert "good morning" in text_of(logged_in(mette).get(address))


def test_a_question_that_nobody_answered_waits_for_the_team_once_the_case_is_closed(ann, lea, opened):
    logged_in(ann).post(reverse("opened-case-close", args=[opened.pk]))
    assert "1 question waits for your answer" in text_of(logged_in(lea).get(reverse("today")))


def test_a_question_of_a_closed_case_is_gone_for_the_consultant(ann, mette, opened):
    with tenant(ann.organisation_id):
        question = TeamQuestion.objects.get()
    logged_in(ann).post(reverse("opened-case-close", args=[opened.pk]))
    address = reverse("consultant-question", args=[question.pk])
    assert logged_in(mette).get(address).status_code == 404
    assert logged_in(mette).post(address, {"text": "Late"}).status_code == 404
    with tenant(ann.organisation_id):
        assert not QuestionReply.objects.exists()


def test_no_mail_says_that_a_case_was_opened_or_answered(ann, mette, opened):
    with tenant(ann.organisation_id):
        question = TeamQuestion.objects.get()
    logged_in(mette).post(reverse("consultant-question", args=[question.pk]), {"text": "Ask"})
    with tenant(ann.organisation_id):
        assert not Outbox.objects.filter(task__contains="mail").exists()
    assert not mail.outbox


def test_an_administrator_sees_which_cases_are_open_by_reference(ada, ann, mette, opened):
    people = text_of(logged_in(ada).get(reverse("people")))
    assert reverse("opened-cases", args=[mette.pk]) in people
    page = text_of(logged_in(ada).get(reverse("opened-cases", args=[mette.pk])))
    assert "N-77" in page
    assert "Nils" not in page
    assert "Ann Holm" in page
    with tenant(ann.organisation_id):
        assert AccessEvent.objects.filter(action="consultant.list", practitioner=ada).exists()


def test_at_night_cases_past_their_day_or_of_an_ended_account_are_closed(ann, house, mette, opened, today):
    assert close_opened_cases() == 0
    with tenant(ann.organisation_id):
        Practitioner.objects.filter(pk=mette.pk).update(is_active=False)
    assert close_opened_cases() == 1
    assert close_opened_cases() == 0
    with tenant(ann.organisation_id):
        Practitioner.objects.filter(pk=mette.pk).update(is_active=True)
        assert OpenedCase.objects.get().closed_at is not None
    assert reads(mette, opened).status_code == 404


def test_the_list_costs_the_same_for_one_case_and_five(ann, red_team, mette, today):
    def counted():
        return len(statements_of(lambda: logged_in(mette).get(reverse("consultant-cases")))[1])

    counted()  # what is read once for all pages
    costs = []
    for number in range(5):
        with tenant(ann.organisation_id):
            episode = course(ann, red_team, f"L-{number}", 200, contact=ann)
        says(ann, episode, YES)
        assert send(ann, episode, mette, today).status_code == 302
        costs.append(counted())
    assert costs[0] == costs[-1]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("NILS and Nilsson", "… and Nilsson"),
        ("N-77's week, and Nils' too", "… week, and …' too"),
        ("nils.", "…."),
        ("Ann calls", "Ann calls"),
    ],
)
def test_the_client_s_name_and_reference_leave_a_text(case, text, shown):
    assert without_names(text, case.client) == shown
