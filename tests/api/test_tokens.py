"""Tokens: made by an administrator for a system or by a person for themselves, shown once, ended in many ways."""

import hashlib
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from organisations.models import AccessEvent, ApiToken, Capability, Practitioner
from organisations.roles import Role
from organisations.tenancy.context import tenant
from organisations.web import bearer
from organisations.web.rate_limits import Limit
from tests.api.asking import System, mint, system_of
from tests.people import PASSWORD

FORM = {"name": "Nightly copy", "scopes": ["clients:read"], "lifetime": "90", "password": PASSWORD}


def secret_on(page) -> str:
    return re.search(r'value="(medspil_[\w-]{43})"', page.content.decode())[1]


def test_a_person_makes_a_token_that_is_shown_once(ann, nils, browser):
    browser.force_login(ann.user)
    page = browser.post(reverse("own-tokens"), FORM)
    assert page.status_code == 200
    secret = secret_on(page)
    system = System(secret)
    assert system.get("me/").json()["practitioner"]["name"] == "Ann Holm"
    assert [row["reference"] for row in system.get("clients/").json()["results"]] == ["N-014"]
    again = browser.get(reverse("own-tokens")).content.decode()
    assert "Nightly copy" in again
    assert secret not in again
    assert secret[: len("medspil_") + 6] in again


def test_only_the_sha_256_of_a_secret_is_stored(ann):
    minted = mint(ann)
    bare = minted.secret.removeprefix("medspil_")
    with tenant(ann.organisation_id):
        row = Capability.objects.get(object_id=minted.token.pk)
        assert bytes(row.token_hash) == hashlib.sha256(bare.encode()).digest()
        with connection.cursor() as cursor:
            for table in ("organisations_apitoken", "organisations_capability"):
                cursor.execute(f"SELECT t::text FROM {table} t")
                assert not any(bare in text for (text,) in cursor.fetchall())


def test_a_token_wants_the_password(ann, browser):
    browser.force_login(ann.user)
    page = browser.post(reverse("own-tokens"), FORM | {"password": "another one"})
    assert page.status_code == 422
    assert "That is not the password." in page.content.decode()
    with tenant(ann.organisation_id):
        assert not ApiToken.objects.exists()


def confirmed_by(lead, browser, name) -> None:
    """A lead agrees to the waiting token of that name."""
    browser.force_login(lead.user)
    with tenant(lead.organisation_id):
        token = ApiToken.objects.get(name=name)
        teams = list(token.practitioner.memberships.values_list("team", flat=True))
    answer = {"agrees": "yes", "password": PASSWORD, "teams": teams}
    assert browser.post(reverse("token-confirm", args=[token.pk]), answer).status_code == 302


def test_a_system_is_a_practitioner_without_a_log_in_and_with_teams(ada, ann, lea, red_team, nils, browser):
    browser.force_login(ada.user)
    page = browser.post(reverse("tokens"), FORM | {"name": "Record system", "teams": [red_team.pk]})
    system = System(secret_on(page))
    confirmed_by(lea, browser, "Record system")
    told = system.get("me/").json()
    assert told["practitioner"]["name"] == "Record system"
    assert [row["reference"] for row in system.get("clients/").json()["results"]] == ["N-014"]
    with tenant(ada.organisation_id):
        maker = Practitioner.objects.get(name="Record system")
        assert maker.user_id is None
        assert maker.role == Role.PRACTITIONER
    browser.force_login(ada.user)
    second = browser.post(reverse("tokens"), FORM | {"name": "Its second token", "system": maker.pk})
    confirmed_by(lea, browser, "Its second token")
    assert System(secret_on(second)).get("me/").json()["practitioner"]["id"] == str(maker.pk)


def test_a_system_without_a_team_is_refused_beside_its_field(ada, browser):
    browser.force_login(ada.user)
    page = browser.post(reverse("tokens"), FORM)
    assert page.status_code == 422
    assert "Choose at least one team" in page.content.decode()
    with tenant(ada.organisation_id):
        assert not Practitioner.objects.filter(name=FORM["name"]).exists()


def test_an_admin_cannot_make_a_token_of_a_person(ada, ann, browser):
    browser.force_login(ada.user)
    assert browser.post(reverse("tokens"), FORM | {"system": ann.pk}).status_code == 422
    assert browser.get(reverse("own-tokens")).status_code == 403


