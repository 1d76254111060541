"""An episode's summary of its own measurements, recomputed from its few rows."""

from collections.abc import Sequence

from clients.models import Episode
from clients.models.summary import SUMMARY
from organisations.jobs.outbox import ask_for
from sessions_app.measures.series import Measured, Series
from sessions_app.services.courses import RatedSession, SessionRow, load_rows, main_totals

EVALUATE_EPISODE = "sessions_app.tasks.evaluate_episode"


def lock_episode(episode_id) -> Episode:
    """The episode FOR UPDATE: the first lock of every change, so that no two read the same old history."""
    rows = Episode.objects.select_for_update(of=("self",)).select_related("client", "organisation")
    return rows.get(pk=episode_id)


def refresh_summary(episode: Episode) -> None:
    """Write the summary of a locked episode from its valid sessions."""
    set_summary(episode, load_rows([episode])[episode.pk])
    episode.save(update_fields=[*SUMMARY, "tone", "started_on", "new_series"])  # what a caller sets before it too


def set_summary(episode: Episode, held: Sequence[RatedSession]) -> None:
    """Set the fields of clients.models.summary, unsaved, from the episode's valid sessions."""
    ordered = sorted(held, key=lambda one: one.session.place)
    _summarise_sessions(episode, [one.session for one in ordered])
    _summarise_scores(episode, *main_totals(episode, ordered))
    episode.tone = ""  # needs the rules: worked out by the job that looks at the alerts


def summarise(episode: Episode, series: Series) -> None:
    """Set the fields of clients.models.summary, unsaved, of an episode whose sessions are all in one series.

    `episode.client` is read.
    """
    _summarise_sessions(episode, series.sorted())
    _summarise_scores(episode, series.ors_totals(), series.srs_totals())


def _summarise_sessions(episode: Episode, ordered: Sequence[Measured] | Sequence[SessionRow]) -> None:
    """What is counted over all sessions, whichever form they were measured with.

    The age at intake is that on the day of the first session; None (an adult) if no year of birth is known.
    """
    first_on = ordered[0].held_on if ordered else episode.started_on
    episode.age_at_intake = episode.client.age_on(first_on)
    attended = [session for session in ordered if session.attended]
    episode.sessions_count = len(attended)
    episode.last_session_on = attended[-1].held_on if attended else None


def _summarise_scores(
    episode: Episode,
    ors: Sequence[tuple[Measured | SessionRow, int]],
    srs: Sequence[tuple[Measured | SessionRow, int]],
) -> None:
    """The totals of the episode's main series: outcome in the columns ors_*, alliance in srs_*."""
    episode.outcome_count = len(ors)
    episode.outcome_first = ors[0][1] if ors else None
    episode.outcome_last = ors[-1][1] if ors else None
    episode.outcome_best = max((total for _, total in ors), default=None)
    episode.outcome_last_on = ors[-1][0].held_on if ors else None
    episode.alliance_count = len(srs)
    episode.alliance_first = srs[0][1] if srs else None
    episode.alliance_last = srs[-1][1] if srs else None
    episode.alliance_last_on = srs[-1][0].held_on if srs else None


def measurements_changed(episode: Episode) -> None:
    """After any change of a locked episode's sessions or ratings: its summary now, its alerts by the outbox."""
    refresh_summary(episode)
    ask_for(EVALUATE_EPISODE, organisation_id=episode.organisation_id, object_id=episode.pk)
