"""One's own caseload between the limits of chance: who sees it, of whom, and when there is too little."""

from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organisations.tenancy.context import tenant
from reports.results.own_caseload import is_whole_caseload
from reports.results.rows import CORS
from reports.results.selection import OWN, Selection
from tests.factories import PractitionerFactory
from tests.reports.test_results import pairs_like, shown_to
from tests.results_rows import add_episodes

pytestmark = pytest.mark.django_db
SECTION = "Your caseload and chance"


@pytest.fixture
def colleagues(house, service, red_team):
    """Makes so many colleagues with so many ended episodes each."""

    def make(count, episodes=12, **values):
        with tenant(house.id):
            people = [PractitionerFactory(organisation=house, teams=[red_team]) for _ in range(count)]
        for place, one in enumerate(people):
            add_episodes(one, service, pairs_like(100 + place, episodes), team=red_team, contact=one, **values)
        return people

    return make


def add_own(ann, service, team, count, gain=0, seed=1, **values):
    pairs = [(first, min(400, max(0, last + gain))) for first, last in pairs_like(seed, count)]
    return add_episodes(ann, service, pairs, team=team, contact=ann, **values)


def test_a_caseload_stands_between_the_limits_of_chance(browser, ann, service, red_team, colleagues):
    add_own(ann, service, red_team, 40)
    colleagues(5)
    page = shown_to(browser, ann, of="own")
    assert f"{SECTION} Your clients changed about as much as their first scores let expect" in page
    assert "with 5 other practitioners" in page
    assert "Below 60 episodes a few clients more can still change it much." in page
    assert 'id="results-own-title"' in browser.get(reverse("results"), {"of": "own"}).content.decode()


def test_a_caseload_that_changed_far_more_is_told_so_in_words_of_chance(browser, ann, service, red_team, colleagues):
    add_own(ann, service, red_team, 60, gain=90)
    colleagues(9)
    page = shown_to(browser, ann, of="own")
    assert "Your clients changed far more than chance alone explains." in page
    assert "From 60 episodes on this is fairly stable." in page


def test_nobody_else_is_placed_or_named(browser, ann, service, red_team, colleagues):
    add_own(ann, service, red_team, 40)
    people = colleagues(5)
    browser.force_login(ann.user)
    page = browser.get(reverse("results"), {"of": "own"}).content.decode()
    assert not [one.name for one in people if one.name in page]
    funnel = page.split('id="results-own-title"')[1].split("</svg>")[0]
    assert funnel.count("<circle") == 1


def test_with_fewer_than_thirty_the_page_says_from_when_on(browser, ann, service, red_team, colleagues):
    add_own(ann, service, red_team, 29)
    colleagues(5)
    page = shown_to(browser, ann, of="own")
    assert "You have 29 ended episodes with two scores. From 30 on you see how they compare with chance" in page


@pytest.mark.parametrize(("people", "episodes"), [(4, 12), (5, 9)])
def test_with_too_few_others_there_is_nobody_to_compare_with(
    browser, ann, service, red_team, colleagues, people, episodes
):
    add_own(ann, service, red_team, 40)
    colleagues(people, episodes)
    page = shown_to(browser, ann, of="own")
    assert "There is nobody to compare with yet: at least 5 others need 10 ended episodes each." in page


@pytest.mark.parametrize("chosen", [{"of": "teams"}, {"of": "own", "year": "2024"}, {"of": "own", "ending": "planned"}])
def test_a_part_or_more_than_ones_own_is_not_placed(browser, ann, service, red_team, colleagues, chosen):
    add_own(ann, service, red_team, 40)
    colleagues(5)
    assert SECTION not in shown_to(browser, ann, **chosen)


@pytest.mark.parametrize("filtered", ["year", "age", "kind", "ending", "label"])
def test_any_filter_makes_a_part_of_it(filtered):
    assert is_whole_caseload(Selection(OWN, form=CORS))
    assert not is_whole_caseload(Selection(OWN, **{filtered: "x"}))


def test_who_sees_no_client_sees_no_caseload(browser, ada, ann, service, red_team, colleagues):
    add_own(ann, service, red_team, 40)
    colleagues(5)
    assert SECTION not in shown_to(browser, ada)


def test_colleagues_of_teams_one_is_not_in_count_for_what_is_expected(
    browser, ann, service, red_team, house, blue_team
):
    add_own(ann, service, red_team, 40)
    with tenant(house.id):
        people = [PractitionerFactory(organisation=house, teams=[blue_team]) for _ in range(5)]
    for place, one in enumerate(people):
        add_episodes(one, service, pairs_like(place, 12), team=blue_team, contact=one)
    assert "with 5 other practitioners" in shown_to(browser, ann, of="own")


def test_practice_clients_are_nobody_to_compare_with(browser, ann, service, red_team, colleagues):
    add_own(ann, service, red_team, 40)
    colleagues(5, client={"is_practice": True})
    assert "There is nobody to compare with yet" in shown_to(browser, ann, of="own")


def test_the_comparison_costs_the_same_however_many_there_are(browser, ann, service, red_team, colleagues):
    add_own(ann, service, red_team, 40)

    def cost():
        browser.force_login(ann.user)  # a session that is a minute old is written anew
        browser.get(reverse("results"), {"of": "own"})
        with CaptureQueriesContext(connection) as queries:
            browser.get(reverse("results"), {"of": "own"})
        return len(queries)

    colleagues(5)
    few = cost()
    colleagues(5, episodes=Random(1).randint(20, 30))
    assert cost() == few
