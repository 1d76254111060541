"""The rhythms agreed with a client: which form is due at a session, and when to meet next."""

import datetime
from uuid import UUID

from clients.models import EVERY_SESSION, Client, Episode
from organisations.database.statements import written_once
from sessions_app.measures.instruments.form_key import ALLIANCE, OUTCOME
from sessions_app.models import SKIPPED_COLUMNS, Attendance, Session, Skipped

WEEK = 7
EARLY = 7
"""A form may be marked a seventh of its rhythm early: the weekly one after six days, the monthly one after 26."""


def due_from(client: Client, episode: Episode, part: str) -> datetime.date | None:
    """The first day on which the client's own form of a part ("ors", "srs") is due again; None: it is due now.

    A form of every session, and one that was never answered in the episode, is due at each session.
    """
    rhythm = client.outcome_rhythm if part == OUTCOME else client.alliance_rhythm
    last = episode.outcome_last_on if part == OUTCOME else episode.alliance_last_on
    if rhythm == EVERY_SESSION or last is None:
        return None
    return last + datetime.timedelta(days=rhythm - rhythm // EARLY)


def skipped_at_start(client: Client, episode: Episode, on: datetime.date) -> dict[str, str]:
    """The columns of a session that begins `on` a day: what the rhythm, or a study, does not ask for is not due."""
    if client.feedback_withheld:
        return dict.fromkeys(SKIPPED_COLUMNS.values(), Skipped.NOT_DUE)
    starts = {part: due_from(client, episode, part) for part in (OUTCOME, ALLIANCE)}
    return {SKIPPED_COLUMNS[part]: Skipped.NOT_DUE for part, start in starts.items() if start and on < start}


def not_due_until(session: Session) -> dict[str, datetime.date]:
    """Of a session's parts that were left out as not due: when they are; reads its client and episode."""
    found = {}
    for part, column in SKIPPED_COLUMNS.items():
        start = due_from(session.client, session.episode, part)
        if getattr(session, column) == Skipped.NOT_DUE and start and start > session.held_on:
            found[part] = start
    return found


def usual_weeks(session: Session) -> int:
    """After how many weeks the client and the practitioner meet next, as far as anything is known; at least one.

    The shorter of the agreed rhythms; without one, the time since the session before; else a week.
    """
    agreed = [days for days in (session.client.outcome_rhythm, session.client.alliance_rhythm) if days]
    return max(1, round((min(agreed) if agreed else _days_since_before(session)) / WEEK))


def _days_since_before(session: Session) -> int:
    earlier = _day_before(session.episode_id, session.held_on)
    days = (session.held_on - earlier[0]).days if earlier else WEEK
    return days if days <= 8 * WEEK else WEEK  # a long break is no rhythm


@written_once
def _day_before(episode_id: UUID, day: datetime.date):
    earlier = Session.objects.valid().filter(episode=episode_id, attendance=Attendance.ATTENDED, held_on__lt=day)
    return earlier.order_by("-held_on").values_list("held_on", flat=True)[:1]
