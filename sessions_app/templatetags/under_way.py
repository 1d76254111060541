"""Which of a page's clients have a session under way, for pages of the apps below."""

from django import template

from organisations.services.local_day import today_in
from sessions_app.services import under_way as sessions

register = template.Library()


@register.simple_tag(takes_context=True)
def under_way(context, clients):
    """By client: their session under way, as `sessions_app.services.under_way` has it."""
    by = context["request"].practitioner
    return sessions.under_way(by, clients, today_in(by.organisation))


@register.filter
def of_client(found, client):
    """The session under way of one client, None without one."""
    return found.get(client.pk)
