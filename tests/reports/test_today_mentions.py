"""What Today mentions beside the clients, in which order, and what a team lead's Today says of the teams."""

import re
from datetime import time, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from clients.models import Client, ClientLabel, LabelledClient, PairMessage
from organisations.models import AccessEvent, Capability, CapabilityKind, Practitioner
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from organisations.tokens import capabilities
from sessions_app import periodic
from sessions_app.models import Alert, AlertStep, Session, SessionDecision, TeamMeeting, TeamMeetingCase
from tests.api.asking import mint
from tests.factories import ClientFactory, EpisodeFactory, RatingFactory, SessionFactory
from tests.reports.test_pages import held

pytestmark = pytest.mark.django_db


def page_of(browser, person, **query):
    browser.force_login(person.user)
    return " ".join(browser.get(reverse("today"), query).content.decode().split())


def link_to(episode, hours):
    token = capabilities.mint(
        kind=CapabilityKind.AHEAD,
        organisation_id=episode.organisation_id,
        object_id=episode.pk,
        detail="ors",
        lifetime=timedelta(hours=hours),
    )
    return capabilities.find(token, CapabilityKind.AHEAD)


def test_a_link_that_closes_within_a_day_is_named_to_the_contact_person_alone(browser, ann, ben, nils, episode):
    link_to(episode, hours=30)
    assert "Runs out soon" not in page_of(browser, ann)
    open_link = link_to(episode, hours=20)
    assert "not answered, open until" in page_of(browser, ann)
    assert "Runs out soon" not in page_of(browser, ben)
    with tenant(nils.organisation_id):
        assert nils.pk in AccessEvent.objects.filter(action="today").latest("seq").client_ids
    Capability.objects.filter(pk=open_link.pk).update(used_at=timezone.now())
    assert "Runs out soon" not in page_of(browser, ann)


def test_ones_own_token_is_named_two_weeks_before_its_end(browser, ann):
    mint(ann, lifetime=timedelta(days=60))
    assert "Runs out soon" not in page_of(browser, ann)
    Capability.objects.filter(kind=CapabilityKind.API).update(expires_at=timezone.now() + timedelta(days=13))
    assert "your program's token, until" in page_of(browser, ann)


def test_who_is_due_comes_first_then_what_else_there_is_then_the_rest(browser, ann, ben, red_team, service, episode):
    today = today_in(ann.organisation)
    with tenant(ann.organisation_id):
        held(episode, ann, 200, first=today - timedelta(days=1))
        Client.objects.filter(pk=episode.client_id).update(next_on=today, second_contact=ben)
        calm = ClientFactory(organisation=ann.organisation, first_name="Calm", teams=[red_team])
        EpisodeFactory(organisation=ann.organisation, client=calm, service=service)
        own = {"organisation": ann.organisation}
        PairMessage.objects.create(client=episode.client, written_by=ben, text="The message", **own)
        session = Session.objects.get()
        SessionDecision.objects.create(session=session, text="The decision", follow_up_on=today, responsible=ann, **own)
    page = page_of(browser, ann)
    places = [page.index(words) for words in ("<bdi>Nils</bdi>", "The message", "The decision", "<bdi>Calm</bdi>")]
    assert places == sorted(places)


@pytest.mark.parametrize("rows", [1, 5])
def test_a_leads_today_costs_the_same_for_any_number(
    browser, lea, ann, red_team, service, rows, django_assert_num_queries
):
    with tenant(lea.organisation_id):
        for number in range(rows):
            client = ClientFactory(
                organisation=lea.organisation, teams=[red_team], contact=ann, outcome_rhythm=7, reference=f"X-{number}"
            )
            held(EpisodeFactory(organisation=lea.organisation, client=client, service=service), ann, 180, 200)
    periodic.find_overdue()
    periodic.follow_tones()
    page_of(browser, lea)
    with django_assert_num_queries(48):
        page = " ".join(browser.get(reverse("today")).content.decode().split())
    assert page.count("Ask Ann") == rows


@pytest.mark.parametrize("rows", [1, 5])
def test_what_nobody_has_seen_stands_with_its_curve_at_the_same_cost(
    browser, lea, ann, red_team, service, rows, django_assert_num_queries
):
    today = today_in(lea.organisation)
    with tenant(lea.organisation_id):
        own = {"organisation": lea.organisation}
        for _client in range(rows):
            client = ClientFactory(**own, teams=[red_team], contact=ann)
            episode = EpisodeFactory(**own, client=client, service=service)
            held(episode, ann, 280, 190)
            Alert.objects.create(**own, episode=episode, rule="X1", level="red", raised_on=today)
    periodic.follow_tones()
    with time_machine.travel(timezone.now() + timedelta(days=10)):
        page_of(browser, lea)
        with django_assert_num_queries(53):
            page = browser.get(reverse("today")).content.decode()
    unseen = page.partition('id="unseen"')[2].partition("</section>")[0]
    assert unseen.count('<svg class="spark ors"') == rows
    assert unseen.count('<span class="value">19</span>') == rows


