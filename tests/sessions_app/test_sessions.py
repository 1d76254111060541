"""Starting, absences, sessions written down afterwards, and the end of the flow."""

import datetime
import uuid

import pytest
import time_machine
from django.urls import reverse

from clients.models import Client, ClientTeam, Ending, Episode
from organisations.models import AccessEvent, Outbox
from organisations.tenancy.context import tenant
from sessions_app.models import Rating, Session
from tests.factories import EpisodeFactory, RatingFactory, ServiceFactory, SessionFactory, TeamFactory
from tests.saving import save

NOON = datetime.datetime(2026, 3, 10, 12, tzinfo=datetime.UTC)


@pytest.fixture
def staff(browser, ann):
    browser.force_login(ann.user)
    return browser


def rows(model, person):
    with tenant(person.organisation_id):
        return list(model.objects.order_by("pk"))


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        ("2026-03-10T23:30:00Z", "Europe/Copenhagen", "2026-03-11"),
        ("2026-03-10T23:30:00Z", "Atlantic/Faroe", "2026-03-10"),
    ],
)
def test_a_session_is_held_on_the_local_day(staff, ann, nils, episode, moment, zone, day):
    ann.organisation.time_zone = zone
    ann.organisation.save()
    with time_machine.travel(moment, tick=False):
        staff.force_login(ann.user)
        answer = staff.post(reverse("session-start", args=[nils.pk]), {"contact_form": "video"})
    (session,) = rows(Session, ann)
    assert answer.headers["Location"] == reverse("session-flow", args=[session.pk])
    assert (str(session.held_on), session.time_zone, session.contact_form) == (day, zone, "video")
    assert (session.episode_id, session.practitioner_id) == (episode.pk, ann.pk)
    with tenant(ann.organisation_id):
        assert AccessEvent.objects.filter(action="session.start", client_ids=[nils.pk]).exists()


def test_one_tap_is_enough_and_two_start_one_session(staff, ann, nils, episode):
    first = staff.post(reverse("session-start", args=[nils.pk]))
    second = staff.post(reverse("session-start", args=[nils.pk]))
    assert first.headers["Location"] == second.headers["Location"]
    assert len(rows(Session, ann)) == 1


def test_after_a_finished_session_another_one_starts(staff, ann, nils, episode):
    staff.post(reverse("session-start", args=[nils.pk]))
    with tenant(ann.organisation_id):
        Session.objects.update(finished_at=NOON)
    staff.post(reverse("session-start", args=[nils.pk]))
    assert len(rows(Session, ann)) == 2


def test_a_first_session_opens_an_episode_in_the_teams_service(staff, ann, nils, service):
    staff.post(reverse("session-start", args=[nils.pk]))
    (episode,) = rows(Episode, ann)
    (session,) = rows(Session, ann)
    assert (episode.service_id, episode.started_on) == (service.pk, session.held_on)
    assert session.episode_id == episode.pk


def test_two_services_and_no_episode_asks_for_the_service(staff, ann, nils, service):
    with tenant(ann.organisation_id):
        other = TeamFactory(organisation=ann.organisation, name="Second")
        ClientTeam.objects.create(organisation_id=ann.organisation_id, client=nils, team=other)
        ann.memberships.create(organisation_id=ann.organisation_id, team=other)
    page = staff.post(reverse("session-start", args=[nils.pk]))
    assert page.status_code == 422
    assert "Choose the service" in page.content.decode()
    staff.post(reverse("session-start", args=[nils.pk]), {"service": other.service_id})
    (episode,) = rows(Episode, ann)
    assert episode.service_id == other.service_id


def test_two_open_episodes_ask_for_one(staff, ann, nils, episode):
    with tenant(ann.organisation_id):
        second = EpisodeFactory(
            organisation=ann.organisation, client=nils, service=ServiceFactory(organisation=ann.organisation)
        )
    page = staff.post(reverse("session-start", args=[nils.pk]))
    assert page.status_code == 422
    assert "Choose the episode" in page.content.decode()
    assert rows(Session, ann) == []
    staff.post(reverse("session-start", args=[nils.pk]), {"episode": second.pk})
    assert rows(Session, ann)[0].episode_id == second.pk


def test_another_clients_episode_cannot_be_chosen(staff, ann, nils, episode, red_team):
    with tenant(ann.organisation_id):
        EpisodeFactory(
            organisation=ann.organisation, client=nils, service=ServiceFactory(organisation=ann.organisation)
        )
        foreign = EpisodeFactory(organisation=ann.organisation)
    page = staff.post(reverse("session-start", args=[nils.pk]), {"episode": foreign.pk})
    assert page.status_code == 422
    assert rows(Session, ann) == []


def test_the_start_page_offers_the_forms_of_contact(staff, nils, episode):
    words = staff.get(reverse("session-start", args=[nils.pk])).content.decode()
    assert "Home visit" in words
    assert "Cancelled by the client" in words


