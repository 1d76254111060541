"""What was done to a session is said, and taken back in one tap."""

import datetime

import pytest
from django.urls import reverse

from organisations.services.local_day import today_in
from organisations.services.undo import sign_state
from organisations.tenancy.context import tenant
from sessions_app.models import Session
from tests.factories import ClientFactory, EpisodeFactory, RatingFactory, SessionFactory
from tests.saving import forms_on, save

pytestmark = pytest.mark.django_db
UNDONE = "Undone. The session is as it was before."


def take_back(browser, answer):
    """Tap the undo button on the page that an answer leads to; its address, and what that leads to."""
    form = next(form for form in forms_on(browser.get(answer.headers["Location"])) if is_undo(form["action"]))
    return form["action"], browser.post(form["action"], form["hidden"], follow=True)


def is_undo(action):
    return any(word in action for word in ("undo", "reopen", "restore"))


def now(session):
    with tenant(session.organisation_id):
        return Session.objects.get(pk=session.pk)


@pytest.fixture
def other_episode(ann, red_team, service):
    with tenant(ann.organisation_id):
        own = {"organisation": ann.organisation}
        client = ClientFactory(**own, reference="B-002", first_name="Bea", teams=[red_team])
        return EpisodeFactory(**own, client=client, service=service, started_on=datetime.date(2026, 10, 1))


def test_skipping_a_form(staff, record):
    answer = staff.post(reverse("session-skip", args=[record.pk]), {"instrument": "ors", "reason": "declined"})
    page = staff.get(answer.headers["Location"]).content.decode()
    assert "No ORS this time: The client did not want to." in page
    staff.post(reverse("session-skip", args=[record.pk]), {"instrument": "ors", "reason": "declined"})
    _action, undone = take_back(staff, answer)
    assert UNDONE in undone.content.decode()
    assert now(record).outcome_skipped == ""


def test_voiding_a_session(staff, record, episode):
    with tenant(record.organisation_id):
        RatingFactory(organisation=record.organisation, session=record, total=220, marks=None)
    answer = save(staff, reverse("session-void", args=[record.pk]), {"reason": "Entered twice"})
    action, _page = take_back(staff, answer)
    assert action == reverse("session-restore", args=[record.pk])
    assert (now(record).voided_at, now(record).void_reason) == (None, "")
    with tenant(record.organisation_id):
        episode.refresh_from_db()
    assert episode.outcome_last == 220, "the summary follows"


def test_the_page_of_a_voided_session_offers_to_let_it_count(staff, record):
    save(staff, reverse("session-void", args=[record.pk]), {"reason": "Entered twice"})
    page = staff.get(reverse("session-flow", args=[record.pk]))
    assert reverse("session-restore", args=[record.pk]) in [form["action"] for form in forms_on(page)]


def test_moving_a_session(staff, record, episode, other_episode):
    data = {"episode": other_episode.pk, "reason": "Wrong client"}
    answer = save(staff, reverse("session-move", args=[record.pk]), data)
    with tenant(record.organisation_id):
        other_episode.refresh_from_db()
    assert other_episode.started_on == record.held_on
    take_back(staff, answer)
    assert now(record).episode_id == episode.pk
    with tenant(record.organisation_id):
        other_episode.refresh_from_db()
    assert other_episode.started_on == datetime.date(2026, 10, 1), "the wrong client's episode begins as before"


def test_finishing_a_session(staff, nils, record):
    with tenant(record.organisation_id):
        type(nils).objects.filter(pk=nils.pk).update(next_on="2998-02-02", next_at="09:15")
        RatingFactory(organisation=record.organisation, session=record)
    data = {"when": "other", "next_on": "2999-01-01", "alliance_skipped": "no_time"}
    answer = save(staff, reverse("session-next", args=[record.pk]), data)
    take_back(staff, answer)
    assert (now(record).finished_at, now(record).alliance_skipped) == (None, "")
    with tenant(record.organisation_id):
        nils.refresh_from_db()
    assert (str(nils.next_on), str(nils.next_at)) == ("2998-02-02", "09:15:00")


