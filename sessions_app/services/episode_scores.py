"""One episode as the indices see it: its scores from its summary, and whether somebody dropped out of it."""

from collections.abc import Callable
from functools import cache

from clients.models import Episode
from sessions_app.measures.instruments.by_age import CARETAKER, VERSIONS, parts_of
from sessions_app.measures.instruments.cutoffs import YOUNG_CHILD
from sessions_app.measures.instruments.registry import CLIENT
from sessions_app.measures.results.aggregate import EpisodeScores
from sessions_app.measures.series import Rated
from sessions_app.standards.loading import Standards
from sessions_app.standards.trajectories import trajectory_for
from sessions_app.standards.values import cutoff_key

Targets = Callable[[str, str, str, int], float | None]


def service_targets(standards: Standards) -> Targets:
    """The service target of an intake in a stratum, worked out once for each."""

    @cache
    def target(outcome: str, relation: str, band: str, intake: int) -> float | None:
        model = trajectory_for((outcome, relation, band), standards.fitted, standards.values)
        return model.target(intake) if model else None

    return target


def scores_of(episode: Episode, standards: Standards, targets: Targets) -> EpisodeScores:
    """The scores of an episode; whether its first session was measured only where `at_intake` was read with it."""
    band = latest_band(episode)
    rated = rated_of(band)
    first = episode.outcome_first
    until = episode.last_session_on or episode.ended_on
    return EpisodeScores(
        first=first,
        last=episode.outcome_last,
        scores=episode.outcome_count,
        sessions=episode.sessions_count,
        closed=episode.ended_on is not None,
        ending=episode.ending or None,
        cutoff=standards.values[cutoff_key(rated)],
        target=None if first is None else targets(rated.outcome, rated.rater, band, first),
        days=max(0, (until - episode.started_on).days) if until else None,
        at_intake=bool(getattr(episode, "at_intake", None)),
        # A later series with the forms of an older age has no score of the first session.
        rater_changed=bool(episode.new_series),
    )


def latest_band(episode: Episode) -> str:
    """The age band whose forms the summary is of: the latest."""
    return parts_of(episode.age_at_intake, episode.new_series)[-1].band


def rated_of(band: str) -> Rated:
    """Whose outcome form an episode's summary is read from in an age band; under 6 somebody else's about the child."""
    if band == YOUNG_CHILD:
        return Rated(outcome=VERSIONS[band].beside, rater=CARETAKER, band=band)
    return Rated(outcome=VERSIONS[band].outcome, rater=CLIENT, band=band)
