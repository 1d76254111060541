"""Entity tags, which the public tester does not check: nobody changes what they have not seen."""

import threading

import pytest
from django.db import connection

from organisations.audit.record import recorded
from organisations.services.people import edit_practitioner
from organisations.tenancy.context import tenant
from tests.scim.conftest import USER

RENAME = {"op": "replace", "path": "displayName", "value": "Kim Ny"}


def test_the_tag_in_the_header_and_in_the_body_are_one(it):
    made = it.add()
    again = it.get(f"Users/{made.json()['id']}")
    assert made["ETag"] == again["ETag"] == again.json()["meta"]["version"]
    assert made["ETag"].startswith('W/"')


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_another_version_is_refused_and_nothing_changed(it, method):
    made = it.made()
    path = f"Users/{made['id']}"
    old = made["meta"]["version"]
    assert it.patch(path, RENAME, if_match=old).status_code == 200
    if method == "PATCH":
        late = it.patch(path, {"op": "replace", "path": "displayName", "value": "Late"}, if_match=old)
    else:
        body = {"schemas": [USER], "userName": "late@solsikke.example"} if method == "PUT" else None
        late = it.ask(method, path, body, if_match=old)
    assert (late.status_code, late.json()["status"]) == (412, "412")
    assert it.get(path).json()["displayName"] == "Kim Ny"


def test_if_match_takes_a_list_and_a_star(it):
    made = it.made()
    path, version = f"Users/{made['id']}", made["meta"]["version"]
    assert it.patch(path, RENAME, if_match=f'W/"other", {version}').status_code == 200
    assert it.patch(path, {**RENAME, "value": "Once more"}, if_match="*").status_code == 200


def test_whoever_has_it_already_gets_304_and_no_body(it):
    made = it.made()
    path, version = f"Users/{made['id']}", made["meta"]["version"]
    same = it.get(path, if_none_match=version)
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", version)
    it.patch(path, RENAME)
    assert it.get(path, if_none_match=version).status_code == 200


def test_a_patch_that_changes_nothing_leaves_the_version(it):
    made = it.made(displayName="Kim")
    same = it.patch(f"Users/{made['id']}", {"op": "replace", "path": "displayName", "value": "Kim"})
    assert same["ETag"] == made["meta"]["version"]


def test_a_change_on_the_pages_makes_another_version(it, ada, ann, red_team, blue_team):
    before = it.get(f"Users/{ann.pk}")
    group = it.get(f"Groups/{blue_team.pk}")
    with tenant(ada.organisation_id), recorded(organisation_id=ada.organisation_id, request_id="test"):
        edit_practitioner(
            practitioner=ann, name="Ann Ny", email=ann.email, role=ann.role, teams=[red_team, blue_team], by=ada
        )
    after = it.get(f"Users/{ann.pk}")
    assert after["ETag"] != before["ETag"]
    assert (after.json()["displayName"], len(after.json()["groups"])) == ("Ann Ny", 2)
    assert it.get(f"Groups/{blue_team.pk}")["ETag"] != group["ETag"]
    assert it.patch(f"Users/{ann.pk}", RENAME, if_match=before["ETag"]).status_code == 412


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_told(it):
    made = it.made()
    path, version = f"Users/{made['id']}", made["meta"]["version"]
    told, ready = [], threading.Barrier(2)

    def change(name):
        ready.wait()
        told.append(it.patch(path, {**RENAME, "value": name}, if_match=version).status_code)
        connection.close()

    both = [threading.Thread(target=change, args=(name,)) for name in ("One", "Other")]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(told) == [200, 412]


def test_a_group_was_changed_last_when_somebody_came_or_left_on_the_pages(it, ada, ann, red_team, blue_team):
    def changed():
        return [it.get(f"Groups/{team.pk}").json()["meta"]["lastModified"] for team in (red_team, blue_team)]

    before = changed()
    assert changed() == before
    for teams, (red_moves, blue_moves) in (([red_team, blue_team], (False, True)), ([blue_team], (True, False))):
        with tenant(ada.organisation_id), recorded(organisation_id=ada.organisation_id, request_id="test"):
            edit_practitioner(practitioner=ann, name=ann.name, email=ann.email, role=ann.role, teams=teams, by=ada)
        after = changed()
        assert [now > then for now, then in zip(after, before, strict=True)] == [red_moves, blue_moves]
        before = after
