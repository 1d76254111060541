"""A log-in ends while somebody writes: what they send then is theirs again after the next log-in, and nobody else's."""

import datetime
import uuid

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from clients.models import Client
from organisations.login import session_clock
from organisations.models import TYPED_TEXT, DeviceSession
from organisations.tenancy.context import tenant
from organisations.web.route_checks import routes
from sessions_app.models import Goal, Note, Rating, Session, SessionDecision
from tests.factories import SessionFactory
from tests.people import PASSWORD
from tests.saving import form_on, forms_on
from tests.sessions_app.test_answers import FOUR, keyed
from tests.sessions_app.test_paper import row, sent

pytestmark = pytest.mark.django_db
WORD = "heard of nobody"


def log_in(browser, person, **more):
    return browser.post(reverse("account_login"), {"login": person.user.email, "password": PASSWORD, **more})


@pytest.fixture
def staff(browser, ann):
    """Ann, at work."""
    log_in(browser, ann)
    assert browser.get(reverse("today")).status_code == 200
    return browser


@pytest.fixture
def record(ann, episode):
    with tenant(ann.organisation_id):
        return SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)


def send_paper(staff, record):
    return staff.post(reverse("paper-grid"), sent(row("N-014")))


def send_keyed(staff, record):
    return staff.post(reverse("rating-key-in", args=[record.pk, "ors"]), keyed(**FOUR))


def send_aloud(staff, record):
    return staff.post(reverse("rating-read-aloud", args=[record.pk, "ors"]), keyed(**FOUR))


def send_note(staff, record):
    return staff.post(reverse("note-save", args=[record.pk, "after_ors"]), {"text": WORD, "version": "0"})


def send_client(staff, record):
    page = {"reference": "S-210", "first_name": WORD, "form_language": "da", "outcome_rhythm": 0, "alliance_rhythm": 0}
    with tenant(record.organisation_id):
        page["teams"] = [str(team.pk) for team in record.client.teams.all()]
    return staff.post(reverse("client-new"), page)


def send_earlier(staff, record):
    url = reverse("session-new", args=[record.client_id])
    facts = {"held_on": "2026-02-02", "attendance": "attended", "contact_form": "phone", "entry_mode": "paper"}
    marks = {f"ors-{key}": mark for key, mark in FOUR.items()}
    return staff.post(url, {**facts, **marks, "submission_id": str(uuid.uuid4())})


def send_decision(staff, record):
    url = reverse("decision-save", args=[record.pk, uuid.uuid4()])
    return staff.post(url, {"text": WORD, "support": "", "responsible": "", "follow_up_on": "", "version": ""})


def send_goal(staff, record):
    url = reverse("goal-new", args=[record.episode_id])
    return staff.post(url, {"wording": WORD, "set_by": "client", "state": "active", "since": "2026-02-02"})


def count(record):
    with tenant(record.organisation_id):
        return [model.objects.count() for model in (Rating, Note, Client, Session, SessionDecision, Goal)]


SENDERS = [send_paper, send_keyed, send_aloud, send_note, send_client, send_earlier, send_decision, send_goal]


def end(ann):
    session_clock.end_sessions(ann.user)


@pytest.mark.parametrize("send", SENDERS)
def test_what_was_sent_after_the_end_comes_back_and_is_saved_by_one_tap(staff, ann, record, send):
    before = count(record)
    end(ann)
    answer = send(staff, record)
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))
    assert count(record) == before
    back = log_in(staff, ann, next=reverse("typed-again"))
    assert back.url == reverse("typed-again")
    page = staff.get(back.url)
    assert (WORD in page.content.decode()) is (send in (send_note, send_client, send_decision, send_goal))
    (form,) = [form for form in forms_on(page) if form["fields"].keys() - {"csrfmiddlewaretoken"}]
    saved = staff.post(form["action"], form["hidden"] | form["fields"])
    assert saved.status_code in (200, 302), saved.content.decode()
    assert count(record) != before
    assert TYPED_TEXT not in staff.session


def test_after_too_long_without_a_sign_of_life_too(staff, ann, record):
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=45)):
        assert send_note(staff, record).status_code == 302
        log_in(staff, ann)
        assert WORD in staff.get(reverse("typed-again")).content.decode()
        assert reverse("typed-again") in staff.get(reverse("today")).content.decode()


def test_the_next_person_sees_nothing_of_it(staff, ann, ben, record):
    end(ann)
    send_note(staff, record)
    log_in(staff, ben)
    assert staff.get(reverse("typed-again")).url == "/"
    assert TYPED_TEXT not in staff.session
    log_in(staff, ann)
    assert staff.get(reverse("typed-again")).url == "/"


def test_it_lies_sealed_and_only_for_an_hour(staff, ann, record):
    end(ann)
    send_note(staff, record)
    (stored,) = DeviceSession.objects.all()
    assert WORD not in str(stored.get_decoded())
    assert WORD.encode().hex() not in str(stored.get_decoded())
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=61)):
        log_in(staff, ann)
        assert staff.get(reverse("typed-again")).url == "/"


def test_it_can_be_thrown_away(staff, ann, record):
    end(ann)
    send_note(staff, record)
    log_in(staff, ann)
    staff.post(reverse("typed-again"))
    assert TYPED_TEXT not in staff.session
    assert staff.get(reverse("typed-again")).url == "/"


def test_a_browser_in_which_nobody_worked_keeps_nothing(record):
    for cookie in ("", "somebody", "somebody:1:x"):
        stranger = Browser()
        stranger.cookies["typist"] = cookie
        stranger.cookies["sessionid"] = "x" * 32
        assert send_note(stranger, record).status_code == 302
        assert not DeviceSession.objects.exists()


def test_the_cookie_is_for_our_server_alone(staff):
    cookie = staff.cookies["typist"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", "")


def test_no_form_with_a_secret_or_a_file_keeps_anything(staff, ann, record):
    kept = {pattern.name for _path, pattern in routes() if getattr(pattern.callback, "keeps_typed", False)}
    assert kept >= {"paper-grid", "rating-key-in", "note-save", "client-new", "client-edit", "session-new"}
    with tenant(ann.organisation_id):
        about = {"organisation": ann.organisation, "episode": record.episode, "since": record.held_on}
        goal = Goal.objects.create(**about, wording="My own flat")
    args = {"session_id": record.pk, "instrument": "ors", "client_id": record.client_id}
    args |= {"episode_id": record.episode_id, "goal_id": goal.pk}
    args |= {"beside": "rule-O1"}
    of_rows_of_their_own = {"plan-evaluation", "team-meeting", "meeting-case-question", "meeting-case-minutes"}
    of_rows_of_their_own |= {"question", "consultant-question", "supervision-case"}
    of_rows_of_their_own |= {"study-edit", "study-amend"}
    of_rows_of_their_own |= {"subject-request", "subject-request-extend", "restriction-lift"}
    of_rows_of_their_own |= {"handbook-chapter-edit", "handbook-own-paragraph-new", "handbook-paragraph-edit"}
    for name in kept - {"note-save", "decision-save", "rating-correct"} - of_rows_of_their_own:
        pattern = next(pattern for _path, pattern in routes() if pattern.name == name)
        url = reverse(name, kwargs={key: args[key] for key in pattern.pattern.converters})
        page = staff.get(url).content.decode()
        assert 'type="password"' not in page
        assert 'type="file"' not in page
    assert form_on(staff, reverse("client-new"))