@pytest.mark.parametrize("attendance", ["no_show", "cancelled_client", "cancelled_service"])
def test_an_absence_has_no_forms(staff, ann, nils, episode, attendance):
    answer = staff.post(reverse("session-absent", args=[nils.pk]), {"attendance": attendance})
    assert answer.status_code == 302
    (session,) = rows(Session, ann)
    assert session.attendance == attendance
    assert session.finished_at is not None
    page = staff.get(reverse("session-flow", args=[session.pk])).content.decode()
    assert "Hand over" not in page
    handed = staff.post(reverse("session-handover", args=[session.pk, "ors"]))
    assert handed.headers["Location"] == reverse("session-flow", args=[session.pk])


def test_the_start_page_records_an_absence_too(staff, ann, nils, episode):
    staff.post(reverse("session-absent", args=[nils.pk]), {"absence-attendance": "no_show"})
    assert rows(Session, ann)[0].attendance == "no_show"


def test_looking_at_the_start_page_is_logged_as_looking(staff, ann, nils, episode):
    staff.get(reverse("session-start", args=[nils.pk]))
    with tenant(ann.organisation_id):
        assert [event.action for event in AccessEvent.objects.all()] == ["session.start_form"]


def test_an_archived_client_is_restored_first(staff, ann, nils, episode):
    with tenant(ann.organisation_id):
        Client.objects.update(archived_at=NOON)
    page = staff.post(reverse("session-start", args=[nils.pk]))
    assert page.status_code == 422
    assert "Restore the client first" in page.content.decode()
    assert rows(Session, ann) == []


def test_attended_is_no_absence(staff, ann, nils, episode):
    page = staff.post(reverse("session-absent", args=[nils.pk]), {"attendance": "attended"})
    assert page.status_code == 422
    assert rows(Session, ann) == []


def test_a_child_has_the_childrens_forms(staff, ann, nils, episode):
    with tenant(ann.organisation_id):
        Client.objects.update(birth_year=datetime.datetime.now().year - 12)
    page = staff.post(reverse("session-start", args=[nils.pk]), follow=True).content.decode()
    assert "Hand over for the CORS" in page
    assert "Alliance (CSRS)" in page
    (session,) = rows(Session, ann)
    answer = staff.post(reverse("session-handover", args=[session.pk, "ors"]), follow=True)
    assert "does not belong to this session" in answer.content.decode()
    assert "kiosk" not in staff.session


def past(**more):
    return {
        "held_on": "2026-03-02",
        "attendance": "attended",
        "contact_form": "phone",
        "entry_mode": "paper",
        "submission_id": str(uuid.uuid4()),
        "ors_individual": "5,5",
        "ors_relations": "6",
        "ors_social": "7.1",
        "ors_overall": "0",
        "srs_total": "36,5",
        **more,
    }


def test_an_earlier_session_is_written_down_whole(staff, ann, nils, episode):
    answer = staff.post(reverse("session-new", args=[nils.pk]), past())
    assert answer.status_code == 302
    (session,) = rows(Session, ann)
    assert (str(session.held_on), session.contact_form) == ("2026-03-02", "phone")
    with tenant(ann.organisation_id):
        ors, srs = Rating.objects.order_by("instrument")
        episode.refresh_from_db()
        asked = Outbox.objects.filter(object_id=episode.pk).exists()
    assert (ors.marks, ors.total, ors.entry_mode, ors.recorded_by_id) == ([55, 60, 71, 0], 186, "paper", ann.pk)
    assert (srs.marks, srs.total) == (None, 365)
    assert (episode.outcome_first, episode.alliance_last, episode.sessions_count) == (186, 365, 1)
    assert asked


def test_a_double_click_writes_one_session(staff, ann, nils, episode):
    data = past()
    staff.post(reverse("session-new", args=[nils.pk]), data)
    staff.post(reverse("session-new", args=[nils.pk]), data)
    assert len(rows(Session, ann)) == 1


def test_a_day_before_the_episode_moves_its_start(staff, ann, nils, episode):
    staff.post(reverse("session-new", args=[nils.pk]), past(held_on="2025-12-30"))
    with tenant(ann.organisation_id):
        episode.refresh_from_db()
    assert str(episode.started_on) == "2025-12-30"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"held_on": "2999-01-01"}, "before it is held"),
        ({"held_on": "0206-03-02"}, "Look at the year"),
        ({"ors_social": ""}, "no mark yet"),
        ({"ors_social": "10,1"}, "between 0 and 10"),
        ({"ors_social": "٥"}, "Write a number"),
        ({"ors_social": "5,55"}, "at most one decimal"),
        ({"srs_total": "40.1"}, "between 0 and 40"),
        ({"ors_total": "30"}, "another total"),
        ({"attendance": "no_show"}, "so the client was there"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(staff, ann, nils, episode, change, words):
    page = staff.post(reverse("session-new", args=[nils.pk]), past(**change))
    assert page.status_code == 422
    assert words in page.content.decode()
    assert 'value="5,5"' in page.content.decode()
    assert rows(Session, ann) == []


def test_an_ended_episode_takes_only_sessions_of_its_time(staff, ann, nils, episode):
    with tenant(ann.organisation_id):
        episode.ended_on, episode.ending = datetime.date(2026, 2, 1), Ending.PLANNED
        episode.save()
    late = staff.post(reverse("session-new", args=[nils.pk]), past(episode=episode.pk))
    assert late.status_code == 422
    staff.post(reverse("session-new", args=[nils.pk]), past(episode=episode.pk, held_on="2026-01-20"))
    assert rows(Session, ann)[0].episode_id == episode.pk


@pytest.fixture
def record(ann, episode):
    with tenant(ann.organisation_id):
        return SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)


