"""Answers that a client marked in another system."""

import uuid
from collections.abc import Mapping, Sequence

from django.db import transaction

from organisations.audit.record import record_access
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import Rating, Session
from sessions_app.services.forms_due import ratings_of
from sessions_app.services.locking import lock_session
from sessions_app.services.ratings import Receipt, keep_answer, refuse_unfit
from sessions_app.services.study_answers import refuse_withheld


@transaction.atomic
def keep_client_answer(
    *,
    session: Session,
    form: FormKey,
    marks: Sequence[int],
    submission_id: uuid.UUID,
    device_time: str = "",
    words: Mapping[str, str] | None = None,
) -> Receipt:
    """Keep `marks` (tenths) beside whatever is stored, as from our own form; ValidationError where there is no form.

    `words` as `record_rating` takes them.
    """
    session = lock_session(session.pk)
    refuse_unfit(session, form)
    refuse_withheld(session, form)
    record_access("rating.submit", [session.client_id])
    return keep_answer(session, form, marks, submission_id, device_time=device_time, **(words or {}))


def current_rating(session: Session, form: FormKey) -> Rating:
    """The answer that counts, of a form that was answered."""
    return ratings_of(session)[form.key]
