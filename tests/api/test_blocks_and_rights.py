"""Other systems: a client who is blocked is not there for them, and a right that a role has lost is theirs no more."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from clients.models import Client, ClientBlock
from organisations.tenancy.context import tenant
from tests.api.asking import system_of

pytestmark = pytest.mark.django_db
ENDED = {"ended_on": "2026-11-01", "ending": "planned"}


def test_a_blocked_client_is_not_there_for_a_system_of_somebody_who_is_shut_out(nils, episode, ann, ben):
    own, other = system_of(ann), system_of(ben)
    with tenant(ann.organisation_id):
        ClientBlock.objects.create(organisation=nils.organisation, client=nils, wish="client", reason="-", made_by=ann)
    for path in (f"clients/{nils.pk}/", f"episodes/{episode.pk}/"):
        assert (own.get(path).status_code, other.get(path).status_code) == (200, 404)
    for path in ("clients/", "episodes/"):
        assert (len(own.get(path).json()["results"]), len(other.get(path).json()["results"])) == (1, 0)
    assert other.ask("PATCH", f"clients/{nils.pk}/", {"version": "1"}).status_code == 404


def test_a_system_is_told_that_nobody_may_tell_where_a_client_is(nils, ann):
    with tenant(ann.organisation_id):
        Client.objects.filter(pk=nils.pk).update(is_protected=True)
    assert system_of(ann).get(f"clients/{nils.pk}/").json()["is_protected"] is True


def test_a_right_that_was_taken_from_a_role_is_refused_to_its_systems(nils, episode, ann, ada):
    system, browser = system_of(ann), Browser()
    browser.force_login(ada.user)
    browser.post(reverse("role-right"), {"role": "practitioner", "verb": "end_episode"})
    assert system.ask("POST", f"episodes/{episode.pk}/end/", ENDED).status_code == 403
    browser.post(reverse("role-right"), {"role": "practitioner", "verb": "end_episode", "is_allowed": "on"})
    assert system.ask("POST", f"episodes/{episode.pk}/end/", ENDED).status_code != 403


def test_ids_of_places_of_a_protected_client_go_to_the_systems_of_a_contact_person_alone(nils, episode, ann, ben):
    own, other = system_of(ann), system_of(ben)
    client, course = f"clients/{nils.pk}/", f"episodes/{episode.pk}/"
    with tenant(ann.organisation_id):
        team = nils.client_teams.get().team_id
    lists = (f"clients/?team={team}", f"episodes/?service={episode.service_id}")
    told = {str(team), str(episode.service_id)}

    def ids(system):
        pages = " ".join(system.get(path).content.decode() for path in (client, course, "clients/", "episodes/"))
        return {key for key in told if key in pages}, [len(system.get(path).json()["results"]) for path in lists]

    assert ids(other) == (told, [1, 1])
    with tenant(ann.organisation_id):
        Client.objects.filter(pk=nils.pk).update(is_protected=True)
    assert ids(own) == (told, [1, 1])
    assert ids(other) == (set(), [0, 0])
    assert other.get(client).json()["teams"] == []
    assert other.get(course).json()["service"] is None
    with tenant(ann.organisation_id):
        Client.objects.filter(pk=nils.pk).update(contact=None)
    assert ids(other) == (told, [1, 1])
