"""Answers to the forms: from the client's device, from paper, read aloud, or skipped with a reason."""

import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organisations.audit.record import record_access
from organisations.models import Capability, Practitioner
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import (
    SKIPPED_COLUMNS,
    Attendance,
    ConflictingAnswer,
    EntryMode,
    Rating,
    RatingDraft,
    Session,
    Skipped,
)
from sessions_app.services import study_answers
from sessions_app.services.forms_due import fits, parts_of_session, ratings_of
from sessions_app.services.locking import lock_countable
from sessions_app.services.summary import measurements_changed

logger = logging.getLogger(__name__)
# Two devices, a correction, a second thought: a client leaves a few. Whoever holds a token can fill no disk.
MOST_CONFLICTS = 20
ANSWERED = gettext_lazy("This form is answered already. Correct that answer instead.")


class Receipt(StrEnum):
    """What became of a posted form."""

    SAVED = "saved"
    REPEATED = "repeated"  # the same answer was here already
    CONFLICT = "conflict"  # another answer was here already; both are kept
    HELD = "held"  # kept for a session to come, or for the practitioner to decide
    TOO_MANY = "too_many"  # so many different answers to one form are no client's; this one is not kept


@dataclass(frozen=True)
class Answer:
    """The marks of a form (0-100, tenths) with their sum, or from paper only a total (0-400).

    Of a form without a score: the number of the chosen face, and no total.
    """

    marks: tuple[int, ...] | None
    total: int | None


def answer_of(marks: Sequence[int], *, scored: bool = True) -> Answer:
    """The answer of a form's marks."""
    return Answer(tuple(marks), sum(marks) if scored else None)


@transaction.atomic(savepoint=False)
def submit_rating(
    *,
    capability: Capability,
    marks: Sequence[int],
    submission_id: uuid.UUID,
    device_time: str = "",
    language: str = "",
    pack: str = "",
    session: Session,
) -> Receipt:
    """Keep what a client marked on a device for a locked session; `marks` in tenths, as `parse_mark` returns them;
    `pack` is "id@version" of the wording it was made with, empty for our own.

    Safe to repeat: the same submission, or the same marks again, change nothing. Other marks for a form that
    was answered already are kept beside the first ones. A session that was voided meanwhile keeps its answer.
    """
    form = FormKey.parse(capability.detail)
    record_access("rating.submit", [session.client_id])
    facts = {"device_time": device_time[:40], "language": language, "pack": pack}
    late = capability.expires_at <= timezone.now()
    return keep_answer(session, form, marks, submission_id, late=late, **facts)


def keep_answer(
    session: Session, form: FormKey, marks: Sequence[int], submission_id: uuid.UUID, **facts: Any
) -> Receipt:
    """Keep what a client marked, for a locked session, beside what is stored; `facts` are columns of the rating.

    In the arm of a study without feedback it is kept apart (study_answers).
    """
    if study_answers.withholds(session.episode.client, form):
        kept = study_answers.keep(session, form, marks, submission_id, **facts)
        RatingDraft.objects.filter(session=session, instrument=form.instrument_key, rater=form.rater).delete()
        note_arrival(session)
        return Receipt.SAVED if kept else Receipt.REPEATED
    outcome = None
    words: dict[str, str] = {name: facts[name] for name in ("language", "pack") if name in facts}
    while outcome is None:
        outcome = _compared(session, form, list(marks), submission_id, words)
        if outcome is None:
            rating = Rating(
                instrument=form.instrument_key,
                rater=form.rater,
                entry_mode=EntryMode.DEVICE,
                submission_id=submission_id,
                **facts,
            )
            if _insert(session, rating, answer_of(marks, scored=form.instrument.scored)):
                return Receipt.SAVED
            submission_id = uuid.uuid4()  # another form's id was copied; this answer still counts
    return outcome


def _compared(
    session: Session, form: FormKey, marks: list[int], submission_id: uuid.UUID, words: dict[str, str]
) -> Receipt | None:
    """How an answer stands to what is stored; None when nothing is. `words` are its own language and pack."""
    stored = Rating.objects.filter(session=session, instrument=form.instrument_key, rater=form.rater)
    current = None
    for rating in stored:
        if rating.submission_id == submission_id and rating.marks == marks:
            return Receipt.REPEATED
        if rating.superseded_by_id is None:
            current = rating
    if current is None:
        return None
    if current.marks == marks:
        return Receipt.REPEATED
    beside = ConflictingAnswer.objects.filter(rating=current)
    if not beside.filter(marks=marks).exists():
        if beside.count() >= MOST_CONFLICTS:
            logger.warning("A form has %s different answers; one more is refused", MOST_CONFLICTS)
            return Receipt.TOO_MANY
        ConflictingAnswer.objects.create(
            organisation_id=session.organisation_id, rating=current, marks=marks, submission_id=submission_id, **words
        )
    return Receipt.CONFLICT


