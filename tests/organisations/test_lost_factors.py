"""An administrator takes the second factor from somebody of their own house who has lost it, and from nobody else."""

import pytest
from django.core import mail
from django.test import Client as Browser
from django.urls import reverse

from organisations import tasks
from organisations.audit.account_events import FACTOR_REMOVED, FACTORS_RESET
from organisations.jobs.outbox import publish_due
from organisations.login import session_clock as sessions
from organisations.models import AccessEvent, Outbox, Practitioner
from organisations.services.lost_factors import TELL
from organisations.tenancy.context import tenant
from tests.factories import PractitionerFactory
from tests.people import PASSWORD
from tests.second_factors import App, Key, confirm, kinds_of, log_in, recovery_codes_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def secured(ann):
    """Ann, who has everything."""
    App(ann.user)
    Key(ann.user)
    recovery_codes_of(ann.user)
    return ann


@pytest.fixture
def admin(browser, ada):
    """Ada's browser; she has just shown who she is."""
    browser.force_login(ada.user)
    confirm(browser)
    return browser


def url(person):
    return reverse("practitioner-factors", args=[person.pk])


def rows(organisation):
    """(who, action, purpose) of the account's rows in a house's access log."""
    with tenant(organisation.pk):
        events = AccessEvent.objects.filter(action__startswith="account.").order_by("seq")
        return list(events.values_list("practitioner", "action", "purpose"))


def send(name, arguments):
    assert name == TELL
    tasks.tell_of_reset(**arguments)


def test_a_reset_removes_every_second_factor_and_ends_every_log_in(admin, ada, secured, house):
    devices = [Browser() for _ in range(2)]
    for device in devices:
        device.force_login(secured.user)
    page = admin.get(url(secured)).content.decode()
    assert "Make sure first who is asking" in page
    assert kinds_of(secured.user) == {"totp", "webauthn", "recovery_codes"}
    assert admin.post(url(secured)).headers["Location"] == reverse("people")
    assert "sets up a new second factor now" in admin.get(reverse("people")).content.decode()
    assert kinds_of(secured.user) == set()
    assert sessions.sessions_of(secured.user) == 0
    for device in devices:
        assert device.get(reverse("today")).headers["Location"].startswith(reverse("account_login"))
    assert rows(house)[-2:] == [
        (secured.pk, FACTOR_REMOVED, "by an administrator"),
        (ada.pk, FACTORS_RESET, str(secured.pk)),
    ]
    assert log_in(Browser(), secured.user).headers["Location"] == reverse("home")


def test_the_person_is_told_by_mail_to_the_address_of_the_account(admin, secured, house):
    with tenant(house.pk):
        Practitioner.objects.filter(pk=secured.pk).update(email="else@example.org")
    admin.post(url(secured))
    assert mail.outbox == []  # after the commit, by the worker
    assert publish_due(send) == 1
    [letter] = mail.outbox
    assert letter.to == [secured.user.email]
    assert house.name in letter.body
    assert "tell your administrator" in letter.body
    assert Outbox.objects.get().done_at is not None


def test_who_one_is_has_to_be_shown_just_before(browser, ada, secured):
    browser.force_login(ada.user)
    for answer in (browser.get(url(secured)), browser.post(url(secured))):
        assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert kinds_of(secured.user) == {"totp", "webauthn", "recovery_codes"}


@pytest.mark.parametrize("active", [True, False])
def test_who_works_in_two_houses_is_the_operators(admin, secured, house, elsewhere, active):
    with tenant(elsewhere.pk):
        PractitionerFactory(organisation=elsewhere, user=secured.user, is_active=active)
    page = admin.get(url(secured)).content.decode()
    answer = admin.post(url(secured))
    if active:
        for words in (page, answer.content.decode()):
            assert "remove_second_factors" in words
            assert "btn danger" not in words
            assert elsewhere.name not in words
        assert answer.status_code == 422
        assert kinds_of(secured.user) == {"totp", "webauthn", "recovery_codes"}
        assert not Outbox.objects.exists()
    else:  # no access there any more: it guards nothing of theirs
        assert answer.status_code == 302
        assert kinds_of(secured.user) == set()
    assert [row for row in rows(elsewhere) if row[1] == FACTOR_REMOVED] == []


def test_nobody_of_another_house_and_nobody_without_the_role(admin, secured, dora, lea):
    App(dora.user)
    assert admin.get(url(dora)).status_code == 404
    assert admin.post(url(dora)).status_code == 404
    assert kinds_of(dora.user) == {"totp"}
    other = Browser()
    other.force_login(lea.user)
    confirm(other)
    assert other.post(url(secured)).status_code == 403
    assert kinds_of(secured.user) == {"totp", "webauthn", "recovery_codes"}


def test_a_reset_is_refused_for_oneself_and_for_who_has_no_second_factor(admin, ada, ben, house):
    App(ada.user)
    assert "on your account page" in admin.post(url(ada)).content.decode()
    assert kinds_of(ada.user) == {"totp"}
    answer = admin.post(url(ben))
    assert answer.status_code == 422
    assert "has no second factor" in answer.content.decode()
    with tenant(house.pk):
        invited = PractitionerFactory(organisation=house, user=None, name="Eva Friis")
    assert admin.post(url(invited)).status_code == 422


def test_the_persons_page_leads_there_only_where_there_is_something(admin, ada, ben, secured):
    App(ada.user)
    for person, leads in ((secured, True), (ben, False), (ada, False)):
        page = admin.get(reverse("practitioner-edit", args=[person.pk])).content.decode()
        assert (url(person) in page) is leads


def test_what_happens_to_an_account_stands_in_both_houses_also_from_within_one(browser, ann, house, elsewhere):
    """Inside an organisation only its own rows are there: the other one's must be found all the same."""
    with tenant(elsewhere.pk):
        there = PractitionerFactory(organisation=elsewhere, user=ann.user)
    browser.force_login(ann.user)
    browser.post(reverse("organisation-switch"), {"practitioner": str(ann.pk)})
    new = "quite another sentence"
    browser.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    for practitioner, organisation in ((ann, house), (there, elsewhere)):
        assert (practitioner.pk, "account.password_changed", "") in rows(organisation)
