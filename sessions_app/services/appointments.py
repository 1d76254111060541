"""The next appointment: agreed at the end of a session, and what becomes of it when that session moves."""

import datetime

from django.db.models import Subquery

from clients.models import Client
from organisations.history.tracking import event_model_of
from organisations.services.local_day import today_in
from sessions_app.models import Session

COLUMNS = ("agreed_on", "agreed_at", "replaced_on", "replaced_at")
Appointment = tuple[datetime.date | None, datetime.time | None]


def agree(
    session: Session, client: Client, next_on: datetime.date | None, next_at: datetime.time | None
) -> tuple[str, ...]:
    """Give a locked client an appointment; the locked session notes it, and which one it took the place of.

    Returns the columns of the session that are set and not saved yet.
    """
    stands = (client.next_on, client.next_at)
    if session.finished_at is None or stands != (session.agreed_on, session.agreed_at):
        session.replaced_on, session.replaced_at = stands
    session.agreed_on, session.agreed_at = next_on, next_at
    _set(client, (next_on, next_at))
    return COLUMNS


def take_along(session: Session, left: Client, right: Client) -> None:
    """What was agreed at a locked session goes from one client to the other with it; saves the session's columns.

    Whoever it is taken from has the appointment again that it took the place of. Neither loses one that was made
    otherwise: one that was changed since stays, and so does the right client's own that is still to come.
    """
    if session.finished_at is None or left.pk == right.pk:
        return
    # In one order, so that two moves the other way round cannot wait for each other.
    keys = (left.pk, right.pk)
    locked = {
        client.pk: client for client in Client.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    }
    left, right = locked[left.pk], locked[right.pk]
    agreed = (session.agreed_on, session.agreed_at)
    if _is_agreed(session, left):
        _set(left, (session.replaced_on, session.replaced_at))
    is_own = right.next_on is not None and right.next_on > session.held_on and not _had_replaced(session, left, right)
    session.replaced_on, session.replaced_at = right.next_on, right.next_at
    if session.agreed_on and not is_own:
        _set(right, agreed)
    session.save(update_fields=["replaced_on", "replaced_at"])


def give_back(session: Session) -> None:
    """A locked session is voided: the appointment that it took the place of stands again, if its day is still to come.

    One that was changed since stays, and so does one that another session of the client has agreed on as well.
    """
    client = _locked_client(session)
    before = (session.replaced_on, session.replaced_at)
    agreed = {"agreed_on": session.agreed_on, "agreed_at": session.agreed_at}
    others = Session.objects.valid().filter(client=client, finished_at__isnull=False, **agreed).exclude(pk=session.pk)
    is_to_come = before[0] is not None and before[0] >= today_in(client.organisation)
    if session.finished_at and _is_agreed(session, client) and is_to_come and not others.exists():
        _set(client, before)


def agree_again(session: Session) -> None:
    """A locked session that was voided counts again: what was agreed at it stands, unless it was changed since."""
    client = _locked_client(session)
    agreed = (session.agreed_on, session.agreed_at)
    if session.finished_at and (client.next_on, client.next_at) == (session.replaced_on, session.replaced_at):
        _set(client, agreed)


def _locked_client(session: Session) -> Client:
    return Client.objects.select_for_update(of=("self",), no_key=True).get(pk=session.client_id)


def _is_agreed(session: Session, client: Client) -> bool:
    return (client.next_on, client.next_at) == (session.agreed_on, session.agreed_at)


def _had_replaced(session: Session, left: Client, right: Client) -> bool:
    """Whether the session was the right client's before, and had taken the place of the appointment they have now.

    Then a move is taken back, and what was agreed comes with it.
    """
    history = event_model_of(Session).objects.filter(pgh_obj_id=session.pk)
    since = history.filter(client=left.pk).order_by("-pgh_id").values("pgh_id")[:1]
    now = {"replaced_on": right.next_on, "replaced_at": right.next_at}
    agreed = {"agreed_on": session.agreed_on, "agreed_at": session.agreed_at}
    return history.filter(pgh_id__lt=Subquery(since), client=right.pk, **now, **agreed).exists()


def _set(client: Client, appointment: Appointment) -> None:
    next_on, next_at = appointment
    Client.objects.filter(pk=client.pk).update(next_on=next_on, next_at=next_at)
