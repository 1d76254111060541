"""When a client was last measured, held against what was agreed."""

from datetime import date, timedelta

from clients.models import Episode


def overdue_since(episode: Episode, today: date) -> date | None:
    """The first day on which something agreed was late, None while nothing is. Reads `episode.client`.

    Late is an instrument whose rhythm in days is exceeded (counted from its last measurement, else from the
    episode's start; "every session" never is), or an appointment that passed without an attended session.
    Ended episodes, archived and practice clients are never late.
    """
    client = episode.client
    if episode.ended_on or client.archived_at or client.is_practice:
        return None
    late = [
        (measured_on or episode.started_on) + timedelta(days=rhythm + 1)
        for rhythm, measured_on in (
            (client.ors_rhythm, episode.ors_last_on),
            (client.srs_rhythm, episode.srs_last_on),
        )
        if rhythm
    ]
    last_on = episode.last_session_on
    if client.next_on and (last_on is None or last_on < client.next_on):
        late.append(client.next_on + timedelta(days=1))
    first = min(late, default=None)
    return first if first and first <= today else None


def overdue_days(episode: Episode, today: date) -> int:
    """By how many days the client is late today, 0 if not."""
    since = overdue_since(episode, today)
    return (today - since).days + 1 if since else 0
