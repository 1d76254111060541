"""Unfinished forms: kept, gone on with, deleted. They are counted nowhere."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.audit.record import record_access
from organisations.models import Capability, CapabilityKind, Organisation, Practitioner
from organisations.services.local_day import day_of
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import EntryMode, RatingDraft, Session
from sessions_app.services.forms_due import ratings_of
from sessions_app.services.locking import lock_countable, lock_session
from sessions_app.services.ratings import ANSWERED, refuse_unfit
from sessions_app.services.study_answers import refuse_withheld

Given = Mapping[str, int]  # marks by item key; a line without a mark is left out
Words = Mapping[str, str]  # `pack` and `language` of the form that they were set on


@transaction.atomic
def keep_from_device(*, capability: Capability, marks: Given, words: Words) -> bool:
    """Keep what a client has marked so far; whether there was anything to keep.

    A handed-over form is closed with it: whoever holds the device next sees nothing of it. Nothing is kept of a
    form that is answered, or was closed while it was on its way.
    """
    session, form = lock_session(capability.object_id), FormKey.parse(capability.detail)
    record_access("rating.keep", [session.client_id])
    keep = bool(marks) and _is_open(capability) and form.key not in ratings_of(session)
    if keep:
        _store(session, form, marks, words, {"entry_mode": EntryMode.DEVICE, "recorded_by": None})
    if capability.kind == CapabilityKind.HANDOVER:
        Capability.objects.filter(pk=capability.pk, revoked_at=None).update(revoked_at=timezone.now())
    return keep


@transaction.atomic
def keep_while_marking(*, capability: Capability, marks: Given, words: Words) -> None:
    """Keep what stands on a form that goes on: after a reload, a sleep or an unlocking it is all still there.

    Marks that were taken back are kept no longer. Left as they are: an answered form, one that was closed meanwhile,
    what staff keyed in after the form was opened, and more marks of another day.
    """
    session, form = lock_session(capability.object_id), FormKey.parse(capability.detail)
    record_access("rating.keep", [session.client_id])
    draft = draft_of(session.pk, form)
    if not _is_open(capability) or form.key in ratings_of(session):
        return
    if draft is not None and not _gives_way(draft, capability, marks):
        return
    if marks:
        _store(session, form, marks, words, {"entry_mode": EntryMode.DEVICE, "recorded_by": None})
    elif draft is not None:
        RatingDraft.objects.filter(pk=draft.pk).delete()


def _is_open(capability: Capability) -> bool:
    """Whether the form is open still, now that its session is locked and nobody can move it."""
    return Capability.objects.filter(pk=capability.pk, revoked_at=None).exists()


def _gives_way(draft: RatingDraft, capability: Capability, marks: Given) -> bool:
    if draft.recorded_by_id is not None and draft.kept_at > capability.created_at:
        return False
    return goes_on_a_device(draft, capability.organisation) or len(marks) >= len(draft.given)


@transaction.atomic
def keep_keyed(
    *, session: Session, form: FormKey, marks: Given, words: Words, entry_mode: str, by: Practitioner
) -> RatingDraft:
    """Keep the marks of a paper that is not finished; ValidationError without any, or when it is answered already."""
    session = lock_countable(session.pk)
    refuse_unfit(session, form)
    refuse_withheld(session, form)
    if form.key in ratings_of(session):
        raise ValidationError(ANSWERED, code="answered")
    if not marks:
        raise ValidationError(_("Write at least one mark."))
    record_access("rating.keep", [session.client_id])
    return _store(session, form, marks, words, {"entry_mode": entry_mode, "recorded_by": by})


def _store(session: Session, form: FormKey, marks: Given, words: Words, facts: Mapping[str, Any]) -> RatingDraft:
    draft, _created = RatingDraft.objects.update_or_create(
        organisation_id=session.organisation_id,
        session=session,
        instrument=form.instrument_key,
        rater=form.rater,
        defaults={
            "marks": [marks.get(key) for key in form.instrument.items],
            **words,
            **facts,
            "kept_at": timezone.now(),
            "kept_before_move": False,
        },
    )
    return draft


def draft_of(session_id: UUID, form: FormKey) -> RatingDraft | None:
    """Return the draft that is kept of a form."""
    return RatingDraft.objects.filter(session=session_id, instrument=form.instrument_key, rater=form.rater).first()


def resumed(capability: Capability) -> Given:
    """The marks that a form opens with: those kept on the same day.

    On another day the client would answer about another week; then the first marks are keyed in with the rest. Not
    shown is what staff keyed in after the form was opened, and what was kept in the same hand-over: nobody knows who
    holds the device by then. Nor what was kept while the session was another client's.
    """
    draft = draft_of(capability.object_id, FormKey.parse(capability.detail))
    if draft is None or not goes_on_a_device(draft, capability.organisation):
        return {}
    if draft.recorded_by_id is not None and draft.kept_at > capability.created_at:
        return {}
    return {} if _was_kept_in_this_handover(draft, capability) else draft.given


def _was_kept_in_this_handover(draft: RatingDraft, capability: Capability) -> bool:
    """Whether an earlier token of the form, opened for the same hand-over, has kept it."""
    if capability.handover is None:
        return False
    same = {name: getattr(capability, name) for name in ("kind", "handover", "object_id", "detail")}
    earlier = Capability.objects.filter(**same, created_at__lte=draft.kept_at, revoked_at__gte=draft.kept_at)
    return earlier.exists()


def goes_on_a_device(draft: RatingDraft, organisation: Organisation) -> bool:
    """Whether it was kept today, where the organisation is, and of the client whose session it still is."""
    return not draft.kept_before_move and day_of(draft.kept_at, organisation) == day_of(timezone.now(), organisation)


@transaction.atomic
def discard(*, draft: RatingDraft, by: Practitioner) -> None:
    """Delete an unfinished form; the form itself can be answered as before."""
    record_access("rating.discard_draft", [draft.session.client_id])
    RatingDraft.objects.filter(pk=draft.pk).delete()
