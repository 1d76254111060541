"""Who may ask what: every route of the API x method x caller, generated from the URL conf."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.urls import reverse

from clients.models import Client, ClientQuerySet, Consent, ConsentPurpose, ConsentState
from organisations.api.base import ResourceViewSet
from organisations.models import AccessEvent
from organisations.tenancy.context import tenant
from organisations.tokens.scopes import SCOPES, scope_for
from tests.api.asking import PROBLEM, System, api_routes, methods_of, mint, system_of
from tests.route_matrix import CLIENT_WORDS, HOUSE_WORDS, REFERENCE, rolled_back
from tests.statements import statements_of

pytestmark = pytest.mark.django_db
ROUTES = api_routes()
CALLS = [(name, method) for name, pattern in ROUTES.items() for method in methods_of(pattern)]
OF_NO_CLIENT = ("api-me", "api-practitioner-list")
OF_RESOURCES = [call for call in CALLS if call[0] != "api-me"]
ABOUT_A_ROW = [call for call in CALLS if "_id>" in str(ROUTES[call[0]].pattern)]


def answers(system: System, world, calls=CALLS) -> Iterator[tuple]:
    """(name, method, answer) of each call; nothing that a call does stays."""
    for name, method in calls:
        with rolled_back():
            yield name, method, system.ask(method, world.url(name), {})


def is_refusal(answer, status: int) -> bool:
    """Whether an answer is a problem of this status, as every refusal is written."""
    if answer.status_code != status or answer["Content-Type"] != PROBLEM:
        return False
    told = answer.json()
    return told["status"] == status and bool(told["title"]) and told["request_id"] == answer["X-Request-ID"]


def wrong(found: Iterator[tuple], status: int) -> list[str]:
    """The calls that were not refused with this status."""
    return [
        f"{name} {method}: {answer.status_code} {answer.content[:200]!r}"
        for name, method, answer in found
        if not is_refusal(answer, status)
    ]


def test_the_whole_api_is_looked_at():
    assert len(ROUTES) >= 22
    assert len(CALLS) >= 28
    assert {"api-client-list", "api-rating-correct", "api-note-detail", "api-me"} <= set(ROUTES)


def test_without_a_token_every_route_answers_401(world):
    assert wrong(answers(System(), world), 401) == []
    assert System().get("me/")["WWW-Authenticate"].startswith("Bearer")


def test_a_cookie_is_no_token(world):
    system = System()
    system.browser.force_login(world.people["practitioner"].user)
    assert wrong(answers(system, world), 401) == []


def test_a_device_that_was_handed_over_reaches_no_data(world):
    system = System()
    system.browser = world.browser_of("capability")
    assert wrong(answers(system, world), 401) == []


def test_each_scope_opens_its_own_routes_only(world):
    practitioner = world.people["practitioner"]
    for scope in SCOPES:
        needing = [
            (name, method)
            for name, method in OF_RESOURCES
            if scope_for(ROUTES[name].callback.cls.resource, write=method != "GET") == scope
        ]
        assert needing or scope == "clients:none"
        without = system_of(practitioner, [other for other in SCOPES if other != scope])
        assert wrong(answers(without, world, needing), 403) == []
        for name, method, answer in answers(system_of(practitioner, [scope]), world, needing):
            assert answer.status_code in {200, 201, 409, 422}, f"{name} {method}: {answer.status_code}"


def test_an_admin_has_no_client_data(world):
    assert wrong(answers(system_of(world.people["admin"]), world, OF_RESOURCES), 403) == []


@pytest.mark.parametrize("actor", ["colleague", "other"])
def test_a_row_that_is_not_visible_does_not_exist(actor, world):
    person = world.people[actor]
    system = system_of(person)
    assert wrong(answers(system, world, ABOUT_A_ROW), 404) == []
    for name, method in ABOUT_A_ROW:
        system.ask(method, world.url(name), {})
    with tenant(person.organisation_id):
        denied = AccessEvent.objects.filter(action__startswith="denied:", purpose="404")
        assert {event.action for event in denied} == {f"denied:{name}"[:60] for name, _method in ABOUT_A_ROW}


def elsewhere(name: str) -> str:
    """The address of a row that nobody has."""
    kwargs = {kwarg: uuid4() for kwarg in ROUTES[name].pattern.converters}
    return reverse(name, kwargs=kwargs)


@pytest.mark.parametrize("actor", ["colleague", "other"])
def test_a_row_that_is_not_ones_own_takes_the_same_statements_as_none(actor, world):
    system = system_of(world.people[actor])
    told_apart = {}
    for name, method in ABOUT_A_ROW:
        seen = []
        for url in (world.url(name), elsewhere(name)):
            with rolled_back():
                answer, statements = statements_of(lambda url=url, method=method: system.ask(method, url, {}))
            body = answer.json() | {"request_id": "", "instance": ""}
            seen.append({answer.status_code, str(body), *statements, len(statements)})
        if seen[0] != seen[1]:
            told_apart[name, method] = seen[0] ^ seen[1]
    assert told_apart == {}


@pytest.mark.parametrize("actor", ["colleague", "other", "admin", "other_admin"])
def test_no_foreign_word_in_any_answer(actor, world):
    unseen = [CLIENT_WORDS, REFERENCE, *([HOUSE_WORDS] if actor.startswith("other") else [])]
    for name, method, answer in answers(system_of(world.people[actor]), world):
        told = answer.content.decode() + str(answer.headers)
        assert [word for word in unseen if word in told] == [], f"{name} {method}"


def shared_with_the_team(world):
    """The client lets the whole team read the own words."""
    by = world.people["practitioner"]
    with tenant(by.organisation_id):
        client = Client.objects.get(pk=world.kwargs["client_id"])
        answer = {"purpose": ConsentPurpose.TEAM, "state": ConsentState.GIVEN, "said_on": "2026-01-05"}
        Consent.objects.create(organisation=by.organisation, client=client, taken_by=by, recorded_by=by, **answer)


@pytest.mark.parametrize("actor", ["practitioner", "team_lead"])
def test_each_look_is_on_record_with_its_token(actor, world):
    person = world.people[actor]
    shared_with_the_team(world)
    minted = mint(person)
    untold = {*OF_NO_CLIENT, "api-alert-withdrawn"}
    reading = [call for call in OF_RESOURCES if call[1] == "GET" and call[0] not in untold]
    for name, _method, answer in answers(System(minted.secret), world, reading):
        assert answer.status_code == 200, name
        with tenant(person.organisation_id):
            event = AccessEvent.objects.latest("seq")
        assert (event.practitioner_id, event.role) == (person.pk, person.role)
        assert event.action.endswith((".view", ".list")), name
        assert world.kwargs["client_id"] in event.client_ids, name
        assert minted.token.prefix in event.purpose


def test_other_methods_are_refused(world):
    system = system_of(world.people["practitioner"])
    for method in ("PUT", "DELETE", "OPTIONS"):
        assert wrong(answers(system, world, [(name, method) for name in ROUTES]), 405) == []


# Controls: what the tests above would see.


def test_a_view_that_names_no_verb_is_closed(world, monkeypatch):
    monkeypatch.setattr(ROUTES["api-client-list"].callback.cls, "needs", {})
    assert system_of(world.people["practitioner"]).get("clients/").status_code == 403


def test_without_visible_to_a_colleague_would_get_the_row(world, monkeypatch):
    monkeypatch.setattr(ClientQuerySet, "visible_to", lambda self, practitioner: self.all())
    found = wrong(answers(system_of(world.people["colleague"]), world, ABOUT_A_ROW), 404)
    assert any("api-client-detail GET: 200" in complaint and CLIENT_WORDS in complaint for complaint in found)
    # The second lock holds: another organisation's rows are not even there.
    assert wrong(answers(system_of(world.people["other"]), world, ABOUT_A_ROW), 404) == []


def test_every_resource_names_a_scope_and_a_verb_for_each_action():
    for name, pattern in ROUTES.items():
        if name not in OF_NO_CLIENT:
            view = pattern.callback.cls
            assert issubclass(view, ResourceViewSet)
            assert view.resource
            assert set(pattern.callback.actions.values()) <= set(view.needs), name
