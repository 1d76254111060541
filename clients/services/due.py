"""When the next session with a client is due, and by how much it is late."""

import datetime
from dataclasses import dataclass

from clients.models import EVERY_SESSION, Client, Episode


@dataclass(frozen=True)
class Due:
    """`kind` is today, overdue, later or none; `days` late; `on` and `at` the appointment, if there is one."""

    kind: str
    days: int = 0
    on: datetime.date | None = None
    at: datetime.time | None = None


def due(client: Client, episode: Episode | None, today: datetime.date) -> Due:
    """An appointment today, or passed without a session since; else the agreed rhythm, counted from the last ORS.

    A rhythm of "every session" sets no date: only the appointment does. Without an open episode nothing is due.
    """
    if episode is None or episode.ended_on is not None:
        return Due("none")
    if client.next_on is not None:
        held_since = episode.last_session_on is not None and episode.last_session_on >= client.next_on
        if client.next_on > today:
            return Due("later", on=client.next_on, at=client.next_at)
        if not held_since:
            late = (today - client.next_on).days
            return Due("overdue" if late else "today", days=late, on=client.next_on, at=client.next_at)
    since = episode.outcome_last_on or episode.started_on
    if client.outcome_rhythm != EVERY_SESSION:
        late = (today - since).days - client.outcome_rhythm
        if late > 0:
            return Due("overdue", days=late)
    return Due("none")
