"""What comes from a client's device: counted at once, or held until a session starts or somebody decides."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Client, Episode
from organisations.audit import record
from organisations.audit.record import record_access
from organisations.database.statements import written_once
from organisations.history.tracking import put_down_to
from organisations.models import Capability, CapabilityKind, Practitioner
from organisations.tenancy.context import tenant
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import Attendance, FollowUpMeasure, PendingAnswer, PendingReason, Session
from sessions_app.services import follow_up_measures
from sessions_app.services.answered_sessions import AnsweredSession, lock_answered_session
from sessions_app.services.first_answers import submit_first_answer
from sessions_app.services.forms_due import ratings_of
from sessions_app.services.locking import lock_countable, lock_session
from sessions_app.services.ratings import MOST_CONFLICTS, Receipt, keep_answer, submit_rating
from sessions_app.services.study_answers import withholds
from sessions_app.services.summary import lock_episode

# The ORS asks for the past week: what was marked longer ago is not how the client is when the session starts.
AHEAD_COUNTS_FOR = timedelta(days=7)
# What a token is about where it is no session, and how that leads to its client.
_ABOUT: dict[str, tuple[type[Model], str]] = {
    CapabilityKind.AHEAD: (Episode, "client"),
    CapabilityKind.FOLLOW_UP: (FollowUpMeasure, "episode__client"),
}


@contextmanager
def acting_for(capability: Capability, request_id: str) -> Iterator[None]:
    """The tenant and the access log of a token that stood not in the address but in what was sent."""
    collected = record.Collected(request_id=request_id, organisation_id=capability.organisation_id, role="capability")
    with tenant(capability.organisation_id), record.collecting(collected):
        put_down_to(collected.author)
        yield
        record.write(collected)


def form_language(capability: Capability) -> str | None:
    """The language of the client whose form a token opens; None when what it is about is gone."""
    about, path = _ABOUT.get(capability.kind, (Session, "client"))
    rows = about._default_manager.filter(pk=capability.object_id)
    found = rows.values_list(f"{path}_id", f"{path}__form_language").first()
    if found is None:
        return None
    record_access("form.open", [found[0]])
    return found[1]


def lock_answered(capability: Capability) -> AnsweredSession | None:
    """The session that a token's form belongs to, locked for the answer that has come; None where it has none.

    Its client's language is `form_language`'s, and on record as there.
    """
    if capability.kind in _ABOUT:
        return None
    answered = lock_answered_session(capability.object_id)
    if answered is not None:
        record_access("form.open", [answered.client.pk])
    return answered


def note_opened(capability: Capability) -> None:
    """The form's page was shown; only the first time is kept."""
    Capability.objects.filter(pk=capability.pk, opened_at=None).update(opened_at=timezone.now())


def note_started(capability: Capability) -> None:
    """The first mark was set; only the first time is kept."""
    Capability.objects.filter(pk=capability.pk, started_at=None).update(started_at=timezone.now())


@transaction.atomic(savepoint=False)
def submit_answer(
    *,
    capability: Capability,
    marks: Sequence[int],
    submission_id: uuid.UUID,
    foreign: bool = False,
    answered: AnsweredSession | None = None,
    **facts: Any,
) -> Receipt:
    """Keep a finished form, whatever has happened to its token since; `facts` as `ratings.submit_rating`, `answered`
    if it was locked before.

    An answer to a form that was closed, or to a session that was not held, waits for the practitioner; so does one
    from a device that is in another hand-over (`foreign`): nobody knows whose it is. One that was sent ahead belongs
    to the session that has started since, or waits for the next one.
    """
    given = {"marks": marks, "submission_id": submission_id, **facts}
    if capability.kind == CapabilityKind.FOLLOW_UP:
        return follow_up_measures.keep_answer(capability, **given)
    if capability.kind == CapabilityKind.AHEAD:
        episode = _lock_ahead(capability)
        begun = _started_since(capability, episode)
        session = None if begun is None else lock_session(begun.pk)
    else:
        if not foreign and _is_kept_as_first(capability, answered, given):
            return Receipt.SAVED
        session = lock_session(capability.object_id)
        episode = session.episode
    why = PendingReason.CLOSED if foreign else _why_not(capability, session)
    if (
        session is not None
        and why is not None
        and withholds(session.episode.client, form := FormKey.parse(capability.detail))
    ):
        record_access("rating.submit", [session.client_id])
        keep_answer(session, form, is_doubtful=True, **given)
        return Receipt.HELD
    if session is not None and why is None:
        return submit_rating(capability=capability, session=session, **given)
    return _hold(capability, episode, session, why or PendingReason.AHEAD, given)


def _is_kept_as_first(capability: Capability, answered: AnsweredSession | None, given: dict[str, Any]) -> bool:
    """Whether it was a usual first answer, and so is stored."""
    answered = answered or lock_answered_session(capability.object_id)
    return answered is not None and submit_first_answer(capability=capability, answered=answered, **given)


def _lock_ahead(capability: Capability) -> Episode:
    """The episode that a form was sent ahead for, locked: another one than when the token was looked up, where its
    client's records were merged meanwhile.
    """
    key = capability.object_id
    while True:
        episode = lock_episode(key)
        now = Capability.objects.filter(pk=capability.pk).values_list("object_id", flat=True).first()
        if now in (None, key):
            return episode
        key = now


