"""A token that makes log-ins opens SCIM of its own organisation and nothing else; and who has none opens nothing."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from organisations.jobs.outbox import publish_due
from organisations.models import KIOSK, Capability, Practitioner, ProvisioningCall
from organisations.roles import Role
from organisations.services import provisioning
from organisations.tasks import tell_of_token_request
from organisations.tenancy.context import tenant
from organisations.tokens.service import revoke_token
from organisations.web.bearer import REQUESTS
from tests.api.asking import api_routes, decide, methods_of, mint
from tests.people import PASSWORD, person
from tests.route_matrix import make_world
from tests.scim.conftest import IT, switch_on, token_of

ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


def is_error(answer, status):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/scim+json"
    body = answer.json()
    assert (body["schemas"], body["status"]) == ([ERROR], str(status))
    assert body["detail"]
    return body


def test_errors_have_scims_shape_wherever_they_arise(it, on, ada, ann, monkeypatch):
    none = is_error(IT("").get("Users"), 401)
    assert none["detail"]
    assert IT("").get("Users")["WWW-Authenticate"].startswith("Bearer")
    is_error(IT("medspil_" + "x" * 43).get("Users"), 401)
    is_error(it.get("Nonsense"), 404)
    is_error(it.get("Users/not-an-id"), 404)
    assert it.ask("POST", "Schemas", {})["Allow"] == "GET, HEAD"
    is_error(it.ask("DELETE", "Users"), 405)
    is_error(it.ask("POST", "Users", "{no json"), 400)
    is_error(it.ask("POST", "Users", {"schemas": [], "x": "y" * 300_000}), 413)
    is_error(it.ask("POST", "Users", b'{"userName": "\xff"}'), 400)
    is_error(it.ask("POST", "Bulk", {}), 501)
    is_error(it.get("Me"), 501)

    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("organisations.services.provisioned_users.refresh_users", broken)
    assert "RuntimeError" not in is_error(it.get("Users"), 500)["detail"]


def test_what_is_announced_is_what_there_is(it):
    config = it.get("ServiceProviderConfig").json()
    told = {name: config[name]["supported"] for name in ("patch", "bulk", "filter", "changePassword", "sort", "etag")}
    assert told == {"patch": True, "bulk": False, "filter": True, "changePassword": False, "sort": True, "etag": True}
    assert config["filter"]["maxResults"] == 200


def test_too_many_calls_are_told_when_to_come_back(it, settings):
    for _number in range(REQUESTS.at_most):
        REQUESTS.spend(str(it.token.pk))
    assert int(it.get("Users")["Retry-After"]) > 0
    is_error(it.get("Users"), 429)


def test_another_organisation_is_not_there(it, ada, ann, red_team, dora, elsewhere):
    admin = person(_team_of(dora), "Ode Far", Role.ADMIN, teams=[])
    second = person(_team_of(dora), "Oda Far", Role.ADMIN, teams=[])
    switch_on(admin)
    theirs = token_of(admin, second)
    assert sorted(one["displayName"] for one in theirs.get("Users").json()["Resources"]) == [
        "Dora Ek",
        "Oda Far",
        "Ode Far",
    ]
    body = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "x"}
    for method, sent in (("GET", None), ("PUT", body), ("DELETE", None)):
        is_error(theirs.ask(method, f"Users/{ann.pk}", sent), 404)
        is_error(theirs.ask(method, f"Groups/{red_team.pk}", sent), 404)
    member = theirs.patch(
        f"Groups/{_team_of(dora).pk}", {"op": "add", "path": "members", "value": [{"value": str(ann.pk)}]}
    )
    is_error(member, 400)
    made = it.made("kim@solsikke.example", externalId="same")
    twin = theirs.made("kim@solsikke.example", emails=[{"value": "k2@fjord.example"}], externalId="same")
    assert twin["id"] != made["id"]


def _team_of(practitioner):
    with tenant(practitioner.organisation_id):
        return practitioner.teams.select_related("organisation").get()


def test_another_scope_opens_no_scim(ada, ann, on):
    is_error(IT(mint(ann).secret).get("Users"), 403)


@pytest.mark.parametrize("name", sorted(api_routes()))
def test_the_token_opens_no_route_of_the_api(it, db, name):
    world = make_world()
    pattern = api_routes()[name]
    for method in methods_of(pattern):
        assert it.ask(method, world.url(name), {} if method != "GET" else None).status_code == 403, method


def test_it_goes_with_no_other_scope_and_no_team(ada, red_team, browser):
    browser.force_login(ada.user)
    form = {"name": "IT", "lifetime": "90", "password": PASSWORD}
    both = browser.post(reverse("tokens"), {**form, "scopes": ["scim", "clients:read"]})
    assert (both.status_code, "make two" in both.content.decode()) == (422, True)
    team = browser.post(reverse("tokens"), {**form, "scopes": ["scim"], "teams": [red_team.pk]})
    assert (team.status_code, "no team" in team.content.decode()) == (422, True)
    assert browser.post(reverse("tokens"), {**form, "scopes": ["scim"]}).status_code == 200


def test_nobody_makes_one_of_their_own(ann, browser):
    browser.force_login(ann.user)
    form = {"name": "IT", "lifetime": "90", "password": PASSWORD, "scopes": ["scim"]}
    assert browser.post(reverse("own-tokens"), form).status_code == 422


def test_it_waits_for_a_second_person(ada, lea, on, browser):
    system = token_of(ada)
    assert "second person" in is_error(system.get("Users"), 403)["detail"]
    assert decide(browser, ada, system.token).status_code == 422
    is_error(system.get("Users"), 403)
    browser.force_login(lea.user)
    page = browser.get(reverse("token-confirm", args=[system.token.pk])).content.decode()
    assert "who sees which clients" in page
    assert decide(browser, lea, system.token).status_code == 302
    assert system.get("Users").status_code == 200


def test_an_ended_token_opens_nothing(it, ada):
    with tenant(ada.organisation_id):
        revoke_token(token=it.token, by=ada)
    is_error(it.get("Users"), 401)


def test_a_token_whose_time_is_over_opens_nothing(it, ada):
    Capability.objects.filter(object_id=it.token.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    is_error(it.get("Users"), 401)


def test_switched_off_it_opens_nothing(it, ada):
    switch_on(ada, is_on=False)
    is_error(it.get("Users"), 403)


def test_a_log_in_opens_no_scim_and_a_handed_over_device_neither(on, ada, browser):
    browser.force_login(ada.user)
    is_error(browser.get("/scim/v2/Users"), 401)
    is_error(browser.post("/scim/v2/Users", {}, content_type="application/json"), 401)
    parked = browser.session
    parked[KIOSK] = {}
    parked.save()
    is_error(browser.get("/scim/v2/Users"), 401)


def test_the_calls_are_kept_in_words_for_a_month_and_no_longer(it, ada, browser):
    it.made()
    it.add()
    it.get("Users")
    browser.force_login(ada.user)
    with tenant(ada.organisation_id):
        told = [(one.method, one.resource, one.status) for one in provisioning.latest_calls(ada.organisation)]
        assert told == [("POST", "Users", 409), ("POST", "Users", 201)]
        now = timezone.now()
        assert provisioning.forget_calls(ada.organisation, now) == 0
        assert provisioning.forget_calls(ada.organisation, now + timedelta(days=31)) == 2
        assert not ProvisioningCall.objects.exists()


@pytest.mark.parametrize("many", [3, 30])
def test_a_page_of_many_takes_as_many_statements_as_one_of_few(it, ada, red_team, many, django_assert_num_queries):
    _people(ada, many)
    it.get("Users")  # knows them now
    with django_assert_num_queries(STATEMENTS):
        assert len(it.get("Users?count=200").json()["Resources"]) == many + 2


def test_ten_thousand_are_paged_through(it, ada, django_assert_num_queries):
    _people(ada, 10_000)
    assert it.get("Users?count=1").json()["totalResults"] == 10_002
    with django_assert_num_queries(STATEMENTS):
        page = it.get('Users?filter=userName sw "p9"&startIndex=1001&count=50').json()
    assert (page["totalResults"], page["itemsPerPage"]) == (1111, 50)


STATEMENTS = 18


def _people(by, many):
    with tenant(by.organisation_id):
        Practitioner.objects.bulk_create(
            Practitioner(organisation=by.organisation, name=f"P {n}", email=f"p{n}@solsikke.example")
            for n in range(many)
        )


def test_the_second_person_is_told_by_mail_that_it_is_about_log_ins(ada, lea, on):
    token_of(ada)
    publish_due(lambda _name, arguments: tell_of_token_request(**arguments))
    (letter,) = [one for one in mail.outbox if one.to == [lea.user.email]]
    assert letter.subject == "Medspil: a system asks to make log-ins"
    assert "make and end log-ins here" in " ".join(letter.body.split())
    assert "read clients" not in letter.body
