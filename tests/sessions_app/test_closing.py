"""What has ended asks nobody any more: an ended episode, an archived client, a client who is for practice by now."""

import datetime

import pytest
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from clients.models import Client
from organisations.audit.record import recorded
from organisations.models import Capability, Outbox
from organisations.tenancy.context import tenant
from sessions_app.models import Alert, PendingAnswer, Rating
from sessions_app.services import alert_mail
from sessions_app.services.group_codes import enter, open_door
from sessions_app.services.group_meetings import parts_of, start_meeting
from sessions_app.tasks import evaluate_episode as evaluating
from tests.api.asking import system_of
from tests.factories import ClientFactory, EpisodeFactory, SessionFactory
from tests.saving import form_on, save
from tests.sessions_app.imports.test_import import imported
from tests.sessions_app.test_form import marks
from tests.sessions_app.test_links import open_link, send, token_in

pytestmark = pytest.mark.django_db
ENDED = {"ended_on": timezone.localdate().isoformat(), "ending": "died"}


@pytest.fixture
def record(ann, episode):
    with tenant(ann.organisation_id):
        today = timezone.localdate()
        return SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann, held_on=today)


def edit(staff, client, **changes):
    """Save the client's page with other values; None ticks a box off."""
    url = reverse("client-edit", args=[client.pk])
    filled = form_on(staff, url) | changes
    answer = staff.post(url, {name: value for name, value in filled.items() if value is not None})
    assert answer.status_code == 302, answer.content.decode()


def end_on_page(staff, ann, client, episode):
    assert save(staff, reverse("episode-end", args=[episode.pk]), ENDED).status_code == 302


def end_by_api(staff, ann, client, episode):
    assert system_of(ann).post(f"episodes/{episode.pk}/end/", ENDED).status_code == 200


def practise_on_page(staff, ann, client, episode):
    edit(staff, client, is_practice="on")


def practise_by_api(staff, ann, client, episode):
    assert system_of(ann).patch(f"clients/{client.pk}/", {"is_practice": True}).status_code == 200


DOORS = [end_on_page, end_by_api, practise_on_page, practise_by_api]


@pytest.mark.parametrize("close", DOORS)
def test_links_given_out_close_and_say_so_to_the_client(staff, ann, nils, episode, record, close):
    tokens = [token_in(send(staff, nils)), token_in(send(staff, nils, record, form="srs"))]
    close(staff, ann, nils, episode)
    for token in tokens:
        page = open_link(Browser(), token)
        assert page.status_code == 410
        assert "you need not fill it in" in page.content.decode()


def test_links_close_when_a_file_ends_the_episode(staff, ann, nils, episode, record, a_file):
    token = token_in(send(staff, nils))
    day, end = record.held_on - datetime.timedelta(days=1), record.held_on
    report = imported(nils.organisation, a_file(f"N-014;;;{episode.service};Red team;;{day};;20;;{end};;"))
    assert (report["refused"], report["imported"]) == (0, 1), report
    assert open_link(Browser(), token).status_code == 410


def test_an_imported_episode_that_has_ended_has_no_open_alert(house, a_file):
    days = ("2026-01-05;;30", "2026-01-12;;14", "2026-01-19;;12")
    imported(house, a_file(*(f"A;1;1990;S;Red;;{day};30;2026-02-01;;" for day in days)))
    with tenant(house.pk):
        assert Alert.objects.exists()
        assert not Alert.objects.filter(closed_on=None).exists()
        assert Alert.objects.filter(closed_on=datetime.date(2026, 2, 1)).exists()


def test_links_close_when_the_client_is_archived(staff, ann, nils, episode, record):
    end_on_page(staff, ann, nils, episode)
    token = token_in(send(staff, nils, record, form="srs"))  # of a session that is still there
    assert open_link(Browser(), token).status_code == 200
    assert staff.post(reverse("client-archive", args=[nils.pk])).status_code == 302
    assert open_link(Browser(), token).status_code == 410


