"""The session that an answer is for: locked, and read with its whole episode, in one round trip.

As `locking.lock_session` and `courses.load_rows` one after the other; the statements stand in a function of the
database (migration 0027), since a client waits for round trips and not for what the database does in them.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from clients.models import Client, Episode
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import Session
from sessions_app.services.courses import RatedSession, RatingRow, SessionRow

_CLIENT = ("id", "form_language", "feedback_withheld", "birth_year", "birth_month")
_EPISODE = ("organisation_id", "id", "started_on", "new_series", "age_at_intake")
_SESSION = ("id", "held_on", "started_at", "created_at", "attendance", "outcome_skipped", "alliance_skipped")
_HELD = slice(len(_CLIENT) + len(_EPISODE), -6)  # of a row: its session
_VOIDED, _RATING = -6, slice(-5, None)  # whether that is taken out; its rating
_BY = {model: [field.attname for field in model._meta.concrete_fields] for model in (Client, Episode, Session)}


@dataclass(frozen=True)
class AnsweredSession:
    """A locked session with its locked episode and client, of which only what an answer needs was read.

    `rated`: the valid sessions of the episode with their current ratings, as `courses.load_rows` has them.
    """

    session: Session
    is_voided: bool
    rated: Sequence[RatedSession]

    @property
    def client(self) -> Client:
        """The episode's client."""
        return self.session.episode.client


def lock_answered_session(session_id: UUID) -> AnsweredSession | None:
    """The session and its episode FOR UPDATE, in the order of `locking`; None for a foreign one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM public.lock_answered_session(%s)", [session_id])
        rows = cursor.fetchall()
    if not rows:
        return None
    episode = _read(Episode, _EPISODE, rows[0][len(_CLIENT) : _HELD.start])
    episode.new_series = json.loads(episode.new_series)  # a cursor leaves JSON as text
    episode.client = _read(Client, _CLIENT, rows[0][: len(_CLIENT)])
    ratings: dict[UUID, dict[FormKey, RatingRow]] = {}
    held: dict[UUID, SessionRow] = {}
    is_voided = False
    for row in rows:
        key, *facts = row[_HELD]
        about = ratings.setdefault(key, {})
        held[key] = SessionRow(key, episode.pk, *facts)
        is_voided = is_voided or row[_VOIDED]
        instrument, rater, *scores = row[_RATING]
        if instrument is not None:
            about[FormKey(instrument, rater)] = RatingRow(key, instrument, rater, *scores)
    session = _session(held[session_id], episode)
    rated = [RatedSession(one, ratings[key]) for key, one in held.items() if not (is_voided and key == session_id)]
    return AnsweredSession(session, is_voided, rated)


def _session(row: SessionRow, episode: Episode) -> Session:
    session = _read(Session, _SESSION, [getattr(row, name) for name in _SESSION])
    session.organisation_id, session.client_id = episode.organisation_id, episode.client_id
    session.episode = episode
    return session


def _read(model, names: Sequence[str], values: Sequence[object]):
    """A row of which some columns were read; Django reads another one when somebody asks for it."""
    ordered = dict(zip(names, values, strict=True))
    kept = [name for name in _BY[model] if name in ordered]
    return model.from_db(connection.alias, kept, [ordered[name] for name in kept])
