"""When another contact person took over, read from the history of the client: what a curve marks and a page tells."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any
from uuid import UUID

from clients.models import Client, Episode
from organisations.database.statements import written_once
from organisations.history.tracking import event_model_of
from organisations.models import Organisation
from organisations.services.local_day import day_of


@dataclass(frozen=True)
class ContactChange:
    """Who came and who went on one day, by name; first and second contact person are one pair.

    `on` is the day that was agreed where the client was handed over, else the local day of the change.
    """

    on: datetime.date
    came: tuple[str, ...]
    left: tuple[str, ...]


def contact_changes(client: Client, episodes: Iterable[Episode]) -> dict[UUID, list[ContactChange]]:
    """The changes of contact person in each of a client's episodes, by its key, the oldest first. One query.

    Who was there on the first day is no change; nor is what was taken back on the same day, or two who change places.
    """
    changes = changes_between(_states(client), client.organisation)
    return {episode.pk: [change for change in changes if _is_in(episode, change.on)] for episode in episodes}


@written_once
def _states(client: Client):
    history = event_model_of(Client).objects.filter(pgh_obj=client.pk).order_by("pgh_id")
    return history.select_related("contact", "second_contact").only(
        "pgh_created_at", "contact_since", "contact__name", "second_contact__name"
    )


def _is_in(episode: Episode, day: datetime.date) -> bool:
    return episode.started_on < day and (episode.ended_on is None or day <= episode.ended_on)


def changes_between(states: Iterable[Any], organisation: Organisation) -> list[ContactChange]:
    """Every change between successive states of a client's row; several of one day are one."""
    steps = [(_day(now, organisation), _pair(before), _pair(now)) for before, now in pairwise(states)]
    moved = [step for step in steps if step[1].keys() != step[2].keys()]
    found = []
    for day, of_day in groupby(moved, key=lambda step: step[0]):
        listed = list(of_day)
        before, after = listed[0][1], listed[-1][2]
        came = tuple(name for key, name in after.items() if key not in before)
        left = tuple(name for key, name in before.items() if key not in after)
        if came or left:
            found.append(ContactChange(day, came, left))
    return sorted(found, key=lambda change: change.on)


def _pair(state: Any) -> dict[UUID, str]:
    """The contact persons of a state of the client's row: their names by key."""
    return {one.pk: one.name for one in (state.contact, state.second_contact) if one is not None}


def _day(state: Any, organisation: Organisation) -> datetime.date:
    return state.contact_since or day_of(state.pgh_created_at, organisation)
