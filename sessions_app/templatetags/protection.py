"""Whether a page may name the places of a protected client."""

from django import template

from clients.models import Client
from clients.services.client_blocks import may_know_place
from organisations.models import Practitioner

register = template.Library()


@register.filter
def tells_place(client: Client, by: Practitioner) -> bool:
    """Whether names of teams and services are shown to this person."""
    return may_know_place(by, client)
