"""Which events a course has beside its measurements: absences, changes of people, decisions, goals that were reached.

Another kind is one more entry of `event_names` and its mark in `reports/charts/events.py`. What belongs to a session is
said in `events_of`; what only has a day (a goal, a meeting) is one more function in `DAYS`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from clients.models import Episode, Sealed
from clients.models.sealed_text import open_words
from clients.services.contact_changes import contact_changes
from organisations.database.statements import written_once
from reports.charts import events
from reports.charts.events import (
    CANCELLED,
    DECISION,
    GOAL_REACHED,
    MEETING,
    NEW_CONTACT,
    NEW_PRACTITIONER,
    NO_SHOW,
    DayEvent,
    Event,
)
from reports.charts.series import ChartSeries
from sessions_app.models import Attendance, Goal, GoalState, Session, SessionDecision, TeamMeetingCase

KINDS = {
    Attendance.NO_SHOW: NO_SHOW,
    Attendance.CANCELLED_CLIENT: CANCELLED,
    Attendance.CANCELLED_SERVICE: CANCELLED,
}
LONGEST = 90
"""Letters of a decision or a goal that card and table of the chart show."""


def event_names() -> dict[str, str]:
    """What the legend calls each kind."""
    return {
        NO_SHOW: _("Did not come"),
        CANCELLED: _("Cancelled"),
        NEW_CONTACT: _("New contact person"),
        NEW_PRACTITIONER: _("First time with another practitioner"),
        DECISION: _("Decision"),
        GOAL_REACHED: _("Goal reached"),
        MEETING: _("Team meeting"),
    }


def with_decisions(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """The sessions, each with the texts of what was decided there in `decided`; no query more."""
    written = SessionDecision.objects.written().filter(session=OuterRef("pk")).order_by("created_at", "pk")
    sealed = {"decided": ArraySubquery(written.values("text")), "decided_in": ArraySubquery(written.values("pk"))}
    return sessions.annotate(**sealed)


def _decided(session: Session) -> list[str]:
    """The texts of `with_decisions`, opened."""
    field, here = SessionDecision._meta.get_field("text"), vars(session)
    return [
        open_words(field, text, session.organisation_id, key) if isinstance(text, Sealed) else text
        for text, key in zip(here["decided"], here["decided_in"], strict=True)
    ]


def events_of(session: Session, *, new_practitioner: bool, to_client: bool) -> tuple[Event, ...]:
    """What happened at a session (of `with_decisions`); what was decided is told in words to staff only.

    `new_practitioner`: it is the first one that its practitioner held in the episode.
    """
    found = []
    if kind := KINDS.get(Attendance(session.attendance)):
        found.append(Event(kind, session.get_attendance_display()))
    if new_practitioner:
        found.append(Event(NEW_PRACTITIONER, _("First time with %(name)s") % {"name": session.practitioner}))
    for text in _decided(session):
        said = "" if to_client or not text else f": {_short(text)}"
        found.append(Event(DECISION, _("Decision") + said))
    return tuple(found)


def day_events(episode: Episode) -> tuple[DayEvent, ...]:
    """What belongs to days of an episode and to none of its sessions, the oldest first."""
    return tuple(sorted((one for found in DAYS for one in found(episode)), key=lambda one: one.day))


def _goals_reached(episode: Episode) -> Iterable[DayEvent]:
    """The goals that were reached (their steps are too many for the picture); one query."""
    for goal in _reached_goals(episode):
        if goal.ended_on is not None:  # the database sees to it, the type does not say so
            day = date_format(goal.ended_on, "MONTH_DAY_FORMAT")
            yield DayEvent(goal.ended_on, Event(GOAL_REACHED, _reached(goal.wording, day), _unquoted(goal, day)))


@written_once
def _reached_goals(episode: Episode):
    goals = Goal.objects.filter(episode=episode, parent=None, state=GoalState.REACHED)
    return goals.order_by("ended_on", "created_at")


def _reached(wording: str, day: str) -> str:
    given = {"goal": _short(wording), "day": day}
    return _("Goal reached %(day)s: “%(goal)s”") % given


def _unquoted(goal: Goal, day: str) -> str:
    """The same in the service's wording, where the goal's is the client's."""
    if not goal.is_own_words:
        return ""
    if goal.aim:
        return _reached(goal.aim, day)
    return _("Goal reached %(day)s") % {"day": day}


def without_quotes(course: ChartSeries) -> ChartSeries:
    """The course whose events quote the client nowhere."""
    days = tuple(replace(one, event=events.without_quotes(one.event)) for one in course.day_events)
    return replace(course, day_events=days)


def named_only(course: ChartSeries) -> ChartSeries:
    """The course whose events say of what kind they are and nothing else: no name, nothing that anybody wrote."""
    names = event_names()

    def named(event: Event) -> Event:
        return Event(event.kind, names[event.kind])

    points = tuple(replace(one, events=tuple(map(named, one.events))) for one in course.points)
    days = tuple(replace(one, event=named(one.event)) for one in course.day_events)
    return replace(course, points=points, day_events=days)


def _new_contacts(episode: Episode) -> Iterable[DayEvent]:
    """The days on which another contact person took over; one query."""
    for change in contact_changes(episode.client, [episode])[episode.pk]:
        if change.came:
            given = {"names": ", ".join(change.came), "day": date_format(change.on, "MONTH_DAY_FORMAT")}
            yield DayEvent(change.on, Event(NEW_CONTACT, _("New contact person %(day)s: %(names)s") % given))


def _team_meetings(episode: Episode) -> Iterable[DayEvent]:
    """The days on which a team spoke of the episode; one query."""
    for day in _days_of_meetings(episode):
        given = {"day": date_format(day, "MONTH_DAY_FORMAT")}
        yield DayEvent(day, Event(MEETING, _("Team meeting %(day)s") % given))


@written_once
def _days_of_meetings(episode: Episode):
    cases = TeamMeetingCase.objects.standing().filter(episode=episode, discussed_at__isnull=False)
    return cases.order_by("meeting__held_on").values_list("meeting__held_on", flat=True)


DAYS: tuple[Callable[[Episode], Iterable[DayEvent]], ...] = (_goals_reached, _new_contacts, _team_meetings)


def _short(text: str) -> str:
    return Truncator(" ".join(text.split())).chars(LONGEST)


def first_by_each(sessions: Sequence[Session]) -> set[UUID]:
    """The first session that each practitioner held in an episode, but its very first; of sessions in their order."""
    held = [session for session in sessions if Attendance(session.attendance) == Attendance.ATTENDED]
    first: dict[UUID, UUID] = {}
    for session in held:
        first.setdefault(session.practitioner_id, session.pk)
    return set(first.values()) - {session.pk for session in held[:1]}
