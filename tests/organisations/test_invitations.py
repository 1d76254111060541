"""The way in: a link by mail, once, for seven days."""

import re

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.test import Client as Browser
from django.urls import reverse

from organisations.jobs.outbox import ask_for, publish_due
from organisations.models import Capability, CapabilityKind, Outbox, Practitioner, User
from organisations.services.invitations import SEND_INVITATION, create_invitation_link
from organisations.tasks import send_invitation
from organisations.tenancy.context import tenant
from organisations.tokens.capabilities import hash_of
from tests.factories import OrganisationFactory, PractitionerFactory, UserFactory
from tests.people import PASSWORD

GOOD = {"name": "Eva Friis", "language": "sv", "password": "four words make one"}


@pytest.fixture
def eva(house):
    """Invited, no account yet."""
    with tenant(house.pk):
        return PractitionerFactory(organisation=house, user=None, name="Eva Friis", email="eva@example.org")


@pytest.fixture
def link(eva):
    return link_of(eva)


def link_of(practitioner):
    """The path of a new invitation."""
    with tenant(practitioner.organisation_id):
        return create_invitation_link(practitioner=practitioner).removeprefix("http://localhost:8000")


def again(practitioner):
    with tenant(practitioner.organisation_id):
        return Practitioner.objects.select_related("user").get(pk=practitioner.pk)


def text(page):
    return page.content.decode()


def deliver():
    """What relay and worker do: every due outbox row runs its task."""
    return publish_due(lambda task, ids: send_invitation(**ids))


def test_an_invitation_makes_the_account_and_lets_the_person_in(browser, eva, link):
    page = browser.get(link)
    assert page.status_code == 200
    assert "Welcome to <bdi>Solsikke Municipality</bdi>" in text(page)
    assert "eva@example.org" in text(page)
    assert not User.objects.exists()

    entered = browser.post(link, GOOD)

    assert entered.status_code == 302
    user = User.objects.get(email="eva@example.org")
    assert user.check_password(GOOD["password"])
    assert user.language == "sv"
    assert again(eva).user == user
    assert browser.session[SESSION_KEY] == str(user.pk)
    assert browser.session["practitioner"] == str(eva.pk)
    assert entered.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == ""  # gone with the browser
    assert browser.get(reverse("account")).status_code == 200


def test_an_invitation_works_once_and_says_so(browser, eva, link):
    browser.post(link, GOOD | {"language": "en"})
    other = Browser()
    for page in (other.get(link), other.post(link, GOOD | {"password": "another good password"})):
        assert page.status_code == 410
        assert "This invitation has been used" in text(page)
    assert again(eva).user.check_password(GOOD["password"])
    assert Capability.objects.get().used_at


def test_an_invitation_gets_too_old_and_says_how_to_get_another(browser, eva):
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False) as clock:
        link = link_of(eva)
        clock.move_to("2026-03-08T11:59:59Z")
        assert browser.get(link).status_code == 200
        clock.move_to("2026-03-08T12:00:01Z")
        for page in (browser.get(link), browser.post(link, GOOD)):
            assert page.status_code == 410
            assert "This invitation is too old" in text(page)
            assert "administrator of your organisation sends you a new one" in text(page)
    assert again(eva).user is None


def test_a_new_invitation_replaces_the_earlier_one(browser, eva, link):
    newer = link_of(eva)
    page = browser.get(link)
    assert page.status_code == 410
    assert "This link has been replaced" in text(page)
    assert browser.get(newer).status_code == 200


def test_an_invitation_of_somebody_deactivated_is_closed(browser, eva, link):
    with tenant(eva.organisation_id):
        Practitioner.objects.filter(pk=eva.pk).update(is_active=False)
    assert browser.post(link, GOOD).status_code == 410
    assert again(eva).user is None


@pytest.mark.parametrize("token", ["x", "A" * 43, "…"])
def test_another_token_opens_nothing(browser, eva, link, token):
    assert browser.get(reverse("invitation", args=[token])).status_code == 404


