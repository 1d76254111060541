"""Where an organisation requires a second factor no route shows its data without one."""

from copy import copy

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organisations.access import declared
from organisations.login import session_clock as sessions
from organisations.login.middleware import BEFORE_THE_FACTOR, SecondFactorMiddleware
from organisations.models import AccessEvent, Organisation
from organisations.tenancy.context import tenant
from tests.factories import PractitionerFactory, SessionFactory
from tests.people import PASSWORD
from tests.route_matrix import CLIENT_WORDS, REFERENCE, make_world, named_routes, rolled_back
from tests.saving import save
from tests.second_factors import App, code_of, confirm, log_in

pytestmark = pytest.mark.django_db
SET_UP, CONFIRM = reverse("mfa_index"), reverse("mfa_reauthenticate")


def require(organisation, required=True):
    Organisation.objects.filter(pk=organisation.pk).update(requires_second_factor=required)


def data_routes():
    """Every route but those that `BEFORE_THE_FACTOR` lets through: so a new route is gated, whatever it is."""
    return {name for name, pattern in named_routes() if declared(pattern.callback) not in BEFORE_THE_FACTOR}


def shown_without(world, actor, door):
    """(route, method, what came) wherever something else came than the way to `door`."""
    browser, found = world.browser_of(actor), []
    cookies = copy(browser.cookies)
    gated = data_routes()
    for name, pattern in named_routes():
        for method in ("get", "post"):
            with rolled_back():
                answer = getattr(browser, method)(world.url(name))
            if name in gated and not (answer.status_code == 302 and answer.url.startswith(door)):
                found.append((name, method, answer.status_code))
            body = answer.content.decode(errors="replace")  # some are files
            # A form's own link shows its client that form; what hangs on a token has nothing to do with the log-in.
            if getattr(pattern.callback, "capability", None) is None and (CLIENT_WORDS in body or REFERENCE in body):
                found.append((name, method, "shows a client"))
            browser.cookies = copy(cookies)  # logged in as before: what the request did to the session is rolled back
    return found


@pytest.fixture
def world():
    world = make_world()
    require(world.people["admin"].organisation)
    return world


@pytest.mark.parametrize("actor", ["practitioner", "team_lead", "admin", "colleague"])
def test_no_data_route_answers_who_has_none(world, actor):
    assert len(data_routes()) > 50
    assert shown_without(world, actor, SET_UP) == []


def test_no_data_route_answers_who_has_one_and_did_not_use_it(world):
    App(world.people["practitioner"].user)
    assert shown_without(world, "practitioner", CONFIRM) == []


def test_without_the_guard_that_is_seen(world, monkeypatch):
    monkeypatch.setattr(SecondFactorMiddleware, "process_view", lambda *args: None)
    found = shown_without(world, "practitioner", SET_UP)
    assert ("client-detail", "get", "shows a client") in found
    assert len(found) > 50


def test_nobody_is_asked_where_it_is_not_required(browser, ann):
    browser.force_login(ann.user)
    assert browser.get(reverse("today")).status_code == 200


def test_who_has_none_is_led_to_set_one_up_and_told_why(browser, ann, house):
    require(house)
    page = browser.post(reverse("account_login"), {"login": ann.user.email, "password": PASSWORD}, follow=True)
    assert page.redirect_chain[-1][0] == SET_UP
    assert f"{house.name} asks for a second factor" in page.content.decode()


def test_who_logs_in_with_it_works(browser, ann, house):
    require(house)
    app = App(ann.user)
    log_in(browser, ann.user)
    browser.post(reverse("mfa_authenticate"), {"code": app.code()})
    assert browser.get(reverse("today")).status_code == 200


def test_who_was_in_already_confirms_and_goes_on_at_the_same_page(browser, ann, house, nils):
    app = App(ann.user)
    browser.force_login(ann.user)
    page = reverse("client-detail", args=[nils.pk])
    assert browser.get(page).status_code == 200
    require(house)
    asked = browser.get(page)
    assert asked.url.startswith(CONFIRM)
    key = browser.session.session_key
    assert browser.post(asked.url, {"code": app.code(), "next": page}).url == page
    assert browser.session.session_key != key
    assert browser.get(page).status_code == 200


