"""After the fact: correct an answer, decide between two, take a session out or move it."""

import uuid
from collections.abc import Mapping, Sequence
from typing import cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Episode
from clients.services.episodes import open_episode
from organisations.audit.record import record_access
from organisations.database.statements import written_once
from organisations.edits.versions import RowVersion, merge
from organisations.models import Practitioner
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import ConflictingAnswer, EntryMode, Rating, Session
from sessions_app.services.appointments import give_back
from sessions_app.services.handover import close_session_forms
from sessions_app.services.locking import lock_countable
from sessions_app.services.moving import move_what_hangs_on, refuse_move
from sessions_app.services.ratings import Answer, answer_of
from sessions_app.services.summary import lock_episode, measurements_changed


@transaction.atomic
def correct_rating(
    *,
    rating: Rating,
    answer: Answer,
    reason: str,
    by: Practitioner,
    entry_mode: str = "",
    words: Mapping[str, str] | None = None,
    version: RowVersion | None = None,
) -> Rating:
    """A new revision with a reason; the old one stays and points to it. `words`: of another answer's language and pack.

    ValidationError without a reason, without a change, or when somebody else has corrected it meanwhile. With a
    `version` the newest revision is corrected (StoredMeanwhile as in `merge`); the same marks again change nothing.
    """
    session = lock_countable(rating.session_id)
    rating = Rating.objects.select_for_update(of=("self",)).get(pk=rating.pk)
    if version:
        rating = newest_of(rating)
        if _corrected_so_already(rating, answer, version):
            return rating
    if rating.superseded_by_id is not None:
        raise ValidationError(_("This answer was corrected meanwhile. Look at the newest."), code="changed")
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the answer is corrected.")})
    if (rating.marks and tuple(rating.marks), rating.total) == (answer.marks, answer.total):
        raise ValidationError(_("These are the marks that are stored already."), code="same")
    revision = _revision(rating, answer, words or {}, entry_mode=entry_mode or rating.entry_mode)
    revision.session, revision.recorded_by, revision.reason = session, by, reason.strip()
    # Only one row of a form may be current, so the old one steps back first: its key is checked at COMMIT.
    Rating.objects.filter(pk=rating.pk).update(superseded_by=revision.pk)
    revision.clean_fields(exclude=["organisation", "session", "recorded_by", "superseded_by"])
    revision.save(force_insert=True)
    measurements_changed(session.episode)
    record_access("rating.correct", [session.client_id])
    return revision


def _revision(rating: Rating, answer: Answer, words: Mapping[str, str], *, entry_mode: str) -> Rating:
    """A new row like `rating` with another answer, not stored yet."""
    kept = {name: getattr(rating, name) for name in ("instrument", "rater", "language", "pack", "device_time")}
    return Rating(
        organisation_id=rating.organisation_id,
        **{**kept, **words},
        marks=None if answer.marks is None else list(answer.marks),
        total=answer.total,
        entry_mode=entry_mode,
        submission_id=uuid.uuid4(),
    )


def _corrected_so_already(newest: Rating, answer: Answer, version: RowVersion) -> bool:
    """Whether somebody has stored the same answer since `version`; StoredMeanwhile for another one."""
    stored, given = lines_of(newest), lines_of(answer, newest)
    merge(version, stored, given)
    return given == stored and not all(version.shows(name, value) for name, value in stored.items())


def newest_of(rating: Rating) -> Rating:
    """The revision of an answer that counts now."""
    same = {name: getattr(rating, name) for name in ("session", "instrument", "rater")}
    return Rating.objects.get(**same, superseded_by=None)


def lines_of(answer: Answer | Rating, of: Rating | None = None) -> dict[str, int | None]:
    """An answer (to the form that `of` answers) as the fields of a correction hold it: its marks, or only a total."""
    about = FormKey((of or cast(Rating, answer)).instrument).instrument
    marks: Sequence[int | None] = answer.marks or [None] * len(about.items)
    total = {} if about.is_choice else {"total": None if answer.marks else answer.total}
    return dict(zip(about.items, marks, strict=True)) | total