def test_made_and_revoked_tokens_are_on_record(ada, ann, browser):
    minted = mint(ann)
    browser.force_login(ada.user)
    browser.post(reverse("token-revoke", args=[minted.token.pk]))
    browser.post(reverse("token-revoke", args=[minted.token.pk]))
    with tenant(ada.organisation_id):
        told = list(AccessEvent.objects.filter(action__startswith="token.").order_by("seq"))
    assert [(event.action, event.practitioner_id) for event in told] == [
        ("token.mint", ann.pk),
        ("token.revoke", ada.pk),
    ]
    assert minted.token.prefix in told[1].purpose


def refused(system: System) -> bool:
    return system.get("me/").status_code == 401


def test_a_revoked_token_opens_nothing_at_once(ann, ben, browser):
    minted = mint(ann)
    browser.force_login(ben.user)
    assert browser.post(reverse("token-revoke", args=[minted.token.pk])).status_code == 404
    assert not refused(System(minted.secret))
    browser.force_login(ann.user)
    browser.post(reverse("token-revoke", args=[minted.token.pk]))
    assert refused(System(minted.secret))


def test_an_expired_token_opens_nothing(ann):
    minted = mint(ann)
    Capability.objects.filter(object_id=minted.token.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert refused(System(minted.secret))


def test_somebody_who_leaves_takes_their_tokens_along(ann, ada, browser):
    system = system_of(ann)
    browser.force_login(ada.user)
    browser.post(reverse("practitioner-deactivate", args=[ann.pk]))
    assert refused(system)
    browser.post(reverse("practitioner-reactivate", args=[ann.pk]))
    assert refused(system)
    assert not refused(system_of(ann))


def test_a_locked_account_has_no_tokens(ann):
    system = system_of(ann)
    type(ann.user).objects.filter(pk=ann.user_id).update(is_active=False)
    assert refused(system)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer x", "Basic {}", "Token {}", "{}", "Bearer {}x"])
def test_anything_else_is_no_token(ann, header):
    secret = mint(ann).secret
    answer = System().get("me/", authorization=header.format(secret))
    assert answer.status_code == 401


def test_other_kinds_of_token_open_nothing_here(world):
    for token in world.tokens.values():
        assert refused(System(token))


def test_the_last_use_is_noted_to_five_minutes(ann):
    minted = mint(ann)
    System(minted.secret).get("me/")
    with tenant(ann.organisation_id):
        first = ApiToken.objects.get(pk=minted.token.pk).last_used_at
        assert timezone.now() - first < timedelta(minutes=1)
    System(minted.secret).get("me/")
    with tenant(ann.organisation_id):
        assert ApiToken.objects.get(pk=minted.token.pk).last_used_at == first


def test_too_many_requests_of_one_token_leave_the_others_alone(ann, ben, monkeypatch):
    monkeypatch.setattr(bearer, "REQUESTS", Limit("api", at_most=3, seconds=60))
    system, other = system_of(ann), system_of(ben)
    answers = [system.get("me/") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60
    assert answers[-1].json()["title"] == "Too Many Requests"
    assert other.get("me/").status_code == 200


def test_the_limit_is_600_a_minute():
    assert (bearer.REQUESTS.at_most, bearer.REQUESTS.seconds) == (600, 60)


def test_guessing_is_slowed_down(monkeypatch, stranger):
    monkeypatch.setattr(bearer, "WRONG", Limit("api-wrong", at_most=2, seconds=60))
    guesses = [System("medspil_" + "x" * 43).get("me/").status_code for _ in range(3)]
    assert guesses == [401, 401, 429]


def test_a_token_that_opens_is_answered_while_guesses_come_from_its_address(monkeypatch, ann):
    monkeypatch.setattr(bearer, "WRONG", Limit("api-wrong", at_most=2, seconds=60))
    guesses = [System("medspil_" + "x" * 43).get("me/") for _ in range(3)]
    assert (guesses[-1].status_code, guesses[-1]["Retry-After"].isdigit()) == (429, True)
    assert system_of(ann).get("me/").status_code == 200


def test_the_pages_cost_the_same_for_any_number_of_tokens(ada, ann, browser, django_assert_max_num_queries):
    browser.force_login(ada.user)
    browser.get(reverse("tokens"))  # the first page writes down in the session where one works
    counts = []
    for more in (1, 4):
        for _ in range(more):
            mint(ann)
        with django_assert_max_num_queries(40) as seen:
            assert browser.get(reverse("tokens")).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
