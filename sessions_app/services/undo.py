"""Take back what was done to a session: leaving a form out, finishing, voiding, moving."""

import datetime
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from clients.models import Client, Episode
from organisations.audit.record import record_access
from organisations.models import Practitioner
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.models import SKIPPED_COLUMNS, Session
from sessions_app.services.appointments import agree_again
from sessions_app.services.corrections import move_session
from sessions_app.services.locking import lock_countable, lock_session
from sessions_app.services.summary import measurements_changed


@transaction.atomic
def unskip_form(*, session: Session, form: FormKey, by: Practitioner) -> Session:
    """A form that was left out can be asked for again; without a reason nothing changes."""
    session = lock_countable(session.pk)
    setattr(session, SKIPPED_COLUMNS[form.part], "")
    session.save(update_fields=[SKIPPED_COLUMNS[form.part]])
    measurements_changed(session.episode)
    record_access("session.unskip", [session.client_id], purpose=form.key)
    return session


@transaction.atomic
def restore_session(*, session: Session, by: Practitioner) -> Session:
    """A session that was voided counts again, with curve, summary and alerts; its history keeps the reason."""
    session = lock_session(session.pk)
    session.voided_at, session.voided_by, session.void_reason = None, None, ""
    session.save(update_fields=["voided_at", "voided_by", "void_reason"])
    agree_again(session)
    measurements_changed(session.episode)
    record_access("session.restore", [session.client_id])
    return session


def state_before_finishing(session: Session, client: Client) -> dict[str, Any]:
    """What `reopen_session` brings back: the appointment, and which forms had no reason yet."""
    return {
        "next": _appointment(client),
        "skipped": {column: getattr(session, column) for column in SKIPPED_COLUMNS.values()},
    }


@transaction.atomic
def reopen_session(*, session: Session, state: Mapping[str, Any], by: Practitioner) -> Session:
    """A finished session goes on as `state` says it stood; `state["agreed"]` is the appointment of the finishing.

    An appointment that somebody has changed since stays; so does a reason that is no longer the one given then.
    """
    session = lock_countable(session.pk)
    client = Client.objects.select_for_update(no_key=True).get(pk=session.client_id)
    session.finished_at = None
    for column, before in state["skipped"].items():
        setattr(session, column, before)
    session.save(update_fields=["finished_at", *state["skipped"]])
    if _appointment(client) == state["agreed"]:
        day, at = state["next"]
        next_on = datetime.date.fromisoformat(day) if day else None
        next_at = datetime.time.fromisoformat(at) if at else None
        Client.objects.filter(pk=client.pk).update(next_on=next_on, next_at=next_at)
    measurements_changed(session.episode)
    record_access("session.reopen", [session.client_id])
    return session


def agreed_now(client_id: UUID) -> list[str]:
    """The stored appointment, as `reopen_session` compares it."""
    return _appointment(Client.objects.get(pk=client_id))


def _appointment(client: Client) -> list[str]:
    return [value.isoformat() if value else "" for value in (client.next_on, client.next_at)]


@transaction.atomic
def move_back(*, session: Session, episode: Episode, started_on: str, by: Practitioner) -> Session:
    """A moved session goes back to `episode`; the one it leaves begins again on `started_on`, as before the move.

    ValidationError where that episode has ended meanwhile.
    """
    left = session.episode_id
    moved = move_session(session=session, episode=episode, reason=_("The move was undone."), by=by)
    wrong = Episode.objects.select_for_update().get(pk=left)
    first = Session.objects.filter(episode=left).order_by("held_on").values_list("held_on", flat=True).first()
    before = datetime.date.fromisoformat(started_on)
    if wrong.started_on < before and (first is None or first >= before):
        wrong.started_on = before
        measurements_changed(wrong)
    return moved
