"""Queries to dataclasses: what the pages show, in a number of queries that does not grow with the clients."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from clients.due import Due, due
from clients.models import Client, Episode
from organisations.models import Practitioner
from reports.charts.markup import Markup
from reports.charts.spark import spark_svg
from sessions_app.measures.series import Series
from sessions_app.measures.verdict import verdict
from sessions_app.sentences import Said, points, say
from sessions_app.series import load_series
from sessions_app.standards.loading import load_standards
from sessions_app.wellbeing import due_episodes

TONE_RANK = {"act": 0, "watch": 1, "good": 2, "quiet": 3}
KIND_RANK = {"today": 0, "overdue": 2, "later": 3, "none": 4}


@dataclass(frozen=True)
class Row:
    """One client on the start page."""

    client: Client
    episode: Episode | None
    said: Said
    due: Due
    ors_spark: Markup | None
    srs_spark: Markup | None
    ors: str
    srs: str
    who5_due: bool = False

    @property
    def needs_attention(self) -> bool:
        return self.said.tone == "act"

    @property
    def order(self):
        """Today's sessions by time; who needs attention; the overdue; then by appointment and name."""
        rank = KIND_RANK[self.due.kind]
        if rank and self.needs_attention:
            rank = 1
        late_first = -self.due.days if self.due.kind == "overdue" else 0
        return (
            rank,
            late_first,
            self.due.on or datetime.date.max,
            self.due.at or datetime.time.max,
            TONE_RANK[self.said.tone],
            self.client.sort_key,
        )


def open_episodes(clients: Iterable[Client]) -> dict[UUID, Episode]:
    """The open episode of each client, the newest where there are several."""
    found: dict[UUID, Episode] = {}
    for episode in Episode.objects.open().filter(client__in=list(clients)).order_by("started_on", "created_at"):
        found[episode.client_id] = episode
    return found


def today_rows(practitioner: Practitioner, today: datetime.date, *, only_mine: bool) -> list[Row]:
    """Every current client that the practitioner may see (practice clients apart), the most pressing first."""
    clients = Client.objects.visible_to(practitioner).current().filter(is_practice=False)
    if only_mine:
        clients = clients.filter(contact=practitioner) | clients.filter(second_contact=practitioner)
    clients = list(clients)
    episodes = open_episodes(clients)
    helped_before = set(Episode.objects.filter(client__in=clients).values_list("client", flat=True))
    # Whose help has ended is found in the list of clients; who is new and has none yet belongs here.
    clients = [client for client in clients if client.pk in episodes or client.pk not in helped_before]
    for client in clients:
        if client.pk in episodes:
            episodes[client.pk].client = client
    standards = load_standards(practitioner.organisation_id)
    series = load_series(episodes.values(), standards)
    who5 = due_episodes(episodes.values(), standards, today)
    rows = []
    for client in clients:
        episode = episodes.get(client.pk)
        row = _row(client, episode, series[episode.pk] if episode else Series(()), today)
        rows.append(replace(row, who5_due=bool(episode and episode.pk in who5)))
    return sorted(rows, key=lambda row: row.order)


def _row(client: Client, episode: Episode | None, series: Series, today: datetime.date) -> Row:
    ordered = series.sorted()
    ors = [session.ors for session in ordered if session.ors is not None]
    srs = [session.srs for session in ordered if session.srs is not None]
    return Row(
        client=client,
        episode=episode,
        said=say(verdict(series)),
        due=due(client, episode, today),
        ors_spark=spark_svg(ors, line=series.cutoff, kind="ors") if ors else None,
        srs_spark=spark_svg(srs, line=series.alliance_cutoff, kind="srs") if srs else None,
        ors=points(ors[-1]) if ors else "",
        srs=points(srs[-1]) if srs else "",
    )
