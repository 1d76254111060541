"""Lists: pages, filters, what changed since; problems; the same number of queries for any length."""

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clients.models import Client, ClientTeam, Consent
from organisations.models import AccessEvent
from organisations.tenancy.context import tenant
from sessions_app.models import Alert, Goal, GoalMark, Note, SessionDecision
from tests.api.asking import PROBLEM, System, system_of
from tests.factories import ClientFactory, EpisodeFactory, RatingFactory, SessionFactory
from tests.people import person

KINDS = ("clients", "episodes", "sessions", "ratings", "notes", "alerts", "remarks", "decisions", "goals", "consents")


def quoted(moment: str) -> str:
    return moment.replace("+", "%2B")


@pytest.fixture
def course(house, red_team, service, ann):
    """Makes one more client with all that hangs on it."""

    def make():
        with tenant(house.pk):
            client = ClientFactory(organisation=house, teams=[red_team])
            episode = EpisodeFactory(organisation=house, client=client, service=service)
            session = SessionFactory(organisation=house, episode=episode, practitioner=ann)
            RatingFactory(organisation=house, session=session)
            Note.objects.create(organisation=house, session=session, kind="after_ors", text="Better")
            Note.objects.create(organisation=house, session=session, kind="focus", text="The move")
            SessionDecision.objects.create(organisation=house, session=session, text="Cook", responsible=ann)
            goal = Goal.objects.create(
                organisation=house, episode=episode, wording="My own flat", since=session.held_on
            )
            GoalMark.objects.create(organisation=house, goal=goal, session=session, mark=7)
            Alert.objects.create(organisation=house, episode=episode, rule="O1", level="red", raised_on=session.held_on)
            answer = {"purpose": "team", "state": "given", "said_on": session.held_on}
            Consent.objects.create(organisation=house, client=client, taken_by=ann, recorded_by=ann, **answer)
        return client

    return make


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_costs_the_same_for_any_length(kind, system, course):
    counts, there = [], 0
    system.get(f"{kind}/")  # the first one notes when the token was used last
    for rows in (1, 5, 50):
        for _ in range(there, rows):
            course()
        there = rows
        with CaptureQueriesContext(connection) as seen:
            assert len(system.get(f"{kind}/").json()["results"]) == rows
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2] <= 20


@pytest.mark.parametrize("kind", KINDS)
def test_pages_hold_every_row_once(kind, system, course):
    for _ in range(5):
        course()
    address, seen = f"{kind}/?limit=2", []
    while address:
        page = system.get(address).json()
        assert len(page["results"]) <= 2
        seen += [row["id"] for row in page["results"]]
        address = page["next"] and page["next"].replace("http://localhost:8000", "")
    assert len(seen) == len(set(seen)) == 5


def test_the_next_page_is_absolute_by_the_site_and_keeps_the_filters(system, course, settings):
    settings.SITE_URL = "https://medspil.example"
    course(), course()
    following = system.get("clients/?limit=1&archived=false").json()["next"]
    assert following.startswith("https://medspil.example/api/v1/clients/?limit=1&archived=false&cursor=")


def test_what_changed_since_comes_and_nothing_else(system, course, house, red_team, blue_team):
    quiet, loud = course(), course()
    since = quoted(timezone.now().isoformat())
    assert system.get(f"clients/?updated_since={since}").json()["results"] == []
    with tenant(house.pk):
        Client.objects.filter(pk=loud.pk).update(first_name="New")  # past every service
    fresh = system.get(f"clients/?updated_since={since}").json()["results"]
    assert [row["id"] for row in fresh] == [str(loud.pk)]
    since = quoted(timezone.now().isoformat())
    with tenant(house.pk):
        ClientTeam.objects.create(organisation=house, client=quiet, team=blue_team)
    fresh = system.get(f"clients/?updated_since={since}").json()["results"]
    assert [row["id"] for row in fresh] == [str(quiet.pk)]


def test_a_row_saved_unchanged_is_not_new(system, course, house):
    client = course()
    with tenant(house.pk):
        before = Client.objects.get(pk=client.pk)
        Client.objects.get(pk=client.pk).save()
        assert Client.objects.get(pk=client.pk).updated_at == before.updated_at


