"""People come, change, leave and return by SCIM; nothing of a client goes with them, and nobody becomes too much."""

import pytest
from django.core import mail
from django.urls import reverse

from organisations.jobs.outbox import publish_due
from organisations.models import (
    AccessEvent,
    DeviceSession,
    Membership,
    Practitioner,
    ProvisionedUser,
    Service,
    SignOnIdentity,
    Team,
    User,
)
from organisations.roles import Role
from organisations.services.people import add_practitioner, reactivate_practitioner
from organisations.tasks import send_invitation
from organisations.tenancy.context import tenant
from tests.people import person
from tests.scim.conftest import GROUP, USER, switch_on

OFF = {"op": "replace", "path": "active", "value": False}


def stored(pk, of):
    with tenant(of.organisation_id):
        return Practitioner.objects.get(pk=pk)


def actions(of, start="account."):
    with tenant(of.organisation_id):
        rows = AccessEvent.objects.filter(action__startswith=start).order_by("seq")
        return [(row.action, row.purpose) for row in rows]


def test_somebody_new_is_a_practitioner_without_a_password_and_without_a_team(it, ada):
    made = it.made(displayName="Kim Bro", externalId="4711", password="not this one", emails=[{"value": "k@x.example"}])
    person = stored(made["id"], ada)
    assert (person.name, person.email, person.role, person.user_id) == ("Kim Bro", "k@x.example", "practitioner", None)
    assert "password" not in str(made)
    with tenant(ada.organisation_id):
        assert not Membership.objects.filter(practitioner=person).exists()
        assert "not this one" not in str(ProvisionedUser.objects.get(practitioner=person).__dict__)
    assert ("account.provisioned", "by scim") in actions(ada)


def test_everybody_who_works_here_is_known_but_no_system_and_no_consultant(it, ada, ann, lea, red_team):
    with tenant(ada.organisation_id):
        Practitioner.objects.create(organisation=ada.organisation, name="Record system")
        consultant = person(red_team, "Ida Consult", Role.PRACTITIONER, teams=[])
        Practitioner.objects.filter(pk=consultant.pk).update(role=Role.CONSULTANT, access_until="2030-01-01")
    told = it.get("Users").json()["Resources"]
    assert sorted(one["displayName"] for one in told) == ["Ada Berg", "Ann Holm", "Lea Vang"]
    assert it.get(f"Users/{consultant.pk}").status_code == 404
    ann_now = next(one for one in told if one["displayName"] == "Ann Holm")
    assert ann_now["groups"][0]["display"] == "Red team"


def test_no_client_is_anywhere_in_it(it, nils, ann, red_team):
    said = "".join(it.get(path).content.decode() for path in ("Users", "Groups", "", f"Users/{ann.pk}", "Schemas"))
    assert "N-014" not in said
    assert "Nils" not in said
    gone = it.patch(f"Groups/{red_team.pk}", {"op": "remove", "path": f'members[value eq "{ann.pk}"]'})
    assert gone.status_code == 409
    assert "contact person" in gone.json()["detail"]
    assert "N-014" not in gone.content.decode()
    assert it.ask("DELETE", f"Groups/{red_team.pk}").status_code == 409


@pytest.mark.parametrize("way", ["delete", "patch", "put", "text"])
def test_whoever_leaves_is_out_at_once_and_everything_they_wrote_stays(it, ada, ann, nils, browser, way):
    browser.force_login(ann.user)
    assert browser.get(reverse("account")).status_code == 200
    path = f"Users/{ann.pk}"
    if way == "delete":
        assert it.ask("DELETE", path).status_code == 204
    elif way == "put":
        body = {"schemas": [USER], "userName": it.get(path).json()["userName"], "active": False}
        assert it.ask("PUT", path, body).status_code == 200
    else:
        value = "False" if way == "text" else False  # as Entra wrote it for years
        assert it.patch(path, {"op": "Replace", "path": "active", "value": value}).json()["active"] is False
    assert browser.get(reverse("account")).status_code == 302
    with tenant(ada.organisation_id):
        assert not DeviceSession.objects.filter(user=ann.user).exists()
        nils.refresh_from_db()
        assert nils.contact_id == ann.pk, "the client keeps its contact person until somebody chooses another one"
    assert ("account.access_ended", "by scim") in actions(ada)


def test_whoever_is_deleted_is_404_and_comes_back_as_the_same_person(it, ada):
    made = it.made(displayName="Kim Bro")
    path = f"Users/{made['id']}"
    assert it.ask("DELETE", path).status_code == 204
    for method in ("GET", "DELETE"):
        assert it.ask(method, path).status_code == 404
    assert it.patch(path, OFF).status_code == 404
    assert it.filtered('userName eq "kim@solsikke.example"') == []
    again = it.made(displayName="Kim Bro")
    assert again["id"] == made["id"]
    assert stored(made["id"], ada).is_active
    assert it.get(path).json()["active"] is True


