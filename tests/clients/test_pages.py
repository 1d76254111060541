"""Clients and episodes through their pages."""

from datetime import date

import pytest
from django.urls import reverse

from clients.models import Client, Episode
from organisations.models import AccessEvent, Outbox
from organisations.tenancy.context import tenant
from tests.factories import ClientFactory, EpisodeFactory
from tests.saving import save

pytestmark = pytest.mark.django_db


def fields(team, **changes):
    """What a filled-in form for a client sends."""
    return {
        "reference": "S-210",
        "first_name": "Sofie",
        "birth_year": "1990",
        "form_language": "da",
        "teams": [str(team.pk)],
        "outcome_rhythm": "0",
        "alliance_rhythm": "14",
    } | changes


def test_a_practitioner_makes_a_client_of_their_team(browser, ann, red_team):
    browser.force_login(ann.user)
    page = browser.post(reverse("client-new"), fields(red_team, contact=str(ann.pk)))
    with tenant(ann.organisation_id):
        client = Client.objects.get()
        assert (client.reference, client.first_name, client.alliance_rhythm) == ("S-210", "Sofie", 14)
        assert list(client.teams.all()) == [red_team]
        assert AccessEvent.objects.get(action="client.create").client_ids == [client.pk]
    assert page.status_code == 302
    assert page.url == reverse("client-detail", args=[client.pk])


def test_without_a_choice_of_their_own_the_well_being_form_follows_the_organisation(browser, ann, nils):
    browser.force_login(ann.user)
    page = browser.get(reverse("client-edit", args=[nils.pk])).content.decode()
    assert '<option value="" selected>As your organisation does it</option>' in page
    assert "-----" not in page
    assert '<option value="0">Not asked for</option>' in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"reference": "010190-1234"}, "national identity number"),
        ({"first_name": "Sofie 19900101-1234"}, "national identity number"),
        ({"reference": "N-014"}, "already a client with that reference"),
        ({"reference": ""}, "required"),
        ({"teams": []}, "Choose at least one team"),
        ({"birth_year": "1780"}, "greater than or equal to 1900"),
        ({"next_on": "31-02-2027"}, "valid date"),
    ],
)
def test_bad_input_is_told_beside_the_field_and_nothing_is_kept(browser, ann, nils, red_team, change, sentence):
    browser.force_login(ann.user)
    page = browser.post(reverse("client-new"), fields(red_team, **change))
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert "Sofie" in page.content.decode()  # what was typed stands there still
    with tenant(ann.organisation_id):
        assert Client.objects.count() == 1


def test_contact_persons_are_two_different_people(browser, ann, nils, red_team):
    browser.force_login(ann.user)
    page = save(
        browser,
        reverse("client-edit", args=[nils.pk]),
        fields(red_team, reference="N-014", contact=str(ann.pk), second_contact=str(ann.pk)),
    )
    assert page.status_code == 422
    assert "two different contact persons" in page.content.decode()


def test_a_team_of_others_stays_when_a_client_is_changed(browser, ann, nils, red_team, blue_team):
    with tenant(ann.organisation_id):
        nils.teams.add(blue_team, through_defaults={"organisation_id": ann.organisation_id})
    browser.force_login(ann.user)
    assert save(browser, reverse("client-edit", args=[nils.pk]), fields(red_team)).status_code == 302
    with tenant(ann.organisation_id):
        assert set(nils.teams.all()) == {red_team, blue_team}


def test_search_finds_a_part_of_reference_or_name_and_only_visible_clients(browser, ann, cleo, blue_team, nils):
    with tenant(ann.organisation_id):
        ClientFactory(organisation=ann.organisation, first_name="Nilsine", teams=[blue_team])
    browser.force_login(ann.user)
    for words in ("nil", "014", "N- nils"):
        page = browser.get(reverse("client-list"), {"q": words}).content.decode()
        assert "Nils" in page
        assert "Nilsine" not in page
    assert "Nobody found" in browser.get(reverse("client-list"), {"q": "mette"}).content.decode()


def test_an_admin_sees_reference_and_team_only(browser, ada, nils):
    browser.force_login(ada.user)
    page = browser.get(reverse("client-list")).content.decode()
    assert "N-014" in page
    assert "Red team" in page
    assert "Nils" not in page
    # Not even by searching: a name finds nothing.
    assert "N-014" not in browser.get(reverse("client-list"), {"q": "Nils"}).content.decode()


def test_an_admin_finds_clients_without_a_team_and_gives_them_one(browser, ada, nils, red_team):
    with tenant(ada.organisation_id):
        lost = ClientFactory(organisation=ada.organisation, reference="L-001")
    browser.force_login(ada.user)
    page = browser.get(reverse("client-list"), {"show": "without-team"}).content.decode()
    assert "L-001" in page
    assert "N-014" not in page
    save(browser, reverse("client-teams", args=[lost.pk]), {"teams": [str(red_team.pk)]})
    with tenant(ada.organisation_id):
        assert list(lost.teams.all()) == [red_team]


