"""How a page's clients are doing and when they are due, for pages of the apps below."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django import template

from clients.models import Client
from clients.services.due import Due, due
from clients.services.episodes import open_episodes
from organisations.services.local_day import today_in
from sessions_app.services.courses import load_readings
from sessions_app.standards.loading import load_standards
from sessions_app.texts.verdict import VerdictText, say

register = template.Library()


@dataclass(frozen=True)
class CourseState:
    """`said` is None without an open episode."""

    due: Due
    said: VerdictText | None


@register.simple_tag(takes_context=True)
def course_states(context, clients: Iterable[Client]) -> dict[UUID, CourseState]:
    """By client, of the newest open episode; a number of queries that does not grow with the clients."""
    organisation = context["request"].practitioner.organisation
    clients, today = list(clients), today_in(organisation)
    episodes = open_episodes(clients)
    for client in clients:
        if client.pk in episodes:
            episodes[client.pk].client = client
    readings = load_readings(episodes.values(), load_standards(organisation.pk))
    found = {}
    for client in clients:
        episode = episodes.get(client.pk)
        said = say(readings[episode.pk].verdict) if episode else None
        found[client.pk] = CourseState(due(client, episode, today), said)
    return found


@register.filter
def state_of(states: dict[UUID, CourseState], client: Client) -> CourseState | None:
    """That of one client."""
    return states.get(client.pk)
