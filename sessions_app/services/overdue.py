"""Since when a client is late: by the appointment, by the rhythm of the ORS, or by that of the SRS."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from clients.models import Episode
from clients.services.due import due
from organisations.database.statements import written_once
from sessions_app.measures.rules import attendance
from sessions_app.measures.series import Lateness
from sessions_app.models import Alert

RULE = attendance.Overdue.key


def open_overdue(episodes: Iterable[Episode]) -> dict[UUID, Lateness]:
    """Return what the open overdue alert of each episode says, as the nightly job found it; one query."""
    rows = _found_overdue([episode.pk for episode in episodes])
    return {episode: Lateness(since, numbers.get("overdue_days", 0)) for episode, since, numbers in rows}


@written_once
def _found_overdue(episodes: list[UUID]):
    found = Alert.objects.open().filter(episode__any=episodes, rule=RULE, session=None)
    return found.order_by("raised_on").values_list("episode", "raised_on", "numbers")


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