@pytest.mark.parametrize("rows", [1, 5])
def test_the_list_costs_the_same_for_any_length(browser, ann, red_team, rows, django_assert_num_queries):
    with tenant(ann.organisation_id):
        ClientFactory.create_batch(rows, organisation=ann.organisation, teams=[red_team])
    browser.force_login(ann.user)
    browser.get(reverse("client-list"))
    with django_assert_num_queries(22):
        page = browser.get(reverse("client-list"))
    assert page.content.decode().count('<th scope="row"') == rows


def test_the_list_is_on_record(browser, ann, nils):
    browser.force_login(ann.user)
    browser.get(reverse("client-list"))
    with tenant(ann.organisation_id):
        event = AccessEvent.objects.get(action="client.list")
    assert (event.client_ids, event.practitioner_id, event.role) == ([nils.pk], ann.pk, "practitioner")


def test_archive_waits_for_the_end_of_the_episode_and_can_be_taken_back(browser, ann, nils, episode):
    browser.force_login(ann.user)
    page = browser.post(reverse("client-archive", args=[nils.pk]), follow=True)
    assert "End the open episode first" in page.content.decode()
    save(browser, reverse("episode-end", args=[episode.pk]), {"ended_on": "2026-11-01", "ending": "planned"})
    browser.post(reverse("client-archive", args=[nils.pk]))
    assert "N-014" not in browser.get(reverse("client-list")).content.decode()
    assert "N-014" in browser.get(reverse("client-list"), {"show": "archived"}).content.decode()
    browser.post(reverse("client-restore", args=[nils.pk]))
    assert "N-014" in browser.get(reverse("client-list")).content.decode()


def test_an_episode_ends_with_its_way_of_ending_and_can_be_reopened(browser, ann, nils, episode):
    browser.force_login(ann.user)
    assert save(browser, reverse("episode-end", args=[episode.pk]), {"ended_on": "2026-11-01"}).status_code == 422
    save(browser, reverse("episode-end", args=[episode.pk]), {"ended_on": "2026-11-01", "ending": "referred"})
    with tenant(ann.organisation_id):
        episode.refresh_from_db()
        assert (episode.ended_on, episode.ending) == (date(2026, 11, 1), "referred")
        assert Outbox.objects.filter(object_id=episode.pk).count() == 1
    browser.post(reverse("episode-reopen", args=[episode.pk]))
    with tenant(ann.organisation_id):
        episode.refresh_from_db()
        assert (episode.ended_on, episode.ending) == (None, "")


@pytest.mark.parametrize(
    ("ended_on", "sentence"), [("2026-05-31", "last session was held"), ("2999-01-01", "cannot end in the future")]
)
def test_an_end_lies_between_the_last_session_and_today(browser, ann, nils, episode, ended_on, sentence):
    with tenant(ann.organisation_id):
        Episode.objects.filter(pk=episode.pk).update(last_session_on=date(2026, 6, 1))
    browser.force_login(ann.user)
    page = save(browser, reverse("episode-end", args=[episode.pk]), {"ended_on": ended_on, "ending": "planned"})
    assert page.status_code == 422
    assert sentence in page.content.decode()


def test_a_client_has_one_open_episode_in_a_service(browser, ann, nils, episode):
    browser.force_login(ann.user)
    send = {"service": str(episode.service_id), "started_on": "2026-11-01"}
    page = browser.post(reverse("episode-new", args=[nils.pk]), send)
    assert page.status_code == 422
    assert "already has an open episode in this service" in page.content.decode()
    with tenant(ann.organisation_id):
        EpisodeFactory(organisation=ann.organisation, client=nils)  # another service may


def test_a_contact_person_can_see_the_client(browser, ann, nils, cleo, red_team):
    browser.force_login(ann.user)
    page = save(
        browser, reverse("client-edit", args=[nils.pk]), fields(red_team, reference="N-014", contact=str(cleo.pk))
    )
    assert page.status_code == 422
    assert "Cleo Dahl is a contact person and in none of the client" in page.content.decode()
    with tenant(ann.organisation_id):
        assert Client.objects.get(pk=nils.pk).contact_id == ann.pk


def test_a_client_does_not_leave_the_contact_persons_teams(browser, ada, nils, blue_team):
    browser.force_login(ada.user)
    page = save(browser, reverse("client-teams", args=[nils.pk]), {"teams": [blue_team.pk]})
    assert page.status_code == 422
    assert "Ann Holm is a contact person and in none of the client" in page.content.decode()
    with tenant(ada.organisation_id):
        assert blue_team not in nils.teams.all()