def test_an_answer_that_comes_all_the_same_waits_where_staff_sees_it(staff, ann, nils, episode, record):
    token = token_in(send(staff, nils))
    end_on_page(staff, ann, nils, episode)
    assert Browser().post(reverse("rating-form", args=[token]), marks()).status_code == 303
    with tenant(ann.organisation_id):
        assert not Rating.objects.exists()
        (answer,) = PendingAnswer.objects.all()
    page = staff.get(reverse("client-detail", args=[nils.pk])).content.decode()
    assert "Answers that wait for you" in page
    assert reverse("session-flow", args=[record.pk]) in page
    decide = reverse("pending-answer-decide", args=[record.pk, answer.pk])
    assert decide in staff.get(reverse("session-flow", args=[record.pk])).content.decode()
    staff.post(decide, {"take": "count"})
    assert "Answers that wait" not in staff.get(reverse("client-detail", args=[nils.pk])).content.decode()


def test_a_group_goes_on_without_whose_episode_has_ended(ann, nils, episode, staff, red_team, service):
    with tenant(ann.organisation_id), recorded(organisation_id=ann.organisation_id, request_id="test"):
        other = ClientFactory(organisation=ann.organisation, teams=[red_team])
        EpisodeFactory(organisation=ann.organisation, client=other, service=service)
        meeting = start_meeting(name="Monday", clients=[nils, other], contact_form="in_person", by=ann)
        door = open_door(meeting=meeting, part="ors", parts=parts_of(meeting.members.all()), by=ann)
        number = next(number for one, number in door.numbers if one.client == nils)
    end_on_page(staff, ann, nils, episode)
    with tenant(ann.organisation_id), recorded(organisation_id=ann.organisation_id, request_id="test"):
        code = Capability.objects.get(kind="group")
        with pytest.raises(Exception, match="no longer needed"):
            enter(door=code, token=door.token, number=number)
        waiting = [one.client for one in parts_of(meeting.members.all()) if one.waits_for("ors")]
        assert waiting == [other]


def work(organisation_id):
    """Do what the outbox holds for the episodes."""
    with tenant(organisation_id):
        rows = list(Outbox.objects.filter(task="sessions_app.tasks.evaluate_episode", done_at=None))
    for row in rows:
        evaluating(outbox_id=str(row.pk), organisation_id=str(organisation_id), object_id=str(row.object_id))


def morning_mails(organisation, mailoutbox):
    day = timezone.localtime() + datetime.timedelta(days=1)
    alert_mail.send_digests(organisation, day.replace(hour=11))
    return len(mailoutbox)


def test_the_morning_tells_of_what_the_pages_show(staff, ann, nils, fallen, mailoutbox):
    assert 'id="alerts"' in staff.get(reverse("client-detail", args=[nils.pk])).content.decode()
    assert morning_mails(nils.organisation, mailoutbox) == 1


@pytest.mark.parametrize("close", DOORS)
@pytest.mark.parametrize("worked", [False, True], ids=["before the job", "after the job"])
def test_what_has_ended_has_no_alert_anywhere(staff, ann, nils, fallen, mailoutbox, close, worked):
    close(staff, ann, nils, fallen)
    if worked:
        work(ann.organisation_id)
        with tenant(ann.organisation_id):
            assert not Alert.objects.filter(episode=fallen, closed_on=None).exists()
    assert 'id="alerts"' not in staff.get(reverse("client-detail", args=[nils.pk])).content.decode()
    assert morning_mails(nils.organisation, mailoutbox) == 0
    with tenant(ann.organisation_id):
        assert not Alert.objects.open().exists()


def test_a_reopened_episode_has_its_alerts_again(staff, ann, nils, fallen):
    end_on_page(staff, ann, nils, fallen)
    work(ann.organisation_id)
    staff.post(reverse("episode-reopen", args=[fallen.pk]))
    work(ann.organisation_id)
    with tenant(ann.organisation_id):
        assert Alert.objects.open().filter(episode=fallen).exists()


def test_an_archived_clients_alert_is_not_told(ann, nils, fallen, mailoutbox):
    with tenant(ann.organisation_id):
        Client.objects.filter(pk=nils.pk).update(archived_at=timezone.now())
    assert morning_mails(nils.organisation, mailoutbox) == 0
