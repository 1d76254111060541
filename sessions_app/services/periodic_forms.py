"""Forms that are filled in now and then: when they are due, and what was answered.

They stand apart from ORS and SRS: another scale, another rhythm.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max

from clients.models import Client, Episode
from organisations.database.statements import written_once
from sessions_app.measures.instruments.form_key import FormKey
from sessions_app.measures.instruments.registry import FAMILY, Instrument, periodic_instruments
from sessions_app.measures.series import PeriodicScore
from sessions_app.models import Attendance, Rating, Session
from sessions_app.services import study_answers
from sessions_app.standards.loading import Standards, load_standards
from sessions_app.standards.methods import RHYTHM_WEEKS, rhythm_key


@dataclass(frozen=True)
class PeriodicCourse:
    """The answers to one periodic instrument in an episode, oldest first: to its licensed text, and to our own words.

    Never one curve: nobody has shown that the two measure the same.
    """

    licensed: tuple[PeriodicScore, ...] = ()
    own: tuple[PeriodicScore, ...] = ()
    withheld_on: datetime.date | None = None  # the day of the latest answer that nobody sees, where there is one

    @property
    def last_on(self) -> datetime.date | None:
        """The day of the latest answer, whichever the words."""
        days = [one.held_on for one in (*self.licensed, *self.own)]
        return max([*days, self.withheld_on] if self.withheld_on else days, default=None)

    @property
    def first_score(self) -> int | None:
        """The first score that was ever answered, whichever the words."""
        return min(((one.held_on, one.score) for one in (*self.licensed, *self.own)), default=(None, None))[1]


def weeks_of(instrument: Instrument, client: Client, standards: Standards) -> int:
    """After how many weeks it is asked for again: as agreed with the client, else the organisation's way; 0 never."""
    agreed: int | None = getattr(client, instrument.agreed_in) if instrument.agreed_in else None
    return RHYTHM_WEEKS[standards.values[rhythm_key(instrument)]] if agreed is None else agreed


def due_on(
    instrument: Instrument, client: Client, episode: Episode, last_on: datetime.date | None, standards: Standards
) -> datetime.date | None:
    """Return the day from which an instrument is due in an episode; None where it is not asked for (too young, too)."""
    weeks = weeks_of(instrument, client, standards)
    if not weeks or episode.ended_on is not None:
        return None
    age = episode.age_at_intake
    if age is not None and age < instrument.ages[0]:
        return None
    return episode.started_on if last_on is None else last_on + datetime.timedelta(weeks=weeks)


def last_days(episodes: Iterable[Episode]) -> dict[tuple[UUID, str], datetime.date]:
    """The day of the latest answer by episode and instrument, of those that have one; one query, and one for the
    answers of clients that nobody sees, where there are such clients.
    """
    episodes = list(episodes)
    rows = _last_answers([episode.pk for episode in episodes]) if episodes else []
    days = {(episode, instrument): day for episode, instrument, day in rows}
    for key, day in study_answers.last_days(episodes).items():
        days[key] = max(day, days.get(key, day))
    return days


@written_once
def _last_answers(episodes: list[UUID]):
    keys = [one.key for one in periodic_instruments()]
    found = Rating.objects.current().filter(session__episode__any=episodes, instrument__in=keys)
    return found.values_list("session__episode", "instrument").annotate(Max("session__held_on"))


def due_episodes(
    episodes: Iterable[Episode], standards: Standards, today: datetime.date
) -> Mapping[UUID, tuple[Instrument, ...]]:
    """What is due today in each of these episodes (with their clients), none where nothing is; one query."""
    episodes = list(episodes)
    last = last_days(episodes)
    due: dict[UUID, tuple[Instrument, ...]] = defaultdict(tuple)
    for episode in episodes:
        for one in periodic_instruments():
            day = due_on(one, episode.client, episode, last.get((episode.pk, one.key)), standards)
            if day is not None and day <= today:
                due[episode.pk] += (one,)
    return due


def load_courses(episode: Episode) -> dict[str, PeriodicCourse]:
    """Load the answers to each periodic instrument in an episode, by its key; one query (two, as `last_days`)."""
    keys = [one.key for one in periodic_instruments()]
    found: dict[str, tuple[list[PeriodicScore], list[PeriodicScore]]] = {key: ([], []) for key in keys}
    for key, session, day, total, pack in _answers(episode):
        licensed, own = found[key]
        (licensed if pack else own).append(PeriodicScore(key, str(session), day, FAMILY[key].said(total)))
    withheld = study_answers.last_days([episode])
    return {
        key: PeriodicCourse(tuple(licensed), tuple(own), withheld.get((episode.pk, key)))
        for key, (licensed, own) in found.items()
    }


@written_once
def _answers(episode: Episode):
    keys = [one.key for one in periodic_instruments()]
    ratings = Rating.objects.current().filter(session__episode=episode, instrument__in=keys, total__isnull=False)
    rows = ratings.order_by("session__held_on", "session")
    return rows.values_list("instrument", "session", "session__held_on", "total", "pack")


def forms_to_ask_for(session: Session, answered: Collection[str]) -> list[FormKey]:
    """The periodic forms to ask for at this session; `answered` holds the details of its forms with a rating."""
    if session.attendance != Attendance.ATTENDED or session.voided_at:
        return []
    due = due_episodes([session.episode], load_standards(session.organisation_id), session.held_on)
    return [FormKey(one.key) for one in due.get(session.episode_id, ()) if one.key not in answered]
