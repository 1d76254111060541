"""Logging in and out: nobody learns who has an account, keys change, log-ins end, and can be ended everywhere."""

import re

import pytest
import time_machine
from django.conf import settings as the_settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.backends.base import UpdateError
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fit_project import log_in as defaults
from organisations import tasks
from organisations.audit.account_events import ENDED_EVERYWHERE, FAILED, PASSWORD_CHANGED
from organisations.jobs.outbox import publish_due
from organisations.login import session_clock as sessions
from organisations.login.middleware import QUIET
from organisations.models import AccessEvent, DeviceSession, Outbox, Practitioner
from organisations.periodic import forget_old_sessions
from organisations.tasks import send_password_reset
from organisations.tenancy.context import tenant
from tests.factories import PractitionerFactory, SessionFactory
from tests.people import PASSWORD
from tests.second_factors import App, confirm, log_in
from tests.statements import statements_of

pytestmark = pytest.mark.django_db
LOG_IN, RESET, UNLOCK = reverse("account_login"), reverse("account_reset_password"), reverse("unlock")
MINUTE, HOUR = 60, 3600


def actions(practitioner):
    with tenant(practitioner.organisation_id):
        return list(AccessEvent.objects.order_by("seq").values_list("action", flat=True))


def key(browser):
    return browser.cookies[the_settings.SESSION_COOKIE_NAME].value


def is_in(browser):
    return browser.get(reverse("account-stay")).status_code == 200


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now().replace(microsecond=0), tick=False) as traveller:
        yield traveller


@pytest.fixture
def session(episode, ann):
    with tenant(ann.organisation_id):
        return SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)


def worked_off():
    """Do what the worker does with what was asked for; how many jobs."""
    return publish_due(lambda task, ids: getattr(tasks, task.rpartition(".")[2])(**ids))


def hand_over(browser, session):
    return browser.post(reverse("session-handover", args=[session.pk, "ors"]))


# Nobody learns who has an account.


@pytest.fixture
def hashes(monkeypatch):
    """How often a password was hashed, which is what takes the time."""
    count = [0]
    encode = MD5PasswordHasher.encode

    def counted(self, *args, **kwargs):
        count[0] += 1
        return encode(self, *args, **kwargs)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return count


@pytest.fixture
def addresses(ann, ben, cleo, dora, lea):
    """One of each kind."""
    ben.user.is_active = False
    ben.user.save()
    cleo.user.set_unusable_password()
    cleo.user.save()
    App(lea.user)
    with tenant(dora.organisation_id):
        Practitioner.objects.filter(pk=dora.pk).update(is_active=False)
    return {
        "known": ann.user.email,
        "inactive": ben.user.email,
        "without a password": cleo.user.email,
        "works nowhere": dora.user.email,
        "with a second factor": lea.user.email,
        "unknown": "nobody@example.org",
    }


def without_address(answer, address):
    """A page without what was typed, and without what differs each time."""
    text = answer.content.decode().replace(address, "ADDRESS")
    return re.sub(r'value="[\w-]{64}"|[0-9a-f-]{36}', "", text)


def attempt(hashes, url, fields, address):
    """(status, hashes, page, how many statements, the statements) of what a stranger sends."""
    hashes[0] = 0
    answer, statements = statements_of(lambda: Client().post(url, fields))
    return answer.status_code, hashes[0], without_address(answer, address), len(statements), *statements


def told_apart(seen):
    """How answers to several addresses differ; {} when they do not."""
    usual = seen["unknown"]
    return {kind: set(each) ^ set(usual) for kind, each in seen.items() if each != usual}


def test_a_wrong_password_says_and_costs_the_same_for_every_address(addresses, hashes):
    seen = {
        kind: attempt(hashes, LOG_IN, {"login": address, "password": "not the password"}, address)
        for kind, address in addresses.items()
    }
    assert told_apart(seen) == {}
    assert seen["known"][:2] == (200, 1)
    assert any("organisations_outbox" in statement for statement in seen["known"][4:])


