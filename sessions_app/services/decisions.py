"""Decisions of a session: written down while it goes on, and followed up until somebody has seen to them."""

import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from organisations.audit.record import record_access
from organisations.database.statements import written_once
from organisations.edits.versions import RowVersion, merge, values_of, write
from organisations.models import Practitioner
from organisations.services.local_day import today_in
from sessions_app.models import Session, SessionDecision
from sessions_app.services.locking import lock_countable

WRITTEN = ("text", "support", "responsible", "follow_up_on")
MOST_TO_FOLLOW_UP = 50
"""The most pressing ones; whoever has more than these sees the rest afterwards."""


def decisions_of(session: Session) -> list[SessionDecision]:
    """What was decided at a session, the oldest first."""
    return _decisions_of(session)


@written_once
def _decisions_of(session: Session):
    found = SessionDecision.objects.filter(session=session).exclude(text="", support="")
    return found.select_related("responsible", "done_by").order_by("created_at")


@transaction.atomic
def save_decision(
    *,
    session: Session,
    decision_id: UUID,
    text: str,
    support: str,
    responsible: Practitioner | None,
    follow_up_on: datetime.date | None,
    by: Practitioner,
    version: RowVersion | None = None,
) -> SessionDecision:
    """Keep a decision under the id that its page gave it; StoredMeanwhile as in `merge`.

    The same again changes nothing. ValidationError of an empty new one and of a session that was voided; DoesNotExist
    where another session has the id.
    """
    session = lock_countable(session.pk)
    record_access("decision.save", [session.client_id])
    given = {"text": text, "support": support, "responsible": responsible, "follow_up_on": follow_up_on}
    is_new = not SessionDecision.objects.filter(pk=decision_id).exists()
    if is_new:
        if not (text.strip() or support.strip()):
            raise ValidationError({"text": _("Write what was decided.")})
        new = SessionDecision(pk=decision_id, organisation_id=session.organisation_id, session=session)
        SessionDecision.objects.bulk_create([new], ignore_conflicts=True)
    row = SessionDecision.objects.select_for_update(of=("self",)).select_related("responsible")
    decision = row.get(pk=decision_id, session=session)
    stored = values_of(decision, WRITTEN)
    # Nobody can have seen a row that is made here; of two who make it at once the second one finds it filled in.
    chosen = merge(version if any(stored.values()) or not is_new else None, stored, given)
    if any(getattr(decision, name) != value for name, value in chosen.items()):
        write(decision, chosen, exclude=["session", "done_by"], validate_unique=False, validate_constraints=False)
    return decision


def follow_ups_of(by: Practitioner) -> list[SessionDecision]:
    """What this person has yet to see to, the most pressing first.

    That is what names them; and of clients whose contact person they are what nobody is named for who works here and is
    not away.
    """
    return _to_follow_up(by, today_in(by.organisation))


@written_once
def _to_follow_up(by: Practitioner, today: datetime.date):
    away = Q(responsible__away_until__gte=today)
    nobody = Q(responsible=None) | Q(responsible__is_active=False) | away
    contact = Q(session__client__contact=by.pk) | Q(session__client__second_contact=by.pk)
    found = SessionDecision.objects.visible_to(by).to_follow_up().filter(Q(responsible=by.pk) | (nobody & contact))
    found = found.select_related("session__client", "responsible").order_by("follow_up_on", "created_at")
    return found[:MOST_TO_FOLLOW_UP]


@transaction.atomic
def finish_follow_up(*, decision: SessionDecision, by: Practitioner) -> SessionDecision:
    """It was seen to; done twice the first one stands."""
    decision = SessionDecision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if decision.done_at is None:
        write(decision, {"done_at": timezone.now(), "done_by": by}, exclude=["session", "responsible"])
    record_access("decision.done", [decision.session.client_id])
    return decision


@transaction.atomic
def reopen_follow_up(*, decision: SessionDecision, by: Practitioner) -> SessionDecision:
    """It has yet to be seen to after all."""
    decision = SessionDecision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    write(decision, {"done_at": None, "done_by": None}, exclude=["session", "responsible"])
    record_access("decision.reopen", [decision.session.client_id])
    return decision
