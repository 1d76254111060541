"""Queries to dataclasses: what the pages show, in a number of queries that does not grow with the clients."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse

from clients.models import Client, Episode
from clients.services.due import Due, due
from clients.services.episodes import open_episodes
from organisations.models import Practitioner
from reports.charts.markup import Markup
from reports.charts.spark import spark_svg
from sessions_app.measures.reading import Reading
from sessions_app.measures.series import Series
from sessions_app.services.courses import load_readings
from sessions_app.services.periodic_forms import due_episodes
from sessions_app.services.under_way import UnderWay, under_way
from sessions_app.standards.loading import Standards
from sessions_app.texts.instruments import periodic_words
from sessions_app.texts.verdict import VerdictChip, points, say_shortly


@dataclass(frozen=True)
class TodayRow:
    """One client on the start page."""

    client: Client
    name: str
    episode: Episode | None
    said: VerdictChip
    due: Due
    ors_spark: Markup | None
    srs_spark: Markup | None
    ors: str
    srs: str
    periodic: tuple[str, ...] = ()  # what is due beside the session, in words
    under_way: UnderWay | None = None
    need: int = 0  # the part of the page, as reports.today.order has it
    away: tuple[Practitioner, ...] = ()  # contact persons who are away today
    page: str = ""  # addresses of the client's page, and of what starts a session
    start: str = ""

    @property
    def icon(self) -> Markup:
        """What stands before the words of the verdict."""
        return _icon(self.said.tone)


def rows_of(
    clients: Sequence[Client],
    standards: Standards,
    today: datetime.date,
    known: Mapping[UUID, Reading],
    *,
    by: Practitioner,
) -> list[TodayRow]:
    """What the start page says of each of these clients, in their order; `known` are the episodes read already."""
    episodes = open_episodes(clients)
    for client in clients:
        if client.pk in episodes:
            episodes[client.pk].client = client
    readings = {**load_readings((one for one in episodes.values() if one.pk not in known), standards), **known}
    periodic = due_episodes(episodes.values(), standards, today)
    open_now = under_way(by, clients, today)
    words = {one: periodic_words(one).get("today", one.short) for one in set(chain.from_iterable(periodic.values()))}
    page, start = _addresses("client-detail"), _addresses("session-start")
    rows = []
    for client in clients:
        episode = episodes.get(client.pk)
        row = row_of(client, episode, readings[episode.pk] if episode else Reading(Series(())), today)
        away = [one for one in (client.contact, client.second_contact) if one is not None and one.is_away(today)]
        also = tuple(words[one] for one in periodic.get(episode.pk, ())) if episode else ()
        about = replace(
            row,
            periodic=also,
            under_way=open_now.get(client.pk),
            need=getattr(client, "need", 0),
            away=tuple(away),
            page=page(client.pk),
            start=start(client.pk),
        )
        rows.append(about)
    return rows


def _addresses(route: str) -> Callable[[UUID], str]:
    """What gives the address of a client's route; the route is looked up once."""
    before, after = reverse(route, args=[UUID(int=0)]).split(str(UUID(int=0)))
    return lambda key: f"{before}{key}{after}"


@cache
def _icon(tone: str) -> Markup:
    name = {"good": "up", "watch": "flat", "act": "down"}.get(tone, "dot")
    return Markup(render_to_string(f"components/_icon_{name}.html").strip())


def row_of(client: Client, episode: Episode | None, reading: Reading, today: datetime.date) -> TodayRow:
    """The curves of one client, the latest numbers, and what they say."""
    series = reading.series
    ordered = series.sorted()
    ors = [session.ors for session in ordered if session.ors is not None]
    srs = [session.srs for session in ordered if session.srs is not None]
    return TodayRow(
        client=client,
        name=str(client),
        episode=episode,
        said=say_shortly(reading.verdict),
        due=due(client, episode, today),
        ors_spark=spark_svg(ors, line=series.cutoff, kind="ors") if ors else None,
        srs_spark=spark_svg(srs, line=series.alliance_cutoff, kind="srs") if srs else None,
        ors=points(ors[-1]) if ors else "",
        srs=points(srs[-1]) if srs else "",
    )