def test_the_right_password_of_a_closed_account_is_as_wrong_as_any(addresses, hashes):
    seen = {
        kind: attempt(hashes, LOG_IN, {"login": addresses[kind], "password": PASSWORD}, addresses[kind])
        for kind in ("inactive", "unknown")
    }
    assert told_apart(seen) == {}


def test_a_reset_says_and_costs_the_same_for_every_address(addresses, hashes):
    seen = {kind: attempt(hashes, RESET, {"email": address}, address) for kind, address in addresses.items()}
    assert told_apart(seen) == {}
    page = Client().get(reverse("account_reset_password_done")).content.decode()
    assert not [address for address in addresses.values() if address in page]
    assert mail.outbox == []
    # The mail leaves later, by the worker: for those whom it helps.
    assert worked_off() == len(addresses)
    helped = {addresses[kind] for kind in ("known", "without a password", "with a second factor")}
    assert {to for letter in mail.outbox for to in letter.to} == helped


@pytest.mark.parametrize(("url", "field"), [(LOG_IN, "login"), (RESET, "email")])
def test_a_locked_account_is_locked_like_one_that_nobody_has(addresses, hashes, settings, url, field):
    settings.ACCOUNT_RATE_LIMITS = defaults.ACCOUNT_RATE_LIMITS
    cache.clear()
    seen = {}
    for kind, address in addresses.items():
        fields = {field: address} | ({"password": "not the password"} if url == LOG_IN else {})
        for _ in range(5):
            assert Client().post(url, fields).status_code < 400
        seen[kind] = attempt(hashes, url, fields, address)
    assert told_apart(seen) == {}
    assert seen["known"][:2] == (429, 0)


