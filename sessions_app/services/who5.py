"""WHO-5, or our own five questions in its place: when they are due, their series.

They stand apart from ORS and SRS: another scale, another rhythm.
"""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max

from clients.models import Client, Episode
from sessions_app.measures.instruments.registry import WHO5
from sessions_app.measures.series import Wellbeing
from sessions_app.models import Attendance, Rating, Session
from sessions_app.standards.loading import Standards, load_standards
from sessions_app.standards.methods import WHO5_RHYTHM, WHO5_WEEKS

INSTRUMENT = WHO5.key


@dataclass(frozen=True)
class Course:
    """The well-being of an episode, oldest first: what was answered to the text of WHO-5, and to our own words.

    Never one curve: nobody has shown that the two measure the same.
    """

    who5: tuple[Wellbeing, ...]
    own: tuple[Wellbeing, ...]

    @property
    def last_on(self) -> datetime.date | None:
        """The day of the latest answer, whichever the words."""
        return max((one.held_on for one in (*self.who5, *self.own)), default=None)


def weeks_of(client: Client, standards: Standards) -> int:
    """After how many weeks WHO-5 is asked for again: as agreed with the client, else the house's way; 0 never."""
    if client.who5_weeks is not None:
        return client.who5_weeks
    return WHO5_WEEKS[standards.values[WHO5_RHYTHM]]


def due_on(
    client: Client, episode: Episode, last_on: datetime.date | None, standards: Standards
) -> datetime.date | None:
    """From which day on WHO-5 is due in an episode; None where it is not asked for (also under 9 years of age)."""
    weeks = weeks_of(client, standards)
    if not weeks or episode.ended_on is not None:
        return None
    age = episode.age_at_intake
    if age is not None and age < WHO5.ages[0]:
        return None
    return episode.started_on if last_on is None else last_on + datetime.timedelta(weeks=weeks)


def last_days(episodes: Iterable[Episode]) -> dict[UUID, datetime.date]:
    """The day of the latest WHO-5 of each episode that has one; one query."""
    found = Rating.objects.current().filter(session__episode__in=list(episodes), instrument=INSTRUMENT)
    return dict(found.values_list("session__episode").annotate(Max("session__held_on")))


def due_episodes(episodes: Iterable[Episode], standards: Standards, today: datetime.date) -> set[UUID]:
    """The episodes (with their clients) in which WHO-5 is due today; one query."""
    episodes = list(episodes)
    last = last_days(episodes)
    days = {episode.pk: due_on(episode.client, episode, last.get(episode.pk), standards) for episode in episodes}
    return {key for key, day in days.items() if day is not None and day <= today}


def load_course(episode: Episode) -> Course:
    """The well-being of an episode; one query."""
    ratings = Rating.objects.current().filter(session__episode=episode, instrument=INSTRUMENT, total__isnull=False)
    who5: list[Wellbeing] = []
    own: list[Wellbeing] = []
    for key, day, total, pack in ratings.values_list("session", "session__held_on", "total", "pack"):
        (who5 if pack else own).append(Wellbeing(str(key), day, 4 * total))
    for each in (who5, own):
        each.sort(key=lambda one: (one.held_on, one.key))
    return Course(tuple(who5), tuple(own))


def is_due(session: Session, answered: Collection[str]) -> bool:
    """Whether this session is one to ask for WHO-5 at; `answered` holds the details of its forms with a rating."""
    if session.attendance != Attendance.ATTENDED or session.voided_at or INSTRUMENT in answered:
        return False
    standards = load_standards(session.organisation_id)
    return session.episode_id in due_episodes([session.episode], standards, session.held_on)
