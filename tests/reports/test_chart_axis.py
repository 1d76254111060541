"""The curve of the client's page: by session or by date, what happened besides, what it is compared with."""

from datetime import date

import pytest
from django.urls import reverse

from clients.models import Client, Episode
from organisations.tenancy.context import tenant
from sessions_app.models import Attendance, Goal, GoalMark, Session, SessionDecision
from tests.factories import EpisodeFactory, ServiceFactory, SessionFactory
from tests.reports.test_pages import held

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(staff, ann, episode):
    with tenant(ann.organisation_id):
        return held(episode, ann, 142, 150, 178, srs=(330, 342, 351))


@pytest.fixture
def staff(browser, ann):
    browser.force_login(ann.user)
    return browser


def page_of(staff, nils, **query):
    return staff.get(reverse("client-detail", args=[nils.pk]), query)


def places(page):
    return page.context["chart"].figure["wide"]["frame"]["places"]


def choose(staff, axis, back="/today/"):
    return staff.post(reverse("chart-axis"), {"axis": axis, "next": back})


def test_the_axis_is_chosen_without_a_script_and_remembered(staff, ann, nils, course):
    with tenant(ann.organisation_id):
        Session.objects.filter(pk=course[1].pk).update(held_on=date(2026, 8, 5))
    plain = page_of(staff, nils)
    even = places(plain)
    assert even[1] - even[0] == pytest.approx(even[2] - even[1], abs=0.11)
    assert (
        '<button name="axis" value="session"\n        aria-pressed="true">By session</button>' in plain.content.decode()
    )
    here = reverse("client-detail", args=[nils.pk]) + "#client-chart"
    assert choose(staff, "date", here).headers["Location"] == here
    chosen = page_of(staff, nils)
    first, second, third = places(chosen)
    assert (second - first) / (third - first) == pytest.approx(3 / 28, abs=0.01)
    assert "The expected course is known session by session, not by date." in chosen.content.decode()
    assert places(page_of(staff, nils, axis="session")) == even, "an address says more than what is remembered"
    assert places(page_of(staff, nils, axis="nonsense")) == places(chosen)
    together = staff.get(reverse("client-together", args=[nils.pk]))
    first, second, third = places(together)
    assert (second - first) / (third - first) == pytest.approx(3 / 28, abs=0.01)


def test_the_axis_leads_nowhere_else_and_a_look_at_a_page_changes_nothing(staff):
    assert choose(staff, "date", "https://elsewhere.example/").headers["Location"] == "/"
    assert choose(staff, "nonsense").cookies["chart-axis"].value == "session"
    assert choose(staff, "date").cookies["chart-axis"]["httponly"]
    assert staff.get(reverse("chart-axis")).status_code == 405


def test_what_happened_stands_on_the_curve_in_the_table_and_in_the_legend(staff, ann, ben, nils, episode, course):
    own = {"organisation": ann.organisation}
    with tenant(ann.organisation_id):
        Session.objects.filter(pk=course[1].pk).update(practitioner=ben)
        SessionFactory(
            **own, episode=episode, practitioner=ann, held_on=date(2026, 8, 4), attendance=Attendance.NO_SHOW
        )
        SessionDecision.objects.create(**own, session=course[2], text="Visits at\nhome on Mondays")
        SessionDecision.objects.create(**own, session=course[2])  # nothing is written in it
        Goal.objects.create(**own, episode=episode, wording="Sleep", since=date(2026, 8, 2), state="reached",
                            ended_on=date(2026, 8, 20))  # fmt: skip
        Goal.objects.create(**own, episode=episode, wording="A dog", since=date(2026, 8, 2))
    page = page_of(staff, nils)
    told = [row.event for row in page.context["chart"].points]
    assert told[1] == "Did not come"
    assert told[2] == "First time with Ben Lund"
    assert told[3] == "Decision: Visits at home on Mondays · Goal reached August 20: “Sleep”"
    legend = [name for _key, name in page.context["chart"].events]
    assert legend == ["Did not come", "First time with another practitioner", "Decision", "Goal reached"]
    text = page.content.decode()
    assert "Visits at home on Mondays" in text
    client = staff.get(reverse("client-together", args=[nils.pk]))
    assert "Visits at home" not in client.content.decode(), (
        "what staff decided is told in their own words to staff only"
    )
    assert [row.event for row in client.context["chart"].points][3] == "Decision · Goal reached August 20: “Sleep”"


