"""Stored sessions as the series that the rules read: each rater, each version of the forms on its own."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

from clients.models import Episode
from sessions_app.measures.instruments.by_age import AgePeriod, count_forms, main_alliance, main_outcome, parts_of
from sessions_app.measures.instruments.form_key import OUTCOME, FormKey
from sessions_app.measures.instruments.registry import periodic_instruments
from sessions_app.measures.reading import Reading
from sessions_app.measures.series import Lateness, Measured, PeriodicScore, Rated, Series
from sessions_app.models import Attendance, Skipped
from sessions_app.services.overdue import open_overdue
from sessions_app.standards.loading import Standards, load_standards


class SessionRow(NamedTuple):
    """What a series needs of a stored session. Rows, not models: these are read at every answer."""

    id: UUID
    episode_id: UUID
    held_on: date
    started_at: datetime | None
    created_at: datetime
    attendance: str
    outcome_skipped: str
    alliance_skipped: str
    finished_at: datetime | None
    time_zone: str

    @property
    def attended(self) -> bool:
        """Whether the client was there."""
        return self.attendance == Attendance.ATTENDED

    @property
    def place(self) -> tuple[date, datetime, datetime, UUID]:
        """What sessions are ordered by: as `Series.sorted` does."""
        return self.held_on, self.started_at or self.created_at, self.created_at, self.id

    @property
    def is_running(self) -> bool:
        """Whether it is today's, here, and its last step was not taken yet: what is missing may still come."""
        return self.finished_at is None and self.held_on >= timezone.localdate(timezone=ZoneInfo(self.time_zone))


class RatingRow(NamedTuple):
    """And of a stored rating; marks and total in tenths."""

    session_id: UUID
    instrument: str
    rater: str
    marks: list[int] | None
    total: int | None
    pack: str


@dataclass(frozen=True)
class RatedSession:
    """A session with its current ratings, by form."""

    session: SessionRow
    ratings: Mapping[FormKey, RatingRow]


@dataclass(frozen=True)
class Curve:
    """One rater's series in one period of an episode; `is_main` where the episode's verdict is read from it."""

    form: FormKey
    period: AgePeriod
    series: Series
    is_main: bool


def load_series(episodes: Iterable[Episode], standards: Standards | None = None) -> dict[UUID, Series]:
    """The main series of each episode of one organisation in its latest period, by episode id.

    In three queries whatever their number, and two for the organisation's standards if they are not given.
    """
    return _of_each(episodes, standards, _main)


def load_readings(episodes: Iterable[Episode], standards: Standards | None = None) -> dict[UUID, Reading]:
    """As `load_series`, each series with what it says, to be passed on."""
    return {key: Reading(series) for key, series in load_series(episodes, standards).items()}


def load_curves(episode: Episode, standards: Standards | None = None) -> list[Curve]:
    """Every scored outcome series of an episode: the main one of each period first, then the others by rater."""
    return load_all_curves([episode], standards)[episode.pk]


def load_all_curves(episodes: Iterable[Episode], standards: Standards | None = None) -> dict[UUID, list[Curve]]:
    """As `load_curves`, of several episodes of one organisation, by episode id.

    In three queries whatever their number, and two for the organisation's standards if they are not given.
    """
    return _of_each(episodes, standards, _curves)


Made = TypeVar("Made", Series, list[Curve])


def _of_each(
    episodes: Iterable[Episode],
    standards: Standards | None,
    make: Callable[[Episode, Sequence[RatedSession], Standards, Lateness | None], Made],
) -> dict[UUID, Made]:
    """What `make` reads from the rows of each episode of one organisation, by episode id."""
    episodes = list(episodes)
    if not episodes:
        return {}
    standards = standards or load_standards(episodes[0].organisation_id)
    rated, overdue = load_rows(episodes), open_overdue(episodes)
    return {episode.pk: make(episode, rated[episode.pk], standards, overdue.get(episode.pk)) for episode in episodes}


def _curves(
    episode: Episode, rated: Sequence[RatedSession], standards: Standards, overdue: Lateness | None
) -> list[Curve]:
    curves: list[Curve] = []
    for period in reversed(periods_of(episode)):
        here = _within(period, rated)
        main, alliance = _main_forms(period, here)
        answered = {form for one in here for form in one.ratings}
        scored = {form for form in answered if form.part == OUTCOME and form.instrument.scored}
        for form in (main, *sorted(scored - {main})):
            # The alliance stands beside the main curve only, and only there anything is missing.
            measured = [as_measured(one, form, alliance if form == main else None) for one in here]
            if form != main:
                measured = [replace(one, outcome_due=False) for one in measured]
            # What stands beside belongs to the first of them, the episode's own.
            beside = ((), None) if curves else (_periodic(rated), overdue)
            series = standards.series(episode, measured, _rated(form, alliance, period), *beside)
            ended = series if period.until is None else replace(series, ended=True)
            curves.append(Curve(form, period, ended, form == main))
    return curves


