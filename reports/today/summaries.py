"""Queries to dataclasses: what the pages show, in a number of queries that does not grow with the clients."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from clients.models import Client, Episode
from clients.services.due import Due, due
from organisations.models import Practitioner
from reports.charts.markup import Markup
from reports.charts.spark import spark_svg
from sessions_app.measures.series import Series
from sessions_app.measures.verdict.verdict import verdict
from sessions_app.services.courses import load_series
from sessions_app.services.under_way import UnderWay, under_way
from sessions_app.services.who5 import due_episodes
from sessions_app.standards.loading import Standards
from sessions_app.texts.verdict import VerdictText, points, say


@dataclass(frozen=True)
class TodayRow:
    """One client on the start page."""

    client: Client
    episode: Episode | None
    said: VerdictText
    due: Due
    ors_spark: Markup | None
    srs_spark: Markup | None
    ors: str
    srs: str
    who5_due: bool = False
    under_way: UnderWay | None = None


def open_episodes(clients: Iterable[Client]) -> dict[UUID, Episode]:
    """The open episode of each client, the newest where there are several."""
    found: dict[UUID, Episode] = {}
    for episode in Episode.objects.open().filter(client__in=list(clients)).order_by("started_on", "created_at"):
        found[episode.client_id] = episode
    return found


def rows_of(
    clients: Sequence[Client], standards: Standards, today: datetime.date, *, by: Practitioner
) -> list[TodayRow]:
    """What the start page says of each of these clients, in their order."""
    episodes = open_episodes(clients)
    for client in clients:
        if client.pk in episodes:
            episodes[client.pk].client = client
    series = load_series(episodes.values(), standards)
    who5 = due_episodes(episodes.values(), standards, today)
    open_now = under_way(by, clients, today)
    rows = []
    for client in clients:
        episode = episodes.get(client.pk)
        row = _row(client, episode, series[episode.pk] if episode else Series(()), today)
        rows.append(replace(row, who5_due=bool(episode and episode.pk in who5), under_way=open_now.get(client.pk)))
    return rows


def _row(client: Client, episode: Episode | None, series: Series, today: datetime.date) -> TodayRow:
    ordered = series.sorted()
    ors = [session.ors for session in ordered if session.ors is not None]
    srs = [session.srs for session in ordered if session.srs is not None]
    return TodayRow(
        client=client,
        episode=episode,
        said=say(verdict(series)),
        due=due(client, episode, today),
        ors_spark=spark_svg(ors, line=series.cutoff, kind="ors") if ors else None,
        srs_spark=spark_svg(srs, line=series.alliance_cutoff, kind="srs") if srs else None,
        ors=points(ors[-1]) if ors else "",
        srs=points(srs[-1]) if srs else "",
    )
