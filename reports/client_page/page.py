"""Which client's page was asked for, and by whom: what each tab reads from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from clients.models import Client, Episode
from organisations.database.statements import written_once
from organisations.models import Practitioner


@dataclass(frozen=True)
class ClientPage:
    """The client and the episodes are those that `by` may see; `episode` is the one that is shown.

    `trajectory` is the version of the expected course that the page is read with, as it stands in the address; "" is
    the present one; `with_state`: the chart has the scores without their scatter too; `by_date`: its axis is the
    calendar. `asked` is the address's query.
    """

    client: Client
    episodes: list[Episode]
    episode: Episode | None
    by: Practitioner
    trajectory: str = ""
    with_state: bool = False
    by_date: bool = False
    asked: Mapping[str, str] = field(default_factory=dict)

    @property
    def compares(self) -> bool:
        """Whether what is measured besides stands below the curves."""
        return self.asked.get("compare") == "on"


def episodes_of(by: Practitioner, client: Client) -> list[Episode]:
    """The client's episodes that `by` may see, the newest first."""
    return _seen_episodes(by, client)


@written_once
def _seen_episodes(by: Practitioner, client: Client):
    seen = Episode.objects.visible_to(by).filter(client=client)
    return seen.select_related("service", "client__organisation").newest_first()


def chosen_episode(episodes: list[Episode], wanted: str | None) -> Episode | None:
    """The one of this id, else the newest open one; None without any."""
    return next((episode for episode in episodes if str(episode.pk) == wanted), episodes[0] if episodes else None)
