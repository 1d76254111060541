"""Which client's page was asked for, and by whom: what each tab reads from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from clients.models import Client, Episode
from organisations.models import Practitioner


@dataclass(frozen=True)
class ClientPage:
    """The client and the episodes are those that `by` may see; `episode` is the one that is shown.

    `trajectory` is the version of the expected course that the page is read with, as it stands in the address; "" is
    the present one; `with_state`: the chart has the scores without their scatter too. `asked` is the address's query.
    """

    client: Client
    episodes: list[Episode]
    episode: Episode | None
    by: Practitioner
    trajectory: str = ""
    with_state: bool = False
    asked: Mapping[str, str] = field(default_factory=dict)
