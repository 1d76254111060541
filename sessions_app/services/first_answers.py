"""The first answer to a form, as nearly all are: stored with everything that hangs on it by one statement.

What a client waits for is the number of round trips and the ORM's writing of SQL, not the database's own work
(`make bench ONLY="B1 B2 TRACE"`). So rating, token, kept marks, summary and the asking for alerts go together here.
Whatever is unusual (a second answer, a skipped form, an absence, a closed token) goes by `ratings.keep_answer`;
`tests/sessions_app/services/test_first_answers.py` sends the same answers both ways and compares every row.
"""

import logging
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils import timezone

from clients.models import Episode
from clients.models.summary import SUMMARY
from organisations.audit.record import record_access
from organisations.database.placeholders import typed_placeholder
from organisations.models import Capability
from organisations.monitoring.logs import request_id
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import SKIPPED_COLUMNS, Attendance, EntryMode, Rating
from sessions_app.services.answered_sessions import AnsweredSession
from sessions_app.services.courses import RatedSession, RatingRow
from sessions_app.services.forms_due import parts_of_session
from sessions_app.services.study_answers import withholds
from sessions_app.services.summary import EVALUATE_EPISODE, set_summary

logger = logging.getLogger(__name__)
_SUMMARY = (*SUMMARY, "tone")
_RATING = [field for field in Rating._meta.local_concrete_fields if field.name != "updated_at"]  # the database's
# Nothing is written where the token was closed meanwhile, and its moment alone where the rating's keys stand already.
_STORE = """
    WITH used AS (
        UPDATE organisations_capability SET used_at = coalesce(used_at, %s)
        WHERE token_hash = %s AND revoked_at IS NULL RETURNING token_hash
    ), stored AS (
        INSERT INTO sessions_app_rating ({columns}) SELECT {values} FROM used
        ON CONFLICT DO NOTHING RETURNING session_id, instrument, rater
    ), forgotten AS (
        DELETE FROM sessions_app_ratingdraft draft USING stored
        WHERE draft.session_id = stored.session_id AND draft.instrument = stored.instrument
            AND draft.rater = stored.rater
    ), summarised AS (
        UPDATE clients_episode SET {summary} FROM stored WHERE clients_episode.id = %s
    )
    INSERT INTO organisations_outbox (id, task, organisation_id, object_id, request_id, created_at, due_at, attempts)
    SELECT %s, %s, %s, %s, %s, %s, %s, 0 FROM stored
"""
_STATEMENT = _STORE.format(
    columns=", ".join(str(field.column) for field in _RATING),
    values=", ".join(typed_placeholder(field) for field in _RATING),
    summary=", ".join(f"{name} = %s" for name in _SUMMARY),
)


def submit_first_answer(
    *, capability: Capability, answered: AnsweredSession, marks: Sequence[int], submission_id: uuid.UUID, **facts: Any
) -> bool:
    """Keep the first answer that a token's form gets for a locked session; False, with nothing of it kept, where it is
    no usual one. `marks` in tenths, `facts` as `ratings.submit_rating`.
    """
    form, session = FormKey.parse(capability.detail), answered.session
    held = list(answered.rated) if _is_usual(answered, form) else []
    here = next((place for place, one in enumerate(held) if one.session.id == session.pk), None)
    if here is None or form in held[here].ratings:
        return False
    rating = Rating(
        organisation_id=session.organisation_id,
        session=session,
        instrument=form.instrument_key,
        rater=form.rater,
        marks=list(marks),
        total=sum(marks) if form.instrument.scored else None,
        entry_mode=EntryMode.DEVICE,
        submission_id=submission_id,
        late=capability.expires_at <= timezone.now(),
        **facts,
    )
    held[here] = _answered(held[here], form, rating)
    set_summary(session.episode, held)
    if not _store(capability, rating, session.episode):
        return False
    record_access("rating.submit", [session.client_id])
    return True


def _is_usual(answered: AnsweredSession, form: FormKey) -> bool:
    session = answered.session
    if withholds(answered.client, form):
        return False
    if answered.is_voided or session.attendance != Attendance.ATTENDED:
        return False
    return not any(getattr(session, SKIPPED_COLUMNS[part]) for part in parts_of_session(session, [form.key]))


def _answered(rated: RatedSession, form: FormKey, rating: Rating) -> RatedSession:
    row = RatingRow(rated.session.id, form.instrument_key, form.rater, rating.marks, rating.total, rating.pack)
    return RatedSession(rated.session, {**rated.ratings, form: row})


def _store(capability: Capability, rating: Rating, episode: Episode) -> bool:
    now, asked = timezone.now(), uuid.uuid4()
    rows: list[Any] = [getattr(rating, field.attname) for field in _RATING]
    rows += [getattr(episode, name) for name in _SUMMARY]
    rows += [episode.pk, asked, EVALUATE_EPISODE, episode.organisation_id, episode.pk, request_id()[:36], now, now]
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, [now, bytes(capability.pk), *rows])
        stored = cursor.rowcount == 1
    if stored:
        logger.info("Asked for %s as %s", EVALUATE_EPISODE, asked)
    return stored
