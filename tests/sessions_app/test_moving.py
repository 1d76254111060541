"""A session under the wrong client goes to the right one with everything that hangs on it."""

import datetime

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, Episode, Rater
from organisations.audit.record import recorded
from organisations.tenancy.context import tenant
from sessions_app.models import Attendance, GroupMember, Note, PendingAnswer, Rating, RatingDraft, Session
from sessions_app.services.group_meetings import start_meeting
from tests.api.asking import system_of
from tests.factories import ClientFactory, EpisodeFactory, RatingFactory, SessionFactory
from tests.saving import form_on, save
from tests.sessions_app.test_form import marks
from tests.sessions_app.test_links import open_link, send, token_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(ann, episode):
    """Today's session, started under the wrong client."""
    with tenant(ann.organisation_id):
        return SessionFactory(
            organisation=ann.organisation,
            episode=episode,
            practitioner=ann,
            held_on=timezone.localdate(),
            started_at=timezone.now(),
        )


@pytest.fixture
def olga(ann, red_team):
    """The right client, who has no open episode."""
    with tenant(ann.organisation_id):
        return ClientFactory(organisation=ann.organisation, reference="O-1", first_name="Olga", teams=[red_team])


@pytest.fixture
def right(olga, service):
    """Olga's open episode."""
    with tenant(olga.organisation_id):
        return EpisodeFactory(organisation=olga.organisation, client=olga, service=service)


def move_on_page(staff, ann, session, episode):
    data = {"episode": str(episode.pk), "reason": "mixed up"}
    assert save(staff, reverse("session-move", args=[session.pk]), data).status_code == 302


def move_by_api(staff, ann, session, episode):
    body = {"episode": str(episode.pk), "reason": "mixed up"}
    assert system_of(ann).post(f"sessions/{session.pk}/move/", body).status_code == 200


DOORS = [move_on_page, move_by_api]


def fresh(row):
    with tenant(row.organisation_id):
        return type(row).objects.get(pk=row.pk)


@pytest.mark.parametrize("move", DOORS)
def test_marks_drafts_words_and_answers_to_a_withdrawn_link_go_along(staff, ann, nils, olga, record, right, move):
    with tenant(ann.organisation_id):
        RatingFactory(organisation=ann.organisation, session=record, instrument="srs")
        about = {"organisation": ann.organisation, "session": record}
        Note.objects.create(kind="after_ors", text="better", **about)
        RatingDraft.objects.create(instrument="who5", rater="client", marks=[1, None, None, None, None], **about)
    token = token_in(send(staff, nils, record))
    (link,) = staff.get(reverse("client-links", args=[nils.pk])).context["links"]
    assert staff.post(reverse("link-withdraw", args=[nils.pk, link["id"]])).status_code == 302
    assert Browser().post(reverse("rating-form", args=[token]), marks()).status_code == 303
    move(staff, ann, record, right)
    with tenant(ann.organisation_id):
        (answer,) = PendingAnswer.objects.all()
        assert answer.episode_id == right.pk
        for model in (Rating, Note, RatingDraft):
            assert [row.session.client_id for row in model.objects.all()] == [olga.pk]
    assert "Answers that wait" not in staff.get(reverse("client-detail", args=[nils.pk])).content.decode()
    assert "Answers that wait" in staff.get(reverse("client-detail", args=[olga.pk])).content.decode()
    decide = reverse("pending-answer-decide", args=[record.pk, answer.pk])
    assert decide in staff.get(reverse("session-flow", args=[record.pk])).content.decode()
    assert staff.post(decide, {"take": "count"}).status_code == 302
    with tenant(ann.organisation_id):
        assert Rating.objects.get(instrument="ors").session.client_id == olga.pk


def test_an_answer_to_a_form_sent_ahead_goes_with_the_session_begun_since(staff, ann, nils, olga, episode, right):
    token = token_in(send(staff, nils))
    (link,) = staff.get(reverse("client-links", args=[nils.pk])).context["links"]
    staff.post(reverse("session-start", args=[nils.pk]))
    with tenant(ann.organisation_id):
        session = Session.objects.get()
    staff.post(reverse("link-withdraw", args=[nils.pk, link["id"]]))
    assert Browser().post(reverse("rating-form", args=[token]), marks()).status_code == 303
    move_on_page(staff, ann, session, right)
    with tenant(ann.organisation_id):
        assert PendingAnswer.objects.get().episode_id == right.pk


def test_a_form_sent_ahead_while_the_right_client_was_there_closes(staff, ann, nils, record, right):
    during = token_in(send(staff, nils))
    move_on_page(staff, ann, record, right)
    assert open_link(Browser(), during).status_code == 410


def test_a_form_that_the_other_client_was_sent_before_stays_open(staff, ann, nils, episode, right):
    before = token_in(send(staff, nils))
    staff.post(reverse("session-start", args=[nils.pk]))
    with tenant(ann.organisation_id):
        session = Session.objects.get()
    move_on_page(staff, ann, session, right)
    assert open_link(Browser(), before).status_code == 200


def finish(staff, ann, session, **agreed):
    with tenant(ann.organisation_id):
        Session.objects.filter(pk=session.pk).update(outcome_skipped="no_time", alliance_skipped="no_time")
    body = {"next_on": None, "next_at": None} | agreed
    assert system_of(ann).post(f"sessions/{session.pk}/finish/", body).status_code == 200


def agree(client, day, at=None):
    with tenant(client.organisation_id):
        Client.objects.filter(pk=client.pk).update(next_on=day, next_at=at)


