"""The totals of many episodes by the number of the session, read at once."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from uuid import UUID

from django.db import connections

from organisations.database.replica import alias_of_reads
from sessions_app.measures.instruments.by_age import main_outcome
from sessions_app.measures.instruments.form_key import OUTCOME, FormKey
from sessions_app.measures.instruments.registry import FAMILY

OUTCOMES = [one.key for one in FAMILY.values() if one.part == OUTCOME and one.scored]
# The number of a session counts those that were held, in their order.
_SESSIONS = """
    SELECT id, episode_id, row_number() OVER (
        PARTITION BY episode_id ORDER BY held_on, coalesce(started_at, created_at), created_at
    )
    FROM sessions_app_session
    WHERE episode_id = ANY(%s) AND voided_at IS NULL AND attendance = 'attended'
"""
_TOTALS = """
    SELECT session_id, instrument, rater, total FROM sessions_app_rating
    WHERE session_id = ANY(%s) AND superseded_by_id IS NULL AND instrument = ANY(%s)
"""


def outcome_courses(bands: Mapping[UUID, str]) -> dict[UUID, list[tuple[int, int]]]:
    """(number of the session, total in tenths) of each episode, the oldest first, on the form of its curve.

    Two queries. `bands` are the age bands of episodes all of whose sessions are in one. Read by keys: joined, the two
    tables were planned as a loop in a loop where nothing had counted their rows yet.
    """
    found: dict[UUID, dict[FormKey, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    with connections[alias_of_reads()].cursor() as cursor:
        cursor.execute(_SESSIONS, [list(bands)])
        places = {session: (episode, number) for session, episode, number in cursor.fetchall()}
        cursor.execute(_TOTALS, [list(places), OUTCOMES])
        for session, instrument, rater, total in cursor.fetchall():
            episode, number = places[session]
            found[episode][FormKey(instrument, rater)].append((number, total))
    return {
        episode: sorted(
            forms.get(main_outcome(bands[episode], Counter({form: len(rows) for form, rows in forms.items()})), [])
        )
        for episode, forms in found.items()
    }