def test_the_password_once_more_is_no_second_factor(browser, ann, house):
    require(house)
    App(ann.user)
    browser.force_login(ann.user)
    confirm(browser)
    assert browser.get(reverse("today")).url.startswith(CONFIRM)


@pytest.mark.django_db(transaction=True)
def test_setting_one_up_is_using_it_and_losing_it_is_not_having_it(browser, ann, house):
    require(house)
    browser.force_login(ann.user)
    confirm(browser)
    secret = browser.get(reverse("mfa_activate_totp")).context["form"].secret
    browser.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert browser.get(reverse("today")).status_code == 200
    browser.post(reverse("mfa_deactivate_totp"))
    assert browser.get(reverse("today")).url == SET_UP


def test_another_organisation_asks_again(browser, ann, house, elsewhere):
    with tenant(elsewhere.pk):
        there = PractitionerFactory(organisation=elsewhere, user=ann.user)
    require(elsewhere)
    browser.force_login(ann.user)
    browser.post(reverse("organisation-switch"), {"practitioner": ann.pk})
    assert browser.get(reverse("today")).status_code == 200
    browser.post(reverse("organisation-switch"), {"practitioner": there.pk})
    assert browser.get(reverse("today")).url == SET_UP
    browser.post(reverse("organisation-switch"), {"practitioner": ann.pk})
    assert browser.get(reverse("today")).status_code == 200


def test_a_device_that_comes_back_keeps_its_second_factor(browser, ann, house, episode):
    require(house)
    app = App(ann.user)
    with tenant(house.pk):
        session = SessionFactory(organisation=house, episode=episode, practitioner=ann)
    log_in(browser, ann.user)
    browser.post(reverse("mfa_authenticate"), {"code": app.code()})
    since = browser.session[sessions.SINCE]
    browser.post(reverse("session-handover", args=[session.pk, "ors"]))
    assert set(browser.session.keys()) == {"kiosk"}
    assert browser.post(reverse("unlock"), {"secret": PASSWORD}).status_code == 302
    assert browser.session[sessions.SINCE] == since
    assert browser.get(reverse("today")).status_code == 200


def test_an_administrator_requires_it_with_a_factor_of_their_own_only(browser, ada, ann, house):
    browser.force_login(ada.user)
    confirm(browser)
    rules = reverse("log-in-rules")
    page = browser.get(rules)
    assert page.status_code == 200
    assert "2 of 2 have no second factor yet" in page.content.decode()
    refused = save(browser, rules, {"requires_second_factor": "on"})
    assert refused.status_code == 422
    assert "for yourself first" in refused.content.decode()

    app = App(ada.user)
    browser.post(CONFIRM, {"code": app.code()})
    assert save(browser, rules, {"requires_second_factor": "on"}).status_code == 302
    house.refresh_from_db()
    assert house.requires_second_factor
    page = browser.get(rules).content.decode()
    assert "1 of 2 has no second factor yet" in page
    assert ann.name in page
    save(browser, rules)
    house.refresh_from_db()
    assert not house.requires_second_factor
    with tenant(house.pk):
        changes = AccessEvent.objects.filter(action="account.rule_changed").order_by("seq")
        assert [event.purpose for event in changes] == ["second factor required", "second factor not required"]


def test_the_rules_need_as_many_queries_for_one_as_for_five(browser, ada, ann, ben, lea):
    browser.force_login(ada.user)
    confirm(browser)
    browser.get(reverse("log-in-rules"))
    with CaptureQueriesContext(connection) as few:
        browser.get(reverse("log-in-rules"))
    with tenant(ada.organisation_id):
        PractitionerFactory.create_batch(5, organisation=ada.organisation)
    with CaptureQueriesContext(connection) as many:
        browser.get(reverse("log-in-rules"))
    assert len(many) == len(few)