@transaction.atomic
def decide_conflict(*, conflict: ConflictingAnswer, take: bool, by: Practitioner) -> ConflictingAnswer:
    """Decide which of two answers counts: `take` the second one, or let the first stand. Both stay stored.

    The same decision again changes nothing; ValidationError where somebody has decided otherwise.
    """
    session = lock_countable(conflict.rating.session_id)
    conflict = ConflictingAnswer.objects.select_for_update(of=("self",)).get(pk=conflict.pk)
    if conflict.decided_at is not None and conflict.taken == take:
        return conflict
    if conflict.decided_at is not None:
        raise ValidationError(_("A colleague has decided this meanwhile."), code="decided")
    current = Rating.objects.get(
        session=session,
        instrument=conflict.rating.instrument,
        rater=conflict.rating.rater,
        superseded_by=None,
    )
    if take and current.marks != conflict.marks:
        correct_rating(
            rating=current,
            answer=answer_of(conflict.marks, scored=current.total is not None),
            reason=_("The client's other answer counts."),
            entry_mode=EntryMode.DEVICE,
            words={"language": conflict.language, "pack": conflict.pack} if conflict.language else None,
            by=by,
        )
    conflict.taken, conflict.decided_at, conflict.decided_by = take, timezone.now(), by
    conflict.save(update_fields=["taken", "decided_at", "decided_by"])
    record_access("rating.decide", [session.client_id])
    return conflict


@written_once
def open_conflicts(session: Session):
    """The second answers of a session that nobody has decided about, oldest first."""
    return (
        ConflictingAnswer.objects.filter(rating__session=session, decided_at=None)
        .select_related("rating")
        .order_by("created_at")
    )


@transaction.atomic
def void_session(*, session: Session, reason: str, by: Practitioner) -> Session:
    """Take a session out of curve, summary and alerts; it stays stored with the reason.

    Its open forms are closed, and the appointment that it took the place of stands again.
    """
    session = lock_countable(session.pk)
    session.voided_at, session.voided_by, session.void_reason = timezone.now(), by, reason.strip()
    session.full_clean(exclude=["organisation", "client", "episode", "practitioner", "voided_by"])
    session.save(update_fields=["voided_at", "voided_by", "void_reason"])
    close_session_forms(session)
    give_back(session)
    measurements_changed(session.episode)
    record_access("session.void", [session.client_id])
    return session


@transaction.atomic
def move_session(
    *, session: Session, episode: Episode, reason: str, by: Practitioner, version: RowVersion | None = None
) -> Session:
    """Move a session to the open episode of the right client; both summaries follow. The reason is logged.

    An `episode` that is not stored yet is opened, from the session's day on. Marks, drafts, words, answers that wait
    for a decision, the place in a group and the next appointment move along. Forms that are open are of the client of
    before: they are closed, and no form shows what was kept of them. StoredMeanwhile by `version` as in `merge`; the
    same move again changes nothing.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the session is moved.")})
    if episode._state.adding:
        client, service = episode.client, episode.service
        episode = open_episode(client=client, service=service, started_on=session.held_on, by=by, id=episode.pk)
    # In the order of their keys, so that two moves the other way round cannot wait for each other.
    for pk in sorted([session.episode_id, episode.pk]):
        lock_episode(pk)
    session = lock_countable(session.pk)
    before = session.episode
    if version and before.pk == episode.pk and not version.shows("episode", before):
        return session
    after = lock_episode(merge(version, {"episode": before}, {"episode": episode})["episode"].pk)
    refuse_move(session, before, after)
    session.episode, session.client = after, after.client
    session.save(update_fields=["episode", "client"])
    move_what_hangs_on(session, before, after)
    after.started_on = min(after.started_on, session.held_on)
    measurements_changed(before)
    measurements_changed(after)
    record_access("session.move", [before.client_id, after.client_id], typed=reason)
    return session
