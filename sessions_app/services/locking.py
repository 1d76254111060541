"""Locks in their one order: the episode first, then the session."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from organisations.database.statements import written_once
from sessions_app.models import Session


def lock_session(session_id: UUID) -> Session:
    """The session FOR UPDATE with its locked episode in `session.episode`. DoesNotExist for a foreign one.

    One statement: PostgreSQL locks in the order of `of`, and reads a row again that it had to wait for.
    """
    while True:
        found = _locked(session_id)
        if found:
            return found[0]
        # While we waited, the session may have been moved to another client's episode: then lock that one.
        Session.objects.values_list("pk").get(pk=session_id)


@written_once
def _locked(session_id: UUID):
    rows = Session.objects.select_for_update(of=("episode", "self")).select_related("episode__client")
    return rows.filter(pk=session_id)


def lock_countable(session_id: UUID) -> Session:
    """As `lock_session`; ValidationError for a session that was voided."""
    session = lock_session(session_id)
    if session.voided_at is not None:
        raise ValidationError(_("This session was taken out and can no longer be changed."), code="voided")
    return session
