"""What a token may be used for: reading or writing one kind of thing. Never more than its practitioner may."""

from collections.abc import Collection
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
# What clients have said or written themselves: asked for apart from the rest. Who writes a note reads it back.
OWN_WORDS = tuple(scope for scope in SCOPES if scope.startswith(f"{Resource.NOTES}:"))


def scope_for(resource: Resource, *, write: bool) -> str:
    """The scope that a request needs: "clients:read"."""
    return f"{resource}:{WRITE if write else READ}"


def choices() -> list[tuple[str, Promise | str]]:
    """The scopes with their words, for a form; those of the clients' own words are asked for apart."""
    return [(scope, label) for scope, label in WORDS.items() if scope not in OWN_WORDS]


def word_choices() -> list[tuple[str, Promise | str]]:
    """The scopes of the clients' own words."""
    return [(scope, WORDS[scope]) for scope in OWN_WORDS]


def reads_words(scopes: Collection[str]) -> bool:
    """Whether a token with these scopes gets to see what clients have said or written."""
    return not set(OWN_WORDS).isdisjoint(scopes)
