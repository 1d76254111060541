"""Whether a page may name the places of a protected client."""

from django import template

from clients.models import Client, Episode
from clients.services import client_blocks
from organisations.models import Practitioner

register = template.Library()


@register.filter
def tells_place(client: Client, by: Practitioner) -> bool:
    """Whether names of teams and services are shown to this person."""
    return client_blocks.may_know_place(by, client)


@register.filter
def service_shown(episode: Episode, by: Practitioner) -> str:
    """The episode's service, or that it is protected."""
    return client_blocks.place_shown(episode.service, episode.client, by)


@register.filter
def course_shown(episode: Episode, by: Practitioner) -> str:
    """What the episode is called, as this person may read it."""
    return client_blocks.course_shown(episode, by)
