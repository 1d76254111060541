"""What an episode's latest marks ask for, stored with it, so that the database can put clients in order of need."""

from collections.abc import Iterable
from uuid import UUID

from clients.models import Episode
from sessions_app.measures.reading import Reading
from sessions_app.measures.verdict.verdict import verdict
from sessions_app.services.courses import load_series
from sessions_app.standards.loading import Standards, load_standards

BATCH = 200


def tones_of(episodes: Iterable[Episode], standards: Standards | None = None) -> dict[UUID, str]:
    """The tone of each episode of one organisation, by the rules and values of now; nothing is stored."""
    return {key: verdict(series).tone.value for key, series in load_series(episodes, standards).items()}


def store_tone(episode: Episode, reading: Reading) -> None:
    """Store what a locked episode's series asks for now, every open alert of it included: Today's order reads it."""
    tone = reading.verdict.tone.value
    if tone != episode.tone:
        Episode.objects.filter(pk=episode.pk).update(tone=tone)


def episodes_without_tone(organisation_id: UUID, *, anew: bool) -> list[UUID]:
    """The open episodes of current clients whose tone is to be worked out; with `anew` all, else where none stands."""
    episodes = Episode.objects.counting().filter(organisation=organisation_id)
    return list((episodes if anew else episodes.filter(tone="")).order_by("pk").values_list("pk", flat=True))


def follow_tones(organisation_id: UUID, keys: Iterable[UUID]) -> list[UUID]:
    """Store the tones of these episodes; returns the clients whose episode has another one now.

    In one order, each under its lock, so that no answer that comes meanwhile is overlooked. One that is locked is
    left for the next time.
    """
    rows = Episode.objects.filter(pk__in=list(keys)).order_by("pk")
    episodes = list(rows.select_for_update(of=("self",), skip_locked=True))
    if not episodes:
        return []
    tones = tones_of(episodes, load_standards(organisation_id))
    changed = [episode for episode in episodes if episode.tone != tones[episode.pk]]
    for episode in changed:
        episode.tone = tones[episode.pk]
    Episode.objects.bulk_update(changed, ["tone"])
    return [episode.client_id for episode in changed]