def agreed(client):
    row = fresh(client)
    return row.next_on, row.next_at


OWN = datetime.date(2999, 3, 1), datetime.time(10)
NEXT = datetime.date(2999, 2, 1), datetime.time(9, 30)
NEXT_SENT = {"next_on": "2999-02-01", "next_at": "09:30"}


@pytest.mark.parametrize("move", DOORS)
def test_the_next_appointment_goes_along_and_the_one_it_replaced_comes_back(
    staff, ann, nils, olga, record, right, move
):
    agree(nils, *OWN)
    finish(staff, ann, record, **NEXT_SENT)
    assert agreed(nils) == NEXT
    move(staff, ann, record, right)
    assert (agreed(nils), agreed(olga)) == (OWN, NEXT)
    move(staff, ann, record, record.episode)  # and back again
    assert (agreed(nils), agreed(olga)) == (NEXT, (None, None))


def test_an_appointment_taken_away_under_the_wrong_client_comes_back(staff, ann, nils, olga, record, right):
    agree(nils, *OWN)
    finish(staff, ann, record)
    assert agreed(nils) == (None, None)
    move_on_page(staff, ann, record, right)
    assert (agreed(nils), agreed(olga)) == (OWN, (None, None))


def test_finished_twice_the_first_appointment_is_the_one_that_comes_back(staff, ann, nils, record, right):
    agree(nils, *OWN)
    finish(staff, ann, record, next_on="2999-01-05")
    finish(staff, ann, record, **NEXT_SENT)
    move_on_page(staff, ann, record, right)
    assert agreed(nils) == OWN


def test_an_appointment_made_since_stays(staff, ann, nils, olga, record, right):
    agree(nils, *OWN)
    finish(staff, ann, record, **NEXT_SENT)
    later = datetime.date(2999, 5, 1), None
    agree(nils, *later)
    agree(olga, *OWN)
    move_on_page(staff, ann, record, right)
    assert (agreed(nils), agreed(olga)) == (later, OWN)


def test_an_unfinished_session_agrees_nothing(staff, ann, nils, olga, record, right):
    agree(olga, *OWN)
    move_on_page(staff, ann, record, right)
    assert (agreed(nils), agreed(olga)) == ((None, None), OWN)


def test_who_has_rated_is_known_at_the_right_client(staff, ann, nils, olga, record, right):
    with tenant(ann.organisation_id):
        Rater.objects.create(
            organisation=ann.organisation, client=nils, key="teacher-2", relation="teacher", label="Jo"
        )
        RatingFactory(organisation=ann.organisation, session=record, rater="teacher-2")
    move_on_page(staff, ann, record, right)
    with tenant(ann.organisation_id):
        (rater,) = olga.raters.all()
        assert (rater.key, rater.relation, rater.label, rater.is_active) == ("teacher-2", "teacher", "", False)


def test_the_place_in_a_group_goes_along_but_nobody_has_two(staff, ann, nils, olga, episode, right, red_team, service):
    with tenant(ann.organisation_id), recorded(organisation_id=ann.organisation_id, request_id="t"):
        third = ClientFactory(organisation=ann.organisation, teams=[red_team])
        there = EpisodeFactory(organisation=ann.organisation, client=third, service=service)
        start_meeting(name="Monday", clients=[nils, third], contact_form="in_person", by=ann)
        session = Session.objects.get(client=nils)
    url = reverse("session-move", args=[session.pk])
    refused = save(staff, url, {"episode": str(there.pk), "reason": "mixed up"})
    assert refused.status_code == 422
    assert "takes part in that group meeting already" in refused.content.decode()
    move_on_page(staff, ann, session, right)
    with tenant(ann.organisation_id):
        assert set(GroupMember.objects.values_list("session__client", flat=True)) == {olga.pk, third.pk}


def test_a_client_without_an_open_episode_is_offered_a_new_one(staff, ann, olga, record, service):
    url = reverse("session-move", args=[record.pk])
    page = staff.get(url).content.decode()
    assert "Olga (O-1), new episode in The house at the harbour" in page
    opened = form_on(staff, url)
    data = opened | {"episode": f"{olga.pk}:{service.pk}", "reason": "mixed up"}
    assert staff.post(url, data).status_code == 302
    assert staff.post(url, data).status_code == 302, "a second click"
    with tenant(ann.organisation_id):
        episode = Episode.objects.get(client=olga)
        assert (episode.started_on, episode.sessions_count) == (record.held_on, 1)
        record.refresh_from_db()
        assert (record.client_id, record.attendance) == (olga.pk, Attendance.ATTENDED)


def test_a_new_episode_is_opened_only_for_whom_one_sees_in_ones_own_services(staff, ann, record, blue_team, olga):
    with tenant(ann.organisation_id):
        hidden = ClientFactory(organisation=ann.organisation, teams=[blue_team], first_name="Canary")
        elsewhere = type(blue_team.service).objects.create(organisation=ann.organisation, name="Elsewhere")
    url = reverse("session-move", args=[record.pk])
    assert "Canary" not in staff.get(url).content.decode()
    for client, service in ((hidden, blue_team.service), (olga, elsewhere), (olga, olga), ("x", "y")):
        chosen = f"{getattr(client, 'pk', client)}:{getattr(service, 'pk', service)}"
        assert save(staff, url, {"episode": chosen, "reason": "mixed up"}).status_code == 422
    with tenant(ann.organisation_id):
        assert not Episode.objects.exclude(pk=record.episode_id).exists()