def test_nothing_is_compared_until_somebody_asks(staff, ann, nils, episode, course):
    plain = page_of(staff, nils)
    assert plain.context["chart"].compared == ()
    assert "There is nothing to compare yet" not in plain.content.decode()
    assert "There is nothing to compare yet" in page_of(staff, nils, compare="on").content.decode()
    own = {"organisation": ann.organisation}
    with tenant(ann.organisation_id):
        goal = Goal.objects.create(**own, episode=episode, wording="Sleep <b>", since=date(2026, 8, 2))
        Goal.objects.create(**own, episode=episode, wording="Never rated", since=date(2026, 8, 2))
        GoalMark.objects.create(**own, goal=goal, session=course[0], mark=2)
        GoalMark.objects.create(**own, goal=goal, session=course[2], mark=6)
    page = page_of(staff, nils, compare="on")
    (curve,) = page.context["chart"].compared
    assert curve.title == "Goal: “Sleep <b>”, 0 to 10"
    assert curve.values == ("2", "", "6")
    text = page.content.decode()
    assert "<b>”" not in text
    assert text.count("Goal: “Sleep &lt;b&gt;”, 0 to 10</th>") == 1
    assert "Never rated" not in text


def test_a_course_of_two_forms_by_age_is_shown_as_two_series(staff, ann, nils, episode, course):
    assert page_of(staff, nils).context["joined"] is None
    with tenant(ann.organisation_id):
        Client.objects.filter(pk=nils.pk).update(birth_year=2014)
        Episode.objects.filter(pk=episode.pk).update(new_series=[["2026-08-25", "adult"]])
    page = page_of(staff, nils)
    joined = page.context["joined"]
    assert [len(one.sessions) for one in joined.courses] == [2, 1]
    assert "The whole course, form by form" in page.content.decode()


def test_all_episodes_are_joined_by_date_or_stand_side_by_side(staff, ann, nils, episode, course):
    url = reverse("client-courses", args=[nils.pk])
    alone = staff.get(url)
    assert alone.context["joined"] is None
    assert "There is only one curve so far." in alone.content.decode()
    assert url not in page_of(staff, nils).content.decode()
    with tenant(ann.organisation_id):
        school = ServiceFactory(organisation=ann.organisation, name="School")
        before = EpisodeFactory(
            organisation=ann.organisation,
            client=nils,
            service=school,
            started_on="2025-03-01",
            ended_on="2025-06-01",
            ending="planned",
        )
        held(before, ann, 300, 210, first=date(2025, 3, 1))
    assert url in page_of(staff, nils).content.decode()
    page = staff.get(url)
    assert page.context["joined"].courses[0].line.name.startswith("School")
    text = page.content.decode()
    assert text.count('class="chart chart-courses"') == 2, "wide and narrow"
    assert "−9" in text, "from 30 to 21"
    side = staff.get(url, {"view": "side"})
    assert len(side.context["side"]) == 2
    assert side.content.decode().count('class="chart chart-courses"') == 2


def test_without_a_session_the_page_of_all_episodes_says_so(staff, nils):
    page = staff.get(reverse("client-courses", args=[nils.pk])).content.decode()
    assert "No session yet" in page


@pytest.mark.parametrize("count", [1, 5])
def test_all_episodes_cost_the_same_for_any_number(staff, ann, nils, service, count, django_assert_num_queries):
    with tenant(ann.organisation_id):
        for number in range(count):
            ended = EpisodeFactory(
                organisation=ann.organisation, client=nils, service=service, ended_on="2026-12-01", ending="planned"
            )
            held(ended, ann, 180, 200, first=date(2026, 1, 1 + number))
    url = reverse("client-courses", args=[nils.pk])
    staff.get(url)
    with django_assert_num_queries(19):
        staff.get(url)
