"""Since when a client is late: by the appointment, by the rhythm of the ORS, or by that of the SRS."""

from datetime import date, timedelta

from clients.models import Episode
from clients.services.due import due


def overdue_since(episode: Episode, today: date) -> date | None:
    """The first day on which something agreed was late, None while nothing is. Reads `episode.client`.

    Late is what the pages call late (`clients.services.due`), and an SRS whose rhythm had run out when the client was
    last seen and which was not filled in. Archived and practice clients are never late.
    """
    client = episode.client
    if not episode.counts:
        return None
    late = []
    days = due(client, episode, today).days
    if days:
        late.append(today - timedelta(days=days - 1))
    if client.alliance_rhythm and episode.last_session_on:
        since = (episode.alliance_last_on or episode.started_on) + timedelta(days=client.alliance_rhythm + 1)
        if since <= episode.last_session_on:
            late.append(since)
    return min(late, default=None)


def overdue_days(episode: Episode, today: date) -> int:
    """By how many days the client is late today, 0 if not."""
    since = overdue_since(episode, today)
    return (today - since).days + 1 if since else 0
