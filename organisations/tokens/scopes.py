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


WORDS: dict[str, Promise | str] = {
    "clients:read": _("Read clients"),
    "clients:write": _("Write clients"),
    "episodes:read": _("Read episodes"),
    "episodes:write": _("Write episodes"),
    "sessions:read": _("Read sessions"),
    "sessions:write": _("Write sessions"),
    "ratings:read": _("Read answers to the forms"),
    "ratings:write": _("Write answers to the forms"),
    "notes:read": _("Read the clients' own words"),
    "notes:write": _("Write the clients' own words"),
    "alerts:read": _("Read alerts"),
    "alerts:write": _("Take note of alerts"),
}
SCOPES = tuple(WORDS)


def scope_for(resource: Resource, *, write: bool) -> str:
    """The scope that a request needs: "clients:read"."""
    return f"{resource}:{WRITE if write else READ}"


def choices() -> list[tuple[str, Promise | str]]:
    """Every scope with its words, for a form."""
    return list(WORDS.items())
