"""A whole course at its end: curve and verdict, who came, goals, what is open."""

from dataclasses import dataclass
from typing import Any

from clients.models import Ending, Episode
from organisations.models import Practitioner
from organisations.services.local_day import today_in
from reports.client_page.course import notes_of
from reports.client_page.parts import chart_of
from sessions_app.measures.reading import Reading
from sessions_app.measures.verdict.referral import has_not_moved
from sessions_app.services.attendance_counts import AttendanceCounts, attendance_counts
from sessions_app.services.courses import load_curves
from sessions_app.services.episode_endings import OpenAtTheEnd, known_places, open_at_the_end
from sessions_app.services.episode_scores import scores_of, service_targets
from sessions_app.standards.loading import load_standards
from sessions_app.texts.verdict import say


@dataclass(frozen=True)
class WholeCourse:
    """What the page shows; `proposed` is the ending that the course itself speaks for, "" for none.

    `first` and `last` are outcome totals in tenths; `days` how long it has lasted. `is_below`: an ending that nobody
    agreed on would be a drop-out now.
    """

    said: Any
    chart: Any
    proposed: str
    first: int | None
    last: int | None
    days: int
    is_below: bool
    attendance: AttendanceCounts
    left_open: OpenAtTheEnd
    places: list[str]

    @property
    def change(self) -> int | None:
        """The change of the outcome in tenths."""
        return None if self.first is None or self.last is None else self.last - self.first


def read_whole_course(episode: Episode, by: Practitioner) -> WholeCourse:
    """Read an episode for its end; a number of queries that does not grow with its sessions."""
    standards = load_standards(episode.organisation_id)
    series = load_curves(episode, standards)[0].series
    scores = scores_of(episode, standards, service_targets(standards))
    until = episode.ended_on or today_in(by.organisation)
    return WholeCourse(
        said=say(Reading(series).verdict),
        chart=chart_of(episode, series, notes=notes_of(episode, by)),
        proposed=Ending.REFERRED if has_not_moved(series) else "",
        first=episode.outcome_first,
        last=episode.outcome_last,
        days=max(0, (until - episode.started_on).days),
        is_below=not scores.in_green,
        attendance=attendance_counts([episode])[episode.pk],
        left_open=open_at_the_end(episode),
        places=known_places(by),
    )