def test_who_was_deleted_and_is_let_in_on_the_pages_is_known_again(it, ada):
    made = it.made()
    it.ask("DELETE", f"Users/{made['id']}")
    with tenant(ada.organisation_id):
        reactivate_practitioner(practitioner=stored(made["id"], ada), by=ada)
    assert it.get(f"Users/{made['id']}").json()["active"] is True


def test_a_contact_person_who_left_returns_by_active(it, ada, ann, nils):
    it.patch(f"Users/{ann.pk}", OFF)
    assert stored(ann.pk, ada).access_until is not None
    back = it.patch(f"Users/{ann.pk}", {**OFF, "value": True})
    assert back.json()["active"] is True
    assert stored(ann.pk, ada).access_until is None
    assert ("account.access_reopened", "by scim") in actions(ada)


def test_what_a_request_leaves_out_lets_no_leaver_in(it):
    made = it.made(active=False)
    body = {"schemas": [USER], "userName": "kim@solsikke.example", "displayName": "Kim"}
    assert it.ask("PUT", f"Users/{made['id']}", body).json()["active"] is False


@pytest.mark.parametrize("name", ["kim@solsikke.example", "KIM@solsikke.example"])
def test_a_user_name_is_nobody_elses(it, name):
    it.made()
    second = it.made("bo@solsikke.example")
    for answer in (
        it.add(name),
        it.patch(f"Users/{second['id']}", {"op": "replace", "path": "userName", "value": name}),
    ):
        assert (answer.status_code, answer.json()["scimType"]) == (409, "uniqueness")


def test_an_address_is_nobody_elses_and_no_nonsense(it, ann):
    taken = it.add("new", emails=[{"value": ann.email}])
    assert (taken.status_code, taken.json()["scimType"]) == (409, "uniqueness")
    wrong = it.add("new", emails=[{"value": "no address"}])
    assert (wrong.status_code, wrong.json()["scimType"]) == (400, "invalidValue")


def test_only_the_roles_that_are_allowed_are_given(it, ada, on):
    for role in ("admin", "team_lead", "consultant", "root"):
        refused = it.add("x@solsikke.example", roles=[{"value": role}])
        assert (refused.status_code, refused.json()["scimType"]) == (400, "invalidValue")
        assert role in refused.json()["detail"]
    assert it.filtered('userName eq "x@solsikke.example"') == []
    switch_on(ada, roles=["practitioner", "team_lead"])
    lead = it.made("x@solsikke.example", roles=[{"value": "team_lead"}, {"value": "practitioner"}])
    assert stored(lead["id"], ada).role == Role.TEAM_LEAD
    named = [one for one in it.get(f"Schemas/{USER}").json()["attributes"] if one["name"] == "roles"]
    values = [one for one in named[0]["subAttributes"] if one["name"] == "value"]
    assert values[0]["canonicalValues"] == ["practitioner", "team_lead"]


def test_the_last_administrator_is_neither_ended_nor_made_less(it, ada):
    path = f"Users/{ada.pk}"
    for answer in (
        it.ask("DELETE", path),
        it.patch(path, OFF),
        it.patch(path, {"op": "replace", "path": "roles", "value": [{"value": "practitioner"}]}),
        it.patch(path, {"op": "remove", "path": "roles"}),
    ):
        assert answer.status_code == 409
        assert "last administrator" in answer.json()["detail"]
    assert stored(ada.pk, ada).role == Role.ADMIN
    assert stored(ada.pk, ada).is_active


def test_a_put_without_roles_leaves_an_administrator_one(it, ada, red_team):
    other = person(red_team, "Zoe Ek", Role.ADMIN, teams=[])
    body = {"schemas": [USER], "userName": it.get(f"Users/{other.pk}").json()["userName"], "displayName": "Zoe Ny"}
    assert it.ask("PUT", f"Users/{other.pk}", body).json()["roles"] == [{"value": "admin", "primary": True}]
    assert it.ask("DELETE", f"Users/{other.pk}").status_code == 204


def test_the_invitation_of_an_administrator_is_not_sent_elsewhere(it, ada):
    with tenant(ada.organisation_id):
        zoe = add_practitioner(name="Zoe", email="zoe@x.example", role="admin", teams=[], by=ada)
    moved = it.patch(f"Users/{zoe.pk}", {"op": "replace", "path": "emails", "value": [{"value": "me@evil.example"}]})
    assert moved.status_code == 403
    assert stored(zoe.pk, ada).email == "zoe@x.example"


