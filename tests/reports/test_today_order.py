"""The order of need that the database works out is the one that was sorted row by row before."""

import random
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
import time_machine
from django.utils import timezone

from clients.models import RHYTHMS, Client, Episode
from clients.services.due import due
from clients.services.episodes import open_episodes
from organisations.models import AccessEvent
from organisations.tenancy.context import tenant
from reports.today.order import Need, Ranking, unread
from sessions_app.measures.series import Series
from sessions_app.measures.verdict.verdict import Tone, verdict
from sessions_app.models import Session
from sessions_app.periodic import follow_tones, follow_tones_anew
from sessions_app.services.alerts import evaluate_episode
from sessions_app.services.courses import load_series
from sessions_app.services.tones import tones_of
from tests.factories import ClientFactory, EpisodeFactory, ServiceFactory, SessionFactory
from tests.reports.test_pages import held

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
NOON = "2026-11-22T11:00:00Z"
TONE_RANK = {"act": 0, "watch": 1, "good": 2, "quiet": 3}
KIND_RANK = {"today": Need.TODAY, "overdue": Need.LATE, "later": Need.LATER, "none": Need.REST}
COURSES = ((), (220,), (290,), (220, 160), (142, 200, 263), (220, 221, 219), (220, 222, 221, 223, 220, 221, 222, 224))


def sorted_in_python(practitioner, today):
    """(client, rank) of each client, as the start page sorted them when it read the whole team."""
    clients = list(Client.objects.visible_to(practitioner).current().filter(is_practice=False))
    episodes = open_episodes(clients)
    helped_before = set(Episode.objects.filter(client__in=clients).values_list("client", flat=True))
    clients = [client for client in clients if client.pk in episodes or client.pk not in helped_before]
    series = load_series(episodes.values())
    begun = Session.objects.filter(started_at__isnull=False, finished_at=None, held_on=today, attendance="attended")
    under_way = set(begun.values_list("client", flat=True))

    def order(client):
        episode = episodes.get(client.pk)
        agreed = due(client, episode, today)
        tone = verdict(series[episode.pk]).tone.value if episode else "quiet"
        rank = KIND_RANK[agreed.kind]
        if rank != Need.TODAY and tone == "act":
            rank = Need.ACT
        if client.pk in under_way:
            rank = Need.UNDER_WAY
        late_first = -agreed.days if agreed.kind == "overdue" else 0
        on, at = agreed.on or date.max, agreed.at or time.max
        return rank, late_first, on, at, TONE_RANK[tone], client.sort_key

    return [(client.pk, order(client)[0]) for client in sorted(clients, key=order)]


def random_client(draw, ann, team, services):
    """A client with or without an appointment, a rhythm, sessions, one or two open episodes or an ended one."""
    own = {"organisation": ann.organisation}
    client = ClientFactory(
        **own,
        first_name=draw.choice(("", "Åse", "Ida", "Ida", "Øjvind", "Zoe")),
        teams=[team],
        next_on=draw.choice((None, None, *(TODAY + timedelta(days=days) for days in (-30, -9, -1, 0, 0, 1, 5, 40)))),
        next_at=draw.choice((None, time(8, 0), time(10, 30))),
        outcome_rhythm=draw.choice([days for days, _words in RHYTHMS]),
        is_practice=draw.random() < 0.05,
    )
    for service in services[: draw.choice((0, 1, 1, 1, 2))]:
        episode = EpisodeFactory(
            **own, client=client, service=service, started_on=TODAY - timedelta(days=draw.randint(0, 200))
        )
        totals = draw.choice(COURSES)
        last = TODAY - timedelta(days=draw.choice((0, 0, 1, 9, 20, 60)))
        held(episode, ann, *totals, srs=(380,) * len(totals), first=last - timedelta(days=14 * max(0, len(totals) - 1)))
        if draw.random() < 0.1:
            day = TODAY - timedelta(days=draw.choice((0, 0, 1)))
            finished = draw.choice((None, None, timezone.now()))
            SessionFactory(
                **own, episode=episode, practitioner=ann, held_on=day, started_at=timezone.now(), finished_at=finished
            )
        if draw.random() < 0.15:
            Episode.objects.filter(pk=episode.pk).update(ended_on=TODAY, ending="planned")


@pytest.fixture
def team_of(ann, red_team):
    def make(seed, count=60):
        draw = random.Random(seed)
        services = ServiceFactory.create_batch(2, organisation=ann.organisation)
        for _number in range(count):
            random_client(draw, ann, red_team, services)

    with tenant(ann.organisation_id):
        yield make


def in_sql(ann):
    return Ranking(ann, only_mine=False, label=None, today=TODAY, tones=tones_of(unread(ann, False, None)))


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("stored", [False, True], ids=["tones read by the page", "tones stored by the job"])
def test_the_database_sorts_a_random_team_as_python_did(team_of, ann, seed, stored):
    team_of(seed)
    if stored:
        follow_tones()
        assert not unread(ann, False, None)
    expected = sorted_in_python(ann, TODAY)
    ranked = in_sql(ann)
    assert [(client.pk, client.need) for client in ranked.clients()] == expected
    assert len({rank for _client, rank in expected}) == len(Need), "every part of the page is there"
    counts = ranked.counts()
    assert [counts.parts[need] for need in Need] == [sum(rank == need for _pk, rank in expected) for need in Need]


def test_an_answer_moves_a_client_before_any_job_has_run(ann, nils, episode):
    with tenant(ann.organisation_id):
        held(episode, ann, 220)
        follow_tones()
        assert Episode.objects.get(pk=episode.pk).tone == "quiet"
        assert [client.need for client in in_sql(ann).clients()] == [Need.REST]
        held(episode, ann, 100, 90, 80, first=date(2026, 11, 18))
        assert [client.need for client in in_sql(ann).clients()] == [Need.ACT]


def test_the_tone_follows_the_marks_the_values_and_the_rules(ann, nils, episode, monkeypatch):
    with tenant(ann.organisation_id):
        held(episode, ann, 220, 100, 90, 80)
        evaluate_episode(episode.pk)
        assert Episode.objects.get(pk=episode.pk).tone == "act"
        assert follow_tones() == 0
        good = replace(verdict(Series(())), tone=Tone.GOOD)
        monkeypatch.setattr("sessions_app.services.tones.verdict", lambda series: good)
        assert follow_tones() == 0, "one that stands is left"
        assert follow_tones_anew() == 1
        assert Episode.objects.get(pk=episode.pk).tone == "good"
        assert AccessEvent.objects.get(purpose="tone").client_ids == [nils.pk]
