"""What a chart is drawn from: one course of sessions, scores in tenths, texts already translated."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from reports.charts.axis import axis_labels, day_place, session_places, told_at
from reports.charts.events import DayEvent, Event

TOP = 400
"""The upper end of the one axis, in tenths of a point: a total of 40.0 (four lines of 10 cm)."""

Marks = tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """One session. `label` is the short date on the axis, `title` the full one on card and table."""

    key: str
    held_on: date
    label: str
    ors: int | None = None
    srs: int | None = None
    ors_marks: Marks | None = None
    srs_marks: Marks | None = None
    note_ors: str = ""
    note_srs: str = ""
    events: tuple[Event, ...] = ()
    url: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class BandPoint:
    """A band at a session (place in the order, from 0): its lower limit, its middle, its upper limit.

    Of the expected course these are the quarters; of the state, its estimate and the 95 % interval.
    """

    index: int
    low: int
    middle: int
    high: int


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """Sessions in the order in which they were held, and the two lines that they are read against.

    `cutoff_label` and `alliance_label` are the whole texts at the lines' ends ("cut-off 25"), `band_label` that
    at the band's end, `band_title` the band in the legend ("expected course, middle half"), `band_note` from whom
    it was learnt; `ors_items` and `srs_items` are the names of the four lines, in the order of the marks.
    `state` is what the scores say without their scatter, `state_title` its name in the legend, `state_note` what it is.
    `event_names` are the kinds of events in the legend, `day_events` those that belong to a day and to no session.
    `by_date`: the axis shows how much time lies between the sessions, else their order alone.
    `title` and `description` are what a screen reader says of the picture.
    """

    points: tuple[Point, ...]
    cutoff: int
    alliance: int = 360
    cutoff_label: str = ""
    alliance_label: str = ""
    ors_label: str = "ORS"
    srs_label: str = "SRS"
    band: tuple[BandPoint, ...] = ()
    band_label: str = ""
    band_title: str = ""
    band_note: str = ""
    state: tuple[BandPoint, ...] = ()
    state_title: str = ""
    state_note: str = ""
    title: str = ""
    description: str = ""
    ors_items: tuple[str, ...] = ()
    srs_items: tuple[str, ...] = ()
    event_names: Mapping[str, str] = field(default_factory=dict)
    day_events: tuple[DayEvent, ...] = ()
    by_date: bool = False

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(point.held_on for point in self.points)

    @property
    def labels(self) -> tuple[str, ...]:
        """The short date of each session on the axis."""
        return axis_labels(self.days) if self.by_date else tuple(point.label for point in self.points)

    def places(self) -> tuple[float, ...]:
        """Where each session stands on the axis, in steps."""
        return session_places(self.days, by_date=self.by_date)

    def events_in_steps(self) -> list[tuple[float, Event]]:
        """Every event with its place on the axis, in steps; those of a session in their order."""
        of_sessions = [
            (place, event) for place, point in zip(self.places(), self.points, strict=True) for event in point.events
        ]
        days = self.days
        of_days = [(day_place(one.day, days, by_date=self.by_date), one.event) for one in self.day_events]
        return of_sessions + of_days

    def told(self, index: int) -> str:
        """What happened at a session, or on days since the one before, in words; "" for nothing."""
        days = self.days
        found = [one.event.label for one in self.day_events if told_at(one.day, days) == index]
        return " · ".join([*(event.label for event in self.points[index].events), *found])

    def scores(self, kind: str) -> tuple[int | None, ...]:
        """The totals of one instrument ('ors' or 'srs'), one place for each session."""
        return tuple(point.ors if kind == "ors" else point.srs for point in self.points)
