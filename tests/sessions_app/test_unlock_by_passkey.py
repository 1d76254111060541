"""A handed-over device is taken back with a passkey of whoever handed it over, and with no other."""

import json

import pytest
from django.conf import settings
from django.test import Client as Browser
from django.urls import reverse

from organisations.models import DeviceSession
from sessions_app.services.handover import ATTEMPTS
from tests.kiosk import PIN
from tests.second_factors import Key

UNLOCK, PASSKEY, LOG_IN = reverse("unlock"), reverse("unlock-passkey"), reverse("account_login")
BUTTON = "Unlock with a passkey"


@pytest.fixture
def key(ann):
    return Key(ann.user)


def cookie(browser):
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def failures(practitioner):
    practitioner.user.refresh_from_db()
    return practitioner.user.pin_failures


def ask(browser):
    """The question that a script fetches when the button is pressed."""
    return browser.get(PASSKEY, headers={"Accept": "application/json"}).json()["request_options"]


def try_with(browser, key):
    return browser.post(PASSKEY, {"credential": key.answer(ask(browser))})


def test_ones_own_passkey_brings_the_session_back(kiosk, ann, record, key):
    before, log_in = cookie(kiosk), kiosk.session["kiosk"]["log_in"]
    assert BUTTON in kiosk.get(UNLOCK).content.decode()
    answer = try_with(kiosk, key)
    assert answer.headers["Location"] == reverse("session-flow", args=[record.pk]) + "?back=ors"
    assert cookie(kiosk) != before
    assert "kiosk" not in kiosk.session
    assert kiosk.session["practitioner"] == str(ann.pk)
    assert kiosk.session["since"] == log_in["since"]  # the log-in of before, no younger
    assert kiosk.get(reverse("today")).status_code == 200
    key.authenticator.refresh_from_db()
    assert key.authenticator.last_used_at is not None
    stolen = Browser()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = before
    assert stolen.get(UNLOCK).headers["Location"] == LOG_IN


def test_the_device_must_ask_who_it_is(kiosk, ann, key):
    question = ask(kiosk)["publicKey"]
    assert question["userVerification"] == "required"
    assert [allowed["id"] for allowed in question["allowCredentials"]] == [
        key.authenticator.data["credential"]["id"],
    ]
    assert try_with(kiosk, Key(ann.user, verifies=False)).status_code == 422
    assert failures(ann) == 1


def test_a_passkey_of_somebody_else_is_refused_and_counts(kiosk, ann, ben, key):
    answer = try_with(kiosk, Key(ben.user))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "That passkey does not open this tablet." in page
    assert "4 attempts left" in page
    assert (failures(ann), failures(ben)) == (1, 0)
    assert set(kiosk.session.keys()) == {"kiosk"}
    assert kiosk.get(reverse("today")).headers["Location"] == UNLOCK
    assert try_with(kiosk, key).status_code == 302
    assert failures(ann) == 0


def test_pin_and_passkey_share_the_five_attempts(kiosk, with_pin, ben, key):
    stranger = Key(ben.user)
    for attempt in range(ATTEMPTS - 1):
        answer = try_with(kiosk, stranger) if attempt % 2 else kiosk.post(UNLOCK, {"secret": "000000"})
        assert answer.status_code == 422
    assert try_with(kiosk, stranger).headers["Location"] == LOG_IN
    assert dict(kiosk.session).keys().isdisjoint({"kiosk", "_auth_user_id"})
    assert kiosk.post(UNLOCK, {"secret": PIN}).headers["Location"] == LOG_IN
    assert failures(with_pin) == ATTEMPTS
    assert not DeviceSession.objects.filter(user=with_pin.user).exists()


def test_a_question_is_answered_once_and_only_where_it_was_put(kiosk, ann, ben, key):
    question = ask(kiosk)
    assert kiosk.post(PASSKEY, {"credential": Key(ben.user).answer(question)}).status_code == 422
    assert kiosk.post(PASSKEY, {"credential": key.answer(question)}).status_code == 422
    assert "kiosk" in kiosk.session
    elsewhere = {"publicKey": {"challenge": "AAAA"}}
    ask(kiosk)
    assert kiosk.post(PASSKEY, {"credential": key.answer(elsewhere)}).status_code == 422
    assert failures(ann) == 3


@pytest.mark.parametrize("credential", ["", "x", "null", "[]", "{}", json.dumps({"id": 1}), "[" * 100_000])
def test_an_invented_answer_breaks_nothing(kiosk, ann, key, credential):
    ask(kiosk)
    assert kiosk.post(PASSKEY, {"credential": credential}).status_code == 422
    assert failures(ann) == 1
    assert "kiosk" in kiosk.session


def test_without_a_passkey_there_is_no_button_and_no_question(kiosk, ben):
    Key(ben.user)
    page = kiosk.get(UNLOCK).content.decode()
    assert BUTTON not in page
    assert "passkey.js" not in page
    assert kiosk.get(PASSKEY).status_code == 404
    assert kiosk.post(PASSKEY, {"credential": "{}"}).status_code == 404


def test_without_javascript_the_button_is_hidden(kiosk, key):
    form = kiosk.get(UNLOCK).content.decode().split(PASSKEY)[1].split(">")[0]
    assert form.split()[-1] == "hidden"


@pytest.mark.parametrize("method", ["get", "post"])
def test_there_is_no_question_without_a_parked_session(browser, ann, key, method):
    assert getattr(browser, method)(PASSKEY).headers["Location"] == LOG_IN
    browser.force_login(ann.user)
    assert getattr(browser, method)(PASSKEY).headers["Location"] == LOG_IN
    assert browser.session["_auth_user_id"] == str(ann.user.pk)


@pytest.mark.parametrize("what", ["password", "account"])
def test_a_session_that_may_not_come_back_does_not_by_a_passkey_either(kiosk, ann, key, what):
    question = ask(kiosk)
    if what == "password":
        ann.user.set_password("quite another password")
    else:
        ann.user.is_active = False
    ann.user.save()
    assert kiosk.post(PASSKEY, {"credential": key.answer(question)}).headers["Location"] == LOG_IN
    assert "kiosk" not in kiosk.session


def test_unlocking_by_passkey_needs_the_csrf_token(kiosk, key):
    strict = Browser(enforce_csrf_checks=True)
    strict.cookies[settings.SESSION_COOKIE_NAME] = cookie(kiosk)
    assert strict.post(PASSKEY, {"credential": key.answer(ask(kiosk))}).status_code == 403
    assert "kiosk" in strict.session
