"""An admin merges teams and services; nothing that hangs on them is lost."""

import datetime

import pytest
from django.apps import apps
from django.urls import reverse

from clients.models import ClientTeam, Episode
from organisations.history.tracking import event_model_of
from organisations.models import AccessEvent, Membership, ProvisionedGroup, Service, Team
from organisations.services.local_day import today_in
from organisations.tenancy.context import tenant
from sessions_app.models import DocumentTemplate, TeamMeeting, TeamMeetingAttendance, TeamMeetingCase
from tests.factories import ClientFactory, EpisodeFactory, PractitionerFactory, ServiceFactory, TeamFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(browser, ada):
    browser.force_login(ada.user)
    return browser


def test_people_and_clients_of_a_team_come_into_the_other(admin, house, red_team, blue_team, ann, cleo, nils):
    with tenant(house.pk):
        both = PractitionerFactory(organisation=house, teams=[red_team, blue_team])
        olga = ClientFactory(organisation=house, teams=[red_team, blue_team])
        pia = ClientFactory(organisation=house, teams=[blue_team])
    url = reverse("team-merge", args=[blue_team.pk])
    assert url in admin.get(reverse("team-edit", args=[blue_team.pk])).content.decode()
    page = admin.get(url, {"into": red_team.pk}).content.decode()
    assert "1 client comes in." in page
    assert "1 person comes in." in page
    assert admin.get(url).status_code == 200
    done = admin.post(url, {"into": red_team.pk}, follow=True)
    assert "Blue team is part of Red team now." in done.content.decode()
    with tenant(house.pk):
        assert not Team.objects.filter(pk=blue_team.pk).exists()
        assert set(ClientTeam.objects.values_list("client", "team")) == {
            (one.pk, red_team.pk) for one in (nils, olga, pia)
        }
        members = {(one.pk, red_team.pk) for one in (ann, both, cleo)}
        assert set(Membership.objects.values_list("practitioner", "team")) == members
        assert set(AccessEvent.objects.get(action="client.merge_teams").client_ids) == {olga.pk, pia.pk}
        assert event_model_of(Team).objects.filter(pgh_obj=blue_team.pk, pgh_label="delete").exists()


@pytest.fixture
def meetings(house, red_team, blue_team, lea):
    """One of the blue team on a day of its own, and one of each team on the same day."""
    with tenant(house.pk):
        own = {"organisation": house, "starts_at": datetime.time(9), "planned_by": lea}
        days = [today_in(house) + datetime.timedelta(days=days) for days in (1, 2, 2)]
        teams = (blue_team, blue_team, red_team)
        return [
            TeamMeeting.objects.create(**own, team=team, held_on=day) for team, day in zip(teams, days, strict=True)
        ]


def test_a_merged_teams_meetings_move_and_one_of_two_on_a_day_is_called_off(
    admin, house, red_team, blue_team, cleo, meetings
):
    alone, twice, own = meetings
    with tenant(house.pk):
        client = ClientFactory(organisation=house, teams=[blue_team])
        episode = EpisodeFactory(organisation=house, client=client, service=blue_team.service)
        about = {"organisation": house, "meeting": alone, "episode": episode}
        case = TeamMeetingCase.objects.create(**about, reason="red", place=1, minutes=5)
        TeamMeetingAttendance.objects.create(organisation=house, meeting=alone, practitioner=cleo)
    admin.post(reverse("team-merge", args=[blue_team.pk]), {"into": red_team.pk})
    with tenant(house.pk):
        assert set(TeamMeeting.objects.values_list("team", flat=True)) == {red_team.pk}
        stand = TeamMeeting.objects.standing()
        assert set(stand.values_list("pk", flat=True)) == {alone.pk, own.pk}, "a team meets once a day"
        assert TeamMeeting.objects.get(pk=twice.pk).cancelled_at is not None
        assert TeamMeetingCase.objects.get(pk=case.pk).meeting_id == alone.pk
        assert alone.attendances.get().practitioner == cleo
        assert set(TeamMeeting.objects.visible_to(cleo)) == set(TeamMeeting.objects.all()), "who came along sees them"


def test_all_that_hangs_on_a_team_is_known():
    """A new table that hangs on a team belongs into `merge_teams`, with a test of its own."""
    fields = (field for model in apps.get_models() for field in model._meta.concrete_fields)
    held = {field.model.__name__ for field in fields if field.related_model is Team and field.db_constraint}
    goes_along = {"ProvisionedGroup"}
    assert held == {"Membership", "ClientTeam", "TeamMeeting", "TeamQuestion", "TokenConfirmation"} | goes_along


