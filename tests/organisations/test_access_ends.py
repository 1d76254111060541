"""Access that ends by itself: asked for of a consultant, checked at each request, extended, closed at night."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.test import Client as Browser
from django.urls import reverse

from organisations.models import AccessEvent, DeviceSession, Outbox, Practitioner
from organisations.periodic import end_accounts
from organisations.roles import Role
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from tests.api.asking import system_of
from tests.factories import PractitionerFactory
from tests.people import PASSWORD
from tests.saving import save

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def today(house):
    return today_in(house)


@pytest.fixture
def admin(ada):
    browser = Browser()
    browser.force_login(ada.user)
    return browser


def text_of(answer):
    return " ".join(answer.content.decode().split())


def stored(person):
    with tenant(person.organisation_id):
        return Practitioner.objects.get(pk=person.pk)


def let_end(person, day, **more):
    with tenant(person.organisation_id):
        Practitioner.objects.filter(pk=person.pk).update(access_until=day, **more)


def invited(**changes):
    given = {"name": "Mette Ravn", "email": "mette@example.org", "role": "consultant", "teams": [], "access_until": ""}
    return given | changes


def test_a_consultant_needs_an_end_within_a_year_and_no_team(admin, house, red_team, today):
    for changes, sentence in (
        ({}, "Choose the last day"),
        ({"access_until": today - DAY}, "That day is past."),
        ({"access_until": today + 400 * DAY}, "A year ahead at most"),
        ({"access_until": today + DAY, "teams": [red_team.pk]}, "A consultant is in no team"),
    ):
        refused = admin.post(reverse("practitioner-new"), invited(**changes))
        assert refused.status_code == 422
        assert sentence in text_of(refused)
    assert admin.post(reverse("practitioner-new"), invited(access_until=today + 30 * DAY)).status_code == 302
    with tenant(house.pk):
        made = Practitioner.objects.get(name="Mette Ravn")
    assert (made.role, made.access_until) == (Role.CONSULTANT, today + 30 * DAY)


def test_a_contact_person_becomes_no_consultant(admin, ann, nils, today):
    sent = {"name": ann.name, "email": ann.email, "role": "consultant", "teams": [], "access_until": today + DAY}
    refused = save(admin, reverse("practitioner-edit", args=[ann.pk]), sent)
    assert refused.status_code == 422
    assert "A consultant sees too little of a client" in text_of(refused)
    assert stored(ann).role == Role.PRACTITIONER


def test_the_last_administrator_s_access_has_no_end(admin, ada, today):
    sent = {"name": ada.name, "email": ada.email, "role": "admin", "teams": [], "access_until": today + DAY}
    refused = save(admin, reverse("practitioner-edit", args=[ada.pk]), sent)
    assert refused.status_code == 422
    assert "Somebody has to remain" in text_of(refused)


def test_on_the_last_day_pages_open_and_on_the_next_one_none(ben, today):
    browser = Browser()
    browser.force_login(ben.user)
    let_end(ben, today)
    assert browser.get(reverse("today")).status_code == 200
    let_end(ben, today - DAY)
    answer = browser.get(reverse("today"), follow=True)
    assert answer.redirect_chain[0][0].endswith("?why=over")
    assert "Your access has ended" in text_of(answer)
    assert browser.get(reverse("today")).url.startswith(reverse("account_login")), "the log-in is gone"


def test_whoever_logs_in_after_the_end_reads_why_nothing_opens(ben, today):
    let_end(ben, today - DAY)
    browser = Browser()
    answer = browser.post(reverse("account_login"), {"login": ben.user.email, "password": PASSWORD}, follow=True)
    assert "Your access has ended" in text_of(answer)
    assert "_auth_user_id" not in browser.session


def test_the_last_day_is_the_organisation_s_own(ben, house):
    """Half past eleven in the evening in Denmark is still that day, and an hour later is not."""
    browser = Browser()
    let_end(ben, datetime.date(2026, 11, 10))
    with time_machine.travel(datetime.datetime(2026, 11, 10, 22, 30, tzinfo=datetime.UTC), tick=False):
        browser.force_login(ben.user)
        assert browser.get(reverse("today")).status_code == 200
    with time_machine.travel(datetime.datetime(2026, 11, 10, 23, 5, tzinfo=datetime.UTC), tick=False):
        assert browser.get(reverse("today")).status_code == 302


def test_somebody_who_works_in_two_places_goes_on_in_the_other(ben, dora, today):
    with tenant(dora.organisation_id):
        PractitionerFactory(organisation=dora.organisation, user=ben.user, name="Ben elsewhere")
    let_end(ben, today - DAY)
    browser = Browser()
    browser.force_login(ben.user)
    assert browser.get(reverse("today")).status_code == 200


def test_a_token_opens_nothing_after_the_end(ben, today):
    system = system_of(ben)
    assert system.get("practitioners/").status_code == 200
    let_end(ben, today - DAY)
    assert system.get("practitioners/").status_code == 401


def test_at_night_the_account_ends_with_its_log_ins_and_no_mail(ben, house, today):
    browser = Browser()
    browser.force_login(ben.user)
    let_end(ben, today)
    assert end_accounts() == 0
    let_end(ben, today - DAY)
    assert end_accounts() == 1
    assert end_accounts() == 0
    assert not stored(ben).is_active
    assert not DeviceSession.objects.filter(user=ben.user).exists()
    with tenant(house.pk):
        assert AccessEvent.objects.filter(action="account.access_ended", practitioner=ben).count() == 1
        assert not Outbox.objects.exists()
    assert not mail.outbox


def test_at_night_a_contact_person_stays_until_the_clients_are_handed_over(ann, nils, today):
    let_end(ann, today - DAY)
    assert end_accounts() == 0
    assert stored(ann).is_active
    browser = Browser()
    browser.force_login(ann.user)
    assert browser.get(reverse("today")).status_code == 302


def test_an_administrator_sees_the_end_and_extends_it_by_a_button(admin, ben, today):
    let_end(ben, today + DAY)
    page = text_of(admin.get(reverse("people")))
    assert "Four weeks more" in page
    assert admin.post(reverse("practitioner-extend", args=[ben.pk])).status_code == 302
    assert stored(ben).access_until == today + 29 * DAY


def test_an_account_that_has_ended_opens_again_by_the_same_button_alone(admin, ben, today):
    let_end(ben, today - 9 * DAY, is_active=False)
    page = text_of(admin.get(reverse("people")))
    assert "Access is over" in page
    refused = admin.post(reverse("practitioner-reactivate", args=[ben.pk]), follow=True)
    assert "Extend it instead." in text_of(refused)
    admin.post(reverse("practitioner-extend", args=[ben.pk]))
    assert (stored(ben).is_active, stored(ben).access_until) == (True, today + 28 * DAY)
    browser = Browser()
    browser.force_login(ben.user)
    assert browser.get(reverse("today")).status_code == 200


def test_who_has_no_end_has_no_button(admin, ben):
    assert reverse("practitioner-extend", args=[ben.pk]) not in text_of(admin.get(reverse("people")))
    refused = admin.post(reverse("practitioner-extend", args=[ben.pk]), follow=True)
    assert "has no end" in text_of(refused)
