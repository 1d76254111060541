"""What follows for a client's measurements when something else of the client changes.

Measurements stand above this app, so the app that has them registers here what it does.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from clients.models import Client, Episode

# Facts of a client that stored values are worked out from: age at intake, forms, alerts.
WORKED_FROM = ("birth_year", "birth_month", "is_practice")


@dataclass(frozen=True)
class Measurements:
    """What the app of the measurements brings; both get locked episodes, inside the change's transaction.

    `refresh(episodes)`: summary, alerts and open forms anew, by the client's facts as they are now.
    `close_forms(episodes)`: nobody opens a form any longer that was given out before.
    """

    refresh: Callable[[Iterable[Episode]], None]
    close_forms: Callable[[Iterable[Episode]], None]


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