def test_the_right_password_of_a_closed_account_counts_as_an_attempt(addresses, settings):
    settings.ACCOUNT_RATE_LIMITS = defaults.ACCOUNT_RATE_LIMITS
    cache.clear()
    answers = [Client().post(LOG_IN, {"login": addresses["inactive"], "password": PASSWORD}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]


def test_a_house_where_nobody_works_yet_answers_all_the_same(db):
    assert Client().post(LOG_IN, {"login": "nobody@example.org", "password": "not the password"}).status_code == 200
    assert Client().post(RESET, {"email": "nobody@example.org"}).status_code == 302


def test_the_worker_mails_a_link_that_works_once_and_ends_every_session(browser, ann):
    browser.force_login(ann.user)
    browser.post(reverse("account_logout"))
    there = Client()
    there.force_login(ann.user)
    browser.post(RESET, {"email": ann.user.email.upper()})
    row = Outbox.objects.get()
    send_password_reset(outbox_id=str(row.pk), organisation_id=str(row.organisation_id), object_id=str(row.object_id))
    send_password_reset(outbox_id=str(row.pk), organisation_id=str(row.organisation_id), object_id=str(row.object_id))
    assert [sent.to for sent in mail.outbox] == [[ann.user.email]]
    link = re.search(r"https?://[^/]+(/account/password/reset/key/\S+)", mail.outbox[0].body)[1]
    form = browser.get(link, follow=True)
    assert form.status_code == 200
    new = "quite another sentence"
    browser.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    assert not is_in(there)
    assert log_in(Client(), ann.user, new).url == reverse("home")
    assert PASSWORD_CHANGED in actions(ann)
    again = Client().get(link, follow=True)
    assert "password1" not in again.content.decode()


def test_wrong_passwords_are_on_record_where_the_person_works(ann, elsewhere, clock):
    tried_at = timezone.now()
    with tenant(elsewhere.pk):
        there = PractitionerFactory(organisation=elsewhere, user=ann.user)
    Client().post(LOG_IN, {"login": ann.user.email.upper(), "password": "not the password"})
    Client().post(LOG_IN, {"login": "nobody@example.org", "password": "not the password"})
    assert actions(ann) == []
    clock.shift(MINUTE)  # the worker was busy
    assert worked_off() == 2
    assert actions(ann) == actions(there) == [FAILED]
    with tenant(ann.organisation_id):
        assert AccessEvent.objects.get().at == tried_at


def test_the_record_says_it_in_words(browser, ada, ann):
    Client().post(LOG_IN, {"login": ann.user.email, "password": "not the password"})
    worked_off()
    browser.force_login(ada.user)
    page = browser.get(reverse("access-log")).content.decode()
    assert "Tried to log in with a wrong password" in page
    assert "account.login_failed" not in page


# Keys change.


def test_the_key_changes_at_log_in_second_factor_hand_over_and_return(browser, ann, session):
    app = App(ann.user)
    browser.get(LOG_IN)
    browser.cookies[the_settings.SESSION_COOKIE_NAME] = "planted" * 5
    seen = ["planted" * 5]

    def changed():
        seen.append(key(browser))
        return len(set(seen)) == len(seen)

    log_in(browser, ann.user)
    assert changed()
    browser.post(reverse("mfa_authenticate"), {"code": app.code()})
    assert changed()
    confirm(browser)
    assert changed()
    hand_over(browser, session)
    assert changed()
    browser.post(UNLOCK, {"secret": PASSWORD})
    assert changed()
    for old in seen[:-1]:
        thief = Client()
        thief.cookies[the_settings.SESSION_COOKIE_NAME] = old
        assert not is_in(thief)
        assert thief.get(UNLOCK).url.startswith(LOG_IN)
    assert is_in(browser)


# Log-ins end.


def test_without_a_sign_of_life_a_log_in_ends_and_says_why(browser, ann, clock):
    browser.force_login(ann.user)
    clock.shift(29 * MINUTE)
    assert browser.get(reverse("today")).status_code == 200
    clock.shift(29 * MINUTE)
    assert browser.get(reverse("today")).status_code == 200
    clock.shift(31 * MINUTE)
    answer = browser.get(reverse("client-list") + "?q=x")
    assert answer.url == f"{LOG_IN}?why=idle&next=%2Fclients%2F%3Fq%3Dx"
    assert "nothing had happened for a while" in browser.get(answer.url).content.decode()
    back = browser.post(LOG_IN, {"login": ann.user.email, "password": PASSWORD, "next": "/clients/?q=x"})
    assert back.url == "/clients/?q=x"


def test_what_a_page_asks_by_itself_is_no_sign_of_life(browser, ann, clock):
    browser.force_login(ann.user)
    clock.shift(20 * MINUTE)
    left = browser.get(reverse("account-stay"), headers={QUIET: "1"}).json()["left"]
    assert left == 10 * MINUTE
    clock.shift(11 * MINUTE)
    assert browser.get(reverse("account-stay"), headers={QUIET: "1"}).url.startswith(LOG_IN)


def test_after_a_working_day_a_log_in_ends_whatever_happens(browser, ann, clock):
    browser.force_login(ann.user)
    for _ in range(8 * 3 - 1):
        clock.shift(20 * MINUTE)
        assert browser.get(reverse("account-stay")).status_code == 200
    clock.shift(20 * MINUTE)
    answer = browser.get(reverse("today"))
    assert answer.url.startswith(f"{LOG_IN}?why=long")
    assert "After a working day" in browser.get(answer.url).content.decode()


def test_a_hand_over_makes_a_log_in_no_younger(browser, ann, session, clock):
    browser.force_login(ann.user)
    for _ in range(14):
        clock.shift(29 * MINUTE)
        browser.get(reverse("today"))
    hand_over(browser, session)
    clock.shift(30 * MINUTE)
    browser.post(UNLOCK, {"secret": PASSWORD})
    assert is_in(browser)
    hand_over(browser, session)
    clock.shift(2 * HOUR)
    assert browser.post(UNLOCK, {"secret": PASSWORD}).url.startswith(LOG_IN)
    assert not is_in(browser)


def test_a_session_that_is_gone_says_so(browser, ann):
    browser.force_login(ann.user)
    DeviceSession.objects.all().delete()
    answer = browser.get(reverse("today"))
    assert answer.url.startswith(f"{LOG_IN}?why=ended")
    assert "not logged in any more" in browser.get(answer.url).content.decode()


def test_old_sessions_are_forgotten_at_night(browser, ann, clock):
    browser.force_login(ann.user)
    clock.shift(7 * HOUR)
    forget_old_sessions()
    assert DeviceSession.objects.count() == 1
    clock.shift(2 * HOUR)
    forget_old_sessions()
    assert DeviceSession.objects.count() == 0


# And can be ended everywhere.


@pytest.fixture
def devices(ann, ben, session):
    """Ann on two devices, a client with a third; Ben on one."""
    browsers = [Client() for _ in range(4)]
    for browser in browsers[:3]:
        browser.force_login(ann.user)
    hand_over(browsers[2], session)
    browsers[3].force_login(ben.user)
    return browsers


def test_the_account_page_counts_the_devices(devices):
    assert "On 3 devices" in devices[0].get(reverse("account")).content.decode()
    assert "On this device only" in devices[3].get(reverse("account")).content.decode()


def test_logging_out_everywhere_ends_all_of_ones_own_the_parked_one_too(devices, ann):
    answer = devices[0].post(reverse("account-end-sessions"))
    assert "logged out on every device" in devices[0].get(answer.url).content.decode()
    assert [is_in(device) for device in devices] == [False, False, False, True]
    assert devices[2].post(UNLOCK, {"secret": PASSWORD}).url.startswith(LOG_IN)
    assert ENDED_EVERYWHERE in actions(ann)
    assert sessions.sessions_of(ann.user) == 0


def test_a_new_password_ends_the_others_and_says_so_by_mail(devices, ann, django_capture_on_commit_callbacks):
    new = "quite another sentence"
    entry = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    with django_capture_on_commit_callbacks(execute=False) as mails:
        devices[0].post(reverse("account_change_password"), entry)
    assert len(mails) == 1
    assert [is_in(device) for device in devices] == [True, False, False, True]
    assert sessions.sessions_of(ann.user) == 1
    assert devices[2].post(UNLOCK, {"secret": new}).url.startswith(LOG_IN)
    assert PASSWORD_CHANGED in actions(ann)


def test_a_deactivated_practitioner_is_out_on_every_device_at_once(browser, devices, ann, ben, ada):
    browser.force_login(ada.user)
    assert browser.post(reverse("practitioner-deactivate", args=[ann.pk]), {"successor": ben.pk}).status_code == 302
    for device in devices[:2]:
        assert device.get(reverse("today")).url == reverse("organisation-choose")
        assert "You belong to no organisation" in device.get(reverse("organisation-choose")).content.decode()
    assert devices[2].post(UNLOCK, {"secret": PASSWORD}).url.startswith(LOG_IN)
    assert SESSION_KEY not in devices[2].session
    assert is_in(devices[3])


@pytest.mark.parametrize("elsewhere_too", [False, True])
def test_who_comes_back_logs_in_anew(browser, devices, ann, ben, ada, elsewhere, elsewhere_too):
    """What stood open when the access ended may be in anybody's hands; another organisation's log-in is not ours."""
    if elsewhere_too:
        with tenant(elsewhere.pk):
            PractitionerFactory(organisation=elsewhere, user=ann.user, name="Ann at the fjord")
    browser.force_login(ada.user)
    browser.post(reverse("practitioner-deactivate", args=[ann.pk]), {"successor": ben.pk})
    browser.post(reverse("practitioner-reactivate", args=[ann.pk]))
    assert sessions.sessions_of(ann.user) == (3 if elsewhere_too else 0)
    assert is_in(devices[0]) == elsewhere_too
    assert is_in(devices[3])


def test_a_closed_account_is_out_on_every_device_at_once(devices, ann):
    ann.user.is_active = False
    ann.user.save()
    assert [is_in(device) for device in devices] == [False, False, False, True]
    assert devices[2].post(UNLOCK, {"secret": PASSWORD}).url.startswith(LOG_IN)


def test_a_request_under_way_does_not_bring_an_ended_session_back(browser, ann):
    browser.force_login(ann.user)
    under_way = browser.session
    under_way["seen"] = 0
    sessions.end_sessions(ann.user)
    with pytest.raises(UpdateError):
        under_way.save()
    assert not is_in(browser)