def periods_of(episode: Episode) -> tuple[AgePeriod, ...]:
    """The periods of an episode by the age at its first session and the days on which a new series began."""
    return parts_of(episode.age_at_intake, episode.new_series)


# Plain SQL: an answer reads these rows too, and the ORM takes longer to write a statement than the database to run it.
_SESSIONS = """
    SELECT id, episode_id, held_on, started_at, created_at, attendance, outcome_skipped, alliance_skipped, finished_at,
        time_zone
    FROM sessions_app_session WHERE episode_id = ANY(%s) AND voided_at IS NULL
"""
_RATINGS = """
    SELECT rating.session_id, rating.instrument, rating.rater, rating.marks, rating.total, rating.pack
    FROM sessions_app_rating rating JOIN sessions_app_session session ON session.id = rating.session_id
    WHERE session.episode_id = ANY(%s) AND session.voided_at IS NULL AND rating.superseded_by_id IS NULL
"""


_form = lru_cache(maxsize=256)(FormKey)  # few forms, many rows


def load_rows(episodes: Iterable[Episode]) -> dict[UUID, list[RatedSession]]:
    """The valid sessions of each episode and their current ratings, in two queries; only what a series needs."""
    ids = [episode.pk for episode in episodes]
    by_session: dict[UUID, dict[FormKey, RatingRow]] = defaultdict(dict)
    rated: dict[UUID, list[RatedSession]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_RATINGS, [ids])
        for rating in map(RatingRow._make, cursor.fetchall()):
            by_session[rating.session_id][_form(rating.instrument, rating.rater)] = rating
        cursor.execute(_SESSIONS, [ids])
        for session in map(SessionRow._make, cursor.fetchall()):
            rated[session.episode_id].append(RatedSession(session, by_session[session.id]))
    return rated


def main_totals(
    episode: Episode, rated: Sequence[RatedSession]
) -> tuple[list[tuple[SessionRow, int]], list[tuple[SessionRow, int]]]:
    """The totals of outcome and alliance, each with its session, that the main series of the latest period has.

    In the order of `rated`; reads the episode's age at intake. No series is made: this is read at every answer.
    """
    period = periods_of(episode)[-1]
    here = _within(period, rated)
    ors, srs = (
        [(one.session, found.total) for one in here if (found := one.ratings.get(form)) and found.total is not None]
        for form in _main_forms(period, here)
    )
    return ors, srs


def as_measured(rated: RatedSession, outcome: FormKey, alliance: FormKey | None) -> Measured:
    """One session as the series of these two forms sees it; without an alliance form nothing of it is due."""
    session = rated.session
    ors, srs = rated.ratings.get(outcome), rated.ratings.get(alliance) if alliance else None
    started = session.started_at or session.created_at
    return Measured(
        key=str(session.id),
        held_on=session.held_on,
        order=(started.isoformat(), session.created_at.isoformat()),
        attended=session.attended,
        ors=ors.total if ors else None,
        ors_marks=tuple(ors.marks) if ors and ors.marks else None,
        srs=srs.total if srs else None,
        srs_marks=tuple(srs.marks) if srs and srs.marks and srs.total is not None else None,
        outcome_due=session.outcome_skipped != Skipped.NOT_DUE,
        running=session.is_running,
        alliance_due=alliance is not None
        and alliance.instrument.scored
        and session.alliance_skipped != Skipped.NOT_DUE,
    )


def _within(period: AgePeriod, rated: Sequence[RatedSession]) -> list[RatedSession]:
    return [one for one in rated if period.holds(one.session.held_on)]


def _main_forms(period: AgePeriod, here: Sequence[RatedSession]) -> tuple[FormKey, FormKey]:
    """The outcome and the alliance form that a period is read from."""
    rated = count_forms(one.ratings for one in here)
    return main_outcome(period.band, rated), main_alliance(period.band, rated)


def _main(episode: Episode, rated: Sequence[RatedSession], standards: Standards, overdue: Lateness | None) -> Series:
    period = periods_of(episode)[-1]
    here = _within(period, rated)
    outcome, alliance = _main_forms(period, here)
    measured = [as_measured(one, outcome, alliance) for one in here]
    return standards.series(episode, measured, _rated(outcome, alliance, period), _periodic(rated), overdue)


def _periodic(rated: Sequence[RatedSession]) -> list[PeriodicScore]:
    """The periodic scores of the whole episode: they have no versions by age. Of answers to our own words only those
    of an instrument whose limits hold for them too.
    """
    found = (
        (about, one.session, one.ratings.get(form))
        for about, form in ((about, _form(about.key)) for about in periodic_instruments())
        for one in rated
    )
    return [
        PeriodicScore(about.key, str(session.id), session.held_on, about.said(rating.total))
        for about, session, rating in found
        if rating is not None and rating.total is not None and (rating.pack or not about.limits_need_pack)
    ]


def _rated(outcome: FormKey, alliance: FormKey, period: AgePeriod) -> Rated:
    return Rated(outcome.instrument_key, alliance.instrument_key, outcome.rater, period.band)
