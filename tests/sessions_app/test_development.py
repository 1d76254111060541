"""One's own development: seen by oneself and by whom one shows it, with minimum numbers, beside nobody else."""

import datetime

import pytest
from django.test import Client as Browser
from django.urls import reverse

from organisations.models import AccessEvent
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from reports.development.figures import read_figures
from sessions_app.measures.results.suppression import INSIDE
from sessions_app.models import Alert, PracticeGoal, Rating, SupervisionCase, SupervisionShare
from tests.factories import ClientFactory
from tests.sessions_app.test_team_meetings import course

pytestmark = pytest.mark.django_db
WORDS = "Ask for the low mark before the high one"


def logged_in(someone):
    browser = Browser()
    browser.force_login(someone.user)
    return browser


def text_of(answer):
    return " ".join(answer.content.decode().split())


def page(someone, name, *args):
    return text_of(logged_in(someone).get(reverse(name, args=args)))


def share(of, with_whom, **more):
    with tenant(of.organisation_id):
        own = {"organisation": of.organisation, "practitioner": of, "shared_with": with_whom}
        return SupervisionShare.objects.create(**own, **more)


def set_goal(who, **changes):
    today = today_in(who.organisation)
    sent = {"wording": WORDS, "agreed_with": "Grete", "set_on": today.isoformat()} | changes
    return logged_in(who).post(reverse("practice-goal-new"), sent)


def goal_of(who):
    with tenant(who.organisation_id):
        return PracticeGoal.objects.filter(practitioner=who).first()


def step(who, name, row):
    return logged_in(who).post(reverse(name, args=[row.pk]))


def measured(by, team, clients, srs=340):
    """So many clients of somebody, each with one session yesterday and an SRS."""
    with tenant(by.organisation_id):
        for number in range(clients):
            course(by, team, f"D-{srs}-{number}", 200)
        own = Rating.objects.filter(instrument="srs", session__client__reference__startswith=f"D-{srs}-")
        return list(own.values_list("session", flat=True))


def test_shares_are_shown_from_so_many_clients_on(ann, red_team):
    measured(ann, red_team, INSIDE - 1)
    with tenant(ann.organisation_id):
        figures = read_figures(ann, today_in(ann.organisation))
    shown = [row for row in figures.quarters if row.sessions]
    assert sum(row.sessions for row in shown) == INSIDE - 1
    assert all(row.below_share is None and row.full_share is None for row in shown)
    assert "Fewer than 8 clients" in page(ann, "development")
    with tenant(ann.organisation_id):
        course(ann, red_team, "D-last", 200)
        figures = read_figures(ann, today_in(ann.organisation))
    row = max(figures.quarters, key=lambda one: one.sessions)
    assert row.is_shown
    assert (row.below_share, row.full_share) == (0, 0)  # 38.0 is above the cut-off of 36 and not full


def test_only_ones_own_sessions_and_no_practice_client_count(ann, ben, red_team):
    with tenant(ann.organisation_id):
        course(ann, red_team, "D-1", 200)
        course(ben, red_team, "D-2", 200)
        course(ann, red_team, "D-3", 200, is_practice=True)
        assert sum(row.sessions for row in read_figures(ann, today_in(ann.organisation)).quarters) == 1


def test_rules_are_counted_by_clients_from_so_many_on(ann, red_team):
    with tenant(ann.organisation_id):
        today = today_in(ann.organisation)
        for number in range(INSIDE):
            episode = course(ann, red_team, f"R-{number}", 200)
            session = episode.sessions.get()
            alert = {"organisation": ann.organisation, "episode": episode, "session": session, "raised_on": today}
            Alert.objects.create(**alert, rule="S5", level="info")
            if number == 0:
                Alert.objects.create(**alert, rule="O1", level="red")
            if number == INSIDE - 2:
                assert read_figures(ann, today).rules == []
        rules = read_figures(ann, today).rules
    assert [rule.clients for rule in rules] == [INSIDE, None]


@pytest.mark.parametrize("count", [1, 5])
def test_the_page_costs_the_same_for_any_number(ann, red_team, count, django_assert_num_queries):
    with tenant(ann.organisation_id):
        for number in range(count):
            course(ann, red_team, f"D-{number}", 200, 210)
    set_goal(ann)
    browser = logged_in(ann)
    browser.get(reverse("development"))
    with django_assert_num_queries(19):
        browser.get(reverse("development"))


