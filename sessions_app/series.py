"""Stored sessions as the series that the rules read."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from clients.models import Episode
from sessions_app.measures.series import Measured, Series
from sessions_app.models import Attendance, Rating, Session, Skipped
from sessions_app.standards.loading import Standards, load_standards


def load_series(episodes: Iterable[Episode], standards: Standards | None = None) -> dict[UUID, Series]:
    """The client's own series of each episode of one organisation, by episode id.

    In two queries whatever their number, and two for the organisation's standards if they are not given.
    """
    episodes = list(episodes)
    if not episodes:
        return {}
    standards = standards or load_standards(episodes[0].organisation_id)
    measured = load_measured(episodes)
    return {episode.pk: standards.series(episode, measured[episode.pk]) for episode in episodes}


def load_measured(episodes: Iterable[Episode]) -> dict[UUID, list[Measured]]:
    """The sessions of each episode with the client's own ratings, in two queries."""
    episodes = list(episodes)
    sessions = Session.objects.valid().filter(episode__in=episodes)
    ratings = Rating.objects.current().filter(session__episode__in=episodes, rater="client")
    by_session: dict[UUID, dict[str, Rating]] = defaultdict(dict)
    for rating in ratings:
        by_session[rating.session_id][rating.instrument] = rating
    measured: dict[UUID, list[Measured]] = defaultdict(list)
    for session in sessions:
        measured[session.episode_id].append(as_measured(session, by_session[session.pk]))
    return measured


def as_measured(session: Session, ratings: dict[str, Rating]) -> Measured:
    """One stored session with its current ratings by instrument key."""
    ors, srs = ratings.get("ors"), ratings.get("srs")
    started = session.started_at or session.created_at
    return Measured(
        key=str(session.pk),
        held_on=session.held_on,
        order=(started.isoformat(), session.created_at.isoformat()),
        attended=session.attendance == Attendance.ATTENDED,
        ors=ors.total if ors else None,
        ors_marks=tuple(ors.marks) if ors and ors.marks else None,
        srs=srs.total if srs else None,
        srs_marks=tuple(srs.marks) if srs and srs.marks else None,
        ors_due=session.ors_skipped != Skipped.NOT_DUE,
        srs_due=session.srs_skipped != Skipped.NOT_DUE,
    )