def _why_not(capability: Capability, session: Session | None) -> PendingReason | None:
    """Why an answer does not count by itself; None when it does, or waits for its session. The form is used now.

    Episode and session are locked, so that nobody takes the session out or moves it between this and the storing.
    """
    rows = Capability.objects.filter(pk=capability.pk)
    used = {"used_at": Coalesce("used_at", timezone.now())}
    if not rows.filter(revoked_at=None).update(**used):
        rows.update(**used)
        return PendingReason.WITHDRAWN if capability.handover is None else PendingReason.CLOSED
    is_absent = session is not None and session.attendance not in (Attendance.ATTENDED, Attendance.EXPECTED)
    return PendingReason.ABSENT if is_absent else None


def _started_since(capability: Capability, episode: Episode) -> Session | None:
    """The episode's session that began after the form was sent and has no answer to it."""
    since = Session.objects.valid().filter(
        episode=episode,
        attendance=Attendance.ATTENDED,
        started_at__gte=capability.created_at,
    )
    for session in since.oldest_first():
        if capability.detail not in ratings_of(session):
            return session
    return None


def _hold(
    capability: Capability, episode: Episode, session: Session | None, why: PendingReason, given: dict[str, Any]
) -> Receipt:
    """Keep an answer for later; the same one again changes nothing."""
    form = FormKey.parse(capability.detail)
    given = {**given, "marks": list(given["marks"])}
    record_access("rating.hold", [episode.client_id])
    rows = PendingAnswer.objects.filter(episode=episode, instrument=form.instrument_key, rater=form.rater)
    same = PendingAnswer.objects.filter(submission_id=given["submission_id"], marks=given["marks"])
    if same.exclude(pk__in=rows.values("pk")).exists():
        # Another form's id was copied; this answer waits all the same, once.
        given["submission_id"] = uuid.uuid5(given["submission_id"], f"{episode.pk} {form.key}")
    if rows.filter(submission_id=given["submission_id"], marks=given["marks"]).exists():
        return Receipt.REPEATED
    if rows.undecided().count() >= MOST_CONFLICTS:
        return Receipt.TOO_MANY
    PendingAnswer.objects.create(
        organisation_id=episode.organisation_id,
        episode=episode,
        session=session,
        instrument=form.instrument_key,
        rater=form.rater,
        late=capability.expires_at <= timezone.now(),
        why=why,
        **given,
    )
    return Receipt.HELD


def attach_ahead(session: Session) -> int:
    """A session begins: the answers that were sent ahead of it become its own; how many did.

    The session's episode is locked. What is older than a week stays held.
    """
    waiting = PendingAnswer.objects.undecided().filter(
        episode=session.episode, why=PendingReason.AHEAD, created_at__gt=timezone.now() - AHEAD_COUNTS_FOR
    )
    return sum(_take(answer, session, by=None) for answer in waiting)


@transaction.atomic
def decide_pending_answer(*, answer: PendingAnswer, session: Session, take: bool, by: Practitioner) -> PendingAnswer:
    """Decide whether a held answer counts for `session` or stays aside. Decided once; it stays stored either way.

    ValidationError where it cannot count: the session was taken out, or not held.
    """
    session = lock_countable(session.pk) if take else lock_session(session.pk)
    answer = PendingAnswer.objects.select_for_update().get(pk=answer.pk, episode=session.episode)
    record_access("held.decide", [session.client_id])
    if answer.decided_at is not None:
        return answer
    if take and session.attendance not in (Attendance.ATTENDED, Attendance.EXPECTED):
        raise ValidationError(_("The session is noted as not held. Change the attendance first."), code="absent")
    if take:
        _take(answer, session, by=by)
    else:
        answer.decided_at, answer.decided_by = timezone.now(), by
        answer.save(update_fields=["decided_at", "decided_by"])
    return answer


def _take(answer: PendingAnswer, session: Session, *, by: Practitioner | None) -> bool:
    """Let a held answer count for a locked session; beside another answer to the same form it is a second one."""
    keep_answer(
        session,
        FormKey(answer.instrument, answer.rater),
        answer.marks,
        answer.submission_id,
        device_time=answer.device_time,
        language=answer.language,
        pack=answer.pack,
        late=answer.late,
        created_at=answer.created_at,
    )
    answer.session, answer.taken = session, True
    answer.decided_at, answer.decided_by = timezone.now(), by
    answer.save(update_fields=["session", "taken", "decided_at", "decided_by"])
    return True


def where_to_decide(client: Client) -> list[tuple[PendingAnswer, Session | None]]:
    """Every undecided answer of a client, with the session on whose page it is decided; two queries.

    That is its own session, else the episode's newest; None while the episode has none.
    """
    answers = _undecided_of(client)
    newest: dict[UUID, Session] = {}
    if answers:
        for session in Session.objects.valid().filter(episode__in={one.episode_id for one in answers}).oldest_first():
            newest[session.episode_id] = session
    return [(one, one.session or newest.get(one.episode_id)) for one in answers]


@written_once
def _undecided_of(client: Client):
    return PendingAnswer.objects.undecided().filter(episode__client=client).select_related("session")


def pending_answers_of(session: Session) -> list[PendingAnswer]:
    """Return undecided answers that could count for this session, oldest first; also those of one taken out since."""
    return _undecided(session, session.episode_id)


@written_once
def _undecided(session: Session, episode_id: UUID):
    its_own = Q(session=None) | Q(session=session) | Q(session__voided_at__isnull=False)
    return PendingAnswer.objects.undecided().filter(its_own, episode=episode_id)
