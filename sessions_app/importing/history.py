"""Summaries and alerts of imported episodes, as if they had been computed at the time; nobody gets a mail."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.utils import timezone

from clients.models import Episode
from sessions_app.importing.decisions import batched
from sessions_app.measures.alerts import Life, lives
from sessions_app.measures.series import Series
from sessions_app.models import Alert
from sessions_app.series import as_series, load_series
from sessions_app.services.summary import SUMMARY, summarise

AT_A_TIME = 300


def refresh_history(episodes: Iterable[UUID]) -> Iterator[int]:
    """Recompute summary and alerts of locked or new episodes; yields how many are done after each batch."""
    done = 0
    for keys in batched(episodes, AT_A_TIME):
        found = list(Episode.objects.filter(pk__in=keys).select_related("client"))
        loaded = load_series(found)
        judged: dict[UUID, Series] = {}
        for episode in found:
            summarise(episode, loaded[episode.pk])
            judged[episode.pk] = as_series(episode, loaded[episode.pk].sessions)
        Episode.objects.bulk_update(found, SUMMARY)
        _write_alerts(found, judged)
        done += len(found)
        yield done


def _write_alerts(episodes: list[Episode], judged: dict[UUID, Series]) -> None:
    """One Alert row a life. Rows that are there keep who acknowledged them."""
    there = {
        (alert.episode_id, alert.rule, str(alert.session_id)): alert
        for alert in Alert.objects.filter(episode__in=episodes, session__isnull=False)
    }
    new, changed = [], []
    for episode in episodes:
        for life in lives(judged[episode.pk]):
            alert = there.get((episode.pk, life.rule, life.raised))
            if alert is None:
                alert = Alert(
                    organisation_id=episode.organisation_id,
                    episode=episode,
                    rule=life.rule,
                    session_id=life.raised,
                    raised_on=life.raised_on,
                    created_at=timezone.now(),
                )
                new.append(alert)
            else:
                changed.append(alert)
            _live(alert, life)
    Alert.objects.bulk_create(new)
    Alert.objects.bulk_update(changed, ["level", "numbers", "last_session", "closed_on"])


def _live(alert: Alert, life: Life) -> None:
    alert.level = life.level.value
    alert.numbers = dict(life.numbers)
    alert.last_session_id = life.last
    alert.closed_on = life.closed_on