def test_a_lead_sees_who_is_not_measured_who_is_away_and_each_team(browser, lea, ann, ben, nils, episode):
    with tenant(lea.organisation_id):
        Client.objects.filter(pk=nils.pk).update(outcome_rhythm=7)
        held(episode, ann, 180)
    periodic.find_overdue()
    with tenant(lea.organisation_id):
        alert = Alert.objects.get(rule="M2")
    page = page_of(browser, lea)
    assert "Not measured as agreed" in page
    assert f"{reverse('alert-ask', args=[alert.pk])}?colleague={ann.pk}" in page
    assert "Red team" in page
    assert "1 client" in page
    with tenant(lea.organisation_id):
        until = today_in(lea.organisation) + timedelta(days=2)
        Practitioner.objects.filter(pk=ann.pk).update(away_until=until)
    page = page_of(browser, lea)
    assert "1 client has no other contact person" in page
    assert "?colleague=" not in page
    with tenant(lea.organisation_id):
        Client.objects.filter(pk=nils.pk).update(second_contact=ben)
    page = page_of(browser, lea)
    assert "All clients have another contact person" in page
    assert f"?colleague={ben.pk}" in page
    assert "Not measured as agreed" not in page_of(browser, ben)


def test_a_lead_reads_the_numbers_of_the_week(browser, lea, ann, ben, red_team, service):
    today = today_in(lea.organisation)
    monday = today - timedelta(days=today.weekday())
    with tenant(lea.organisation_id):
        own = {"organisation": lea.organisation}
        client = ClientFactory(**own, teams=[red_team])
        episode = EpisodeFactory(**own, client=client, service=service, started_on=monday - timedelta(days=30))
        for day, form in ((today, "ors"), (today, "srs"), (today, "srs"), (monday - timedelta(days=2), "ors")):
            session = SessionFactory(**own, episode=episode, practitioner=ann, held_on=day, outcome_skipped="no_time")
            RatingFactory(**own, session=session, instrument=form)
        given = {"episode": episode, "rule": "X1", "level": "red", "raised_on": today}
        alert = Alert.objects.create(**own, **given)
        Alert.objects.create(**own, **given | {"rule": "X2"})
        AlertStep.objects.create(**own, alert=alert, kind="decided", decision="talked", by=ann)
    page = page_of(browser, lea)
    week = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", page.partition('id="week"')[2].partition("</section>")[0])
    week = " ".join(week.split())
    assert f"FIT in week {today.isocalendar().week}" in week
    assert "1 of 3 sessions with ORS 2 left out with a reason, 0 without" in week
    assert "2 of 3 sessions with SRS 0 left out with a reason, 1 without" in week
    assert "0 of 1 episodes measured as agreed last week: 1 of 1" in week
    assert "1 of 2 alerts of four weeks acted on within 14 days 1 still has time" in week
    assert 'id="week"' not in page_of(browser, ann), "a practitioner has the page of the months"


@pytest.mark.parametrize("days", [0, 1])
def test_a_meeting_of_today_is_mentioned_to_everybody_of_the_team(
    browser, lea, ann, cleo, red_team, nils, episode, days
):
    held_on = today_in(lea.organisation) + timedelta(days=days)
    with tenant(lea.organisation_id):
        own = {"organisation": lea.organisation}
        meeting = TeamMeeting.objects.create(
            **own, team=red_team, held_on=held_on, starts_at=time(13, 30), planned_by=lea
        )
        TeamMeetingCase.objects.create(**own, meeting=meeting, episode=episode, reason="red", place=1, minutes=5)
    there = reverse("team-meeting", args=[meeting.pk])
    said = "Team meeting of <bdi>Red team</bdi> at"
    assert (said in page_of(browser, ann)) is (days == 0)
    assert (there in page_of(browser, ann)) is (days == 0)
    assert there in page_of(browser, lea), "a lead is told of the next one of each team"
    assert "1 case prepared" in page_of(browser, lea)
    assert there not in page_of(browser, cleo)
    with tenant(lea.organisation_id):
        TeamMeeting.objects.update(cancelled_at=timezone.now())
    assert there not in page_of(browser, lea)


def test_today_is_narrowed_to_a_label_of_the_organisation(browser, ann, lea, red_team, nils, episode, service):
    with tenant(ann.organisation_id):
        own = {"organisation": ann.organisation}
        assert "today-label" not in page_of(browser, ann), "an organisation without labels has no such filter"
        other = ClientFactory(**own, first_name="Olga", teams=[red_team])
        EpisodeFactory(**own, client=other, service=service)
        pilot, empty = (ClientLabel.objects.create(**own, name=name) for name in ("Pilot", "Empty"))
        LabelledClient.objects.create(**own, client=other, label=pilot)
    page = page_of(browser, ann, label=pilot.pk)
    assert "<bdi>Olga</bdi>" in page and "<bdi>Nils</bdi>" not in page
    assert f'value="{pilot.pk}" selected' in page
    assert f"?whose=mine&amp;label={pilot.pk}" in page, "the choice stays from tab to tab"
    assert "2 clients" in page_of(browser, lea, label=pilot.pk), "a team is told of as a whole"
    assert "Nobody has this label" in page_of(browser, ann, label=empty.pk)
    assert "<bdi>Nils</bdi>" in page_of(browser, ann, label="nonsense")
    with tenant(ann.organisation_id):
        ClientLabel.objects.filter(pk=pilot.pk).update(retired_at=timezone.now())
    assert "Nobody has this label" in page_of(browser, ann, label=pilot.pk)


def test_the_question_opens_with_the_one_to_ask(browser, lea, ann, nils, episode):
    with tenant(lea.organisation_id):
        Client.objects.filter(pk=nils.pk).update(outcome_rhythm=7)
        held(episode, ann, 180)
    periodic.find_overdue()
    with tenant(lea.organisation_id):
        alert = Alert.objects.get(rule="M2")
    browser.force_login(lea.user)
    page = browser.get(reverse("alert-ask", args=[alert.pk]), {"colleague": str(ann.pk)}).content.decode()
    assert f'value="{ann.pk}" selected' in page
    assert browser.get(reverse("alert-ask", args=[alert.pk]), {"colleague": "x"}).status_code == 200
