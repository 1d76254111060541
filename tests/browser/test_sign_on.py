"""Logging in with one's organisation in Chromium, at a provider of another site: there, back, and in."""

import re
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from organisations.models import Practitioner
from organisations.tenancy.context import tenant
from tests.browser.axe import violations
from tests.identity_providers import Served
from tests.organisations.sign_on.conftest import connect
from tests.people import PASSWORD

TODAY = re.compile(r"/(today|first-steps)/")


@pytest.fixture
def provider(settings, live_server):
    settings.SITE_URL = live_server.url
    with Served() as running:
        settings.SIGN_ON_INSIDE_HOSTS = [urlsplit(running.url).netloc]
        yield running


def faults(page) -> list[str]:
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:120]}" for rule in violations(page)]


def choose(page):
    page.goto(reverse("account_login"))
    page.get_by_role("link", name="Log in with your organisation").click()
    assert faults(page) == []
    page.get_by_role("link", name="Solsikke Municipality").click()


def test_by_openid_connect(page, provider, ada, house):
    connect(provider, ada, "oidc")
    choose(page)
    expect(page).to_have_url(TODAY)
    with tenant(house.pk):
        assert Practitioner.objects.get(name="Eva Friis").user.signs_on_in == house


def test_by_saml_whose_answer_comes_from_another_site(page, provider, ada, house):
    connect(provider, ada, "saml")
    choose(page)
    page.get_by_role("button", name="Go on").click()
    expect(page).to_have_url(TODAY)


def test_a_refusal_is_a_sentence_and_a_number(page, provider, ada, house):
    connect(provider, ada, "oidc")
    provider.claims = {"roles": ["somebody"]}
    choose(page)
    expect(page.get_by_role("status").filter(has_text="no role")).to_be_visible()
    expect(page.get_by_text(re.compile("[0-9A-F]{4}-[0-9A-F]{4}"))).to_be_visible()
    assert faults(page) == []


def test_an_administrator_tries_it_out_and_switches_it_on(page, provider, ada, house):
    connect(provider, ada, "saml")
    with tenant(house.pk):
        house.sign_on = ""
        house.save()
    page.goto(reverse("account_login"))
    page.get_by_label("Email").fill(ada.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()
    page.goto(reverse("identity-provider"))
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("link", name="Go on").click()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Everything that is needed came.")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Switch on").click()
    page.get_by_label("Password").fill(PASSWORD)  # who one is has to be confirmed first
    page.get_by_role("main").get_by_role("button").first.click()
    expect(page.get_by_text("It is on: people can log in with it.")).to_be_visible()
