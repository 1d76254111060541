"""A change that names the version it is written over is refused where a sent field is another by now."""

import pytest

from fit_project.api import description
from organisations.tenancy.context import tenant
from tests.api.asking import system_of
from tests.factories import SessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def system(ann):
    return system_of(ann)


@pytest.fixture
def record(ann, episode):
    with tenant(ann.organisation_id):
        return SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)


def test_a_client_is_not_changed_over_what_somebody_stored_meanwhile(system, nils):
    path = f"clients/{nils.pk}/"
    version = system.get(path).json()["version"]
    assert version == system.get("clients/").json()["results"][0]["version"]
    first = {"next_on": "2999-03-01", "next_at": "10:30", "version": version}
    assert system.patch(path, first).status_code == 200
    answer = system.patch(path, {"next_on": "2999-04-02", "birth_year": 1977, "version": version})
    assert (answer.status_code, answer.json()["theirs"]) == (409, {"next_on": "2999-03-01"})
    client = system.get(path).json()
    assert (client["next_on"], client["birth_year"]) == ("2999-03-01", 1980), "nothing is half-written"
    assert system.patch(path, {"next_on": "2999-04-02", "version": client["version"]}).status_code == 200


def test_fields_that_nobody_else_changed_are_written_and_a_repeat_is_harmless(system, nils):
    path = f"clients/{nils.pk}/"
    version = system.get(path).json()["version"]
    system.patch(path, {"next_on": "2999-03-01"})
    for _time in range(2):
        answer = system.patch(path, {"birth_year": 1977, "version": version})
        assert (answer.status_code, answer.json()["next_on"]) == (200, "2999-03-01")


def test_a_sent_value_that_is_no_change_is_no_leave_to_overlook_one(system, nils):
    """A page leaves fields as they were; a system that sends one means it."""
    path = f"clients/{nils.pk}/"
    client = system.get(path).json()
    system.patch(path, {"birth_year": 1977})
    answer = system.patch(path, {"birth_year": client["birth_year"], "version": client["version"]})
    assert (answer.status_code, answer.json()["theirs"]) == (409, {"birth_year": 1977})


@pytest.mark.parametrize("version", ["", "x", "birth_year.AAAAAAAAAAAA", "å ä"])
def test_what_is_no_version_overwrites_nothing(system, nils, version):
    answer = system.patch(f"clients/{nils.pk}/", {"birth_year": 1977, "version": version})
    assert answer.status_code in (409, 422)
    assert system.get(f"clients/{nils.pk}/").json()["birth_year"] == 1980


def test_people_are_told_by_their_ids(system, nils, ben, red_team):
    path = f"clients/{nils.pk}/"
    version = system.get(path).json()["version"]
    system.patch(path, {"contact": str(ben.pk)})
    answer = system.patch(path, {"contact": None, "teams": [str(red_team.pk)], "version": version})
    assert (answer.status_code, answer.json()["theirs"]) == (409, {"contact": str(ben.pk)})


def test_a_session_is_not_changed_over_what_somebody_stored_meanwhile(system, record):
    path = f"sessions/{record.pk}/"
    version = system.get(path).json()["version"]
    assert system.patch(path, {"contact_form": "phone", "version": version}).status_code == 200
    answer = system.patch(path, {"contact_form": "video", "version": version})
    assert (answer.status_code, answer.json()["theirs"]) == (409, {"contact_form": "phone"})
    assert system.patch(path, {"attendance": "no_show", "version": version}).status_code == 200
    assert system.get(path).json()["contact_form"] == "phone"


def test_an_episode_that_has_ended_is_not_ended_otherwise(system, episode):
    path, ending = f"episodes/{episode.pk}/end/", {"ended_on": "2026-11-01", "ending": "planned"}
    for _time in range(2):
        assert system.post(path, ending).status_code == 200
    answer = system.post(path, ending | {"ending": "moved"})
    assert (answer.status_code, answer.json()["theirs"]) == (409, {"ending": "planned"})


@pytest.mark.parametrize("path", ["/api/v1/clients/{client_id}/", "/api/v1/sessions/{session_id}/"])
def test_the_description_tells_of_the_version(path):
    patch = description()["paths"][path]["patch"]
    assert "409 and `theirs`" in patch["description"]
    assert "409" in patch["responses"]
    name = patch["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    assert "version" in description()["components"]["schemas"][name]["properties"]
