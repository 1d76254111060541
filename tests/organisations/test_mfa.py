"""The second factor of one's own log-in: an app, recovery codes, and what is asked before a change."""

import json

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from organisations.audit.account_events import FACTOR_ADDED, FACTOR_FAILED, FACTOR_REMOVED, LOGGED_IN
from organisations.login.second_factor import SecondFactorAdapter
from organisations.models import AccessEvent
from organisations.tenancy.context import tenant
from tests.second_factors import App, code_of, confirm, kinds_of, log_in, recovery_codes_of

pytestmark = pytest.mark.django_db
CONFIRM = reverse("mfa_authenticate")


@pytest.fixture(autouse=True)
def clock():
    """Stands still: a code must not age while a slow machine works."""
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def app(ann):
    return App(ann.user)


def actions(practitioner):
    with tenant(practitioner.organisation_id):
        return list(AccessEvent.objects.order_by("seq").values_list("action", "purpose"))


def is_in(browser):
    return SESSION_KEY in browser.session


def test_the_password_alone_no_longer_opens(browser, ann, app):
    assert log_in(browser, ann.user).url == CONFIRM
    assert not is_in(browser)
    assert browser.get(reverse("today")).url.startswith(reverse("account_login"))
    assert browser.post(CONFIRM, {"code": app.code()}).url == reverse("home")
    assert is_in(browser)
    assert actions(ann) == [(LOGGED_IN, "password, totp")]


def test_a_wrong_code_is_refused_and_on_record(browser, ann, app):
    log_in(browser, ann.user)
    wrong = str((int(app.code()) + 1) % 1_000_000).zfill(6)
    page = browser.post(CONFIRM, {"code": wrong})
    assert "errors" in page.content.decode()
    assert not is_in(browser)
    assert (FACTOR_FAILED, "totp") in actions(ann)


@pytest.mark.parametrize("periods", [-1, 0, 1])
def test_a_code_counts_once_although_it_counts_for_a_minute_and_a_half(browser, ann, app, periods, client):
    code = app.code(periods)
    log_in(browser, ann.user)
    assert browser.post(CONFIRM, {"code": code}).url == reverse("home")
    cache.clear()  # which is where the library remembers used codes
    log_in(client, ann.user)
    client.post(CONFIRM, {"code": code})
    assert not is_in(client)


def test_a_code_of_two_minutes_ago_is_too_old(browser, ann, app):
    log_in(browser, ann.user)
    browser.post(CONFIRM, {"code": app.code(-4)})
    assert not is_in(browser)


def test_a_recovery_code_opens_once(browser, client, ann, app):
    code = recovery_codes_of(ann.user)[0]
    log_in(browser, ann.user)
    browser.post(CONFIRM, {"code": code})
    assert is_in(browser)
    log_in(client, ann.user)
    client.post(CONFIRM, {"code": code})
    assert not is_in(client)
    assert "9 codes are left" in browser.get(reverse("mfa_index")).content.decode()


@pytest.mark.parametrize(
    "name",
    ["mfa_activate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes", "log-in-rules"],
)
def test_a_change_asks_once_more_who_it_is(browser, ada, name):
    browser.force_login(ada.user)
    asked = browser.get(reverse(name))
    assert asked.url.startswith(reverse("account_reauthenticate"))
    key = browser.session.session_key
    assert confirm(browser).status_code == 302
    assert browser.session.session_key != key
    assert browser.get(reverse(name)).status_code in {200, 302}


@pytest.mark.django_db(transaction=True)
def test_an_app_is_set_up_and_removed(browser, ann):
    browser.force_login(ann.user)
    confirm(browser)
    page = browser.get(reverse("mfa_activate_totp"))
    assert "data:image/svg+xml;base64," in page.content.decode()
    secret = page.context["form"].secret
    before = browser.session.session_key
    answer = browser.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert answer.url == reverse("mfa_view_recovery_codes")
    assert browser.session.session_key != before
    assert kinds_of(ann.user) == {"totp", "recovery_codes"}
    assert secret not in json.dumps(Authenticator.objects.get(user=ann.user, type="totp").data)

    shown = browser.get(answer.url)
    codes = shown.context["unused_codes"]
    assert len(codes) == 10
    assert all(code in shown.content.decode() for code in codes)
    again = browser.get(answer.url).content.decode()
    assert "shown once" in again
    assert not any(code in again for code in codes)
    assert "Authenticator app" in browser.get(reverse("account")).content.decode()

    assert browser.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert kinds_of(ann.user) == set()
    assert [(sent.to, sent.subject) for sent in mail.outbox] == [
        ([ann.user.email], "Medspil: an authenticator app was set up"),
        ([ann.user.email], "Medspil: the authenticator app was removed"),
    ]
    assert {(FACTOR_ADDED, "totp"), (FACTOR_ADDED, "recovery_codes"), (FACTOR_REMOVED, "totp")} <= set(actions(ann))