def _insert(session: Session, rating: Rating, answer: Answer) -> bool:
    """Store a rating of a locked session; False when the unique constraint says that there is one already.

    No full_clean: each of its checks is a query, and every value comes from a parser or from our own code.
    """
    rating.organisation_id, rating.session = session.organisation_id, session
    rating.marks = None if answer.marks is None else list(answer.marks)
    rating.total = answer.total
    try:
        with transaction.atomic():
            rating.save(force_insert=True)
    except IntegrityError as error:
        if not any(name in str(error) for name in ("rating_once", "rating_submission_once")):
            raise
        return False
    RatingDraft.objects.filter(session=session, instrument=rating.instrument, rater=rating.rater).delete()
    for part in parts_of_session(session, [FormKey(rating.instrument, rating.rater).key]):
        if getattr(session, SKIPPED_COLUMNS[part]):
            setattr(session, SKIPPED_COLUMNS[part], "")
            session.save(update_fields=[SKIPPED_COLUMNS[part]])
    note_arrival(session)
    measurements_changed(session.episode)
    return True


def note_arrival(session: Session) -> None:
    """Who was expected and answers, or starts, has come; the session's episode is locked."""
    if session.attendance == Attendance.EXPECTED:
        session.attendance = Attendance.ATTENDED
        session.save(update_fields=["attendance"])
        measurements_changed(session.episode)


def refuse_unfit(session: Session, form: FormKey) -> None:
    """ValidationError where nothing can be measured, or by another form: an absence, another age, nobody's rater."""
    if session.attendance not in (Attendance.ATTENDED, Attendance.EXPECTED):
        raise ValidationError(_("The client was not there; there is nothing to measure."), code="absent")
    if not fits(session, form):
        raise ValidationError(_("This form does not belong to this session: look at age and raters."), code="version")


@transaction.atomic
def record_rating(
    *,
    session: Session,
    form: FormKey,
    answer: Answer,
    entry_mode: str,
    submission_id: uuid.UUID,
    by: Practitioner,
    words: Mapping[str, str] | None = None,
) -> Rating:
    """Store what a colleague keys in from paper or while reading aloud. ValidationError when answered already.

    `words` are `pack` ("id@version" of the wording that was answered, empty for our own) and `language`; None where
    nobody knows whose words they were: then the language is empty too. The same submission again (a double click)
    returns the stored rating.
    """
    session = lock_countable(session.pk)
    refuse_unfit(session, form)
    study_answers.refuse_withheld(session, form)
    before = ratings_of(session).get(form.key)
    if before is not None and before.submission_id == submission_id:
        return before
    rating = Rating(
        instrument=form.instrument_key,
        rater=form.rater,
        entry_mode=entry_mode,
        submission_id=submission_id,
        recorded_by=by,
        **(words or {}),
    )
    if before is not None or not _insert(session, rating, answer):
        raise ValidationError(ANSWERED, code="answered")
    record_access("rating.key_in", [session.client_id])
    return rating


@transaction.atomic
def skip_form(*, session: Session, form: FormKey, reason: str, by: Practitioner) -> Session:
    """Say why the client's outcome or alliance form is left out this time; `reason` is one of Skipped.

    ValidationError where another reason is written down, or the form is answered.
    """
    session = lock_countable(session.pk)
    stored = getattr(session, SKIPPED_COLUMNS[form.part])
    if stored and stored != reason:
        said = {"reason": Skipped(stored).label}
        raise ValidationError(_("A reason is written down already: %(reason)s.") % said, code="changed")
    if form.part in parts_of_session(session, ratings_of(session)):
        raise ValidationError(_("This form is answered already; it cannot be skipped."), code="answered")
    setattr(session, SKIPPED_COLUMNS[form.part], Skipped(reason))
    session.save(update_fields=[SKIPPED_COLUMNS[form.part]])
    measurements_changed(session.episode)
    record_access("session.skip", [session.client_id], purpose=form.key)
    return session
