"""What follows for a client's measurements when something else of the client changes.

Measurements stand above this app, so the app that has them registers here what it does.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from clients.models import Client, Episode
from organisations.edits.row_changes import RowChanges
from organisations.models import Practitioner, Team

# Facts of a client that stored values are worked out from: age at intake, forms, alerts.
WORKED_FROM = ("birth_year", "birth_month", "is_practice")


@dataclass(frozen=True)
class Measurements:
    """What the app of the measurements brings, inside the change's transaction; the episodes that it gets are locked.

    `refresh(episodes)`: summary, alerts and open forms anew, by the client's facts as they are now.
    `close_forms(episodes)`: nobody opens a form any longer that was given out before.
    `open_forms(episodes)`: the rows that `close_forms` would close.
    `ended(episode, by)`: an open episode has ended; what is kept of the whole of it is asked for.
    `reopened(episode, by)`: an ending was taken back; what was planned for afterwards is off.
    `move_team(team, into)`: what hangs on a team that is merged into another one goes over.
    """

    refresh: Callable[[Iterable[Episode]], None]
    close_forms: Callable[[Iterable[Episode]], None]
    open_forms: Callable[[Iterable[Episode]], QuerySet]
    ended: Callable[[Episode, Practitioner], None]
    reopened: Callable[[Episode, Practitioner], None]
    move_team: Callable[[Team, Team], None]


_registered: list[Measurements] = []


def register_measurements(measurements: Measurements) -> None:
    """Called once, when the app of the measurements is ready."""
    _registered.append(measurements)


def lock_episodes(clients: Iterable[Client]) -> list[Episode]:
    """The clients' episodes under their locks, in one order. Before the lock of a client's row, as everywhere."""
    keys = [client.pk for client in clients]
    return list(Episode.objects.select_for_update(of=("self",)).filter(client__in=keys).order_by("pk"))


def facts_of(client: Client) -> tuple:
    """What `refresh` would look at."""
    return tuple(getattr(client, name) for name in WORKED_FROM)


def refresh(client: Client, episodes: Iterable[Episode]) -> None:
    """A fact of WORKED_FROM has changed, and is saved: the client's locked episodes follow."""
    episodes = list(episodes)
    for episode in episodes:
        episode.client = client
    for measurements in _registered:
        measurements.refresh(episodes)


def close_forms(episodes: Iterable[Episode]) -> None:
    """Close what was given out ahead of these locked episodes or for their sessions."""
    episodes = list(episodes)
    for measurements in _registered:
        measurements.close_forms(episodes)


def move_team(team: Team, into: Team) -> None:
    """Let what hangs on a team hang on the one that it is merged into."""
    for measurements in _registered:
        measurements.move_team(team, into)


def close_remembered(rows: RowChanges, episode: Episode) -> None:
    """As `close_forms`, of one locked episode; `rows` remembers what stood open."""
    for measurements in _registered:
        rows.remember(measurements.open_forms([episode]), "revoked_at")
        measurements.close_forms([episode])


def ended(episode: Episode, by: Practitioner) -> None:
    """A locked episode was open and has ended."""
    for measurements in _registered:
        measurements.ended(episode, by)


def reopened(episode: Episode, by: Practitioner) -> None:
    """The ending of a locked episode was taken back."""
    for measurements in _registered:
        measurements.reopened(episode, by)