def test_undoing_the_finishing_leaves_an_appointment_that_was_changed_since(staff, nils, record):
    data = {"when": "other", "next_on": "2999-01-01", "outcome_skipped": "no_time", "alliance_skipped": "no_time"}
    answer = save(staff, reverse("session-next", args=[record.pk]), data)
    with tenant(record.organisation_id):
        type(nils).objects.filter(pk=nils.pk).update(next_on="2999-03-03")
    take_back(staff, answer)
    with tenant(record.organisation_id):
        nils.refresh_from_db()
    assert str(nils.next_on) == "2999-03-03"


@pytest.fixture
def finished(staff, nils, record):
    """Nils's session of today's appointment is finished, and the next one is agreed."""
    with tenant(record.organisation_id):
        type(nils).objects.filter(pk=nils.pk).update(next_on=today_in(record.organisation), next_at="09:15")
    data = {"when": "other", "next_on": "2999-01-01", "outcome_skipped": "no_time", "alliance_skipped": "no_time"}
    save(staff, reverse("session-next", args=[record.pk]), data)
    return now(record)


def appointment(client):
    with tenant(client.organisation_id):
        client.refresh_from_db()
    return str(client.next_on)


def test_voiding_a_finished_session_brings_back_its_appointment_and_restoring_what_was_agreed(staff, nils, finished):
    answer = save(staff, reverse("session-void", args=[finished.pk]), {"reason": "Wrong client"})
    assert appointment(nils) == str(today_in(finished.organisation)), "the client is on Today again"
    take_back(staff, answer)
    assert appointment(nils) == "2999-01-01"


def test_voiding_leaves_an_appointment_that_was_changed_since_or_agreed_on_at_another_session(staff, nils, finished):
    with tenant(nils.organisation_id):
        facts = {"held_on": finished.held_on, "finished_at": finished.finished_at, "agreed_on": finished.agreed_on}
        of = {"client": nils, "episode": finished.episode, "practitioner": finished.practitioner}
        twin = SessionFactory(organisation=finished.organisation, **of, **facts)
    save(staff, reverse("session-void", args=[finished.pk]), {"reason": "Entered twice"})
    assert appointment(nils) == "2999-01-01", "agreed on at the other session as well"
    save(staff, reverse("session-restore", args=[finished.pk]), {})
    with tenant(nils.organisation_id):
        Session.objects.filter(pk=twin.pk).update(agreed_on="2999-02-02")
        type(nils).objects.filter(pk=nils.pk).update(next_on="2999-03-03")
    save(staff, reverse("session-void", args=[finished.pk]), {"reason": "Wrong client"})
    assert appointment(nils) == "2999-03-03"


def test_archiving_a_client(staff, ann, red_team):
    with tenant(ann.organisation_id):
        client = ClientFactory(organisation=ann.organisation, reference="C-003", teams=[red_team])
    answer = staff.post(reverse("client-archive", args=[client.pk]))
    page = staff.get(answer.headers["Location"])
    assert reverse("client-restore", args=[client.pk]) in [form["action"] for form in forms_on(page)]


def test_a_state_of_another_session_or_made_up_undoes_nothing(staff, record, episode):
    save(staff, reverse("session-next", args=[record.pk]),
         {"when": "none", "outcome_skipped": "no_time", "alliance_skipped": "no_time"})  # fmt: skip
    for was in ("", "made-up", sign_state({"next": ["", ""], "skipped": {}, "agreed": ["", ""]}, of=episode.pk)):
        page = staff.post(reverse("session-reopen", args=[record.pk]), {"was": was}, follow=True)
        assert "can no longer be undone" in page.content.decode()
    assert now(record).finished_at is not None


def test_a_move_that_was_moved_on_is_not_taken_back(staff, record, episode, other_episode):
    was = sign_state({"from": str(other_episode.pk), "to": str(other_episode.pk), "started_on": ""}, of=record.pk)
    page = staff.post(reverse("session-move-back", args=[record.pk]), {"was": was}, follow=True)
    assert "can no longer be undone" in page.content.decode()
    assert now(record).episode_id == episode.pk


def test_a_move_goes_back_only_to_a_client_whom_one_may_see(staff, ann, record, episode, service):
    with tenant(ann.organisation_id):
        hidden = ClientFactory(organisation=ann.organisation, reference="H-009")
        foreign = EpisodeFactory(organisation=ann.organisation, client=hidden, service=service)
    was = sign_state({"from": str(foreign.pk), "to": str(episode.pk), "started_on": "2026-01-01"}, of=record.pk)
    assert staff.post(reverse("session-move-back", args=[record.pk]), {"was": was}).status_code == 404