def test_as_of_lies_before_every_transaction_that_is_open(system):
    told = datetime.fromisoformat(system.get("clients/").json()["as_of"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")  # when this test's own transaction began
        assert told <= cursor.fetchone()[0]


def test_archived_and_voided_rows_are_there_as_such(system, course, house, ann):
    client = course()
    with tenant(house.pk):
        Client.objects.filter(pk=client.pk).update(archived_at=timezone.now())
        client.sessions.update(voided_at=timezone.now(), voided_by=ann, void_reason="Twice")
    assert system.get("clients/").json()["results"][0]["archived_at"]
    assert system.get("sessions/").json()["results"][0]["void_reason"] == "Twice"
    assert system.get("clients/?archived=false").json()["results"] == []
    assert len(system.get("clients/?archived=true").json()["results"]) == 1
    assert system.get("sessions/?voided=false").json()["results"] == []


@pytest.mark.parametrize(
    ("kind", "query"),
    [
        ("clients", "reference={client.reference}"),
        ("clients", "team={team.pk}&is_practice=false"),
        ("episodes", "client={client.pk}&open=true"),
        ("sessions", "client={client.pk}&held_from=2026-01-01&held_until=2027-12-31&attendance=attended"),
        ("ratings", "client={client.pk}&instrument=ors&current=true"),
        ("notes", "client={client.pk}&kind=after_ors"),
        ("alerts", "client={client.pk}&level=red&open=true&acknowledged=false"),
    ],
)
def test_filters_narrow(kind, query, system, course, red_team):
    client = course()
    course()
    found = system.get(f"{kind}/?{query.format(client=client, team=red_team)}").json()["results"]
    whose = {row["id"] if kind == "clients" else row["client"] for row in found}
    assert str(client.pk) in whose
    assert len(whose) == (2 if "team" in query else 1)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("updated_sinc=2026-01-01T00:00:00Z", "updated_sinc"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=²", "limit"),
        ("limit=5&limit=6", "limit"),
        ("archived=maybe", "archived"),
        ("archived=", "archived"),
        ("team=1", "team"),
        ("cursor=x", "cursor"),
        ("cursor=OTk5OS0xMi0zMVQyMzo1OTo1OS0xMjowMHwx", "cursor"),
        ("updated_since=yesterday", "updated_since"),
        ("updated_since=9999-12-31T23:59:59-12:00", "updated_since"),
        ("updated_since=0001-01-01T00:00:00Z", "updated_since"),
    ],
)
def test_a_parameter_that_is_wrong_is_refused_and_not_overlooked(query, field, system):
    answer = system.get(f"clients/?{query}")
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [field]


def test_me_names_the_organisation_its_teams_and_colleagues(system, ann, red_team, blue_team, service, ben):
    told = system.get("me/").json()
    assert told["organisation"]["name"] == "Solsikke Municipality"
    assert {(team["name"], team["own"]) for team in told["teams"]} == {("Red team", True), ("Blue team", False)}
    assert [one["name"] for one in told["colleagues"]] == ["Ann Holm", "Ben Lund"]
    assert [one["id"] for one in told["services"]] == [str(service.pk)]


# Problems


def test_every_refusal_is_a_problem_with_the_requests_id(system, nils):
    cases = {
        400: system.post("clients/", '{"reference": '),
        401: System().get("clients/"),
        404: system.get("nowhere/"),
        405: system.ask("DELETE", f"clients/{nils.pk}/"),
        406: system.get("clients/", accept="text/html"),
        413: system.post("clients/", '{"reference": "' + "x" * 300_000 + '"}'),
        415: system.ask("POST", "clients/", "a=b", content_type="text/csv"),
        422: system.post("clients/", {}),
    }
    for status, answer in cases.items():
        assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM), status
        assert answer.json()["status"] == status
        assert answer.json()["request_id"] == answer["X-Request-ID"]


def test_a_fault_of_ours_is_a_problem_without_words(system, nils, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("Nils is in the sentence")

    monkeypatch.setattr("organisations.api.base.known_until", fail)
    answer = system.get("clients/")
    assert (answer.status_code, answer["Content-Type"]) == (500, PROBLEM)
    assert "Nils" not in answer.content.decode()


def test_a_look_that_cannot_be_recorded_shows_nothing(system, nils, monkeypatch):
    from django.db import DatabaseError

    from organisations.audit import hash_chain

    def fail(events):
        raise DatabaseError

    monkeypatch.setattr(hash_chain, "append", fail)
    answer = system.get("clients/")
    assert (answer.status_code, answer["Content-Type"]) == (503, PROBLEM)
    assert "N-014" not in answer.content.decode()


def test_sentences_come_in_the_language_that_is_asked_for(system, red_team, house):
    body = {"form_language": "da"}
    english = system.post("clients/", body, accept_language="en").json()["errors"]["reference"]
    danish = system.post("clients/", body, accept_language="da").json()["errors"]["reference"]
    assert english != danish
    type(house).objects.filter(pk=house.pk).update(language="da")
    assert system.post("clients/", body).json()["errors"]["reference"] == danish


def test_a_refused_write_leaves_nothing_and_a_log_row_for_the_attempt(system, nils, cleo):
    other = system_of(cleo)
    assert other.patch(f"clients/{nils.pk}/", {"birth_year": 1950}).status_code == 404
    with tenant(nils.organisation_id):
        assert Client.objects.get(pk=nils.pk).birth_year == 1980
        assert AccessEvent.objects.filter(practitioner=cleo, action="denied:api-client-detail").exists()


def test_a_person_of_two_teams_sees_each_client_once(house, red_team, blue_team):
    both = person(red_team, "Bo Both", teams=[red_team, blue_team])
    with tenant(house.pk):
        ClientFactory(organisation=house, teams=[red_team, blue_team])
    assert len(system_of(both).get("clients/").json()["results"]) == 1
