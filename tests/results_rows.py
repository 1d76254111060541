"""Ended episodes with first and last scores, made in bulk for the tests of results."""

import uuid
from datetime import date, timedelta

from clients.models import Client, ClientTeam, Episode
from organisations.tenancy.context import tenant
from sessions_app.models import Rating, Session

START = date(2024, 3, 4)


def add_episodes(practitioner, service, pairs, *, team=None, contact=None, client=None, measured=True, **values):
    """An ended episode for each (first, last) in tenths, of a client of its own; None as last leaves it open.

    Its first session is measured unless `measured` says otherwise. Returns the episodes.
    """
    own = {"organisation": practitioner.organisation}
    client = {"birth_year": 1980, "form_language": "en"} | (client or {})
    usual = {"started_on": START, "ending": "planned", "age_at_intake": 43}
    with tenant(practitioner.organisation_id):
        clients = Client.objects.bulk_create(
            Client(**own, reference=f"R-{uuid.uuid4().hex[:12]}", contact=contact, **client) for _ in pairs
        )
        if team is not None:
            ClientTeam.objects.bulk_create(ClientTeam(**own, client=one, team=team) for one in clients)
        episodes = [
            _episode(own, one, service, *pair, usual | values) for one, pair in zip(clients, pairs, strict=True)
        ]
        Episode.objects.bulk_create(episodes)
        sessions = Session.objects.bulk_create(_session(own, one, practitioner) for one in episodes)
        if measured:
            Rating.objects.bulk_create(_rating(own, *both) for both in zip(sessions, episodes, strict=True))
    return episodes


def _episode(own, client, service, first, last, values):
    ended = last is not None
    scores = {"outcome_count": 5 if ended else 1, "outcome_first": first, "outcome_last": last if ended else first}
    last_on = values["started_on"] + timedelta(days=100)
    until = {"outcome_last_on": last_on, "last_session_on": last_on, "sessions_count": 6, "alliance_first": 360}
    end = {"ended_on": last_on} if ended else {"ended_on": None, "ending": ""}
    return Episode(**own, client=client, service=service, **scores | until | values | end)


def _session(own, episode, practitioner):
    where = {"client_id": episode.client_id, "episode": episode, "practitioner": practitioner}
    return Session(**own, **where, held_on=episode.started_on, time_zone="Europe/Copenhagen")


def _rating(own, session, episode):
    return Rating(
        **own,
        session=session,
        instrument="ors" if (episode.age_at_intake or 99) > 12 else "cors",
        total=episode.outcome_first,
        entry_mode="imported",
        submission_id=session.pk,
    )