def test_finishing_needs_a_reason_for_each_missing_form(staff, ann, nils, record):
    url = reverse("session-next", args=[record.pk])
    page = save(staff, url, {"next_on": "2999-01-01"})
    assert page.status_code == 422
    assert page.content.decode().count("Say why there is none this time.") >= 1
    save(
        staff,
        url,
        {"next_on": "2999-01-01", "next_at": "10:30", "outcome_skipped": "forgotten", "alliance_skipped": "no_time"},
    )
    with tenant(ann.organisation_id):
        record.refresh_from_db()
        nils.refresh_from_db()
    assert (record.outcome_skipped, record.alliance_skipped) == ("forgotten", "no_time")
    assert record.finished_at is not None
    assert (str(nils.next_on), str(nils.next_at)) == ("2999-01-01", "10:30:00")


def test_finishing_without_a_next_date(staff, ann, nils, record):
    with tenant(ann.organisation_id):
        for instrument in ("ors", "srs"):
            RatingFactory(organisation=ann.organisation, session=record, instrument=instrument)
    answer = save(staff, reverse("session-next", args=[record.pk]))
    assert answer.headers["Location"].startswith(reverse("today"))
    assert "Say why" not in staff.get(reverse("session-next", args=[record.pk])).content.decode()


@pytest.mark.parametrize(
    ("data", "words"), [({"next_on": "2020-01-01"}, "has passed"), ({"next_at": "10:00"}, "Choose the day")]
)
def test_an_impossible_next_date(staff, ann, record, data, words):
    skipped = {"outcome_skipped": "no_time", "alliance_skipped": "no_time"}
    page = save(staff, reverse("session-next", args=[record.pk]), data | skipped)
    assert page.status_code == 422
    assert words in page.content.decode()


def test_the_steps_go_on_where_the_session_stands(staff, ann, record):
    def current():
        page = staff.get(reverse("session-flow", args=[record.pk])).content.decode()
        return page.split('aria-current="step">')[1].split("</li>")[0] if 'aria-current="step"' in page else ""

    assert "ORS" in current()
    staff.post(reverse("session-skip", args=[record.pk]), {"instrument": "ors", "reason": "declined"})
    assert "Session" in current()
    with tenant(ann.organisation_id):
        RatingFactory(organisation=ann.organisation, session=record, instrument="srs")
    assert "Next time" in current()
    save(staff, reverse("session-next", args=[record.pk]))
    assert current() == ""


def test_an_answered_form_cannot_be_skipped(staff, ann, record):
    with tenant(ann.organisation_id):
        RatingFactory(organisation=ann.organisation, session=record, instrument="ors")
    page = staff.post(
        reverse("session-skip", args=[record.pk]), {"instrument": "ors", "reason": "no_time"}, follow=True
    )
    assert "cannot be skipped" in page.content.decode()


def test_others_clients_are_not_there(browser, cleo, dora, ada, nils, record):
    for person, status in ((cleo, 404), (dora, 404), (ada, 403)):
        browser.force_login(person.user)
        for name in ("session-start", "session-new"):
            assert browser.get(reverse(name, args=[nils.pk])).status_code == status
        for name in ("session-flow", "session-next", "session-edit", "session-void", "session-move"):
            assert browser.get(reverse(name, args=[record.pk])).status_code == status
            if name != "session-flow":
                assert browser.post(reverse(name, args=[record.pk])).status_code == status


@pytest.mark.parametrize("many", [1, 5])
def test_the_sessions_page_costs_the_same_for_any_history(staff, ann, episode, record, many, django_assert_num_queries):
    with tenant(ann.organisation_id):
        SessionFactory.create_batch(many, organisation=ann.organisation, episode=episode, practitioner=ann)
    staff.get(reverse("session-flow", args=[record.pk]))
    with django_assert_num_queries(QUERIES_OF_FLOW):
        staff.get(reverse("session-flow", args=[record.pk]))


QUERIES_OF_FLOW = 30  # five of them the document, its decisions and goals; one what the organisation says with a form
