"""What happened to a client between the page that asks for a transfer, or offers to undo it, and the button."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, Transfer
from clients.services.moved_clients import Destination, state_of
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from sessions_app.services.transfers import transfer_client, transfers_to_tell
from tests.factories import ServiceFactory, TeamFactory
from tests.people import person
from tests.saving import form_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(browser, ann):
    browser.force_login(ann.user)
    return browser


def send(browser, client, team, contact=None, **more):
    url = reverse("client-transfer", args=[client.pk])
    to = f"{team.pk}:{contact.pk if contact else ''}"
    return browser.post(url, form_on(browser, url) | {"to": to} | more)


def the_transfer(client):
    with tenant(client.organisation_id):
        return Transfer.objects.latest("made_at")


def undone(browser, made):
    answer = browser.post(reverse("transfer-undo", args=[made.pk]), follow=True)
    return answer.content.decode()


def refused(client, episode, to, by):
    """The code of what the service says to a page that knows whose the client is now."""
    with tenant(client.organisation_id):
        asked = {"on": today_in(by.organisation), "note": "", "keeps": False, "seen": state_of(client), "by": by}
        with pytest.raises(ValidationError) as error:
            transfer_client(client=client, episode=episode, to=to, **asked)
    return error.value.code


def test_whoever_sees_the_client_no_longer_transfers_nobody(ann, ben, nils, red_team, blue_team, cleo):
    with tenant(nils.organisation_id):
        nils.client_teams.all().delete()
        nils.teams.add(blue_team, through_defaults={"organisation_id": nils.organisation_id})
    assert refused(nils, None, Destination(red_team, ben), ann) == "unseen"


def test_an_episode_that_ended_meanwhile_goes_nowhere(ann, ben, nils, episode, red_team):
    with tenant(nils.organisation_id):
        episode.ended_on, episode.ending = today_in(ann.organisation), "planned"
        episode.save()
    assert refused(nils, episode, Destination(red_team, ben), ann) == "ended"


def test_to_where_the_client_is_already_is_said_and_nothing_written(staff, nils, episode, red_team):
    with tenant(nils.organisation_id):
        Client.objects.filter(pk=nils.pk).update(contact=None)
    answer = send(staff, nils, red_team)
    assert (answer.status_code, "That is how it is already." in answer.content.decode()) == (422, True)
    with tenant(nils.organisation_id):
        assert not Transfer.objects.exists()


def test_after_a_day_a_transfer_is_not_taken_back(staff, ben, nils, episode, red_team):
    send(staff, nils, red_team, ben)
    made = the_transfer(nils)
    with tenant(nils.organisation_id):
        Transfer.objects.filter(pk=made.pk).update(made_at=timezone.now() - datetime.timedelta(hours=25))
    assert "on the same day" in undone(staff, made)
    assert the_transfer(nils).undone_at is None


def test_an_episode_that_ended_in_its_new_service_stays_there(staff, nils, episode):
    with tenant(nils.organisation_id):
        school = ServiceFactory(organisation=nils.organisation, name="School")
        team = TeamFactory(organisation=nils.organisation, service=school, name="School team")
    eva = person(team, "Eva Krag")
    send(staff, nils, team, eva, keeps="on")
    made = the_transfer(nils)
    with tenant(nils.organisation_id):
        episode.refresh_from_db()
        episode.ended_on, episode.ending = today_in(nils.organisation), "planned"
        episode.save()
    assert "The client was changed since." in undone(staff, made)
    with tenant(nils.organisation_id):
        episode.refresh_from_db()
    assert episode.service_id == school.pk


def test_a_transfer_that_was_taken_back_is_not_taken_back_again(staff, ann, ben, nils, episode, red_team):
    send(staff, nils, red_team, ben)
    made = the_transfer(nils)
    undone(staff, made)
    first = the_transfer(nils).undone_at
    assert "The client was changed since." not in undone(staff, made)
    assert (the_transfer(nils).undone_at, first is not None) == (first, True)
    with tenant(nils.organisation_id):
        assert Client.objects.get(pk=nils.pk).contact == ann


def test_who_no_longer_sees_the_client_is_not_told_of_them(staff, lea, cleo, nils, episode, blue_team):
    send(staff, nils, blue_team, cleo)
    with tenant(nils.organisation_id):
        assert [one.client for one in transfers_to_tell(cleo)] == [nils]
        nils.client_teams.all().delete()
        assert not transfers_to_tell(cleo)


def test_the_first_moment_in_which_somebody_saw_it_counts(staff, cleo, nils, episode, blue_team):
    send(staff, nils, blue_team, cleo)
    made, taker = the_transfer(nils), Browser()
    taker.force_login(cleo.user)
    taker.post(reverse("transfer-seen", args=[made.pk]))
    first = the_transfer(nils).taker_saw_at
    taker.post(reverse("transfer-seen", args=[made.pk]))
    assert first is not None
    assert the_transfer(nils).taker_saw_at == first
