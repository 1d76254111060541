"""A new colleague is led from the invitation to Today; each step can wait, and waits on Today until it is done."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from clients.models import Client
from organisations.models import AccessEvent, Organisation
from organisations.services.invitations import create_invitation_link
from organisations.tenancy.context import tenant
from tests.factories import ClientFactory, EpisodeFactory, PractitionerFactory, SessionFactory

GOOD = {"name": "Eva Friis", "language": "en", "password": "four words make one"}
PIN = "204681"
STEPS, PRACTICE = "/first-steps/", "/first-steps/practice/"


@pytest.fixture
def eva(house, red_team):
    """Invited into the red team, no account yet."""
    with tenant(house.pk):
        return PractitionerFactory(
            organisation=house, user=None, name="Eva Friis", email="eva@example.org", teams=[red_team]
        )


@pytest.fixture
def hers(browser, eva):
    """Eva's browser, which has just accepted the invitation; `entered` is where that led."""
    with tenant(eva.organisation_id):
        link = create_invitation_link(practitioner=eva).removeprefix("http://localhost:8000")
    browser.entered = browser.post(link, GOOD, follow=True)
    return browser


def text(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def set_pin(browser):
    return browser.post(f"/account/pin/?next={STEPS}", {"pin": PIN, "password": GOOD["password"]}, follow=True)


def practice_clients(eva):
    with tenant(eva.organisation_id):
        return list(Client.objects.filter(is_practice=True))


def test_an_invitation_leads_to_the_first_steps(hers):
    assert hers.entered.redirect_chain[-1][0] == STEPS
    page = text(hers.entered)
    assert "0 of 2 done." in page
    assert "Second factor" not in page


def test_a_pin_is_set_on_the_way_and_leads_back(hers):
    assert f"/account/pin/?next={STEPS}" in hers.entered.content.decode()
    page = hers.get(f"/account/pin/?next={STEPS}").content.decode()
    assert f'href="{STEPS}"' in page  # who does not want to now goes back to where they came from
    answer = set_pin(hers)
    assert answer.redirect_chain[-1][0] == STEPS
    assert "1 of 2 done." in text(answer)


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "javascript:alert(1)"])
def test_a_pin_leads_to_no_other_site(hers, elsewhere):
    answer = hers.post(f"/account/pin/?next={elsewhere}", {"pin": PIN, "password": GOOD["password"]})
    assert answer.url == reverse("account")


def test_what_is_left_for_later_waits_on_today(hers):
    page = hers.get("/today/")
    assert "Your first steps: 0 of 2 done." in text(page)
    assert f'href="{STEPS}"' in page.content.decode()
    assert hers.get("/").url == "/today/"  # once there, the start page is Today
    set_pin(hers)
    assert "Your first steps: 1 of 2 done." in text(hers.get("/today/"))


def test_a_practice_client_is_made_once_in_ones_own_team(hers, eva, red_team):
    answer = hers.post(PRACTICE, follow=True)
    (client,) = practice_clients(eva)
    assert answer.redirect_chain[-1][0] == f"/clients/{client.pk}/"
    assert "nothing of this client counts" in text(answer)
    with tenant(eva.organisation_id):
        assert AccessEvent.objects.get(action="client.create").client_ids == [client.pk]
        assert (client.contact_id, [team.pk for team in client.teams.all()]) == (eva.pk, [red_team.pk])
    assert hers.post(PRACTICE).url == f"/clients/{client.pk}/"
    assert practice_clients(eva) == [client]


def test_a_practice_client_of_a_colleague_is_not_taken(hers, eva, ann, red_team):
    with tenant(eva.organisation_id):
        theirs = ClientFactory(
            organisation=eva.organisation, reference="Practice-2", is_practice=True, contact=ann, teams=[red_team]
        )
    hers.post(PRACTICE)
    mine = [client for client in practice_clients(eva) if client != theirs]
    assert [client.contact_id for client in mine] == [eva.pk]


def test_whoever_is_in_no_team_is_told_whom_to_ask(hers, eva):
    with tenant(eva.organisation_id):
        eva.teams.clear()
    answer = hers.post(PRACTICE, follow=True)
    assert answer.redirect_chain[-1][0] == STEPS
    assert "Ask an administrator to choose your teams." in text(answer)
    assert practice_clients(eva) == []


def test_all_done_says_so_and_leaves_today_alone(hers, eva, service):
    set_pin(hers)
    hers.post(PRACTICE)
    (client,) = practice_clients(eva)
    own = {"organisation": eva.organisation}
    with tenant(eva.organisation_id):
        episode = EpisodeFactory(**own, client=client, service=service)
        SessionFactory(**own, episode=episode, practitioner=eva, held_on=timezone.localdate())
    page = text(hers.get(STEPS))
    assert "You are ready" in page
    assert "2 of 2 done." in page
    assert "first steps" not in text(hers.get("/today/"))
    assert hers.get("/").url == "/today/"


def test_the_second_factor_is_a_step_where_it_is_asked_for(hers, eva, house):
    with tenant(house.pk):
        Organisation.objects.filter(pk=house.pk).update(requires_second_factor=True)
    led = hers.get(STEPS, follow=True)
    assert led.redirect_chain[-1][0] == reverse("mfa_index")  # nothing else before


def test_an_administrator_begins_with_the_people(browser, ada):
    browser.force_login(ada.user)
    assert browser.get("/").url == "/people/"
    assert browser.get(STEPS).status_code == 403