def test_a_goal_is_set_practised_reached_and_taken_away(ann):
    assert set_goal(ann).status_code == 302
    goal, today = goal_of(ann), today_in(ann.organisation)
    for _twice in range(2):
        step(ann, "practice-goal-practised", goal)
    assert goal_of(ann).practised_on == [today]
    step(ann, "practice-goal-not-practised", goal)
    assert goal_of(ann).practised_on == []
    step(ann, "practice-goal-reached", goal)
    assert goal_of(ann).reached_on == today
    step(ann, "practice-goal-reopen", goal)
    assert goal_of(ann).reached_on is None
    step(ann, "practice-goal-remove", goal)
    assert goal_of(ann) is None


@pytest.mark.parametrize(
    ("changes", "words"), [({"wording": " "}, "Write a few words."), ({"set_on": "2999-01-01"}, "still to come")]
)
def test_what_is_wrong_with_a_goal_is_said_and_nothing_is_kept(ann, changes, words):
    answer = set_goal(ann, **changes)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert goal_of(ann) is None


def test_nobody_else_sees_the_page_not_even_the_lead_or_who_shares_ratings(ann, lea, ada):
    set_goal(ann)
    given = share(ann, lea)
    assert logged_in(lea).get(reverse("development-of", args=[ann.pk])).status_code == 404
    assert logged_in(ada).get(reverse("development")).status_code == 403
    assert WORDS not in page(lea, "development")
    step(ann, "development-show", given)
    assert WORDS in page(lea, "development-of", ann.pk)
    for name in ("practice-goal-reached", "practice-goal-remove"):
        assert step(lea, name, goal_of(ann)).status_code == 404
    assert step(lea, "development-hide", given).status_code == 404
    step(ann, "development-hide", given)
    assert logged_in(lea).get(reverse("development-of", args=[ann.pk])).status_code == 404


def test_a_share_that_ended_shows_nothing(ann, lea):
    set_goal(ann)
    given = share(ann, lea, with_development=True)
    step(ann, "supervision-share-end", given)
    assert logged_in(lea).get(reverse("development-of", args=[ann.pk])).status_code == 404
    with tenant(ann.organisation_id):
        assert not PracticeGoal.objects.visible_to(lea).exists()


@pytest.fixture
def case(ann, red_team):
    with tenant(ann.organisation_id):
        return course(ann, red_team, "S-1", 200, 190, contact=ann)


def bring(who, case, question="What do I not see?"):
    sent = {"episode": case.pk, "question": question}
    answer = logged_in(who).post(reverse("supervision-case-new"), sent)
    assert answer.status_code == 302, answer.content.decode()
    with tenant(who.organisation_id):
        return SupervisionCase.objects.latest("created_at")


def save(who, row, **sent):
    browser = logged_in(who)
    address = reverse("supervision-case", args=[row.pk])
    version = browser.get(address).context["form"].fields["version"].initial
    fields = {"question": row.question, "brought_on": "", "taken_home": "", "version": version}
    return browser.post(address, fields | sent)


def test_a_case_is_brought_and_what_was_taken_home_stands_there(ann, case):
    row = bring(ann, case)
    refused = save(ann, row, taken_home="Ask the sister.")
    assert refused.status_code == 422
    assert "Say on which day you brought it." in refused.content.decode()
    day = today_in(ann.organisation)
    late = save(ann, row, brought_on=(day + datetime.timedelta(days=1)).isoformat())
    assert "still to come" in late.content.decode()
    assert save(ann, row, brought_on=day.isoformat(), taken_home="Ask the sister.").status_code == 302
    shown = page(ann, "supervision")
    assert "What do I not see?" in shown
    assert "Ask the sister." in shown
    step(ann, "supervision-case-remove", row)
    assert "What do I not see?" not in page(ann, "supervision")
    step(ann, "supervision-case-restore", row)
    assert "What do I not see?" in page(ann, "supervision")


def test_a_case_is_shown_to_the_supervisor_only_where_they_may_see_the_client(ann, lea, cleo, case):
    row = bring(ann, case)
    given = [share(ann, lea), share(ann, cleo)]
    assert "What do I not see?" not in page(lea, "supervision-of", ann.pk)
    for one in given:
        step(ann, "development-show", one)
    assert "What do I not see?" in page(lea, "supervision-of", ann.pk)
    assert "What do I not see?" not in page(cleo, "supervision-of", ann.pk)
    assert logged_in(lea).get(reverse("supervision-case", args=[row.pk])).status_code == 404
    with tenant(ann.organisation_id):
        looks = AccessEvent.objects.filter(action="supervision.case", client_ids__contains=[case.client_id])
        assert looks.filter(practitioner_id=lea.pk).exists()


def test_a_practice_client_is_no_case_for_supervision(ann, red_team):
    with tenant(ann.organisation_id):
        ClientFactory(organisation=ann.organisation, teams=[red_team])
        course(ann, red_team, "P-1", 200, is_practice=True)
    assert "P-1" not in page(ann, "supervision-case-new")
