"""What a token may be used for: reading or writing one kind of thing. Never more than its practitioner may.

The kinds are the resources of the API; each app registers its own when it starts.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organisations.models.token import PROVISIONING_SCOPE

READ, WRITE = "read", "write"


@dataclass(frozen=True)
class Resource:
    """A kind of thing that the API speaks of: its name in addresses, and its scopes in words.

    What can only be read has no second one. `own_words`: what clients have said or written themselves. Asked for apart
    from the rest.
    """

    name: str
    reads: Promise | str
    writes: Promise | str = ""
    own_words: bool = False

    @property
    def scopes(self) -> dict[str, Promise | str]:
        """Its scopes, each with its words."""
        scopes = {scope_for(self, write=False): self.reads}
        return scopes | ({scope_for(self, write=True): self.writes} if self.writes else {})


WORDS: dict[str, Promise | str] = {}  # of every scope, in the order in which the resources were registered
SCOPES = WORDS.keys()
# Of a system that tells who works here (SCIM): it goes with no other scope, and opens no route of the API.
PROVISIONING = PROVISIONING_SCOPE
PROVISIONING_WORDS = _("Make, change and end log-ins and teams (SCIM), and nothing else")
OWN_WORDS: list[str] = []  # those of the clients' own words. Who writes a note reads it back.


def scope_for(resource: Resource, *, write: bool) -> str:
    """The scope that a request needs: the resource's name, a colon, and read or write."""
    return f"{resource.name}:{WRITE if write else READ}"


def register_resources(*resources: Resource) -> None:
    """Let tokens be made for these; ValueError for a name that is taken."""
    for resource in resources:
        if not WORDS.keys().isdisjoint(resource.scopes):
            raise ValueError(f"Two resources are called {resource.name}")
        WORDS.update(resource.scopes)
        OWN_WORDS.extend(resource.scopes if resource.own_words else ())


def in_words(scope: str) -> str:
    """A scope for a reader."""
    return str(PROVISIONING_WORDS if scope == PROVISIONING else WORDS[scope])


def choices() -> list[tuple[str, Promise | str]]:
    """The scopes with their words, for a form; those of the clients' own words are asked for apart."""
    return [(scope, label) for scope, label in WORDS.items() if scope not in OWN_WORDS]


def word_choices() -> list[tuple[str, Promise | str]]:
    """The scopes of the clients' own words."""
    return [(scope, WORDS[scope]) for scope in OWN_WORDS]


def reads_words(scopes: Collection[str]) -> bool:
    """Whether a token with these scopes gets to see what clients have said or written."""
    return not set(OWN_WORDS).isdisjoint(scopes)