def test_a_token_of_another_kind_opens_no_invitation(browser, eva, link):
    Capability.objects.update(kind=CapabilityKind.HANDOVER)
    assert browser.get(link).status_code == 404


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"password": "short"}, "at least 12 characters"),
        ({"password": "eva@example.org"}, "too similar"),
        ({"password": ""}, "required"),
        ({"name": ""}, "required"),
        ({"language": "xx"}, "valid choice"),
    ],
)
def test_a_wrong_entry_is_said_and_the_link_still_works(browser, eva, link, change, sentence):
    page = browser.post(link, GOOD | change)
    assert page.status_code == 422
    assert sentence in text(page)
    assert not User.objects.exists()
    assert browser.post(link, GOOD).status_code == 302


def test_an_account_that_exists_is_confirmed_by_its_own_password(browser, eva, link):
    user = UserFactory(email="eva@example.org", language="en")
    elsewhere = OrganisationFactory()
    with tenant(elsewhere.pk):
        PractitionerFactory(organisation=elsewhere, user=user)
    assert "You already log in as eva@example.org" in text(browser.get(link))

    page = browser.post(link, GOOD)
    assert page.status_code == 422
    assert "That is not the password." in text(page)
    assert again(eva).user is None

    assert browser.post(link, {"name": "Eva Friis", "password": PASSWORD}).status_code == 302
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert user.language == "en"
    assert again(eva).user == user


def test_accepting_ends_the_session_of_whoever_used_the_device_before(browser, eva, link, ann):
    browser.force_login(ann.user)
    browser.post(link, GOOD)
    assert browser.session[SESSION_KEY] == str(again(eva).user_id)


def test_a_handed_over_device_does_not_reach_an_invitation(browser, eva, link, ann):
    browser.force_login(ann.user)
    session = browser.session
    session["kiosk"] = {"user": str(ann.user.pk)}
    session.save()
    assert browser.get(link).status_code == 302
    assert again(eva).user is None


def test_the_mail_is_in_the_organisations_language_and_its_link_works(browser, eva, settings):
    settings.SITE_URL = "https://medspil.example.org"
    ask_for(SEND_INVITATION, organisation_id=eva.organisation_id, object_id=eva.pk)

    assert deliver() == 1

    (message,) = mail.outbox
    assert message.to == ["eva@example.org"]
    assert message.subject == "Solsikke Municipality invites you to Medspil"
    path = re.search(r"https://medspil\.example\.org(/invitation/\S+/)", message.body)[1]
    assert browser.get(path).status_code == 200
    assert Outbox.objects.get().done_at


def test_the_outbox_names_the_task_as_the_worker_knows_it():
    assert send_invitation.name == SEND_INVITATION


def test_the_task_run_twice_sends_one_mail(eva):
    row = ask_for(SEND_INVITATION, organisation_id=eva.organisation_id, object_id=eva.pk)
    ids = {
        "outbox_id": str(row.pk),
        "organisation_id": str(eva.organisation_id),
        "object_id": str(eva.pk),
    }
    send_invitation(**ids)
    send_invitation(**ids)
    assert len(mail.outbox) == 1


def test_a_mail_that_cannot_be_sent_leaves_the_row_open_and_no_link(eva, monkeypatch):
    def refuse(*args, **kwargs):
        raise OSError("no mail server")

    row = ask_for(SEND_INVITATION, organisation_id=eva.organisation_id, object_id=eva.pk)
    monkeypatch.setattr("organisations.services.account_mail.send_mail", refuse)
    with pytest.raises(OSError, match="no mail server"):
        deliver()
    row.refresh_from_db()
    assert row.done_at is None
    assert not Capability.objects.exists()


def test_only_the_hash_of_a_token_is_stored(eva, link):
    token = link.rstrip("/").rsplit("/", 1)[-1]
    assert bytes(Capability.objects.get().token_hash) == hash_of(token)
