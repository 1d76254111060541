"""What a token may be used for: reading or writing one kind of thing. Never more than its practitioner may."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

READ, WRITE = "read", "write"


class Resource(StrEnum):
    """What the API speaks of."""

    CLIENTS = "clients"
    EPISODES = "episodes"
    SESSIONS = "sessions"
    RATINGS = "ratings"
    NOTES = "notes"
    ALERTS = "alerts"


WORDS: dict[Resource, Promise | str] = {
    Resource.CLIENTS: _("clients"),
    Resource.EPISODES: _("episodes"),
    Resource.SESSIONS: _("sessions"),
    Resource.RATINGS: _("ratings"),
    Resource.NOTES: _("the clients' own words"),
    Resource.ALERTS: _("alerts"),
}
SCOPES = tuple(f"{resource}:{way}" for resource in Resource for way in (READ, WRITE))


def scope_for(resource: Resource, *, write: bool) -> str:
    """The scope that a request needs: "clients:read"."""
    return f"{resource}:{WRITE if write else READ}"


def choices() -> list[tuple[str, str]]:
    """Every scope with its words, for a form."""
    return [
        (f"{resource}:{way}", (_("Read %(what)s") if way == READ else _("Write %(what)s")) % {"what": words})
        for resource, words in WORDS.items()
        for way in (READ, WRITE)
    ]
