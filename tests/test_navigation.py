"""The main menu marks the section in which somebody is, on pages with an address of their own too."""

import re

import pytest
from django.urls import reverse

from organisations.tenancy.context import tenant
from sessions_app.models import AccessAlarm, AccessSample
from tests.factories import SessionFactory
from tests.second_factors import confirm

pytestmark = pytest.mark.django_db
MARKED = re.compile(r'<a href="([^"]+)" aria-current="page">([^<]+)</a>')


def marked(browser, path):
    """The entries marked in the two bars, which hold the same."""
    answer = browser.get(path)
    assert answer.status_code == 200, path
    page = answer.content.decode()
    bars = [page.partition(f'<nav class="{name}"')[2].partition("</nav>")[0] for name in ("top-nav", "bottom-nav")]
    top, bottom = ([words for _address, words in MARKED.findall(bar)] for bar in bars)
    assert top == bottom
    return top


@pytest.fixture
def looks(house, ben):
    """An alarm and a sample."""
    with tenant(house.pk):
        moment = "2026-03-02T09:00:00Z"
        alarm = AccessAlarm.objects.create(
            organisation=house, practitioner=ben, clients_count=15, since=moment, until=moment
        )
        return alarm, AccessSample.objects.create(organisation=house, month="2026-03-01", looks=1, unrelated=0)


def test_who_has_looked_belongs_to_people_and_teams(browser, ada, looks, red_team):
    alarm, sample = looks
    browser.force_login(ada.user)
    confirm(browser)  # for the page of the log-in's rules
    for path in (
        reverse("people"),
        reverse("access-log"),
        reverse("access-checks"),
        reverse("access-alarm", args=[alarm.pk]),
        reverse("access-sample", args=[sample.pk]),
        reverse("tokens"),
        reverse("log-in-rules"),
        reverse("team-edit", args=[red_team.pk]),
        reverse("service-edit", args=[red_team.service_id]),
    ):
        assert marked(browser, path) == ["People and teams"], path


def test_a_session_belongs_to_clients(browser, ann, nils, episode):
    with tenant(ann.organisation_id):
        session = SessionFactory(organisation=ann.organisation, episode=episode, practitioner=ann)
    browser.force_login(ann.user)
    for path in (
        reverse("client-detail", args=[nils.pk]),
        reverse("session-flow", args=[session.pk]),
        reverse("session-edit", args=[session.pk]),
        reverse("episode-end", args=[episode.pk]),
        reverse("paper-grid"),
    ):
        assert marked(browser, path) == ["Clients"], path


def test_one_s_own_pages_belong_to_no_section(browser, ann):
    browser.force_login(ann.user)
    for name in ("account", "supervision", "own-tokens"):
        assert marked(browser, reverse(name)) == []


def test_the_phone_s_bar_marks_more_for_what_it_holds(browser, ada):
    browser.force_login(ada.user)
    for name, inside in (("packs", True), ("measures", True), ("people", False)):
        assert ("<summary data-current>" in browser.get(reverse(name)).content.decode()) is inside
