"""An episode's summary is what its rows say (B7): after any changes, and when two people change it at once."""

import datetime
import itertools
import random
import threading
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from organisations.audit import record
from organisations.tenancy.context import tenant
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import Rating, Session
from sessions_app.services import corrections, sessions, summary
from sessions_app.services.ratings import answer_of, record_rating
from tests.factories import EpisodeFactory, ServiceFactory

FIRST_DAY = datetime.date(2026, 1, 5)
WAIT = 2  # seconds that the other one gets; under the episode's lock they go on afterwards
# The same by window functions over the raw rows, for the client's own ORS and SRS.
FROM_ROWS = """
WITH held AS (
  SELECT s.id, s.held_on, s.attendance, row_number() OVER (
    ORDER BY s.held_on, coalesce(s.started_at, s.created_at), s.created_at) AS place
  FROM sessions_app_session s WHERE s.episode_id = %(episode)s AND s.voided_at IS NULL
), rated AS (
  SELECT r.instrument, r.total, held.held_on,
    row_number() OVER (PARTITION BY r.instrument ORDER BY held.place) AS up,
    row_number() OVER (PARTITION BY r.instrument ORDER BY held.place DESC) AS down
  FROM sessions_app_rating r JOIN held ON held.id = r.session_id
  WHERE r.superseded_by_id IS NULL AND r.rater = 'client'
)
SELECT (SELECT count(*) FROM held WHERE attendance = 'attended'),
  (SELECT max(held_on) FROM held WHERE attendance = 'attended'),
  count(*) FILTER (WHERE instrument = 'ors'),
  max(total) FILTER (WHERE instrument = 'ors' AND up = 1), max(total) FILTER (WHERE instrument = 'ors' AND down = 1),
  max(total) FILTER (WHERE instrument = 'ors'), max(held_on) FILTER (WHERE instrument = 'ors'),
  count(*) FILTER (WHERE instrument = 'srs'),
  max(total) FILTER (WHERE instrument = 'srs' AND up = 1), max(total) FILTER (WHERE instrument = 'srs' AND down = 1),
  max(held_on) FILTER (WHERE instrument = 'srs')
FROM rated
"""
COLUMNS = (
    *("sessions_count", "last_session_on"),
    *("outcome_count", "outcome_first", "outcome_last", "outcome_best", "outcome_last_on"),
    *("alliance_count", "alliance_first", "alliance_last", "alliance_last_on"),
)


def stored_and_counted(episode):
    """The columns of the summary as they are stored, and as the rows have it."""
    episode.refresh_from_db()
    with connection.cursor() as cursor:
        cursor.execute(FROM_ROWS, {"episode": episode.pk})
        counted = dict(zip(COLUMNS, cursor.fetchone(), strict=True))
    return {name: getattr(episode, name) for name in COLUMNS}, counted


def marks(rng):
    return answer_of([rng.randint(0, 100) for _ in range(4)])


class Changes:
    """What people do with the sessions of a client's episodes, one thing at a time, chosen by chance."""

    def __init__(self, rng, client, by, episodes):
        self.rng, self.client, self.by, self.episodes = rng, client, by, episodes

    def one(self):
        self.rng.choice((self.past, self.past, self.key_in, self.correct, self.edit, self.void, self.move))()

    def past(self, forms=None):
        here = self.rng.choice(self.episodes)
        forms = self.rng.choice(((), ("ors",), ("srs",), ("ors", "srs"))) if forms is None else forms
        sessions.record_past_session(
            client=self.client,
            by=self.by,
            held_on=self.day(),
            contact_form="in_person",
            attendance="attended" if forms else self.rng.choice(("attended", "no_show")),
            answers={form: marks(self.rng) for form in forms},
            entry_mode="paper",
            skipped={},
            submission_id=self.uuid(),
            episode=here,
        )

    def key_in(self):
        session = self.session()
        if session and session.attendance == "attended":
            form = FormKey(self.rng.choice(("ors", "srs")))
            given = {"entry_mode": "paper", "submission_id": self.uuid(), "by": self.by}
            try:
                record_rating(session=session, form=form, answer=marks(self.rng), **given)
            except ValidationError as error:
                assert error.code == "answered"

    def correct(self):
        rating = self.any_of(Rating.objects.current().filter(session__voided_at=None, session__client=self.client))
        if rating:
            corrections.correct_rating(rating=rating, answer=marks(self.rng), reason="misread", by=self.by)

    def edit(self):
        if session := self.session():
            sessions.edit_session(session=session, by=self.by, held_on=self.day())

    def void(self):
        if session := self.session():
            corrections.void_session(session=session, reason="another client's", by=self.by)

    def move(self):
        if session := self.session():
            there = next(one for one in self.episodes if one.pk != session.episode_id)
            corrections.move_session(session=session, episode=there, reason="the other course", by=self.by)

    def session(self):
        return self.any_of(Session.objects.filter(client=self.client, voided_at=None))

    def any_of(self, rows):
        found = list(rows.order_by("created_at", "pk"))
        return self.rng.choice(found) if found else None

    def day(self):
        return FIRST_DAY + datetime.timedelta(days=self.rng.randint(0, 200))

    def uuid(self):
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(12))
def test_after_each_of_many_changes_the_summaries_are_what_the_rows_say(episode, nils, ann, seed):
    own = nils.organisation
    with tenant(own.pk), record.recorded(organisation_id=own.pk, request_id="test"):
        elsewhere = ServiceFactory(organisation=own)
        other = EpisodeFactory(organisation=own, client=nils, service=elsewhere, started_on=FIRST_DAY)
        changes = Changes(random.Random(seed), nils, ann, (episode, other))
        for _ in range(12):
            changes.one()
            for one in (episode, other):
                stored, counted = stored_and_counted(one)
                assert stored == counted


@pytest.mark.django_db(transaction=True)
def test_a_session_that_is_stored_while_another_is_summed_up_is_counted(episode, nils, ann, monkeypatch):
    """One has read the rows and not yet written the summary when somebody else stores a session."""
    own = nils.organisation_id

    def act(seed, *forms):
        with tenant(own), record.recorded(organisation_id=own, request_id="test"):
            Changes(random.Random(seed), nils, ann, (episode,)).past(forms)
        connection.close()

    other, read, times = threading.Thread(target=act, args=(2,)), summary.load_rows, itertools.count(1)

    def read_while_another_answers(episodes, **how):
        found = read(episodes, **how)
        if next(times) == 2:  # the session is summed up first, then once more with its answer
            other.start()
            other.join(WAIT)
        return found

    monkeypatch.setattr(summary, "load_rows", read_while_another_answers)
    act(1, "ors")
    other.join()
    with tenant(own):
        stored, counted = stored_and_counted(episode)
        rows = Session.objects.count()
    assert counted["outcome_count"] == 1
    assert rows == 2
    assert stored == counted