def test_what_an_it_department_calls_a_team_goes_with_it(admin, house, red_team, blue_team):
    with tenant(house.pk):
        for team in (red_team, blue_team):
            ProvisionedGroup.objects.create(organisation=house, team=team, external_id=team.name, compared={})
    admin.post(reverse("team-merge", args=[blue_team.pk]), {"into": red_team.pk})
    with tenant(house.pk):
        assert [group.team_id for group in ProvisionedGroup.objects.all()] == [red_team.pk]


def test_a_system_that_comes_into_another_team_is_confirmed_anew(admin, house, red_team, blue_team, monkeypatch):
    with tenant(house.pk):
        system = PractitionerFactory(organisation=house, user=None, email="", teams=[blue_team])
    said = []
    monkeypatch.setattr("clients.services.team_merges.announce_new_teams", said.append)
    admin.post(reverse("team-merge", args=[blue_team.pk]), {"into": red_team.pk})
    assert said == [system]


def test_the_other_team_has_to_be_chosen(admin, house, red_team, elsewhere):
    with tenant(elsewhere.pk):
        foreign = TeamFactory(organisation=elsewhere)
    url = reverse("team-merge", args=[red_team.pk])
    for into in ("", red_team.pk, foreign.pk, "nonsense"):
        assert admin.post(url, {"into": into}).status_code == 422
    assert "Choose the other one." in admin.post(url, {}).content.decode()


@pytest.fixture
def harbour(house, service, red_team, blue_team):
    """A second service, with a team that the first one has too, and one of its own."""
    with tenant(house.pk):
        second = ServiceFactory(organisation=house, name="House at harbour")
        for name in ("RED team", "Green team"):
            TeamFactory(organisation=house, service=second, name=name)
        return second


def test_episodes_and_teams_of_a_service_go_over(admin, house, service, harbour, nils, red_team):
    with tenant(house.pk):
        green = Team.objects.get(name="Green team")
        same = Team.objects.get(name="RED team")
        pia = ClientFactory(organisation=house, teams=[same, green])
        ended = EpisodeFactory(
            organisation=house, client=nils, service=harbour, ended_on="2026-02-02", ending="planned"
        )
        EpisodeFactory(organisation=house, client=nils, service=service)
        opened = EpisodeFactory(organisation=house, client=pia, service=harbour)
    url = reverse("service-merge", args=[harbour.pk])
    assert url in admin.get(reverse("service-edit", args=[harbour.pk])).content.decode()
    page = admin.get(url, {"into": service.pk}).content.decode()
    for words in ("2 episodes", "Teams that go over: Green team", "that become one: RED team"):
        assert words in page
    assert admin.post(url, {"into": service.pk}).status_code == 302
    with tenant(house.pk):
        assert list(Service.objects.all()) == [service]
        assert set(Team.objects.values_list("name", "service")) == {
            (name, service.pk) for name in ("Red team", "Blue team", "Green team")
        }
        assert set(Episode.objects.filter(pk__in=[ended.pk, opened.pk]).values_list("service", flat=True)) == {
            service.pk
        }
        assert set(ClientTeam.objects.filter(client=pia).values_list("team", flat=True)) == {red_team.pk, green.pk}
        assert set(AccessEvent.objects.get(action="episode.merge_services").client_ids) == {nils.pk, pia.pk}


def test_a_service_with_its_own_fields_of_the_document_goes_over_and_the_page_says_what_is_lost(
    admin, house, service, harbour
):
    fields = [{"key": "focus", "label": "Plan of crisis", "on": True}]
    with tenant(house.pk):
        for one in (service, harbour):
            DocumentTemplate.objects.create(organisation=house, service=one, fields=fields)
    url = reverse("service-merge", args=[harbour.pk])
    page = admin.get(url, {"into": service.pk}).content.decode()
    assert "Own names: Plan of crisis (Focus ahead)." in page
    assert admin.post(url, {"into": service.pk}).status_code == 302
    with tenant(house.pk):
        assert list(DocumentTemplate.objects.values_list("service", flat=True)) == [service.pk]
        assert event_model_of(DocumentTemplate).objects.filter(pgh_label="delete").count() == 1


def test_a_client_with_an_open_episode_in_both_services_stands_in_the_way(admin, house, service, harbour, nils):
    with tenant(house.pk):
        for one in (service, harbour):
            EpisodeFactory(organisation=house, client=nils, service=one)
    url = reverse("service-merge", args=[harbour.pk])
    page = admin.get(url, {"into": service.pk}).content.decode()
    assert "N-014" in page
    assert 'class="btn danger"' not in page
    refused = admin.post(url, {"into": service.pk})
    assert refused.status_code == 422
    assert "End or merge one first: N-014." in refused.content.decode()
    with tenant(house.pk):
        assert Service.objects.filter(pk=harbour.pk).exists()
        assert Team.objects.filter(service=harbour).count() == 2
