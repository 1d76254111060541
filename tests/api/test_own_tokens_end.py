"""Tokens of one's own end with the log-ins: a new password, "log out everywhere", an account that is closed."""

import re

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse

from organisations.models import AccessEvent, DeviceSession
from organisations.services.password_reset import send_reset
from organisations.tenancy.context import tenant
from tests.api.asking import decide, mint, system_of
from tests.factories import PractitionerFactory
from tests.people import PASSWORD, person

NEW = "quite another sentence"
CHANGE = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
KEEP = {"keep_tokens": "on"}
CHANGES = {"account_change_password": CHANGE, "account-end-sessions": {}}


def works(system) -> bool:
    status = system.get("me/").status_code
    assert status in {200, 401}
    return status == 200


@pytest.fixture
def elsewhere_too(ann, dora):
    """Ann's token in a second organisation."""
    with tenant(dora.organisation_id):
        there = PractitionerFactory(organisation=dora.organisation, user=ann.user, name="Ann Holm")
    return system_of(there)


@pytest.mark.parametrize("name", CHANGES)
def test_ones_own_tokens_end_in_every_organisation_and_on_record(name, ann, ben, elsewhere_too, browser):
    mine, others = system_of(ann), system_of(ben)
    browser.force_login(ann.user)
    browser.post(reverse("organisation-switch"), {"practitioner": ann.pk})
    assert browser.post(reverse(name), CHANGES[name]).status_code == 302
    assert (works(mine), works(elsewhere_too), works(others)) == (False, False, True)
    with tenant(ann.organisation_id):
        revoked = AccessEvent.objects.filter(action="token.revoke")
        assert list(revoked.values_list("practitioner__name", flat=True)) == ["Ann Holm"]


@pytest.mark.parametrize("name", CHANGES)
def test_own_tokens_stay_where_the_form_asks_to_keep_them(name, ann, browser):
    mine = system_of(ann)
    browser.force_login(ann.user)
    assert browser.post(reverse(name), CHANGES[name] | KEEP).status_code == 302
    assert works(mine)


def test_a_wrong_password_ends_nothing(ann, browser):
    mine = system_of(ann)
    browser.force_login(ann.user)
    assert browser.post(reverse("account_change_password"), CHANGE | {"oldpassword": "x"}).status_code == 200
    assert works(mine)


def test_a_forgotten_password_ends_them_whatever_the_form_says(ann, browser):
    mine = system_of(ann)
    with tenant(ann.organisation_id):
        send_reset(ann.user, ann.organisation)
    link = re.search(r"http\S+", mail.outbox[0].body)[0]
    page = browser.get(link, follow=True)
    assert "programs that work for you by a token stop" in page.content.decode()
    answer = browser.post(page.redirect_chain[-1][0], {"password1": NEW, "password2": NEW} | KEEP)
    assert answer.status_code == 302
    assert not works(mine)


def test_a_password_that_the_operator_sets_ends_tokens_and_log_ins(ann, elsewhere_too, browser, monkeypatch):
    mine = system_of(ann)
    browser.force_login(ann.user)
    monkeypatch.setattr("getpass.getpass", lambda **_: NEW)
    call_command("changepassword", ann.user.email)
    ann.user.refresh_from_db()
    assert ann.user.check_password(NEW)
    assert (works(mine), works(elsewhere_too)) == (False, False)
    assert DeviceSession.objects.filter(user=ann.user).count() == 0
    with tenant(ann.organisation_id):
        assert AccessEvent.objects.filter(purpose="by the operator").count() == 1


def test_the_pages_say_what_ends_and_offer_to_keep_it(ann, ben, browser):
    mint(ann), mint(ann)
    offers = "My programs keep working"
    for who, offered in ((ann, True), (ben, False)):
        browser.force_login(who.user)
        for name in ("account", "account_change_password"):
            page = browser.get(reverse(name)).content.decode()
            assert (offers in page) is offered, (who, name)
            assert "checked" not in "".join(re.findall(r"<input[^>]*keep_tokens[^>]*>", page))
    browser.force_login(ann.user)
    assert "Otherwise your 2 tokens end too." in browser.get(reverse("account")).content.decode()
    page = browser.post(reverse("account_change_password"), CHANGE, follow=True)
    assert "2 tokens of yours have ended." in page.content.decode()
    browser.force_login(ann.user)
    assert offers not in browser.get(reverse("account")).content.decode()


def test_tokens_that_somebody_made_for_systems_stay_and_are_named_when_they_leave(
    ask,
    ada,
    lea,
    red_team,
    nils,
    browser,
):
    system, token = ask()
    decide(browser, lea, token)
    zoe = person(red_team, "Zoe Ek", "admin", teams=[])
    browser.force_login(ada.user)
    assert "Tokens of other systems go on working." in browser.get(reverse("account")).content.decode()
    browser.force_login(zoe.user)
    url = reverse("practitioner-deactivate", args=[ada.pk])
    page = browser.get(url).content.decode()
    assert "made for other systems go on working" in page
    assert "Record system" in page
    assert browser.post(url).status_code == 302
    assert works(system)
    browser.post(reverse("token-revoke", args=[token.pk]))
    assert not works(system)
    assert "go on working" not in browser.get(reverse("practitioner-deactivate", args=[lea.pk])).content.decode()
