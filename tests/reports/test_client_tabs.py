"""The tabs of the client page: one more is an entry in tabs.py, a function and a template, and nothing else."""

import re
from html import unescape

import pytest
from django.template.loader import get_template
from django.urls import reverse

from organisations.models import AccessEvent
from organisations.roles import Can, Role, may
from organisations.tenancy.context import tenant
from reports.client_page import tabs
from reports.client_page.tabs import TABS, Tab

pytestmark = pytest.mark.django_db
SAID = "Plan of Nils, read for Ann Holm"


@pytest.fixture
def alone(monkeypatch):
    """The first tab is the only one, however many there are by now."""
    monkeypatch.setattr(tabs, "TABS", TABS[:1])


@pytest.fixture
def added(monkeypatch, settings, tmp_path, alone):
    """Adds a tab "plan" that whoever can do `verb` sees."""

    def add(verb):
        (tmp_path / "plan.html").write_text("<p>Plan of {{ client }}, read for {{ reader }}</p>")
        settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], tmp_path]}]
        plan = Tab("plan", "Plan", verb, "plan.html", lambda page: {"reader": page.by.name})
        monkeypatch.setattr(tabs, "TABS", [*TABS[:1], plan])

    return add


def shown(browser, address):
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def links(page):
    """(address, label) of the tabs on a page."""
    nav = re.search(r'<nav class="tabs".*?</nav>', page, re.DOTALL)
    return (
        [(unescape(href), label) for href, label in re.findall(r'href="([^"]+)"[^>]*>([^<]+)<', nav[0])] if nav else []
    )


def test_one_tab_needs_no_links(browser, ann, nils, alone):
    browser.force_login(ann.user)
    assert links(shown(browser, reverse("client-detail", args=[nils.pk]))) == []


def test_an_added_tab_is_on_the_page_with_its_link(browser, ann, nils, episode, added):
    added(Can.VIEW_CLIENT)
    browser.force_login(ann.user)
    first = shown(browser, reverse("client-detail", args=[nils.pk]))
    assert [label for _address, label in links(first)] == ["Course", "Plan"]
    assert "Agreed" in first
    assert SAID not in first
    address = {label: address for address, label in links(first)}["Plan"]
    page = shown(browser, address)
    assert SAID in page
    assert "Agreed" not in page
    assert re.search(r'aria-current="page">Plan<', page)
    assert f"episode={episode.pk}" in address
    with tenant(ann.organisation_id):
        assert AccessEvent.objects.filter(action="client.view", client_ids=[nils.pk]).count() == 2


def test_a_tab_is_for_those_who_may_see_it(browser, ann, lea, nils, added):
    verb = next(verb for verb in Can if may(Role.TEAM_LEAD, verb) and not may(Role.PRACTITIONER, verb))
    added(verb)
    address = reverse("client-detail", args=[nils.pk], query={"tab": "plan"})
    browser.force_login(ann.user)
    page = shown(browser, address)
    assert links(page) == []
    assert "Plan of Nils" not in page
    assert "Agreed" in page
    browser.force_login(lea.user)
    assert "Plan of Nils, read for " in shown(browser, address)


def test_an_unknown_word_shows_the_first_tab(browser, ann, nils, added):
    added(Can.VIEW_CLIENT)
    browser.force_login(ann.user)
    for word in ("", "nothing", "x" * 3000, "plan\x00"):
        answer = browser.get(reverse("client-detail", args=[nils.pk]), {"tab": word})
        assert answer.status_code in (200, 400)
        assert SAID not in answer.content.decode()


def test_each_tab_says_who_may_see_it_and_has_its_template():
    assert len({tab.key for tab in TABS}) == len(TABS)
    for tab in TABS:
        assert isinstance(tab.verb, Can), tab.key
        assert get_template(tab.template), tab.key
        assert callable(tab.read), tab.key
    viewers = [role for role in Role if may(role, Can.VIEW_CLIENT)]
    assert viewers
    for role in viewers:
        assert any(may(role, tab.verb) for tab in TABS), f"{role} can open the page and sees no tab"
