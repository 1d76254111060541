"""Texts without what names a client: for minutes on paper, and for whoever reads a case by its number."""

import re
from collections.abc import Iterable, Mapping, Sequence

from clients.models import Client

HIDDEN = "…"
"""Stands where a name stood that nothing else is said for."""


def without_identities(text: str, clients: Iterable[Client], names: Sequence[str]) -> str:
    """The text with `names` in the place of the clients' first names and references: whole words, in any case."""
    return _replaced(
        text,
        {
            known: name
            for client, name in zip(clients, names, strict=True)
            for known in (client.first_name, client.reference)
        },
    )


def without_names(text: str, client: Client) -> str:
    """A text in which neither the client's name, nor a part of it, nor the reference stands."""
    known = (client.first_name, client.reference, *client.first_name.split())
    return _replaced(text, dict.fromkeys(known, HIDDEN))


def _replaced(text: str, instead: Mapping[str, str]) -> str:
    of = {known.casefold(): said for known, said in instead.items() if known}
    if not of:
        return text
    # The longest first: one reference may begin with another one, or with a name.
    either = "|".join(re.escape(known) for known in sorted(of, key=len, reverse=True))
    known = re.compile(rf"(?<!\w)({either})(?:'s|’s|s)?(?!\w)", re.IGNORECASE)
    return known.sub(lambda found: of[found[1].casefold()], text)
