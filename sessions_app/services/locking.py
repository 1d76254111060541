"""Locks in their one order: the episode first, then the session."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sessions_app.models import Session
from sessions_app.services.summary import lock_episode


def lock_session(session_id: UUID) -> Session:
    """The session FOR UPDATE with its locked episode in `session.episode`. DoesNotExist for a foreign one."""
    while True:
        episode_id = Session.objects.values_list("episode_id", flat=True).get(pk=session_id)
        episode = lock_episode(episode_id)
        # While we waited, the session may have been moved to another client's episode: then lock that one.
        session = Session.objects.select_for_update().filter(pk=session_id, episode_id=episode_id).first()
        if session is not None:
            session.episode = episode
            return session


def lock_countable(session_id: UUID) -> Session:
    """As `lock_session`; ValidationError for a session that was voided."""
    session = lock_session(session_id)
    if session.voided_at is not None:
        raise ValidationError(_("This session was taken out and can no longer be changed."), code="voided")
    return session
