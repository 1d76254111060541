"""Cookies and https: strict in production, http on localhost in the demo; a program of their own reads the settings."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from organisations.models import DeviceSession, device_session
from tests.people import PASSWORD
from tests.test_production import SURROUNDINGS, run

# Logs in as a browser behind the proxy does, and prints what it was told.
VISIT = """
import json, os
import django
django.setup()
from django.conf import settings
from django.test import Client
# Nobody has gathered the static files for this.
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
https = os.environ["MEDSPIL_ENV"] == "production"
browser = Client(headers={"X-Forwarded-Proto": "https"} if https else {}, HTTP_HOST=settings.ALLOWED_HOSTS[0])
browser.get("/account/login/")
answer = browser.post("/account/login/", {"login": os.environ["WHO"], "password": os.environ["PASSWORD"]})
cookies = {name: {key: value for key, value in morsel.items() if value} for name, morsel in browser.cookies.items()}
plain = Client(HTTP_HOST=settings.ALLOWED_HOSTS[0]).get("/account/login/")
print(json.dumps({"status": answer.status_code, "to": answer.headers.get("Location"), "cookies": cookies,
                  "hsts": answer.headers.get("Strict-Transport-Security"),
                  "plain": [plain.status_code, plain.headers.get("Location", "")]}))
"""


def visit(environment, broker_environment, user):
    """What somebody who logs in is told in these surroundings."""
    surroundings = {name: broker_environment[name] for name in ("DATABASE_URL", "BROKER_URL")}
    who = {"WHO": user.email, "PASSWORD": PASSWORD, "DJANGO_SETTINGS_MODULE": "fit_project.settings"}
    done = run("-c", VISIT, surroundings=environment | surroundings | who)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def with_argon(ann, settings):
    """Ann's password as production stores it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    ann.user.set_password(PASSWORD)
    ann.user.save()
    return ann.user


@pytest.mark.django_db(transaction=True)
def test_production_keeps_its_cookies_to_https_and_to_one_host(broker_environment, with_argon):
    told = visit(SURROUNDINGS, broker_environment, with_argon)
    assert (told["status"], told["to"]) == (302, "/")
    assert set(told["cookies"]) >= {"__Host-session", "__Host-csrf"}
    for name, cookie in told["cookies"].items():
        assert cookie.get("secure") is True, name
        assert cookie["path"] == "/"
        assert "domain" not in cookie
    session = told["cookies"]["__Host-session"]
    assert session["httponly"] is True
    assert session["samesite"] == "Lax"
    assert "max-age" not in session  # gone with the browser
    assert "max-age=31536000" in told["hsts"]
    assert told["plain"] == [301, "https://fit.example.org/account/login/"]


@pytest.mark.django_db(transaction=True)
def test_the_demo_is_http_on_localhost(broker_environment, with_argon):
    told = visit({"MEDSPIL_ENV": "demo"}, broker_environment, with_argon)
    assert told["status"] == 302
    assert {"sessionid", "csrftoken"} <= set(told["cookies"])
    assert not any(cookie.get("secure") for cookie in told["cookies"].values())
    assert told["hsts"] is None
    assert told["plain"][0] == 200


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/today/", "/account/login/", "/manifest.webmanifest"])
def test_a_late_answer_to_an_old_session_leaves_the_new_cookie_alone(browser, ann, settings, address):
    browser.force_login(ann.user)
    browser.session.delete()  # as a hand-over does while the page still waits for its manifest
    assert settings.SESSION_COOKIE_NAME not in browser.get(address).cookies


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/today/", "/account/stay/"])
def test_an_answer_does_not_set_the_key_again_that_it_was_asked_with(browser, ann, settings, address):
    browser.force_login(ann.user)
    browser.get(address)
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):  # a sign of life is written down
        assert settings.SESSION_COOKIE_NAME not in browser.get(address).cookies
    assert browser.session["seen"] > browser.session["since"]


@pytest.mark.django_db
def test_a_page_that_changes_nothing_does_not_write_the_session(browser, ann):
    browser.force_login(ann.user)
    browser.get("/today/")
    with CaptureQueriesContext(connection) as asked:
        browser.get("/today/")
    assert not [query["sql"] for query in asked if "UPDATE" in query["sql"] and "session" in query["sql"]]


@pytest.mark.django_db
def test_a_log_out_takes_its_cookie_away(browser, ann, settings):
    browser.force_login(ann.user)
    gone = browser.post("/account/logout/").cookies[settings.SESSION_COOKIE_NAME]
    assert (gone.value, gone["max-age"]) == ("", 0)


def test_session_is_read_whole():
    """The store names the columns itself."""
    assert tuple(field.attname for field in DeviceSession._meta.concrete_fields) == device_session._COLUMNS