def test_new_recovery_codes_replace_the_earlier_ones(browser, ann, app):
    old = recovery_codes_of(ann.user)
    browser.force_login(ann.user)
    confirm(browser)
    browser.post(reverse("mfa_generate_recovery_codes"))
    new = browser.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert len(new) == 10
    assert not set(new) & set(old)


def test_without_a_second_factor_there_are_no_recovery_codes(browser, ann):
    browser.force_login(ann.user)
    confirm(browser)
    assert browser.post(reverse("mfa_generate_recovery_codes")).status_code == 200
    assert kinds_of(ann.user) == set()


def test_nobody_reaches_the_factor_of_somebody_else(browser, ann, ben):
    key = Authenticator.objects.create(user=ben.user, type="webauthn", data={"name": "Ben's", "credential": {}})
    browser.force_login(ann.user)
    confirm(browser)
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert browser.get(reverse(name, args=[key.pk])).status_code == 404
        assert browser.post(reverse(name, args=[key.pk]), {"name": "mine"}).status_code == 404
    key.refresh_from_db()
    assert key.data["name"] == "Ben's"


@pytest.mark.django_db(transaction=True)
def test_a_passkey_can_be_renamed_and_removed(browser, ann):
    key = Authenticator.objects.create(user=ann.user, type="webauthn", data={"name": "Tablet", "credential": {}})
    browser.force_login(ann.user)
    confirm(browser)
    assert browser.post(reverse("mfa_edit_webauthn", args=[key.pk]), {"name": "My iPad"}).status_code == 302
    assert "My iPad" in browser.get(reverse("account")).content.decode()
    assert "My iPad" in browser.get(reverse("mfa_remove_webauthn", args=[key.pk])).content.decode()
    browser.post(reverse("mfa_remove_webauthn", args=[key.pk]))
    assert kinds_of(ann.user) == set()
    assert mail.outbox[0].subject == "Medspil: a passkey was removed"


FORGED = [
    "",
    "x",
    "[]",
    "7",
    "null",
    '"text"',
    "{}",
    '{"response": []}',
    '{"response": {"userHandle": 7}}',
    '{"id": "a", "rawId": "a", "type": "public-key", "response": {"userHandle": "AAAA"}}',
    '{"id": "a", "rawId": "a", "type": "public-key", "response": {"userHandle": "AAAA", "clientDataJSON": "AAAA", '
    '"authenticatorData": "AAAA", "signature": "AAAA"}}',
    '{"id": 1, "rawId": [], "type": {}, "response": {"clientDataJSON": "e30", "attestationObject": "oA"}}',
    pytest.param("[" * 100_000, id="endless"),
]


@pytest.mark.parametrize("credential", FORGED)
def test_an_invented_answer_of_a_key_opens_nothing_and_breaks_nothing(browser, ann, app, credential):
    browser.get(reverse("mfa_login_webauthn"), headers={"Accept": "application/json"})
    answer = browser.post(reverse("mfa_login_webauthn"), {"credential": credential})
    assert answer.status_code == 302
    assert not is_in(browser)
    log_in(browser, ann.user)
    browser.get(CONFIRM)
    assert browser.post(CONFIRM, {"credential": credential}).status_code == 200
    assert not is_in(browser)
    browser.force_login(ann.user)
    confirm(browser)
    browser.get(reverse("mfa_add_webauthn"))
    assert browser.post(reverse("mfa_add_webauthn"), {"name": "x", "credential": credential}).status_code == 200
    assert browser.post(reverse("mfa_reauthenticate_webauthn"), {"credential": credential}).status_code in {200, 302}
    assert kinds_of(ann.user) == {"totp"}


def test_the_secrets_outlive_a_new_secret_key(settings, ann, app):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the next key, long enough", [settings.SECRET_KEY]
    assert SecondFactorAdapter().decrypt(app.authenticator.data["secret"]) == app.secret
    call_command("reseal_second_factors")
    settings.SECRET_KEY_FALLBACKS = []
    app.authenticator.refresh_from_db()
    assert SecondFactorAdapter().decrypt(app.authenticator.data["secret"]) == app.secret


def test_the_operator_takes_a_lost_factor_away(browser, ann, app):
    call_command("remove_second_factors", ann.user.email.upper())
    assert kinds_of(ann.user) == set()
    assert log_in(browser, ann.user).url == reverse("home")
    assert (FACTOR_REMOVED, "by the operator") in actions(ann)
