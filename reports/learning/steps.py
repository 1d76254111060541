"""The steps of somebody who is new to FIT. All but the introduction are read from what they did."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, IntegerField, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from organisations.models import Practitioner
from sessions_app.models import Rating, Session, TeamMeetingAttendance

INTRODUCED, PRACTISED, CLIENT, MEETING = "introduced", "practised", "client", "meeting"
ROUNDS = 3
"""So often somebody practises before the first client."""


@dataclass(frozen=True)
class LearningStep:
    """A step by its key; `on` is the day where there is one, `count` how often somebody has practised."""

    key: str
    is_done: bool
    on: date | None = None
    count: int = 0


@dataclass(frozen=True)
class PersonSteps:
    """Somebody's steps, in their order."""

    practitioner: Practitioner
    steps: tuple[LearningStep, ...]

    @property
    def done(self) -> int:
        return sum(step.is_done for step in self.steps)

    @property
    def is_new(self) -> bool:
        """Whether a step is still to come."""
        return self.done < len(self.steps)


def steps_of(people: QuerySet[Practitioner]) -> list[PersonSteps]:
    """The steps of all these people, by name; one query, and no client is named."""
    return [_read(one) for one in _counted(people).order_by("name", "pk")]


def _counted(people: QuerySet[Practitioner]) -> QuerySet:
    answered = Exists(Rating.objects.filter(session=OuterRef("pk")))
    held = Session.objects.valid().filter(practitioner=OuterRef("pk")).filter(answered).order_by()
    practised = held.filter(client__is_practice=True).values("practitioner").annotate(n=Count("pk")).values("n")
    first = held.filter(client__is_practice=False).values("practitioner").annotate(on=Min("held_on")).values("on")
    there = TeamMeetingAttendance.objects.filter(practitioner=OuterRef("pk"), meeting__cancelled_at=None).order_by()
    met = there.values("practitioner").annotate(on=Min("meeting__held_on")).values("on")
    return people.annotate(
        practised=Coalesce(Subquery(practised, output_field=IntegerField()), 0),
        first_client_on=Subquery(first),
        first_meeting_on=Subquery(met),
    )


def _read(one) -> PersonSteps:
    steps: Iterable[LearningStep] = (
        LearningStep(INTRODUCED, one.introduced_on is not None, one.introduced_on),
        LearningStep(PRACTISED, one.practised >= ROUNDS, count=one.practised),
        LearningStep(CLIENT, one.first_client_on is not None, one.first_client_on),
        LearningStep(MEETING, one.first_meeting_on is not None, one.first_meeting_on),
    )
    return PersonSteps(one, tuple(steps))