def test_an_invitation_goes_only_where_the_organisation_says_so(it, ada, django_capture_on_commit_callbacks):
    it.made("a@solsikke.example")
    publish_due(lambda name, arguments: send_invitation(**arguments) if name == send_invitation.name else None)
    assert mail.outbox == []
    switch_on(ada, invites=True)
    it.made("b@solsikke.example")
    publish_due(lambda name, arguments: send_invitation(**arguments) if name == send_invitation.name else None)
    assert [one.to for one in mail.outbox] == [["b@solsikke.example"]]


def test_what_has_no_use_here_is_left_out_unless_it_is_kept(it, ada):
    more = {"title": "Boss", "phoneNumbers": [{"value": "12"}], "displayName": "Kim", "nonsense": {"a": 1}}
    made = it.made(**more)
    assert not {"title", "phoneNumbers", "nonsense"} & set(made)
    assert it.patch(f"Users/{made['id']}", {"op": "add", "path": "title", "value": "X"}).status_code == 200
    switch_on(ada, keeps_other=True)
    second = it.made("bo@solsikke.example", **more)
    assert second["title"] == "Boss"
    assert "nonsense" not in second


def test_groups_are_teams_and_a_new_one_needs_a_service(it, ada, on, service):
    made = it.made()
    body = {"schemas": [GROUP], "displayName": "Night team", "externalId": "g1", "members": [{"value": made["id"]}]}
    group = it.ask("POST", "Groups", body)
    assert group.status_code == 201
    with tenant(ada.organisation_id):
        team = Team.objects.get(name="Night team")
        assert team.service_id == service.pk
        assert list(Membership.objects.filter(team=team).values_list("practitioner", flat=True)) == [
            stored(made["id"], ada).pk
        ]
    assert it.get(f"Users/{made['id']}").json()["groups"][0]["display"] == "Night team"
    path = f"Groups/{group.json()['id']}"
    # As Entra takes somebody out: no path filter, the value beside the operation.
    out = it.patch(path, {"op": "Remove", "path": "members", "value": [{"value": made["id"]}]})
    assert "members" not in out.json()
    assert it.patch(path, {"op": "add", "path": "members", "value": [{"value": str(on.pk)}]}).status_code == 400
    assert it.ask("DELETE", path).status_code == 204
    assert it.get(path).status_code == 404
    switch_on(ada, service=None)
    assert it.ask("POST", "Groups", body).status_code == 409
    with tenant(ada.organisation_id):
        assert Service.objects.count() == 1


@pytest.mark.parametrize("refused", [{"op": "replace", "path": "roles", "value": [{"value": "admin"}]}])
def test_a_patch_is_done_whole_or_not_at_all(it, ada, refused):
    made = it.made(displayName="Kim")
    rename = {"op": "replace", "path": "displayName", "value": "Other"}
    assert it.patch(f"Users/{made['id']}", rename, refused).status_code == 400
    assert it.get(f"Users/{made['id']}").json()["displayName"] == "Kim"
    assert stored(made["id"], ada).name == "Kim"


def test_entra_writes_without_a_path_and_in_capitals(it):
    made = it.made()
    value = {"displayName": "Kim N", "name.givenName": "Kim", 'emails[type eq "work"].value': "k2@x.example"}
    done = it.patch(f"Users/{made['id']}", {"op": "Replace", "value": value})
    assert done.status_code == 200, done.content
    assert (done.json()["displayName"], done.json()["name"]["givenName"]) == ("Kim N", "Kim")
    assert done.json()["emails"][0]["value"] == "k2@x.example"


def test_a_new_account_is_tied_to_the_own_log_in_only_by_the_value_that_was_chosen(it, ada, house):
    from organisations.models import IdentityProvider, SignOn

    with tenant(house.pk):
        rules = {"number_claim": "tid", "number_value": "1", "role_claim": "roles", "source_url": "https://x.example"}
        IdentityProvider.objects.create(
            organisation=house, kind="oidc", name="IdP", issuer="https://x.example", **rules
        )
        house.sign_on = SignOn.OFFERED
        house.save()
    first = it.made("a@solsikke.example", externalId="uid-a")
    assert stored(first["id"], ada).user_id is None, "nobody has said which value is the lasting id"
    switch_on(ada, sign_on_by="externalId")
    second = it.made("b@solsikke.example", externalId="uid-b")
    with tenant(house.pk):
        identity = SignOnIdentity.objects.get(practitioner=second["id"])
        assert (identity.issuer, identity.uid) == ("https://x.example", "uid-b")
        user = User.objects.get(practitioners=second["id"])
        assert not user.has_usable_password()
        assert user.signs_on_in_id == house.pk
    it.patch(f"Users/{ada.pk}", {"op": "add", "path": "externalId", "value": "uid-evil"})
    with tenant(house.pk):
        assert not SignOnIdentity.objects.filter(practitioner=ada).exists(), "who has an account decides for themselves"
