"""How often somebody may try to get in: by account first, by address generously, and without the cache too."""

import socket

import pytest
from allauth.account.adapter import get_adapter
from django.conf import settings as the_settings
from django.core import mail
from django.core.cache import cache, caches
from django.test import Client
from django.urls import reverse

from fit_project import log_in as defaults
from organisations.models import Outbox
from organisations.web.cache import FallbackRedisCache
from tests.people import PASSWORD
from tests.second_factors import App, confirm, log_in

pytestmark = pytest.mark.django_db
LOG_IN, RESET = reverse("account_login"), reverse("account_reset_password")
TRIES = 5  # of one account in a quarter of an hour


@pytest.fixture(autouse=True)
def limits_on(settings):
    """The tests of everything else run without."""
    settings.ACCOUNT_RATE_LIMITS = defaults.ACCOUNT_RATE_LIMITS
    cache.clear()


def wrong(browser, email, **more):
    return browser.post(LOG_IN, {"login": email, "password": "not the password"}, **more)


def assert_refused(answer):
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "That was many attempts in a short time." in answer.content.decode()


@pytest.mark.parametrize("known", [True, False])
def test_after_five_wrong_passwords_an_account_pauses_wherever_they_come_from(ann, known):
    email = ann.user.email if known else "nobody@example.org"
    for number in range(TRIES):
        assert wrong(Client(), email, REMOTE_ADDR=f"10.0.0.{number}").status_code == 200
    assert_refused(wrong(Client(), email, REMOTE_ADDR="10.0.0.99"))
    assert_refused(Client().post(LOG_IN, {"login": email.upper(), "password": PASSWORD}))


def test_a_port_in_the_host_header_gives_no_more_attempts(ann):
    for port in range(TRIES):
        wrong(Client(), ann.user.email, headers={"Host": f"localhost:{8000 + port}"})
    assert_refused(wrong(Client(), ann.user.email, headers={"Host": "localhost:9000"}))


def test_the_colleagues_behind_the_same_address_log_in(ann, ben):
    for _ in range(TRIES + 2):
        wrong(Client(), ann.user.email)
    assert log_in(Client(), ben.user).url == reverse("home")


def test_a_hundred_of_one_address_log_in_within_a_minute(ann, ben):
    for _ in range(50):
        for person in (ann, ben):
            assert log_in(Client(), person.user).status_code == 302


def test_one_address_that_tries_many_accounts_is_stopped_and_others_are_not(ann):
    answers = [wrong(Client(), f"person{number}@example.org").status_code for number in range(102)]
    assert answers.count(200) == 100
    assert answers[-1] == 429
    assert log_in(Client(REMOTE_ADDR="10.1.1.1"), ann.user).status_code == 302


def test_an_invented_forwarded_for_is_another_address_to_nobody(ann):
    browsers = [Client(headers={"X-Forwarded-For": f"10.9.{number}.1"}) for number in range(102)]
    answers = [wrong(browser, f"person{number}@example.org").status_code for number, browser in enumerate(browsers)]
    assert answers[-1] == 429


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "1.2.3.4", "127.0.0.1"),
        (1, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (1, "1.2.3.4:5555", "1.2.3.4"),
        (2, "6.6.6.6, 1.2.3.4, 10.0.0.1", "1.2.3.4"),
        (2, "1.2.3.4", "127.0.0.1"),
        (1, "<script>", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_only_what_trusted_proxies_wrote_counts(settings, rf, proxies, header, address):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = rf.get("/", headers={"X-Forwarded-For": header})
    assert get_adapter(request).get_client_ip(request) == address


def test_asking_for_many_mails_is_refused_and_the_mails_stop(ann):
    for _ in range(TRIES):
        assert Client().post(RESET, {"email": ann.user.email}).status_code == 302
    assert_refused(Client().post(RESET, {"email": ann.user.email}))
    assert Outbox.objects.filter(task="organisations.tasks.send_password_reset").count() == TRIES
    assert mail.outbox == []


def test_codes_cannot_be_guessed(browser, ann):
    app = App(ann.user)
    log_in(browser, ann.user)
    for _ in range(TRIES):
        assert browser.post(reverse("mfa_authenticate"), {"code": "x"}).status_code == 200
    assert_refused(browser.post(reverse("mfa_authenticate"), {"code": app.code()}))
    again = Client(REMOTE_ADDR="10.2.2.2")
    log_in(again, ann.user)
    assert_refused(again.post(reverse("mfa_authenticate"), {"code": app.code()}))


def test_a_confirmation_cannot_be_guessed(browser, ann):
    browser.force_login(ann.user)
    for _ in range(TRIES):
        assert confirm(browser, "wrong").status_code == 200
    assert_refused(confirm(browser))


def test_the_password_that_an_invitation_or_a_pin_asks_for_counts_too(browser, ann):
    browser.force_login(ann.user)
    for _ in range(TRIES):
        entry = {"pin": "482915", "password": "not the password"}
        assert browser.post(reverse("account-pin"), entry).status_code == 422
    assert_refused(browser.post(reverse("account-pin"), {"pin": "482915", "password": PASSWORD}))


@pytest.fixture
def use_cache(settings, monkeypatch):
    """`use_cache(url)`: the cache of production at an address, with its own memory empty."""
    monkeypatch.setattr(FallbackRedisCache, "away_until", 0.0)

    def use(url):
        options = {"socket_connect_timeout": 0.2, "socket_timeout": 0.2}
        backend = "organisations.web.cache.FallbackRedisCache"
        settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": url, "OPTIONS": options}}
        caches["default"]._local.clear()

    yield use
    FallbackRedisCache("redis://127.0.0.1:1/0", {})._local.clear()


def test_without_the_cache_the_limits_hold_in_the_process_and_everybody_gets_in(use_cache, ann, ben):
    use_cache("redis://127.0.0.1:1/0")
    for _ in range(TRIES):
        assert wrong(Client(), ann.user.email).status_code == 200
    assert_refused(wrong(Client(), ann.user.email))
    assert log_in(Client(), ben.user).status_code == 302
    app = App(ben.user)
    browser = Client()
    log_in(browser, ben.user)
    assert browser.post(reverse("mfa_authenticate"), {"code": app.code()}).status_code == 302


def test_a_cache_that_never_answers_is_not_waited_for_again_and_again(use_cache, ann):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        use_cache(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        for _ in range(TRIES):
            assert wrong(Client(), ann.user.email).status_code == 200
        assert_refused(wrong(Client(), ann.user.email))
        silent.setblocking(False)
        asked = 0
        with pytest.raises(BlockingIOError):
            while True:
                silent.accept()[0].close()
                asked += 1
    assert 1 <= asked <= 3


def test_the_limits_stand_in_the_broker_while_it_is_there(use_cache, broker, ann):
    use_cache(broker.url)
    for _ in range(TRIES):
        wrong(Client(), ann.user.email)
    caches["default"]._local.clear()
    assert_refused(wrong(Client(), ann.user.email))
    broker.stop()
    assert wrong(Client(), ann.user.email).status_code == 200  # the process's own memory knows of none yet


def test_outside_the_tests_the_limits_are_on():
    assert the_settings.MFA_RATE_LIMITS == defaults.MFA_RATE_LIMITS
    for name in ("login", "login_failed", "reset_password", "reauthenticate", "change_password"):
        assert defaults.ACCOUNT_RATE_LIMITS[name]
    assert defaults.ACCOUNT_RATE_LIMITS["login_failed"].startswith(f"{TRIES}/15m/key")
